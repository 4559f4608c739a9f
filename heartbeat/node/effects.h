/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * effects.h - carries out what the core decided, first to last, one function per kind of effect.
 */
#ifndef HB_NODE_EFFECTS_H
#define HB_NODE_EFFECTS_H

#include "node/node.h"

/* Never calls the core. */
void hb_effects_run(HbNode *node, const HbEffects *effects);

#endif
