/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipvs.h - the kernel's table of virtual services: what it holds, and how it is read and changed.
 *
 * Two back ends behind one interface: the kernel by generic netlink (ipvs_netlink.c), and a file that behaves as
 * the kernel does and notes what was asked of it (ipvs_dry.c). Both only do single steps; ldir_ipvs_make() is the
 * one who knows that the world may have changed since it was last looked at.
 */
#ifndef LDIR_IPVS_H
#define LDIR_IPVS_H

#include "ldirectord/ipvs/ipvs_table.h"

typedef enum {
	LDIR_IPVS_SERVICE_NEW,
	LDIR_IPVS_SERVICE_SET,
	LDIR_IPVS_SERVICE_DELETE,       /* with all its servers */
	LDIR_IPVS_DEST_NEW,
	LDIR_IPVS_DEST_SET,
	LDIR_IPVS_DEST_DELETE
} LdirIpvsVerb;

/* One step. */
typedef struct {
	LdirIpvsVerb verb;
	LdirIpvsVirtual vs;     /* for a server only .key counts */
	LdirIpvsDest dest;
	gboolean is_modest;     /* DEST_SET: only if it is there, and else it is well too */
	int error;              /* errno as the kernel says it, 0: done */
} LdirIpvsOp;

/* The daemon that passes connections on to another director: one of each kind, at most. Numbers of the kernel. */
typedef enum { LDIR_ROLE_NONE, LDIR_ROLE_MASTER, LDIR_ROLE_BACKUP, LDIR_N_ROLES } LdirIpvsRole;

typedef struct {
	gboolean is_on;
	char interface[LDIR_INTERFACE_MAX];
	guint32 id;
} LdirIpvsSync;

typedef struct LdirIpvs LdirIpvs;

/* For back ends */
typedef struct {
	void (*free)(LdirIpvs *ipvs);
	LdirIpvsTable *(*dump)(LdirIpvs *ipvs, GError **error);
	void (*apply)(LdirIpvs *ipvs, GArray *ops);     /* sets .error of each */
	int (*sync_read)(LdirIpvs *ipvs, LdirIpvsSync ret[LDIR_N_ROLES]);
	int (*sync_set)(LdirIpvs *ipvs, LdirIpvsRole role, gboolean is_start, const LdirIpvsSync *sync);
} LdirIpvsBackEnd;

struct LdirIpvs {
	const LdirIpvsBackEnd *back_end;
};

#define LDIR_IPVS_ERROR ldir_ipvs_error_quark()
GQuark ldir_ipvs_error_quark(void);

/* (transfer full) NULL: @error says what is missing. */
LdirIpvs *ldir_ipvs_netlink_new(GError **error);
/* The same on a socket that is connected already (transfer full). @load: called where the kernel does not know IPVS; NULL: not. */
LdirIpvs *ldir_ipvs_netlink_on(int fd, void (*load)(void), GError **error);
LdirIpvs *ldir_ipvs_dry_new(const char *dir, GError **error);

/* The kernel, or what the environment says: LDIRECTORD_IPVS=dry:DIR (transfer full) */
LdirIpvs *ldir_ipvs_open(GError **error);
void ldir_ipvs_free(LdirIpvs *ipvs);    /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirIpvs, ldir_ipvs_free)

/* All that is there (transfer full), or NULL with @error set. */
LdirIpvsTable *ldir_ipvs_dump(LdirIpvs *ipvs, GError **error);

/* Does the LdirIpvsOp of @ops in their order. What is there already is set, what is missing is made, what is to go and is gone is
 * well: .error is left only where that did not help. FALSE: a service is gone with its servers, or nobody knows what has been
 * done, and the table has to be compared as a whole. */
gboolean ldir_ipvs_make(LdirIpvs *ipvs, GArray *ops);

/* What could not be done, and why: .error is set (transfer full). */
char *ldir_ipvs_complaint(const LdirIpvsOp *op);
/* "add real server 10.0.0.2:80 (10.0.0.1:80)" (transfer full) */
char *ldir_ipvs_op_describe(const LdirIpvsOp *op);

/* The daemons of both roles, by their number; and one of them started with the words of @sync, or stopped. 0, or errno. */
int ldir_ipvs_sync_read(LdirIpvs *ipvs, LdirIpvsSync ret[LDIR_N_ROLES]);
int ldir_ipvs_sync_set(LdirIpvs *ipvs, LdirIpvsRole role, gboolean is_start, const LdirIpvsSync *sync);
const char *ldir_ipvs_role_name(LdirIpvsRole role);    /* "master" */

/* An empty list of LdirIpvsOp (transfer full) */
GArray *ldir_ipvs_ops_new(void);
void ldir_ipvs_op_service(GArray *ops, LdirIpvsVerb verb, const LdirIpvsVirtual *vs);
void ldir_ipvs_op_dest(GArray *ops, LdirIpvsVerb verb, const LdirIpvsVirtual *vs, const LdirIpvsDest *dest);

/* What the kernel means by @error in answer to @verb (static) */
const char *ldir_ipvs_strerror(LdirIpvsVerb verb, int error);

#endif
