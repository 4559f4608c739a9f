/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * effects.h - what the state of a service wants done, in the order in which it must be done.
 *
 * Texts are those of ldirectord 4.12 (doc/ldirectord.md 1.8): tools look for them in logs and mails.
 */
#ifndef LDIR_EFFECTS_H
#define LDIR_EFFECTS_H

#include <glib.h>

typedef enum {
	LDIR_FX_SERVICE_SET,    /* there with the settings of the configuration, whether it was or not */
	LDIR_FX_SERVICE_DELETE, /* with all its servers */
	LDIR_FX_REAL_SET,       /* .real there with .weight */
	LDIR_FX_REAL_DELETE,    /* .real */
	LDIR_FX_FALLBACK_SET,   /* .real: its number */
	LDIR_FX_FALLBACK_DELETE,
	LDIR_FX_COMMAND_START,  /* fallbackcommand= start */
	LDIR_FX_COMMAND_STOP,
	LDIR_FX_QUORUM_UP,      /* quorumup= */
	LDIR_FX_QUORUM_DOWN,
	LDIR_FX_LOG,            /* .text */
	LDIR_FX_MAIL            /* .text to the log and to emailalert= */
} LdirEffectKind;

typedef struct {
	LdirEffectKind kind;
	guint real;             /* index in LdirVirtual.reals, of a fallback in .fallbacks */
	guint32 weight;
	char *text;             /* NULL but for LOG and MAIL */
} LdirEffect;

/* An empty list of LdirEffect (transfer full) */
GPtrArray *ldir_effects_new(void);

void ldir_effect_add(GPtrArray *effects, LdirEffectKind kind);
void ldir_effect_real(GPtrArray *effects, LdirEffectKind kind, guint real, guint32 weight);
void ldir_effect_say(GPtrArray *effects, LdirEffectKind kind, const char *format, ...) G_GNUC_PRINTF(3, 4);

#endif
