/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rng.h - the core's own random generator (xorshift64*), seeded by the first event, so that the
 * same events give the same effects. Not for secrets.
 */
#ifndef HB_CORE_RNG_H
#define HB_CORE_RNG_H

#include <glib.h>

typedef struct {
	guint64 state;
} HbRng;

void hb_rng_init(HbRng *rng, guint64 seed);
/* Uniform in [0, @bound); @bound > 0. */
guint32 hb_rng_below(HbRng *rng, guint32 bound);

#endif
