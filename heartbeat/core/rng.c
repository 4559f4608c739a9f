/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/rng.h"

#include "util/banned.h"

void
hb_rng_init(HbRng *rng, guint64 seed)
{
	/* 0 is the one state that xorshift never leaves */
	rng->state = seed != 0 ? seed : 0x9e3779b97f4a7c15u;
}

guint32
hb_rng_below(HbRng *rng, guint32 bound)
{
	g_assert(bound > 0);
	rng->state ^= rng->state >> 12;
	rng->state ^= rng->state << 25;
	rng->state ^= rng->state >> 27;
	return (guint32)((rng->state * 0x2545f4914f6cdd1du) >> 33) % bound;
}
