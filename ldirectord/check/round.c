/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "ldirectord/check/round.h"
#include "util/banned.h"

#define REQUEST_MAX 40          /* octets of it, or of a program, that tell one check from the other */

struct LdirRound {
	guint32 running;        /* a bit for each part */
	guint n_good;
	LdirSaid weight, percent;       /* the lowest of each kind */
	LdirSaid certificate;
	char *why;
};

LdirRound *
ldir_round_new(void)
{
	return g_new0(LdirRound, 1);
}

void
ldir_round_free(LdirRound *round)
{
	if (round == NULL)
		return;
	g_free(round->why);
	g_free(round);
}

void
ldir_round_clear(LdirRound *round)
{
	g_free(round->why);
	*round = (LdirRound){ .running = 0 };
}

void
ldir_round_add(LdirRound *round, guint part)
{
	g_assert(part < 32);
	round->running |= 1u << part;
}

gboolean
ldir_round_is_running(const LdirRound *round, guint part)
{
	return part < 32 && (round->running & 1u << part) != 0;
}

/* ---- what a check is called */

static void
append_plain(GString *out, const char *text)
{
	gsize end = out->len + REQUEST_MAX;

	for (; *text != '\0' && out->len < end; text++)
		g_string_append_c(out, *text >= 0x20 && *text < 0x7f ? *text : '?');
}

/* "http 8080 /health", "connect 22", "ping" (transfer full) */
static char *
name_of(const LdirTargetPart *part)
{
	gboolean is_talk = part->check == LDIR_CHECK_NEGOTIATE;
	GString *out = g_string_new(is_talk ? ldir_service_name(ldir_virtual_service(part->vs)) : ldir_check_name(part->check));
	const char *more = part->real->request != NULL ? part->real->request : part->vs->own.request;

	if (part->check == LDIR_CHECK_EXTERNAL || part->check == LDIR_CHECK_EXTERNAL_PERL)
		more = part->vs->own.checkcommand;
	else if (is_talk || part->check == LDIR_CHECK_CONNECT)
		g_string_append_printf(out, " %u", part->real->check_port);
	if (more != NULL && part->check != LDIR_CHECK_CONNECT && part->check != LDIR_CHECK_PING) {
		g_string_append_c(out, ' ');
		append_plain(out, more);
	}
	return g_string_free(out, FALSE);
}

/* ---- verdicts */

static void
keep_lower(LdirSaid *lowest, const LdirSaid *said)
{
	if (lowest->kind == LDIR_SAID_NOTHING || said->n < lowest->n)
		*lowest = *said;
}

static void
hear(LdirRound *round, const LdirSaid *said)
{
	if (said->kind == LDIR_SAID_WEIGHT)
		keep_lower(&round->weight, said);
	else if (said->kind == LDIR_SAID_PERCENT)
		keep_lower(&round->percent, said);
	if (said->has_certificate &&
	    (!round->certificate.has_certificate || said->certificate_days < round->certificate.certificate_days))
		round->certificate = *said;
}

gboolean
ldir_round_end(LdirRound *round, const LdirTargetPart *part, guint number, gboolean is_good, const char *why, const LdirSaid *said)
{
	g_assert(ldir_round_is_running(round, number));
	round->running &= ~(1u << number);
	if (!is_good) {
		g_autofree char *name = name_of(part);

		/* the others may have said half of what there is to say */
		round->weight = round->percent = round->certificate = (LdirSaid){ .kind = LDIR_SAID_NOTHING };
		round->why = g_strdup_printf("%s: %s", name, why);
		return TRUE;
	}
	round->n_good++;
	hear(round, said);
	if (round->running != 0)
		return FALSE;
	round->why = round->n_good == 1 ? g_strdup(why) : g_strdup_printf("%u checks are good", round->n_good);
	return TRUE;
}

const char *
ldir_round_why(const LdirRound *round)
{
	return round->why;
}

LdirSaid
ldir_round_said(const LdirRound *round, guint32 weight)
{
	gboolean is_percent = round->percent.kind != LDIR_SAID_NOTHING &&
		(round->weight.kind == LDIR_SAID_NOTHING || (guint64)weight * round->percent.n < (guint64)round->weight.n * 100);
	LdirSaid said = is_percent ? round->percent : round->weight;

	said.has_certificate = round->certificate.has_certificate;
	said.certificate_days = round->certificate.certificate_days;
	return said;
}
