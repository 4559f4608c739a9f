/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/check/schedule_key.h"
#include "ldirectord/conf/check_key.h"
#include "util/banned.h"
#include "util/time.h"

#define INTERVAL_S 10

gint64
ldir_target_interval_ms(const LdirConfig *config, const LdirVirtual *vs)
{
	if (vs->own.checkinterval_ms != LDIR_UNSET)
		return vs->own.checkinterval_ms;
	if (config->global.checkinterval_ms != LDIR_UNSET)
		return config->global.checkinterval_ms;
	return INTERVAL_S * HB_MS_PER_S;
}

gint64
ldir_target_downinterval_ms(const LdirConfig *config, const LdirVirtual *vs)
{
	return vs->own.downinterval_ms != LDIR_UNSET ? vs->own.downinterval_ms : config->global.downinterval_ms;
}

LdirCheck
ldir_target_check(const LdirVirtual *vs, const LdirReal *real)
{
	if (real->is_fallback && !real->is_asked_as_server)
		return real->check_port > 0 ? LDIR_CHECK_CONNECT : LDIR_CHECK_PING;
	return ldir_virtual_check(vs);
}

/* Is it known without asking how its servers are? */
static gboolean
asks_nothing(const LdirVirtual *vs)
{
	LdirCheck check = ldir_virtual_check(vs);

	return check == LDIR_CHECK_ON || (check == LDIR_CHECK_NEGOTIATE && ldir_virtual_service(vs) == LDIR_SERVICE_NONE);
}

guint
ldir_target_n_parts(const LdirReal *real)
{
	return real->more != NULL ? 1 + real->more->len : 1;
}

LdirTargetPart
ldir_target_part(const LdirVirtual *vs, const LdirReal *real, guint n)
{
	const LdirCheckLine *line;

	if (n == 0)
		return (LdirTargetPart){ vs, real, ldir_target_check(vs, real), real->is_fallback || !asks_nothing(vs) };
	line = vs->own.checks->pdata[n - 1];
	return (LdirTargetPart){ line->as, real->more->pdata[n - 1], ldir_virtual_check(line->as), TRUE };
}

void
ldir_target_key(GString *key, const LdirConfig *config, const LdirVirtual *vs, const LdirReal *real)
{
	guint n = ldir_target_n_parts(real);

	g_string_printf(key, "%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",", ldir_target_interval_ms(config, vs),
	                ldir_target_downinterval_ms(config, vs));
	for (guint i = 0; i < n; i++) {
		LdirTargetPart part = ldir_target_part(vs, real, i);

		if (part.is_asked)
			ldir_check_key(key, config, part.vs, part.real, part.check);
	}
}

gboolean
ldir_target_is_settled(const LdirVirtual *vs, gboolean *ret_good)
{
	if (ldir_virtual_check(vs) == LDIR_CHECK_OFF)
		*ret_good = FALSE;
	else if (vs->own.checks->len == 0 && asks_nothing(vs))
		*ret_good = TRUE;
	else
		return FALSE;
	return TRUE;
}

guint
ldir_target_address_hash(gconstpointer data)
{
	const LdirAddress *addr = data;
	guint hash = (guint)addr->family;

	for (guint i = 0; i < sizeof addr->bytes; i++)
		hash = hash * 33 + addr->bytes[i];
	return hash;
}

gboolean
ldir_target_address_equal(gconstpointer a, gconstpointer b)
{
	return ldir_address_equal(a, b);
}
