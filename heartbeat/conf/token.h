/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * token.h - one resource token of haresources: "IPaddr::10.0.0.1/24/eth0", "10.0.0.1", "apache".
 *
 * Pure. Source: doc/config.md 3.2.
 */
#ifndef HB_CONF_TOKEN_H
#define HB_CONF_TOKEN_H

#include "conf/config.h"

/* Things about a token that are worth a warning; a set. */
typedef enum {
	HB_TOKEN_EMPTY_ARG = 1,         /* "a::::b": the empty argument vanishes */
	HB_TOKEN_BRACKETS = 2,          /* "[fe80::1]/64": ours, 3.0.6 cuts the address */
	HB_TOKEN_CUT_ADDRESS = 4        /* "IPv6addr::fe80::1": the address is cut into arguments */
} HbTokenRemark;

/* Cuts @token into name and arguments; @ret_remarks is a set of HbTokenRemark. FALSE: there is no
 * script name in it ("::"). The strings are owned by @ret_resource, see hb_token_clear(). */
gboolean hb_token_parse(const char *token, HbResourceConf *ret_resource, guint *ret_remarks);
void hb_token_clear(HbResourceConf *resource);

/* "IPaddr::10.0.0.1" also for the short form "10.0.0.1" (transfer full) */
char *hb_token_full(const HbResourceConf *resource);

/* The address that an IPaddr, IPaddr2 or IPv6addr resource names, without mask (transfer full), or NULL. */
char *hb_token_address(const HbResourceConf *resource);

/* Why no machine can have the address that the resource names (static text), or NULL. */
const char *hb_token_ip_fault(const HbResourceConf *resource);

/* What is doubtful about the words of an address resource, as a sentence (transfer full), or NULL. */
char *hb_token_ip_doubt(const HbResourceConf *resource);

#endif
