/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/check/schedule.h"
#include "ldirectord/check/schedule_key.h"
#include "ldirectord/check/timers.h"
#include "util/banned.h"

#define NOBODY G_MAXUINT

typedef struct {
	guint service, server;
	guint next;             /* of the same target; NOBODY: the last */
} Subscriber;

typedef struct {
	LdirTimer timer;
	const LdirVirtual *vs;  /* of the first subscriber */
	const LdirReal *real;
	gint64 interval_ms;
	gint64 place_ms;        /* when it is due by its interval */
	gint64 connects;        /* of COMBINED: still to come before the next negotiate */
	guint64 id;             /* of the check that runs; 0: none does */
	guint number;           /* of itself */
	guint first, last;      /* subscribers */
	guint neighbour;        /* the next target on the same address, in a ring */
	guint who;              /* hash of who they are */
	LdirCheck check;
	gboolean was_good;      /* its last verdict */
	gboolean is_kept;       /* from the schedule before: not due at the start */
} Target;

struct LdirSchedule {
	const LdirConfig *config;
	GPtrArray *targets;     /* Target *, owned */
	GArray *subscribers;
	GArray *offsets;        /* guint, per service: where its servers begin in .of_server */
	GPtrArray *of_server;   /* Target *, NULL: settled */
	GArray *settled;        /* Settled: verdicts that need no check */
	LdirTimers timers;
	guint64 n_checks;       /* ever started, with all schedules before */
};

typedef struct {
	guint service, server;
	gboolean is_good;
} Settled;

GArray *
ldir_schedule_effects_new(void)
{
	return g_array_new(FALSE, TRUE, sizeof(LdirScheduleEffect));
}

/* ---- the making of ---- */

static Target *
target_new(LdirSchedule *schedule, const LdirVirtual *vs, const LdirReal *real)
{
	Target *target = g_new0(Target, 1);

	target->vs = vs;
	target->real = real;
	target->check = ldir_virtual_check(vs);
	target->interval_ms = ldir_target_interval_ms(schedule->config, vs);
	target->first = target->last = NOBODY;
	target->number = schedule->targets->len;
	g_ptr_array_add(schedule->targets, target);
	return target;
}

static void
subscribe(LdirSchedule *schedule, Target *target, guint service, guint server)
{
	const LdirVirtual *vs = schedule->config->virtuals->pdata[service];
	const Subscriber subscriber = { service, server, NOBODY };
	guint number = schedule->subscribers->len;
	g_autofree char *id = ldir_virtual_id(vs);

	g_array_append_val(schedule->subscribers, subscriber);
	if (target->first == NOBODY)
		target->first = number;
	else
		g_array_index(schedule->subscribers, Subscriber, target->last).next = number;
	target->last = number;
	target->who = target->who * 33 + g_str_hash(id) + ((const LdirReal *)vs->reals->pdata[server])->port;
}

/* The one that is there already, or another one. @key: for use here. */
static Target *
target_of(LdirSchedule *schedule, GHashTable *by_key, GString *key, const LdirVirtual *vs, const LdirReal *real)
{
	g_autoptr(GBytes) bytes = NULL;
	Target *target;

	ldir_target_key(key, schedule->config, vs, real);
	bytes = g_bytes_new(key->str, key->len);
	target = g_hash_table_lookup(by_key, bytes);
	if (target == NULL) {
		target = target_new(schedule, vs, real);
		g_hash_table_insert(by_key, g_steal_pointer(&bytes), target);
	}
	return target;
}

static void
collect(LdirSchedule *schedule, GHashTable *by_key)
{
	g_autoptr(GString) key = g_string_new(NULL);

	for (guint i = 0; i < schedule->config->virtuals->len; i++) {
		const LdirVirtual *vs = schedule->config->virtuals->pdata[i];

		g_array_append_val(schedule->offsets, schedule->of_server->len);
		for (guint j = 0; j < vs->reals->len; j++) {
			Settled settled = { i, j, FALSE };
			Target *target = NULL;

			if (ldir_target_is_settled(vs, &settled.is_good)) {
				g_array_append_val(schedule->settled, settled);
			} else {
				target = target_of(schedule, by_key, key, vs, vs->reals->pdata[j]);
				subscribe(schedule, target, i, j);
			}
			g_ptr_array_add(schedule->of_server, target);
		}
	}
}

/* Targets that are still the same go on as they were. */
static void
keep(const LdirSchedule *previous, GHashTable *by_key)
{
	g_autoptr(GString) key = g_string_new(NULL);

	for (guint i = 0; i < previous->targets->len; i++) {
		const Target *old = previous->targets->pdata[i];
		g_autoptr(GBytes) bytes = NULL;
		Target *target;

		ldir_target_key(key, previous->config, old->vs, old->real);
		bytes = g_bytes_new(key->str, key->len);
		target = g_hash_table_lookup(by_key, bytes);
		if (target == NULL || target->who != old->who)
			continue;
		target->place_ms = old->place_ms;
		target->connects = old->connects;
		target->was_good = old->was_good;
		target->is_kept = old->id == 0;
	}
}

/* Rings of the targets on each address. */
static void
join_neighbours(LdirSchedule *schedule)
{
	g_autoptr(GHashTable) by_address = g_hash_table_new(ldir_target_address_hash, ldir_target_address_equal);

	for (guint i = 0; i < schedule->targets->len; i++) {
		Target *target = schedule->targets->pdata[i];
		Target *other = g_hash_table_lookup(by_address, &target->real->addr);

		target->neighbour = i;
		if (other == NULL) {
			g_hash_table_insert(by_address, (gpointer)&target->real->addr, target);
			continue;
		}
		target->neighbour = other->neighbour;
		other->neighbour = i;
	}
}

LdirSchedule *
ldir_schedule_new(const LdirConfig *config, const LdirSchedule *previous)
{
	LdirSchedule *schedule = g_new0(LdirSchedule, 1);
	g_autoptr(GHashTable) by_key = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);

	schedule->config = config;
	schedule->targets = g_ptr_array_new_with_free_func(g_free);
	schedule->subscribers = g_array_new(FALSE, FALSE, sizeof(Subscriber));
	schedule->offsets = g_array_new(FALSE, FALSE, sizeof(guint));
	schedule->of_server = g_ptr_array_new();
	schedule->settled = g_array_new(FALSE, FALSE, sizeof(Settled));
	ldir_timers_init(&schedule->timers);
	collect(schedule, by_key);
	join_neighbours(schedule);
	if (previous != NULL) {
		keep(previous, by_key);
		schedule->n_checks = previous->n_checks;
	}
	return schedule;
}

void
ldir_schedule_free(LdirSchedule *schedule)
{
	if (schedule == NULL)
		return;
	ldir_timers_done(&schedule->timers);
	g_ptr_array_unref(schedule->targets);
	g_array_unref(schedule->subscribers);
	g_array_unref(schedule->offsets);
	g_ptr_array_unref(schedule->of_server);
	g_array_unref(schedule->settled);
	g_free(schedule);
}

/* ---- at run time ---- */

/* An id tells its target by the lower half. */
static guint64
make_id(LdirSchedule *schedule, const Target *target)
{
	return (++schedule->n_checks << 32) | target->number;
}

static LdirCheck
kind_now(const Target *target)
{
	if (target->check != LDIR_CHECK_COMBINED)
		return target->check;
	return target->connects > 0 ? LDIR_CHECK_CONNECT : LDIR_CHECK_NEGOTIATE;
}

static void
start(LdirSchedule *schedule, Target *target, GArray *effects)
{
	const Subscriber *first = &g_array_index(schedule->subscribers, Subscriber, target->first);
	LdirScheduleEffect effect = {
		.kind = LDIR_SCHEDULE_START, .vs = target->vs, .real = target->real,
		.service = first->service, .server = first->server,
	};

	target->id = make_id(schedule, target);
	effect.id = target->id;
	effect.check = kind_now(target);
	g_array_append_val(effects, effect);
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
		(void)count(counts, &((Target *)schedule->targets->pdata[i])->interval_ms);
	for (guint i = 0; i < schedule->targets->len; i++) {
		Target *target = schedule->targets->pdata[i];
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
		const Settled *settled = &g_array_index(schedule->settled, Settled, i);
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
		Target *target = schedule->targets->pdata[i];

		if (!target->is_kept)
			start(schedule, target, effects);
		ldir_timer_set(&schedule->timers, &target->timer, target->place_ms);
	}
}

static void
tell(const LdirSchedule *schedule, const Target *target, LdirCheck check, gboolean is_good, const char *why, GArray *effects)
{
	for (guint i = target->first; i != NOBODY; i = g_array_index(schedule->subscribers, Subscriber, i).next) {
		const Subscriber *subscriber = &g_array_index(schedule->subscribers, Subscriber, i);
		const LdirVirtual *vs = schedule->config->virtuals->pdata[subscriber->service];
		const LdirScheduleEffect effect = {
			.kind = LDIR_SCHEDULE_VERDICT, .id = target->id, .vs = vs, .real = vs->reals->pdata[subscriber->server],
			.check = check, .service = subscriber->service, .server = subscriber->server,
			.is_good = is_good, .why = why,
		};

		g_array_append_val(effects, effect);
	}
}

/* The target whose check @id runs, or NULL. */
static Target *
running(const LdirSchedule *schedule, guint64 id)
{
	guint number = (guint)(id & G_MAXUINT32);
	Target *target = number < schedule->targets->len ? schedule->targets->pdata[number] : NULL;

	return target != NULL && target->id == id && id != 0 ? target : NULL;
}

/* Who has just failed may not be the only one on its machine. */
static void
hurry_neighbours(LdirSchedule *schedule, const Target *target, gint64 now_ms)
{
	for (guint i = target->neighbour; i != target->number;) {
		Target *other = schedule->targets->pdata[i];

		if (other->id == 0 && other->was_good && other->timer.due_ms > now_ms)
			ldir_timer_set(&schedule->timers, &other->timer, now_ms);
		i = other->neighbour;
	}
}

void
ldir_schedule_done(LdirSchedule *schedule, guint64 id, gboolean is_good, const char *why, gint64 now_ms, GArray *effects)
{
	Target *target = running(schedule, id);
	LdirCheck check;

	if (target == NULL)
		return;
	check = kind_now(target);
	tell(schedule, target, check, is_good, why, effects);
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
		Target *target = (Target *)timer;       /* its first member */

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

static Target *
target_of_server(const LdirSchedule *schedule, guint service, guint server)
{
	return schedule->of_server->pdata[g_array_index(schedule->offsets, guint, service) + server];
}

void
ldir_schedule_put_off(LdirSchedule *schedule, guint service, guint server, gint64 at_ms)
{
	Target *target = target_of_server(schedule, service, server);

	if (target != NULL)
		ldir_timer_set(&schedule->timers, &target->timer, at_ms);
}

void
ldir_schedule_hurry(LdirSchedule *schedule, guint service, guint server, gint64 at_ms)
{
	Target *target = target_of_server(schedule, service, server);

	if (target != NULL && at_ms < target->timer.due_ms)
		ldir_timer_set(&schedule->timers, &target->timer, at_ms);
}

void
ldir_schedule_stop(LdirSchedule *schedule, GArray *effects)
{
	for (guint i = 0; i < schedule->targets->len; i++) {
		Target *target = schedule->targets->pdata[i];
		const LdirScheduleEffect effect = { .kind = LDIR_SCHEDULE_CANCEL, .id = target->id };

		if (target->id != 0)
			g_array_append_val(effects, effect);
		target->id = 0;
	}
}

guint
ldir_schedule_n_targets(const LdirSchedule *schedule)
{
	return schedule->targets->len;
}
