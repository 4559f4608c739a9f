/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * typedio.h - container <-> C structs; the strict validator (doc/wire-protocol.md 3 and 4).
 */
#ifndef HB_WIRE_TYPEDIO_H
#define HB_WIRE_TYPEDIO_H

#include "wire/msg.h"
#include "wire/typed.h"

typedef enum {
	HB_TYPED_OK,
	HB_TYPED_BAD_ENVELOPE,  /* t, src, seq, hg, ts missing or out of range */
	HB_TYPED_BAD_FIELD,     /* a field of that type missing or out of range */
	HB_TYPED_N
} HbTypedVerdict;

/* @ret borrows @msg as .raw. On BAD_FIELD it holds the envelope alone, with the type HB_MSG_INVALID:
 * the sender is who he says and his number is used up, so a stream need not stand still at it; on
 * BAD_ENVELOPE it is untouched. */
HbTypedVerdict hb_typed_parse(const HbMsg *msg, HbTyped *ret);
/* The same for a message of the FIFO: no envelope (src, seq, hg, ts) is needed. */
HbTypedVerdict hb_typed_parse_fifo(const HbMsg *msg, HbTyped *ret);

/* What the sender adds around the fields of its type (1.4). */
typedef struct {
	const char *src;
	const guint8 *src_uuid;         /* HB_UUID_LEN octets */
	const guint8 *dest_uuid;        /* NULL: not known */
	guint64 generation;
	guint32 ts;
	const char *load;               /* ld */
	guint ttl;
} HbEnvelope;

/* (transfer full) Fields in the order of 1.4, without auth. typed->seq 0 makes no seq and no ld.
 * HB_MSG_OTHER: own fields are copied from typed->raw, which may be of any type (a client's
 * ask_resources keeps its extra fields that way). NS_ST is made for a ping node: src is typed->src.
 * NULL: it does not fit into a message (possible with OTHER only). */
HbMsg *hb_typed_build(const HbTyped *typed, const HbEnvelope *envelope);

const char *hb_msgtype_name(HbMsgType type);    /* "status"; NULL for OTHER */
const char *hb_node_st_name(HbNodeSt st);       /* "active" */
const char *hb_hold_name(HbHold hold);          /* "foreign" */

#endif
