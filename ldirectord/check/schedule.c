/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/check/schedule_parts.h"
#include "util/banned.h"

#define TICK_MS 5       /* a turn for each check of a thousand a second costs more than the checks */

GArray *
ldir_schedule_effects_new(void)
{
	return g_array_new(FALSE, TRUE, sizeof(LdirScheduleEffect));
}

/* An id tells its target by the lower half; the checks of one round have numbers that follow each other in the upper. */
#define ID_STEP ((guint64)1 << 32)

static guint64
make_id(LdirSchedule *schedule, const LdirScheduleTarget *target)
{
	guint64 id = (schedule->n_checks + 1) * ID_STEP | target->number;

	if (id == 0)            /* of the first target, behind 4,294,967,295 others: it would be none */
		id = ++schedule->n_checks * ID_STEP + ID_STEP;
	schedule->n_checks += ldir_target_n_parts(target->real);
	return id;
}

static LdirCheck
kind_now(const LdirScheduleTarget *target)
{
	if (target->check != LDIR_CHECK_COMBINED)
		return target->check;
	return target->connects > 0 ? LDIR_CHECK_CONNECT : LDIR_CHECK_NEGOTIATE;
}

static void
start(LdirSchedule *schedule, LdirScheduleTarget *target, GArray *effects)
{
	const LdirScheduleSubscriber *first = &g_array_index(schedule->subscribers, LdirScheduleSubscriber, target->first);
	LdirScheduleEffect effect = {
		.kind = LDIR_SCHEDULE_START, .service = first->service, .server = first->server,
	};
	guint n = ldir_target_n_parts(target->real);

	target->id = make_id(schedule, target);
	if (target->round != NULL)
		ldir_round_clear(target->round);
	for (guint i = 0; i < n; i++) {
		LdirTargetPart part = ldir_target_part(target->vs, target->real, i);

		if (!part.is_asked)
			continue;
		if (target->round != NULL)
			ldir_round_add(target->round, i);
		effect.id = target->id + i * ID_STEP;
		effect.vs = part.vs;
		effect.real = part.real;
		effect.check = i == 0 ? kind_now(target) : part.check;
		g_array_append_val(effects, effect);
	}
}

/* What of it still runs. */
static void
cancel(const LdirScheduleTarget *target, GArray *effects)
{
	guint n = ldir_target_n_parts(target->real);

	for (guint i = 0; i < n; i++) {
		const LdirScheduleEffect effect = { .kind = LDIR_SCHEDULE_CANCEL, .id = target->id + i * ID_STEP };

		if (target->round == NULL || ldir_round_is_running(target->round, i))
			g_array_append_val(effects, effect);
	}
}

/* n targets of the same interval get n places in it. @counts: interval -> number, as a pointer. */
static gsize
count(GHashTable *counts, const gint64 *interval)
{
	gsize n = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, interval)) + 1;

	g_hash_table_replace(counts, (gpointer)interval, GSIZE_TO_POINTER(n));
	return n;
}

static void
spread(LdirSchedule *schedule, gint64 now_ms)
{
	g_autoptr(GHashTable) counts = g_hash_table_new(g_int64_hash, g_int64_equal);
	g_autoptr(GHashTable) taken = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < schedule->targets->len; i++)
		(void)count(counts, &((LdirScheduleTarget *)schedule->targets->pdata[i])->interval_ms);
	for (guint i = 0; i < schedule->targets->len; i++) {
		LdirScheduleTarget *target = schedule->targets->pdata[i];
		double n = (double)GPOINTER_TO_SIZE(g_hash_table_lookup(counts, &target->interval_ms));
		double place = (double)count(taken, &target->interval_ms);

		if (!target->is_kept)
			target->place_ms = now_ms + MAX(1, (gint64)((double)target->interval_ms * place / n));
	}
}

void
ldir_schedule_start(LdirSchedule *schedule, gint64 now_ms, GArray *effects)
{
	for (guint i = 0; i < schedule->settled->len; i++) {
		const LdirScheduleSettled *settled = &g_array_index(schedule->settled, LdirScheduleSettled, i);
		const LdirVirtual *vs = schedule->config->virtuals->pdata[settled->service];
		const LdirScheduleEffect effect = {
			.kind = LDIR_SCHEDULE_VERDICT, .vs = vs, .real = vs->reals->pdata[settled->server],
			.check = ldir_virtual_check(vs), .service = settled->service, .server = settled->server,
			.is_good = settled->is_good, .why = "no check is configured",
		};

		g_array_append_val(effects, effect);
	}
	spread(schedule, now_ms);
	for (guint i = 0; i < schedule->targets->len; i++) {
		LdirScheduleTarget *target = schedule->targets->pdata[i];

		if (!target->is_kept)
			start(schedule, target, effects);
		ldir_timer_set(&schedule->timers, &target->timer, target->place_ms);
	}
}

static void
tell(const LdirSchedule *schedule, const LdirScheduleTarget *target, LdirCheck check, gboolean is_good, const char *why,
     const LdirSaid *said, GArray *effects)
{
	for (guint i = target->first; i != LDIR_NOBODY; i = g_array_index(schedule->subscribers, LdirScheduleSubscriber, i).next) {
		const LdirScheduleSubscriber *subscriber = &g_array_index(schedule->subscribers, LdirScheduleSubscriber, i);
		const LdirVirtual *vs = schedule->config->virtuals->pdata[subscriber->service];
		const LdirReal *real = ldir_virtual_server(vs, subscriber->server);
		const LdirScheduleEffect effect = {
			.kind = LDIR_SCHEDULE_VERDICT, .id = target->id, .vs = vs, .real = real,
			.check = check, .service = subscriber->service, .server = subscriber->server, .is_good = is_good,
			.why = target->round != NULL ? ldir_round_why(target->round) : why,
			.said = target->round != NULL ? ldir_round_said(target->round, real->weight) : *said,
		};

		g_array_append_val(effects, effect);
	}
}

/* The target whose check @id runs, number @ret_part of those that it has, or NULL. */
static LdirScheduleTarget *
running(const LdirSchedule *schedule, guint64 id, guint *ret_part)
{
	guint number = (guint)(id & G_MAXUINT32);
	LdirScheduleTarget *target = number < schedule->targets->len ? schedule->targets->pdata[number] : NULL;
	guint64 part;

	if (target == NULL || target->id == 0)
		return NULL;
	part = (id - target->id) / ID_STEP;     /* of one before a number beyond all */
	if (part >= ldir_target_n_parts(target->real) || (target->round != NULL && !ldir_round_is_running(target->round, (guint)part)))
		return NULL;
	*ret_part = (guint)part;
	return target;
}

/* One of several. FALSE: the others are waited for. */
static gboolean
end_part(const LdirScheduleTarget *target, guint number, gboolean is_good, const char *why, const LdirSaid *said, GArray *effects)
{
	LdirTargetPart part = ldir_target_part(target->vs, target->real, number);

	if (number == 0)
		part.check = kind_now(target);
	if (!ldir_round_end(target->round, &part, number, is_good, why, said))
		return FALSE;
	cancel(target, effects);
	return TRUE;
}

/* Who has just failed may not be the only one on its machine. */
static void
hurry_neighbours(LdirSchedule *schedule, const LdirScheduleTarget *target, gint64 now_ms)
{
	for (guint i = target->neighbour; i != target->number;) {
		LdirScheduleTarget *other = schedule->targets->pdata[i];

		if (other->id == 0 && other->was_good && other->timer.due_ms > now_ms)
			ldir_timer_set(&schedule->timers, &other->timer, now_ms);
		i = other->neighbour;
	}
}

void
ldir_schedule_done(LdirSchedule *schedule, guint64 id, gboolean is_good, const char *why, const LdirSaid *said, gint64 now_ms,
                   GArray *effects)
{
	guint part;
	LdirScheduleTarget *target = running(schedule, id, &part);
	LdirCheck check;

	if (target == NULL || (target->round != NULL && !end_part(target, part, is_good, why, said, effects)))
		return;
	check = kind_now(target);
	tell(schedule, target, check, is_good, why, said, effects);
	target->id = 0;
	if (check == LDIR_CHECK_NEGOTIATE && is_good)
		target->connects = target->vs->own.connects;    /* 0 unless it is COMBINED */
	else if (!is_good)
		target->connects = 0;
	else if (target->connects > 0)
		target->connects--;
	if (target->was_good && !is_good)
		hurry_neighbours(schedule, target, now_ms);
	target->was_good = is_good;
}

void
ldir_schedule_time(LdirSchedule *schedule, gint64 now_ms, GArray *effects)
{
	LdirTimer *timer;

	while ((timer = ldir_timers_take(&schedule->timers, now_ms)) != NULL) {
		LdirScheduleTarget *target = (LdirScheduleTarget *)timer;       /* its first member */

		if (target->place_ms <= now_ms) /* to the first place to come: what has been missed is gone */
			target->place_ms += ((now_ms - target->place_ms) / target->interval_ms + 1) * target->interval_ms;
		ldir_timer_set(&schedule->timers, timer, target->place_ms);
		if (target->id == 0)
			start(schedule, target, effects);
	}
}

gint64
ldir_schedule_deadline_ms(const LdirSchedule *schedule)
{
	return ldir_timers_first_ms(&schedule->timers);
}

gint64
ldir_schedule_wake_ms(const LdirSchedule *schedule)
{
	gint64 first_ms = ldir_schedule_deadline_ms(schedule);

	return first_ms == G_MAXINT64 ? first_ms : (first_ms + TICK_MS - 1) / TICK_MS * TICK_MS;
}

static LdirScheduleTarget *
target_of_server(const LdirSchedule *schedule, guint service, guint server)
{
	return schedule->of_server->pdata[g_array_index(schedule->offsets, guint, service) + server];
}

void
ldir_schedule_put_off(LdirSchedule *schedule, guint service, guint server, gint64 at_ms)
{
	LdirScheduleTarget *target = target_of_server(schedule, service, server);

	if (target != NULL)
		ldir_timer_set(&schedule->timers, &target->timer, at_ms);
}

void
ldir_schedule_hurry(LdirSchedule *schedule, guint service, guint server, gint64 at_ms)
{
	LdirScheduleTarget *target = target_of_server(schedule, service, server);

	if (target != NULL && at_ms < target->timer.due_ms)
		ldir_timer_set(&schedule->timers, &target->timer, at_ms);
}

void
ldir_schedule_stop(LdirSchedule *schedule, GArray *effects)
{
	for (guint i = 0; i < schedule->targets->len; i++) {
		LdirScheduleTarget *target = schedule->targets->pdata[i];

		if (target->id != 0)
			cancel(target, effects);
		target->id = 0;
	}
}

guint
ldir_schedule_n_targets(const LdirSchedule *schedule)
{
	return schedule->targets->len;
}
