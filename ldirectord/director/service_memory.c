/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "ldirectord/director/service_memory.h"
#include "ldirectord/director/service_parts.h"
#include "util/banned.h"

/* In this order, each once: member of RealRun, and what it may be. */
#define FIELDS \
	X(state, LDIR_REAL_UNPROVEN, LDIR_REAL_DOWN) \
	X(fails, 0, G_MAXINT64 / 2) \
	X(goods, 0, G_MAXINT64 / 2) \
	X(is_maintained, FALSE, TRUE) \
	X(is_disabled, FALSE, TRUE) \
	X(is_drained, FALSE, TRUE) \
	X(hand_weight, UNCHANGED, G_MAXINT32) \
	X(said_weight, UNCHANGED, G_MAXINT32) \
	X(ramp_ms, 0, NEVER_MS) \
	X(ramp_weight, 0, G_MAXINT32) \
	X(is_flapping, FALSE, TRUE) \
	X(is_waiting, FALSE, TRUE) \
	X(steady_ms, 0, NEVER_MS) \
	X(is_held, FALSE, TRUE) \
	X(had_weight, FALSE, TRUE)

struct LdirMemory {
	RealRun real;
};

void
ldir_memory_write(const LdirRun *run, guint i, GString *out)
{
	RealRun real = run->reals[i];
	guint n = MIN(real.n_downs, FLAP_RING);

	real.had_weight = ldir_run_is_in(run, i) && ldir_run_weight(run, i) > 0;
#define X(member, min, max) g_string_append_printf(out, " " #member "=%" G_GINT64_FORMAT, (gint64)real.member);
	FIELDS
#undef X
	g_string_append(out, " downs=");
	for (guint j = real.n_downs - n; j < real.n_downs; j++)
		g_string_append_printf(out, "%s%" G_GINT64_FORMAT, j > real.n_downs - n ? "," : "", real.down_ms[j % FLAP_RING]);
}

/* A number of so much at *@p, which goes on behind it. */
static gboolean
take_number(const char **p, gint64 min, gint64 max, gint64 *ret_n)
{
	char *end;

	if (!g_ascii_isdigit((*p)[0]) && (*p)[0] != '-')
		return FALSE;
	errno = 0;
	*ret_n = g_ascii_strtoll(*p, &end, 10);
	if (errno != 0 || end == *p || *ret_n < min || *ret_n > max)
		return FALSE;
	*p = end;
	return TRUE;
}

static gboolean
take_name(const char **p, const char *name)
{
	gsize len = strlen(name);

	if ((*p)[0] != ' ' || strncmp(*p + 1, name, len) != 0 || (*p)[len + 1] != '=')
		return FALSE;
	*p += len + 2;
	return TRUE;
}

static gboolean
take_downs(const char **p, gint64 now_ms, RealRun *real)
{
	gint64 before_ms = 0;

	if (!take_name(p, "downs"))
		return FALSE;
	while ((*p)[0] != '\0') {
		if (real->n_downs >= FLAP_RING || (real->n_downs > 0 && *(*p)++ != ',') || !take_number(p, before_ms, now_ms, &before_ms))
			return FALSE;
		real->down_ms[real->n_downs++] = before_ms;
	}
	return TRUE;
}

/* Is that a state in which a server can be? */
static gboolean
is_possible(const RealRun *real, gint64 now_ms)
{
	gboolean is_down = real->state == LDIR_REAL_DOWN;
	gboolean is_growing = real->ramp_ms != NEVER_MS;

	if ((real->is_waiting && !(is_down && real->is_flapping)) || ((real->is_disabled || real->is_maintained) && !is_down))
		return FALSE;
	if (real->is_held && (is_down || real->had_weight || real->state == LDIR_REAL_UNPROVEN))
		return FALSE;
	if (is_growing && (real->state != LDIR_REAL_UP || real->ramp_ms > now_ms || real->ramp_weight < 1))
		return FALSE;
	return real->steady_ms <= now_ms || real->steady_ms == NEVER_MS;
}

LdirMemory *
ldir_memory_parse(const char *words, gint64 now_ms)
{
	g_autofree LdirMemory *memory = g_new0(LdirMemory, 1);
	RealRun *real = &memory->real;
	const char *p = words;
	gint64 n;

#define X(member, min, max) \
	if (!take_name(&p, #member) || !take_number(&p, min, max, &n)) \
		return NULL; \
	real->member = (__typeof__(real->member))n;
	FIELDS
#undef X
	if (!take_downs(&p, now_ms, real) || !is_possible(real, now_ms))
		return NULL;
	return g_steal_pointer(&memory);
}

/* What checks have shown, as far as the configuration asks for it */
static void
recall_checks(const RealRun *known, LdirRun *run, RealRun *real)
{
	real->state = known->state;
	real->fails = known->fails;
	real->goods = known->goods;
	real->said_weight = run->hears_weight ? known->said_weight : UNCHANGED;
	real->ramp_ms = known->ramp_ms;
	real->ramp_weight = known->ramp_weight;
	memcpy(real->down_ms, known->down_ms, sizeof real->down_ms);
	real->n_downs = known->n_downs;
	real->is_flapping = known->is_flapping;
	real->is_waiting = known->is_waiting;
	real->steady_ms = known->steady_ms;
	real->is_held = known->is_held;
	real->had_weight = known->had_weight;
	ldir_run_flap_carry(run, real);
}

void
ldir_memory_recall(const LdirMemory *memory, LdirRun *run, guint i, gboolean is_recent)
{
	const RealRun *known = &memory->real;
	RealRun *real = &run->reals[i];

	if (is_recent)
		recall_checks(known, run, real);
	real->is_disabled = known->is_disabled;
	if (real->is_disabled || real->is_maintained)
		real->state = LDIR_REAL_DOWN;
	real->is_maintained = known->is_maintained;     /* both until their directory has been looked at */
	real->is_drained = known->is_drained;
	real->hand_weight = known->hand_weight;
}

gboolean
ldir_memory_had_weight(const LdirRun *run, guint i)
{
	return run->reals[i].had_weight;
}

void
ldir_memory_write_service(const LdirRun *run, GString *out)
{
	g_string_append_printf(out, " quorum=%d command=%d", (int)run->quorum.state, run->is_command_started);
}

gboolean
ldir_memory_parse_service(const char *words, LdirQuorumState *ret_quorum, gboolean *ret_command)
{
	const char *p = words;
	gint64 quorum, command;

	if (!take_name(&p, "quorum") || !take_number(&p, LDIR_QUORUM_OFF, LDIR_QUORUM_LOST, &quorum) ||
	    !take_name(&p, "command") || !take_number(&p, FALSE, TRUE, &command) || p[0] != '\0')
		return FALSE;
	*ret_quorum = (LdirQuorumState)quorum;
	*ret_command = (gboolean)command;
	return TRUE;
}

void
ldir_memory_recall_service(LdirRun *run, LdirRun *known, LdirQuorumState quorum, gboolean is_command_started)
{
	if (run->quorum.state != LDIR_QUORUM_OFF && quorum != LDIR_QUORUM_OFF)
		run->quorum.state = quorum;
	run->is_command_started = is_command_started;
	run->is_successor = TRUE;
	for (guint i = 0; i < run->vs->reals->len; i++)         /* read anew */
		known->reals[i].file_weight = run->reals[i].file_weight;
}
