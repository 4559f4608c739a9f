/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * known.h - the last packets that were found good, by their very octets.
 *
 * The same datagram comes by each medium, and a broadcast of our own comes back. What equals a packet
 * whose signatures were right is as good as that one, as long as the keys are the same: it need
 * neither be verified nor taken apart again. The core still hears of each, for the links.
 */
#ifndef HB_NODE_KNOWN_H
#define HB_NODE_KNOWN_H

#include "wire/msg.h"
#include "wire/typed.h"

#define HB_KNOWN_MAX     16
#define HB_KNOWN_LEN_MAX 4096   /* longer ones are rare and are not kept */

typedef struct HbKnown HbKnown;

HbKnown *hb_known_new(void);
void hb_known_free(HbKnown *known);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbKnown, hb_known_free)

/* (transfer none, until the next add or flush) NULL: not known. */
const HbTyped *hb_known_find(const HbKnown *known, const void *data, gsize len);

/* In the place of the oldest. @data and @typed are copied; @msg (transfer full, may be NULL) becomes .raw. */
void hb_known_add(HbKnown *known, const void *data, gsize len, const HbTyped *typed, HbMsg *msg);

/* Forgets all: other keys are in force. */
void hb_known_flush(HbKnown *known);

#endif
