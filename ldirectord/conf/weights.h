/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * weights.h - weightfile=: a file that says which weight servers have, "ADDRESS[:PORT] WEIGHT" on each line.
 *
 * Empty lines, and what follows '#', do not count. An IPv6 address is in brackets. A line with the port counts before one without.
 */
#ifndef LDIR_WEIGHTS_H
#define LDIR_WEIGHTS_H

#include "ldirectord/conf/config.h"

typedef struct LdirWeights LdirWeights;

/* @text: bytes from outside, without a zero. NULL: nothing of it is used, @ret_why says the line and what is the matter. (transfer full) */
LdirWeights *ldir_weights_parse(const char *text, char **ret_why);
void ldir_weights_free(LdirWeights *weights);   /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirWeights, ldir_weights_free)

/* The weight of @real, LDIR_UNSET: there is none. @weights NULL: there is none for anybody. */
gint64 ldir_weights_of(const LdirWeights *weights, const LdirReal *real);

/* Those that no server of @config is called, for the log (transfer full), NULL: there is none. @weights NULL: there is none. */
char *ldir_weights_strangers(const LdirWeights *weights, const LdirConfig *config);

#endif
