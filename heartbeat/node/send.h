/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * send.h - from the core's message to signed bytes, and the history of bytes for retransmission.
 *
 * The only thing it reads from outside is /proc/loadavg, at most once per second (field ld).
 */
#ifndef HB_NODE_SEND_H
#define HB_NODE_SEND_H

#include "conf/config.h"
#include "wire/frame.h"
#include "wire/typed.h"

typedef struct HbSender HbSender;

typedef enum {
	HB_FRAMING_NETSTRING,
	HB_FRAMING_STRING,      /* serial lines */
	HB_FRAMING_N
} HbFraming;

/* One message of ours, signed once per framing that is in use. */
typedef struct {
	guint64 seq;            /* 0: unnumbered */
	guint8 *data[HB_FRAMING_N];     /* NULL: framing not in use, or the message is too large for it */
	gsize len[HB_FRAMING_N];
} HbSealed;

/* @config and @keys are borrowed until hb_sender_set_config(); @uuid is copied. */
HbSender *hb_sender_new(const HbConfig *config, const HbKeyring *keys, guint64 generation,
                        const guint8 uuid[HB_UUID_LEN]);
void hb_sender_free(HbSender *sender);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbSender, hb_sender_free)
void hb_sender_set_config(HbSender *sender, const HbConfig *config, const HbKeyring *keys);

/* After a change of keys: what is kept is signed with the key now in force, since the others may have dropped the
 * one before it. @old: the keys that it is signed with. */
void hb_sender_sign_anew(HbSender *sender, const HbKeyring *old);

/* Which framings some medium needs. Default: netstring only. */
void hb_sender_use_framing(HbSender *sender, HbFraming framing, gboolean in_use);

/* Notes the uuid of the node that sent @msg, for destuuid. */
void hb_sender_learn(HbSender *sender, const HbTyped *msg);

/* This node's own, too. FALSE: not known. */
gboolean hb_sender_uuid_of(const HbSender *sender, const char *name, guint8 ret_uuid[HB_UUID_LEN]);
const char *hb_sender_name_of(const HbSender *sender, const guint8 uuid[HB_UUID_LEN]); /* NULL: nobody's */

/* (transfer none, until the next call) NULL: too large for every framing; counted. Numbered messages
 * are kept until HB_HISTORY_MAX newer ones have come. */
const HbSealed *hb_sender_seal(HbSender *sender, const HbTyped *msg, guint32 ts, gint64 now_ms);

/* (transfer none) The kept bytes, or NULL when they are gone. */
const HbSealed *hb_sender_find(const HbSender *sender, guint64 seq);

/* (transfer full) Payload of an echo request to ping node @far_name (8.4). */
GByteArray *hb_sender_seal_ping(const HbSender *sender, const char *far_name, const char *info, guint32 ts);

guint64 hb_sender_n_oversize(const HbSender *sender);

#endif
