/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dopd_logic.h - the judgements of dopd: may this peer be asked, what did drbdadm say, which requests
 * wait for an answer (doc/client-api.md 6.3). Pure.
 */
#ifndef HB_CLIENTS_DOPD_LOGIC_H
#define HB_CLIENTS_DOPD_LOGIC_H

#include <glib.h>

/* Exit codes of drbd-peer-outdater, as DRBD reads them. */
enum {
	HB_DOPD_INCONSISTENT = 3,
	HB_DOPD_OUTDATED = 4,
	HB_DOPD_UNREACHABLE = 5,
	HB_DOPD_PRIMARY = 6,
	HB_DOPD_FAILED = 20,
	HB_DOPD_BUSY = 21
};

/* What waitpid() said about "drbdadm outdate". */
int hb_dopd_code_of_status(int wait_status);
/* The text of an answer. HB_DOPD_FAILED: it is none of these codes. */
int hb_dopd_code_of_text(const char *text);

/* A name that can be one of DRBD's and is no option of drbdadm. */
gboolean hb_dopd_resource_is_legal(const char *resource);

/* As the list of nodes has it; @type and @status NULL: it has not. */
gboolean hb_dopd_peer_can_be_asked(const char *type, const char *status, gboolean is_self);

typedef struct HbDopdWaiting HbDopdWaiting;

HbDopdWaiting *hb_dopd_waiting_new(void);
void hb_dopd_waiting_free(HbDopdWaiting *waiting);
/* FALSE: a request for that resource waits already. @asker: what is given back with the answer. */
gboolean hb_dopd_waiting_add(HbDopdWaiting *waiting, const char *resource, const char *peer, gpointer asker);
/* Who waits for an answer of @peer about @resource; it waits no longer. NULL: nobody. */
gpointer hb_dopd_waiting_take(HbDopdWaiting *waiting, const char *resource, const char *peer);
/* One who waits for that peer, whatever the resource; it waits no longer. NULL: nobody does any more. */
gpointer hb_dopd_waiting_take_any(HbDopdWaiting *waiting, const char *peer);
/* @asker has gone away. */
void hb_dopd_waiting_forget(HbDopdWaiting *waiting, gpointer asker);

#endif
