/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.h - the process hb-node as one struct: the shell around the pure core.
 *
 * Each part has a file and a header of its own; this one only says which parts there are. What the
 * core decides comes out as effects (effects.c); what happens outside goes in as events, through
 * hb_loop_step() and nothing else.
 */
#ifndef HB_NODE_NODE_H
#define HB_NODE_NODE_H

#include "channel/channel.h"
#include "conf/config.h"
#include "core/core.h"
#include "node/trust.h"
#include "wire/frame.h"

typedef struct HbAddrWatch HbAddrWatch;
typedef struct HbApiServer HbApiServer;
typedef struct HbExecLink HbExecLink;
typedef struct HbFifoIn HbFifoIn;
typedef struct HbGuardWatch HbGuardWatch;
typedef struct HbIfWatch HbIfWatch;
typedef struct HbKnown HbKnown;
typedef struct HbLoop HbLoop;
typedef struct HbMedia HbMedia;
typedef struct HbRecorder HbRecorder;
typedef struct HbSender HbSender;
typedef struct HbStatusServer HbStatusServer;
typedef struct HbWatchdog HbWatchdog;

typedef struct {
	/* who we are; from WELCOME */
	guint64 generation;
	guint8 uuid[HB_UUID_LEN];

	HbConfig *config;
	HbKeyring keys;
	HbTrust trust;
	HbMemory *memory;               /* outlives us */

	HbCore *core;
	gboolean started;               /* START was given to the core */
	gboolean shutdown_asked;        /* before that */
	gint64 started_ms;

	HbLoop *loop;
	HbExecLink *exec;
	HbMedia *media;
	HbSender *sender;
	HbKnown *heard;                 /* what others sent */
	HbIfWatch *ifwatch;
	HbAddrWatch *addrwatch;         /* NULL: not yet */
	HbGuardWatch *guard;
	HbFifoIn *fifo;
	HbStatusServer *status;
	HbApiServer *api;
	HbRecorder *recorder;
	HbWatchdog *watchdog;           /* NULL: this machine has none */

	int log_fd;                     /* to hb-log; 0: not yet */
	guint debug;                    /* level in force: ha.cf, then what root was told by signals */
} HbNode;

#define HB_NODE_ERROR (hb_node_error_quark())
GQuark hb_node_error_quark(void);
/* Codes of HB_NODE_ERROR are the exit codes of heartbeat. */
#define HB_NODE_EXIT_ERROR   1
#define HB_NODE_EXIT_CONFIG  6

/* (Re)opens the log with the configuration and the descriptors that are in force. */
void hb_node_setup_log(HbNode *node);

/* Puts a configuration into force, of which the core has heard or will hear at once. The old one is
 * returned, because the core may still borrow from it. */
HbConfig *hb_node_set_config(HbNode *node, HbConfig *config, const HbKeyring *keys);

#endif
