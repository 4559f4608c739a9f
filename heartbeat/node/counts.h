/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counts.h - what is counted per medium, and what hb_status is told of it.
 */
#ifndef HB_NODE_COUNTS_H
#define HB_NODE_COUNTS_H

#include <glib.h>

/* id, name in JSON and metrics, words for a warning (NULL: none) */
#define HB_MEDIUM_COUNTS(X) \
	X(RX_OK,        "rx_ok",        NULL) \
	X(RX_OVERSIZE,  "rx_oversize",  "packets that are too long") \
	X(RX_MALFORMED, "rx_malformed", "packets that are no messages") \
	X(RX_BADAUTH,   "rx_badauth",   "packets with a wrong or missing signature") \
	X(RX_BADFIELD,  "rx_badfield",  "messages with missing or impossible fields") \
	X(TX_OK,        "tx_ok",        NULL) \
	X(TX_FAILED,    "tx_failed",    NULL) \
	X(OPENED,       "opened",       NULL)

typedef enum {
#define X(id, name, words) HB_COUNT_##id,
	HB_MEDIUM_COUNTS(X)
#undef X
	HB_COUNT_N
} HbMediumCount;

/* "rx_ok" */
const char *hb_medium_count_name(HbMediumCount count);
const char *hb_medium_count_words(HbMediumCount count);

typedef struct {
	const char *kind;       /* "bcast" */
	const char *name;       /* "eth0" */
	gboolean is_ping;
	gboolean is_open;
	gboolean is_up;         /* open, and its interface has carrier */
	char trouble[256];      /* why not, or why nothing can be sent; "" */
	guint64 n[HB_COUNT_N];
} HbMediumReport;

#endif
