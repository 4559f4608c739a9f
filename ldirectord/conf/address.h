/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address.h - an IPv4 or IPv6 address, and how names become one.
 *
 * Pure but for ldir_lookup_system(), which asks the resolver of the machine.
 */
#ifndef LDIR_ADDRESS_H
#define LDIR_ADDRESS_H

#include <glib.h>

typedef struct {
	int family;             /* AF_INET, AF_INET6; 0: none */
	guint8 bytes[16];       /* network order; the rest is 0 */
} LdirAddress;

/* How the reader of the configuration asks for names. Both return FALSE for what is not known. */
typedef struct {
	gboolean (*host)(const char *name, int family, LdirAddress *ret_addr);
	/* @protocol: "tcp", "udp"; NULL: any */
	gboolean (*port)(const char *name, const char *protocol, guint16 *ret_port);
} LdirLookup;

extern const LdirLookup ldir_lookup_system;
/* Every name is known at once, as an address of its own that nobody has: for those who want to know other things of a file. */
extern const LdirLookup ldir_lookup_none;

/* Dotted IPv4 in all the spellings that getaddrinfo() knows ("10.1", octal, one number), or IPv6
 * without brackets, dots and zone. */
gboolean ldir_address_parse(const char *text, int family, LdirAddress *ret_addr);

/* "10.0.0.1", "10.0.0.1:80", "[fe80::1]", "[fe80::1]:80": the address in full, in decimals or hexadecimals. @ret_port: -1 where there is none.
 * FALSE: it is nothing of that. */
gboolean ldir_address_parse_place(const char *text, LdirAddress *ret_addr, int *ret_port);

/* IPv4 only: as a number, and the address that is @n above. */
guint32 ldir_address_number(const LdirAddress *addr);
LdirAddress ldir_address_above(const LdirAddress *addr, guint32 n);

gboolean ldir_address_equal(const LdirAddress *a, const LdirAddress *b);

/* No server can have it: unspecified, multicast, broadcast. */
gboolean ldir_address_is_impossible(const LdirAddress *addr);

/* "10.0.0.1", "[fe80::1]" (transfer full) */
char *ldir_address_text(const LdirAddress *addr);
/* "10.0.0.1", "fe80::1", for other programs (transfer full) */
char *ldir_address_bare(const LdirAddress *addr);

#endif
