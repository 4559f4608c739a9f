/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * opener.h - opens the descriptors of media that need root's rights.
 *
 * Does what an OPEN says; that it may be said is policy.h's matter. Nothing here blocks.
 */
#ifndef HB_EXEC_OPENER_H
#define HB_EXEC_OPENER_H

#include "channel/channel.h"

/* A descriptor (transfer full), close-on-exec and non-blocking. -1: errno is kept, @ret_text says what failed. */
int hb_opener_open(const HbChannelMsg *msg, char ret_text[256]);

#endif
