/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * msg.h - message container: an ordered list of typed fields (doc/wire-protocol.md 1.1).
 *
 * Order is kept (it is signed), duplicate names are kept, look-ups find the first.
 * Limits: HB_MSG_FIELDS_MAX fields, names of 1..HB_MSG_NAME_MAX octets, HB_MSG_INFLATED_MAX octets in all
 * (what travels is limited to HB_MSG_MAX by the encodings; only a compressed message can hold more).
 * What hb_msg_field() and hb_msg_get() point to stays where it is until the message is freed.
 */
#ifndef HB_WIRE_MSG_H
#define HB_WIRE_MSG_H

#include <glib.h>

#include "util/limits.h"

#define HB_MSG_FIELDS_MAX 512
#define HB_MSG_NAME_MAX   255
#define HB_MSG_DEPTH_MAX  16

typedef enum {
	HB_FIELD_STRING = 0,
	HB_FIELD_BINARY = 1,
	HB_FIELD_STRUCT = 2,
	HB_FIELD_LIST = 3,
	HB_FIELD_COMPRESSED = 4,
	HB_FIELD_UNCOMPRESSED = 5,
	HB_FIELD_N
} HbFieldType;

typedef struct HbMsg HbMsg;

typedef struct {
	HbFieldType type;
	const char *name;
	const guint8 *value;    /* STRING and LIST: also NUL-terminated; STRUCT: the netstring form */
	gsize len;              /* without that NUL */
} HbField;

HbMsg *hb_msg_new(void);
void hb_msg_free(HbMsg *msg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbMsg, hb_msg_free)

guint hb_msg_n_fields(const HbMsg *msg);
HbField hb_msg_field(const HbMsg *msg, guint i);

/* FALSE: over a limit, illegal name, a NUL in a string, a list or nested message that is none;
 * @msg is unchanged. A name is any text without control characters and "=", not starting with "(". */
gboolean hb_msg_add(HbMsg *msg, HbFieldType type, const char *name, const void *value, gsize len);
gboolean hb_msg_add_string(HbMsg *msg, const char *name, const char *value);
gboolean hb_msg_add_hex(HbMsg *msg, const char *name, guint64 value);
gboolean hb_msg_add_dec(HbMsg *msg, const char *name, guint64 value);

/* Octets of the netstring form, without a signature. */
gsize hb_msg_netstring_len(const HbMsg *msg);

/* First string field of that name, or NULL. (transfer none) */
const char *hb_msg_get(const HbMsg *msg, const char *name);
/* First field of that name with any type. */
gboolean hb_msg_find(const HbMsg *msg, const char *name, HbField *ret_field);

#endif
