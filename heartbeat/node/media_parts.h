/* SPDX-License-Identifier: GPL-2.0-or-later */
/* media_parts.h - what media.c and media_open.c share: the links, and how one is opened and lost. */
#ifndef HB_NODE_MEDIA_PARTS_H
#define HB_NODE_MEDIA_PARTS_H

#include "node/link.h"
#include "node/media.h"

struct HbMedia {
	HbNode *node;
	guint n_links;
	HbLink *links;
	HbSource *retry;        /* the earliest .retry_ms of all */
	gboolean is_started;
};

const char *hb_media_label(const HbLink *link); /* for the log; borrowed */

/* Opens it, by way of root where that needs rights; what fails is tried again. */
void hb_media_try(HbMedia *media, HbLink *link);
/* Root's answer: a descriptor, taken over (-1: none is needed), or @why there is none. */
void hb_media_take(HbMedia *media, HbLink *link, int fd);
void hb_media_failed(HbMedia *media, HbLink *link, const char *why);
gboolean hb_media_on_retry(gpointer media, GIOCondition cond);  /* of media->retry */

void hb_media_watch(HbLink *link);      /* what it receives goes to the core from now on ... */
void hb_media_tell_core(HbMedia *media, const HbLink *link);    /* ... and whether it is up, once media are started */

#endif
