/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * apimsg.h - the messages between the daemon and its local clients (doc/client-api.md 1.3, 2).
 *
 * Pure: payload of a frame (ipc/ipc.h) <-> container, and the words of requests and replies. For both ends.
 */
#ifndef HB_WIRE_APIMSG_H
#define HB_WIRE_APIMSG_H

#include "wire/msg.h"

/* Types */
#define HB_API_REQUEST  "hbapi-req"
#define HB_API_REPLY    "hbapi-resp"
#define HB_API_CLSTAT   "hbapi-clstat"
#define HB_API_QUERY    "query-cstatus"
#define HB_API_RESPOND  "respond-cstatus"
#define HB_API_SIGNON   "signon"        /* the request that begins a connection: in no table */

/* Results */
#define HB_API_OK       "OK"
#define HB_API_MORE     "ok/more"
#define HB_API_BADREQ   "badreq"

#define HB_API_ID_MAX   31              /* characters of a client's name */

typedef enum {
	HB_API_REQ_UNKNOWN,
#define X(id, handler, name, text) HB_API_REQ_##id,
#include "wire/apimsg.def"
#undef X
	HB_API_REQ_N
} HbApiRequestType;

HbApiRequestType hb_apimsg_request_type(const char *reqtype);
const char *hb_apimsg_request_name(HbApiRequestType type);      /* NULL for UNKNOWN */

/* (transfer full) Either form; NULL: not a message. */
HbMsg *hb_apimsg_decode(const void *payload, gsize len);
/* (transfer full) The classic form with its NUL, or the netstring form where a nested message needs it. */
GByteArray *hb_apimsg_encode(const HbMsg *msg);

/* (transfer full) What begins every message of that kind. */
HbMsg *hb_apimsg_request_new(const char *reqtype, const char *dest, const char *pid, const char *from_id);
HbMsg *hb_apimsg_reply_new(const char *reqtype);

/* The field as a number; whole field, no sign. FALSE: absent, no number, or over @max. */
gboolean hb_apimsg_get_dec(const HbMsg *msg, const char *name, guint64 max, guint64 *ret);
gboolean hb_apimsg_get_hex(const HbMsg *msg, const char *name, guint64 max, guint64 *ret);

#endif
