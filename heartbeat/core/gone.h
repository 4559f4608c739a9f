/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gone.h - which nodes are known to be down: they said so, or were fenced, here or by another member.
 *
 * Each status says it of whom the speaker does not hear, so that who comes later, or could not fence, knows it too; and it is
 * noted for the hb-node after this one. It is true of one life of that node: who is heard in another one, here or by a
 * member, is not down any more.
 */
#ifndef HB_CORE_GONE_H
#define HB_CORE_GONE_H

#include "core/effects.h"

struct HbCore;

/* Nothing of it can run. */
gboolean hb_gone_is_known(const struct HbCore *core, guint node);
/* @node said good-bye, or was fenced. */
void hb_gone_set(struct HbCore *core, guint node, HbFate fate, guint64 generation);
/* @node is heard, or dead again. */
void hb_gone_clear(struct HbCore *core, guint node);
/* What the hb-node before this one had noted. */
void hb_gone_start(struct HbCore *core, const HbGone *gone, HbEffects *fx);
/* In each step, when all verdicts are there: believes the members, and takes note. */
void hb_gone_step(struct HbCore *core, HbEffects *fx);

#endif
