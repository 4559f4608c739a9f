/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>

#include "ldirectord/director/effects.h"
#include "util/banned.h"

static void
effect_free(gpointer data)
{
	LdirEffect *effect = data;

	g_free(effect->text);
	g_free(effect);
}

GPtrArray *
ldir_effects_new(void)
{
	return g_ptr_array_new_with_free_func(effect_free);
}

void
ldir_effect_real(GPtrArray *effects, LdirEffectKind kind, guint real, guint32 weight)
{
	LdirEffect *effect = g_new0(LdirEffect, 1);

	effect->kind = kind;
	effect->real = real;
	effect->weight = weight;
	g_ptr_array_add(effects, effect);
}

void
ldir_effect_add(GPtrArray *effects, LdirEffectKind kind)
{
	ldir_effect_real(effects, kind, 0, 0);
}

void
ldir_effect_say(GPtrArray *effects, LdirEffectKind kind, const char *format, ...)
{
	LdirEffect *effect = g_new0(LdirEffect, 1);
	va_list args;

	va_start(args, format);
	effect->text = g_strdup_vprintf(format, args);
	va_end(args);
	effect->kind = kind;
	g_ptr_array_add(effects, effect);
}
