/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rng.h - dice of the simulated world (splitmix64). Each part of the world has its own, so that a
 * fault dropped from a plan changes as little as possible of the rest.
 */
#ifndef HB_SIM_RNG_H
#define HB_SIM_RNG_H

#include <glib.h>

typedef struct {
	guint64 state;
} SimRng;

static inline guint64
sim_rng_next(SimRng *rng)
{
	guint64 z = rng->state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline SimRng
sim_rng_of(guint64 seed, guint64 part)
{
	SimRng rng = { seed * G_GUINT64_CONSTANT(0xd1342543de82ef95) + part };

	(void)sim_rng_next(&rng);
	return rng;
}

/* 0 .. @n - 1 */
static inline guint
sim_rng_below(SimRng *rng, guint n)
{
	return (guint)(((sim_rng_next(rng) >> 32) * n) >> 32);
}

/* @low .. @high, both included */
static inline gint64
sim_rng_between(SimRng *rng, gint64 low, gint64 high)
{
	return high <= low ? low : low + sim_rng_below(rng, (guint)(high - low + 1));
}

/* TRUE in @permille of 1000 cases; 0 throws no dice. */
static inline gboolean
sim_rng_chance(SimRng *rng, guint permille)
{
	return permille != 0 && sim_rng_below(rng, 1000) < permille;
}

#endif
