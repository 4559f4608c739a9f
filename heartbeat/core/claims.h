/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * claims.h - what all nodes, this one included, say about one group, and what follows from that alone.
 *
 * Reads only. Node and group are indices into the configuration; -1 stands for nobody.
 */
#ifndef HB_CORE_CLAIMS_H
#define HB_CORE_CLAIMS_H

#include "core/state.h"

/* So long a new group waits for a home that has not spoken of it yet: its reload may be on the way. */
#define HB_CLAIMS_HOME_WAIT_MS 5000

/* The last word of @node, or what this node itself would say now. */
HbWord hb_claims_word(const HbCore *core, guint g, guint node);
/* Smaller is preferred where two want the same. */
guint64 hb_claims_rank(const HbCore *core, guint g, guint node);
/* The first member but this node and @but (-1: nobody) where the group may be active, or -1. */
int hb_claims_runs_elsewhere(const HbCore *core, guint g, int but);
/* Could that node start it: member, operational, staying, not failed there? */
gboolean hb_claims_eligible(const HbCore *core, guint g, guint node);
/* A member counts @node as stopped or fenced: cut off from us before it learned better, it would take all without another shot. */
gboolean hb_claims_is_gone_for(const HbCore *core, guint node);
/* Does each member that @node hears hear it as well, as far as is known? It needs their leave. */
gboolean hb_claims_is_heard(const HbCore *core, guint node);
/* A node that we do not hear, and that may have it, was heard by a member which has left since: it is given the time to notice
 * that nobody tells us of it any more, and to give up what it has. Until when, or 0. */
gint64 hb_claims_orphaned_until_ms(const HbCore *core, guint g);
/* The home lives and could have it, but is not operational yet: until then it gives nobody leave, so waiting for it costs
 * nothing, and to pass it over would move the group twice. It ends with its initdead. */
gboolean hb_claims_home_is_starting(const HbCore *core, guint g);
/* The home lives, but has not spoken of this group yet, which this node has known for a moment only. */
gboolean hb_claims_home_is_new(const HbCore *core, guint g);
/* The node that should start the group now, @without left out (-1: nobody), or -1. */
int hb_claims_target(const HbCore *core, guint g, int without);
/* The other member with the best right among those that ask for the group, or -1. */
int hb_claims_best_asker(const HbCore *core, guint g);
/* A member asks for it, or is silent, that does not need our leave, since it does not know that we are here, and that @claimant does
 * not hear: it may have begun. The claimant counts on us to know. */
gboolean hb_claims_may_begin_unseen(const HbCore *core, guint g, guint claimant);
/* Does no other member run it or ask for it? */
gboolean hb_claims_undisputed(const HbCore *core, guint g);
/* The node that runs it as far as this node knows, or -1. */
int hb_claims_owner(const HbCore *core, guint g);

#endif
