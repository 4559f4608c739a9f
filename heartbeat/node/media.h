/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * media.h - the media of ha.cf: open, watch, read, write, lose and find again.
 *
 * A medium whose interface or device is missing is no reason to end: it is said loudly, tried again
 * after 1 to 30 s, and at once when netlink tells that something has changed.
 */
#ifndef HB_NODE_MEDIA_H
#define HB_NODE_MEDIA_H

#include "node/counts.h"
#include "node/node.h"
#include "node/send.h"

/* Loads the plugins and gives them their words. NULL with @error. */
HbMedia *hb_media_new(HbNode *node, GError **error);
void hb_media_free(HbMedia *media);

/* Asks for all descriptors; the answers come through hb_media_fd(). */
void hb_media_open_all(HbMedia *media);
guint hb_media_n_pending(const HbMedia *media);         /* not yet answered */
guint hb_media_n_usable(const HbMedia *media);          /* open, and carries heartbeats */
/* What the plugin calls the other end, if it is no node; else NULL. */
const char *hb_media_far_name(const HbMedia *media, guint medium);

/* Root's answer to OPEN. @fd is taken over; -1 with @err. */
void hb_media_fd(HbMedia *media, guint medium, int err, const char *text, int fd);

/* From now on packets and changes of state go to the core, beginning with the present state. */
void hb_media_start(HbMedia *media);

/* Reads what the sockets hold, within a bound. */
void hb_media_drain(HbMedia *media);

void hb_media_write(HbMedia *media, const HbSealed *sealed);
/* One echo request to each ping node. @ts: of the status that goes out. */
void hb_media_ping(HbMedia *media, guint32 ts);

/* From netlink. @media may be NULL (too early). */
void hb_media_interface_changed(HbMedia *media, const char *name);
void hb_media_address_new(HbMedia *media, const char *name);
void hb_media_address_gone(HbMedia *media, const char *name, const void *in_addr);

void hb_media_report(const HbMedia *media, guint medium, HbMediumReport *ret_report);

#endif
