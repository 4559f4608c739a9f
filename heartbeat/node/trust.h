/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trust.h - may a message go without the signature of heartbeat 4 (hb4hmac)?
 *
 * The classic signatures have to be right in any case; they may rest on MD5 or SHA-1. A node of ours
 * signs with HMAC-SHA256 besides. If that could simply be left out it would protect nothing, so who
 * was heard with it once is believed nothing without it. Only a message of a later generation with no
 * word of ours in it lifts this: heartbeat 3.0.6 was put in the place of heartbeat 4.
 *
 * Pure. Nothing is asked for while our own key has no text (crc): then nobody can make that signature.
 */
#ifndef HB_NODE_TRUST_H
#define HB_NODE_TRUST_H

#include "conf/config.h"
#include "wire/frame.h"
#include "wire/typed.h"

/* All zero at first. Indexed as config->nodes. */
typedef struct {
	struct {
		gboolean is_proven;     /* was heard with a right hb4hmac */
		guint64 generation;     /* the highest one that was taken by this rule */
	} node[HB_NODES_MAX];
} HbTrust;

/* FALSE: to be refused. @has_hmac: the signature was there and right (HbFrame). @msg->raw is needed
 * where it was not. Of a message that is taken, what it proves is noted. */
gboolean hb_trust_admits(HbTrust *trust, const HbConfig *config, const HbKeyring *keys, const HbTyped *msg,
                         gboolean has_hmac);

/* Other nodes are in force: what was proven of those that stay is kept. */
void hb_trust_renumber(HbTrust *trust, const HbConfig *from, const HbConfig *to);

#endif
