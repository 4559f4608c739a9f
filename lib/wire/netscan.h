/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * netscan.h - walks over the octets of a netstring message without copying (doc/wire-protocol.md 1.2).
 *
 * Used by the container to judge nested messages, by the encodings, and by frame.c to find the
 * signature before anything is built. Internal to lib/wire.
 */
#ifndef HB_WIRE_NETSCAN_H
#define HB_WIRE_NETSCAN_H

#include "wire/msg.h"

#define HB_NETSCAN_HEAD "###\n"
#define HB_NETSCAN_TAIL "%%%\n"
#define HB_NETSCAN_MARK_LEN 4

/* A field whose name is not terminated; points into octets of somebody else. */
typedef struct {
	HbFieldType type;
	const guint8 *name;
	gsize name_len;
	const guint8 *value;
	gsize len;
} HbRawField;

typedef struct {
	const guint8 *pos;
	const guint8 *end;
} HbNetscan;

typedef enum {
	HB_NETSCAN_FIELD,
	HB_NETSCAN_END,         /* the tail was read; .pos is behind it */
	HB_NETSCAN_BAD
} HbNetscanStep;

/* FALSE: @data does not start like a message. */
gboolean hb_netscan_init(HbNetscan *scan, const guint8 *data, gsize len);
/* The next field; its name and value are not judged yet. */
HbNetscanStep hb_netscan_next(HbNetscan *scan, HbRawField *ret_field);
/* One plain netstring, "len:text,". */
gboolean hb_netscan_text(HbNetscan *scan, const guint8 **ret_text, gsize *ret_len);

/* Length of the message at the start of @data up to its tail, 0 if there is none. */
gsize hb_netscan_extent(const guint8 *data, gsize len);
/* Is @data one well-formed message with at most @depth_max - 1 levels nested in it? Needs no stack in
 * proportion to the input. */
gboolean hb_netscan_is_message(const guint8 *data, gsize len, guint depth_max);
/* Is the field legal by itself: type, name, value (1.1)? */
gboolean hb_netscan_field_is_legal(const HbRawField *field);

static inline gboolean
hb_netscan_type_nests(HbFieldType type)
{
	return type == HB_FIELD_STRUCT || type == HB_FIELD_UNCOMPRESSED;
}

/* hb_msg_add() for a field that was read from octets. */
gboolean hb_msg_add_raw(HbMsg *msg, const HbRawField *field);

#endif
