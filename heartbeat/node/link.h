/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.h - one medium at work: the packets of an open HbLink, up and down the ladder. For media.c only.
 */
#ifndef HB_NODE_LINK_H
#define HB_NODE_LINK_H

#include <netinet/in.h>

#include "heartbeat/hb_medium.h"
#include "node/counts.h"
#include "node/loop.h"
#include "node/node.h"
#include "node/rate.h"
#include "node/send.h"

typedef enum {
	HB_LINK_CLOSED,         /* tried again at .retry_ms */
	HB_LINK_ASKED,          /* root was asked for a descriptor */
	HB_LINK_OPEN
} HbLinkState;

typedef struct {
	HbNode *node;
	guint index;            /* into config->media */
	const hb_medium_ops *ops;
	hb_medium *medium;
	char device[64];        /* interface it lives on, "" none that we know of */

	HbLinkState state;
	HbSource *source;       /* while open */
	HbSource *flush;        /* while open, from the first write on; only where the plugin keeps packets */
	gint64 retry_ms;
	guint backoff_s;
	gboolean again;         /* something changed while root was asked */
	guint if_index;         /* of .device when it was opened */
	gboolean has_address;   /* it depends on the IPv4 address of .device */
	struct in_addr address; /* which was this when it was opened; 0 none */
	gboolean is_up;         /* as the core was told */
	gint64 read_ms;         /* of the last turn that read */
	guint n_idle_errors;    /* error conditions in a row without a packet */

	int write_errno;        /* 0: the last packet left */
	char trouble[256];
	guint64 n[HB_COUNT_N];
	HbRate refused[HB_COUNT_N];
	HbRate write_failed;

	GByteArray *ping;       /* payload of the echo request, for .ping_ts */
	guint32 ping_ts;
} HbLink;

/* Reads up to @n_max packets. FALSE: the medium is broken and has to be opened anew. */
gboolean hb_link_read(HbLink *link, guint n_max, guint *ret_n);
void hb_link_write(HbLink *link, const void *data, gsize len);

#endif
