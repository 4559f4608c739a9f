/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schedule_make.c - which targets a configuration has, who waits for each of them, and what is kept of the schedule before.
 */
#include "ldirectord/check/schedule_key.h"
#include "ldirectord/check/schedule_parts.h"
#include "util/banned.h"

static void
target_free(gpointer data)
{
	LdirScheduleTarget *target = data;

	ldir_round_free(target->round);
	g_free(target);
}

static LdirScheduleTarget *
target_new(LdirSchedule *schedule, const LdirVirtual *vs, const LdirReal *real)
{
	LdirScheduleTarget *target = g_new0(LdirScheduleTarget, 1);

	target->vs = vs;
	target->real = real;
	target->check = ldir_target_check(vs, real);
	target->interval_ms = ldir_target_interval_ms(schedule->config, vs);
	target->round = ldir_target_n_parts(real) > 1 ? ldir_round_new() : NULL;
	target->first = target->last = LDIR_NOBODY;
	target->number = schedule->targets->len;
	g_ptr_array_add(schedule->targets, target);
	return target;
}

static void
subscribe(LdirSchedule *schedule, LdirScheduleTarget *target, guint service, guint server)
{
	const LdirVirtual *vs = schedule->config->virtuals->pdata[service];
	const LdirScheduleSubscriber subscriber = { service, server, LDIR_NOBODY };
	guint number = schedule->subscribers->len;
	g_autofree char *id = ldir_virtual_id(vs);

	g_array_append_val(schedule->subscribers, subscriber);
	if (target->first == LDIR_NOBODY)
		target->first = number;
	else
		g_array_index(schedule->subscribers, LdirScheduleSubscriber, target->last).next = number;
	target->last = number;
	target->who = target->who * 33 + g_str_hash(id) + ldir_virtual_server(vs, server)->port;
}

/* The one that is there already, or another one. @key: for use here. */
static LdirScheduleTarget *
target_of(LdirSchedule *schedule, GHashTable *by_key, GString *key, const LdirVirtual *vs, const LdirReal *real)
{
	g_autoptr(GBytes) bytes = NULL;
	LdirScheduleTarget *target;

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
			LdirScheduleSettled settled = { i, j, FALSE };
			LdirScheduleTarget *target = NULL;

			if (ldir_target_is_settled(vs, &settled.is_good)) {
				g_array_append_val(schedule->settled, settled);
			} else {
				target = target_of(schedule, by_key, key, vs, vs->reals->pdata[j]);
				subscribe(schedule, target, i, j);
			}
			g_ptr_array_add(schedule->of_server, target);
		}
		for (guint j = 0; j < vs->spares->len; j++) {
			LdirScheduleTarget *target = target_of(schedule, by_key, key, vs, vs->spares->pdata[j]);

			subscribe(schedule, target, i, vs->reals->len + j);
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
		const LdirScheduleTarget *old = previous->targets->pdata[i];
		g_autoptr(GBytes) bytes = NULL;
		LdirScheduleTarget *target;

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
		LdirScheduleTarget *target = schedule->targets->pdata[i];
		LdirScheduleTarget *other = g_hash_table_lookup(by_address, &target->real->addr);

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
	schedule->targets = g_ptr_array_new_with_free_func(target_free);
	schedule->subscribers = g_array_new(FALSE, FALSE, sizeof(LdirScheduleSubscriber));
	schedule->offsets = g_array_new(FALSE, FALSE, sizeof(guint));
	schedule->of_server = g_ptr_array_new();
	schedule->settled = g_array_new(FALSE, FALSE, sizeof(LdirScheduleSettled));
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
