/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipvs_table.h - a table of virtual services as the kernel keeps it: as it is there, or as it should be.
 *
 * Pure. Services and servers are in the order in which they were added, and are found by hash.
 */
#ifndef LDIR_IPVS_TABLE_H
#define LDIR_IPVS_TABLE_H

#include "ldirectord/conf/config.h"

#define LDIR_IPVS_NAME_MAX 16   /* of a scheduler, with its end */

/* Flags of a service as the kernel has them */
enum {
	LDIR_IPVS_PERSISTENT = 0x1,
	LDIR_IPVS_HASHED = 0x2,         /* the kernel's own, never looked at */
	LDIR_IPVS_ONE_PACKET = 0x4,
	LDIR_IPVS_FLAG_1 = 0x8,         /* what they mean is the scheduler's business */
	LDIR_IPVS_FLAG_2 = 0x10,
	LDIR_IPVS_FLAG_3 = 0x20
};

/* What makes a service that one: memory without holes that count, see ldir_ipvs_key_...() */
typedef struct {
	int family;
	gboolean is_mark;
	guint32 mark;           /* is_mark */
	gboolean is_udp;        /* not is_mark, as the next two */
	LdirAddress addr;
	guint16 port;
} LdirIpvsKey;

typedef struct {
	LdirIpvsKey key;
	char scheduler[LDIR_IPVS_NAME_MAX];
	guint32 flags;
	guint32 timeout_s;      /* of persistence */
	guint32 netmask;        /* IPv4: the mask as a number, IPv6: length of the prefix */
} LdirIpvsVirtual;

typedef struct {
	LdirAddress addr;
	guint16 port;
	LdirForward forward;
	gboolean is_local;      /* old kernels hide the method of what is this machine itself */
	guint32 weight, upper, lower;
	guint32 active, inactive;       /* connections, in dumps of the kernel */
} LdirIpvsDest;

typedef struct {
	LdirIpvsVirtual vs;
	GPtrArray *dests;       /* LdirIpvsDest * */
	GHashTable *by_place;   /* of these */
} LdirIpvsService;

typedef struct {
	GPtrArray *services;    /* LdirIpvsService * */
	GHashTable *by_key;     /* of these */
} LdirIpvsTable;

LdirIpvsTable *ldir_ipvs_table_new(void);
void ldir_ipvs_table_free(LdirIpvsTable *table);        /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirIpvsTable, ldir_ipvs_table_free)

/* The service of @key, or NULL. (transfer none) */
LdirIpvsService *ldir_ipvs_table_find(const LdirIpvsTable *table, const LdirIpvsKey *key);
/* Adds @vs, or changes the one that is there. (transfer none) */
LdirIpvsService *ldir_ipvs_table_set(LdirIpvsTable *table, const LdirIpvsVirtual *vs);
void ldir_ipvs_table_remove(LdirIpvsTable *table, const LdirIpvsKey *key);

LdirIpvsDest *ldir_ipvs_service_find(const LdirIpvsService *service, const LdirAddress *addr, guint16 port);
LdirIpvsDest *ldir_ipvs_service_set(LdirIpvsService *service, const LdirIpvsDest *dest);
void ldir_ipvs_service_remove(LdirIpvsService *service, const LdirAddress *addr, guint16 port);

/* Nothing that the kernel would have to be told differs. */
gboolean ldir_ipvs_virtual_equal(const LdirIpvsVirtual *a, const LdirIpvsVirtual *b);
/* The same but for the weight. */
gboolean ldir_ipvs_dest_alike(const LdirIpvsDest *a, const LdirIpvsDest *b);

/* "10.0.0.1:80", "[fe80::1]:80", "7" (transfer full) */
char *ldir_ipvs_key_text(const LdirIpvsKey *key);
char *ldir_ipvs_dest_text(const LdirIpvsDest *dest);

/* What a configuration wants */
LdirIpvsVirtual ldir_ipvs_want_virtual(const LdirVirtual *vs);
LdirIpvsDest ldir_ipvs_want_real(const LdirReal *real, guint32 weight);
LdirIpvsDest ldir_ipvs_want_fallback(const LdirVirtual *vs, const LdirFallback *fallback);

#endif
