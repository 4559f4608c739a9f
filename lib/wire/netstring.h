/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * netstring.h - container <-> netstring form "###\n ... %%%\n", without signature (doc/wire-protocol.md 1.2).
 */
#ifndef HB_WIRE_NETSTRING_H
#define HB_WIRE_NETSTRING_H

#include "wire/msg.h"

/* (transfer full) */
GByteArray *hb_netstring_encode(const HbMsg *msg);

/* (transfer full) The message at the start of @data, or NULL. @ret_used: octets up to and with its
 * tail; NULL if it must be all of @len. */
HbMsg *hb_netstring_decode(const guint8 *data, gsize len, gsize *ret_used);

/* Appends one field. */
void hb_netstring_put(GByteArray *out, HbFieldType type, const char *name, const void *value, gsize len);

#endif
