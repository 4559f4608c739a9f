/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/duo.h"

#include <stdarg.h>
#include <string.h>

#include "util/id.h"

#include "util/banned.h"

#define KEEPALIVE_MS    250
#define DEADTIME_MS     1000
#define INITDEAD_MS     5000
#define STABLE_MS       20000
#define SAME_MS_MAX     24      /* TIME steps in one millisecond: more is a spin */

/*
 * What 3.0.6 itself needs. After a cut longer than a deadtime both have all, and so they have until one of them has
 * heard the other and stopped: it does so 2 s after it has heard, once its children are done. The same after a gap
 * that one side took for a death (its late-heartbeat trap).
 */
#define EXCUSE_MS       8000

/* Scripts of one resource may take long: then a stop does, too. */
static gint64
excuse_ms(const Duo *duo)
{
	return EXCUSE_MS + 2 * DUO_GROUPS * duo->script_max_ms;
}

static HbEffects fx;

static void G_GNUC_PRINTF(2, 3)
broken(Duo *duo, const char *format, ...)
{
	va_list args;

	if (duo->broken[0] != '\0')
		return;
	va_start(args, format);
	g_vsnprintf(duo->broken, sizeof duo->broken, format, args);
	va_end(args);
}

static void G_GNUC_PRINTF(2, 3)
trace(const Duo *duo, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	if (!duo->trace)
		return;
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_printerr("%9.3f %s\n", (double)duo->now_ms / 1000, text);
}

static void
trace_message(const Duo *duo, const HbTyped *msg)
{
	static const char *const names[HB_MSG_N_TYPES] = {
#define X(id, handler, name, text) [HB_MSG_##id] = name,
#include "wire/msgtypes.def"
#undef X
	};
	static const char *const holds[] = { "none", "local", "foreign", "all" };
	static const char *const infos[HB_INFO_N] = { "", "me", "other", "done", "shutdown", "standby",
	                                              "req_our", "mach_down", "?" };

	if (!duo->trace || (msg->type == HB_MSG_STATUS && msg->u.status.st == HB_ST_ACTIVE))
		return;
	if (msg->type == HB_MSG_RESOURCE)
		trace(duo, "%s: resource %s full=%d stable=%d %s seq=%d", msg->src, holds[msg->u.resource.hold],
		      msg->u.resource.full, (int)msg->u.resource.stable - 1, infos[msg->u.resource.info], (int)msg->seq);
	else if (msg->type == HB_MSG_ASK_RESOURCES)
		trace(duo, "%s: ask_resources %s %s seq=%d", msg->src, holds[msg->u.ask.hold], infos[msg->u.ask.info],
		      (int)msg->seq);
	else
		trace(duo, "%s: %s seq=%d", msg->src, names[msg->type], (int)msg->seq);
}

/* Configuration: A and C at home on the first node, B on the second */

static void
make_groups(Duo *duo)
{
	static char *const keys[DUO_GROUPS] = { (char *)"A", (char *)"B", (char *)"C" };
	static char *const tokens[DUO_GROUPS][DUO_RESOURCES] = {
		{ (char *)"A", (char *)"A2" }, { (char *)"B", (char *)"B2" }, { (char *)"C", (char *)"C2" }
	};
	static char *no_args[] = { NULL };

	for (guint g = 0; g < DUO_GROUPS; g++)
		for (guint r = 0; r < DUO_RESOURCES; r++)
			duo->resources[g][r] =
				(HbResourceConf){ .name = tokens[g][r], .args = no_args, .token = tokens[g][r] };
	for (guint f = 0; f < DUO_FILES; f++)
		for (guint line = 0; line < DUO_GROUPS; line++) {
			guint g = f == 0 ? line : DUO_GROUPS - 1 - line;

			duo->groups[f][line] = (HbGroupConf){
				.id = hb_id_of(keys[g]), .key = keys[g], .home = g % 2,
				.n_resources = DUO_RESOURCES, .resources = duo->resources[g], .line = line + 1,
			};
		}
}

static void
make_config(Duo *duo)
{
	static char *no_env[] = { NULL };

	duo->nodes[0] = (HbNodeConf){ .name = (char *)"n1", .id = hb_id_of("n1") };
	duo->nodes[1] = (HbNodeConf){ .name = (char *)"n2", .id = hb_id_of("n2") };
	duo->media[0] = (HbMediumConf){ .kind = (char *)"bcast", .words = (char *)"eth0", .udpport = 694 };
	make_groups(duo);
	for (guint f = 0; f < DUO_FILES; f++)
		for (guint n = 0; n < 2; n++)
			duo->config[f][n] = (HbConfig){
				.n_nodes = 2, .nodes = duo->nodes, .self = n, .failback = duo->failback,
				.keepalive_ms = KEEPALIVE_MS, .deadtime_ms = DEADTIME_MS,
				.warntime_ms = DEADTIME_MS / 2, .initdead_ms = INITDEAD_MS,
				.deadping_ms = DEADTIME_MS, .max_rexmit_delay_ms = 250,
				.resource_timeout_ms = 60000, .hopfudge = 1,
				.n_media = 1, .media = duo->media,
				.n_groups = DUO_GROUPS, .groups = duo->groups[f], .env = no_env,
			};
}

/* Index in the first file of line @line in the file of ours: the second one is the first backwards. */
static guint
group_of(const Duo *duo, guint line)
{
	return duo->file == 0 ? line : DUO_GROUPS - 1 - line;
}

guint
duo_home(const Duo *duo, guint group)
{
	return duo->groups[0][group].home;
}

/* The wire */

static void
put(Duo *duo, gboolean to_ours, const HbTyped *msg)
{
	DuoPacket *packet = &duo->pending[duo->n_pending];
	gint64 at_ms = duo->now_ms + sim_rng_between(&duo->rng, 1, 3);

	if (duo->cut)
		return;
	g_assert(duo->n_pending < DUO_PENDING_MAX);
	/* one medium: nothing overtakes */
	at_ms = duo->last_arrival_ms[to_ours] = MAX(at_ms, duo->last_arrival_ms[to_ours]);
	*packet = (DuoPacket){
		.at_ms = at_ms, .order = ++duo->order, .to_ours = to_ours,
		.life = to_ours ? duo->life : duo->old_life, .msg = g_memdup2(msg, sizeof *msg),
	};
	duo->n_pending++;
}

static void
old_sends(void *user, const HbTyped *msg)
{
	Duo *duo = user;

	trace_message(duo, msg);
	put(duo, TRUE, msg);
}

static void
ours_sends(Duo *duo, const HbTyped *msg)
{
	HbTyped *kept = g_memdup2(msg, sizeof *msg);
	HbTyped **slot = &duo->history[msg->seq % OLD306_HISTORY_MAX];

	kept->ts = 1 + (guint32)(duo->now_ms / 1000);
	kept->generation = duo->generation;
	trace_message(duo, kept);
	put(duo, FALSE, kept);
	if (msg->seq == 0) {
		g_free(kept);
		return;
	}
	duo->next_seq = msg->seq + 1;
	g_free(*slot);
	*slot = kept;
}

static void
ours_resends(Duo *duo, guint64 seq)
{
	const HbTyped *kept = duo->history[seq % OLD306_HISTORY_MAX];

	if (kept != NULL && kept->seq == seq)
		put(duo, FALSE, kept);
}

/* Scripts of ours */

static void
run_script(Duo *duo, const HbEffect *e)
{
	DuoScript *script = duo->script;
	guint g = group_of(duo, e->u.run.group), r = e->u.run.resource;

	while (script < duo->script + DUO_SCRIPTS_MAX && script->op != 0)
		script++;
	g_assert(script < duo->script + DUO_SCRIPTS_MAX);
	*script = (DuoScript){
		.op = e->u.run.op, .group = g, .resource = r, .verb = e->u.run.verb, .result = HB_CHILD_OK,
		.ends_ms = duo->now_ms + sim_rng_between(&duo->rng, 5, duo->script_max_ms / DUO_RESOURCES),
	};
	if (script->verb == HB_VERB_STATUS)
		script->ends_ms = duo->now_ms + 5;
	if (script->verb == HB_VERB_START) {
		duo->may_run[g][r] = TRUE;
		if (duo->fails > 0 && duo->fails-- > 0)
			script->result = HB_CHILD_FAILED;
	}
	if (script->verb == HB_VERB_STOP)
		duo->is_up[g][r] = FALSE;
	trace(duo, "ours: %s %s%d", e->u.run.verb == HB_VERB_START ? "start" : e->u.run.verb == HB_VERB_STOP ? "stop" : "status",
	      duo->groups[0][g].key, (int)r);
}

static void
cancel_script(Duo *duo, guint32 op)
{
	for (guint i = 0; i < DUO_SCRIPTS_MAX; i++)
		if (duo->script[i].op == op) {
			duo->script[i].ends_ms = duo->now_ms + 1;
			duo->script[i].result = HB_CHILD_FAILED;
		}
}

static void
execute(Duo *duo)
{
	for (guint i = 0; i < fx.n; i++) {
		const HbEffect *e = &fx.item[i];

		if (e->type == HB_FX_SEND)
			ours_sends(duo, e->u.send.msg);
		else if (e->type == HB_FX_RESEND)
			ours_resends(duo, e->u.resend.seq);
		else if (e->type == HB_FX_RUN)
			run_script(duo, e);
		else if (e->type == HB_FX_CANCEL)
			cancel_script(duo, e->u.cancel.op);
		else if (e->type == HB_FX_HOLDING)
			duo->held[group_of(duo, e->u.holding.group)] = e->u.holding.held;
		else if (e->type == HB_FX_EXIT) {
			hb_core_free(duo->core);
			duo->core = NULL;
			duo->life++;
			return;
		}
	}
}

static void
step(Duo *duo, HbEvent *event)
{
	event->now_ms = duo->now_ms;
	hb_core_step(duo->core, event, &fx);
	execute(duo);
}

static void
end_script(Duo *duo, DuoScript *script)
{
	HbEvent event = { .type = HB_EV_CHILD };
	gboolean *may_run = &duo->may_run[script->group][script->resource];
	gboolean *is_up = &duo->is_up[script->group][script->resource];

	if (script->verb == HB_VERB_STATUS)
		script->result = *may_run ? HB_CHILD_OK : HB_CHILD_NOT_RUNNING;
	else if (script->verb == HB_VERB_START)
		*is_up |= script->result == HB_CHILD_OK;
	else if (script->result == HB_CHILD_OK)
		*may_run = *is_up = FALSE;
	event.u.child.op = script->op;
	event.u.child.result = script->result;
	script->op = 0;
	if (duo->core != NULL)
		step(duo, &event);
}

/* The rules */

static gboolean
may_run_ours(const Duo *duo, guint g)
{
	for (guint r = 0; r < DUO_RESOURCES; r++)
		if (duo->may_run[g][r])
			return TRUE;
	return FALSE;
}

gboolean
duo_runs_ours(const Duo *duo, guint group)
{
	for (guint r = 0; r < DUO_RESOURCES; r++)
		if (!duo->is_up[group][r])
			return FALSE;
	return TRUE;
}

static void
check_twice(Duo *duo)
{
	if ((duo->cut && duo->now_ms - duo->cut_ms + 2 * KEEPALIVE_MS >= DEADTIME_MS) || duo->now_ms < duo->excused_ms)
		return;
	for (guint g = 0; g < DUO_GROUPS; g++)
		if (may_run_ours(duo, g) && duo->old->may_run[g])
			broken(duo, "at %d ms: %s is active twice", (int)duo->now_ms, duo->groups[0][g].key);
}

/* Time */

static int
next_packet(const Duo *duo)
{
	int next = -1;

	for (guint i = 0; i < duo->n_pending; i++)
		if (next < 0 || duo->pending[i].at_ms < duo->pending[next].at_ms ||
		    (duo->pending[i].at_ms == duo->pending[next].at_ms &&
		     duo->pending[i].order < duo->pending[next].order))
			next = (int)i;
	return next;
}

static DuoScript *
next_script(Duo *duo)
{
	DuoScript *next = NULL;

	for (guint i = 0; i < DUO_SCRIPTS_MAX; i++)
		if (duo->script[i].op != 0 && (next == NULL || duo->script[i].ends_ms < next->ends_ms))
			next = &duo->script[i];
	return next;
}

static void
deliver(Duo *duo, guint which)
{
	DuoPacket packet = duo->pending[which];
	g_autofree HbTyped *msg = packet.msg;
	HbEvent event = { .type = HB_EV_PACKET };

	duo->pending[which] = duo->pending[--duo->n_pending];
	if (packet.life != (packet.to_ours ? duo->life : duo->old_life))
		return;
	if (!packet.to_ours) {
		old306_packet(duo->old, msg, duo->now_ms);
	} else if (duo->core != NULL) {
		event.u.packet.msg = msg;
		step(duo, &event);
	}
}

static gboolean
turn(Duo *duo, gint64 end_ms)
{
	int packet = next_packet(duo);
	DuoScript *script = next_script(duo);
	gint64 packet_ms = packet >= 0 ? duo->pending[packet].at_ms : G_MAXINT64;
	gint64 script_ms = script != NULL ? script->ends_ms : G_MAXINT64;
	gint64 core_ms = duo->core != NULL ? hb_core_deadline_ms(duo->core) : G_MAXINT64;
	gint64 old_ms = old306_deadline_ms(duo->old);
	gint64 at_ms = MIN(MIN(packet_ms, script_ms), MIN(core_ms, old_ms));

	if (at_ms > end_ms)
		return FALSE;
	if (at_ms > duo->now_ms) {
		duo->now_ms = at_ms;
		duo->steps_in_ms = 0;
	}
	if (packet_ms <= duo->now_ms) {
		deliver(duo, (guint)packet);
	} else if (script_ms <= duo->now_ms) {
		end_script(duo, script);
	} else if (old_ms <= duo->now_ms) {
		old306_time(duo->old, duo->now_ms);
	} else {
		HbEvent event = { .type = HB_EV_TIME };

		if (++duo->steps_in_ms > SAME_MS_MAX) {
			broken(duo, "at %d ms: the core's deadline stays in the past", (int)duo->now_ms);
			return FALSE;
		}
		step(duo, &event);
	}
	check_twice(duo);
	return duo->broken[0] == '\0';
}

void
duo_pass(Duo *duo, gint64 ms)
{
	gint64 end_ms = duo->now_ms + ms;

	if (duo->broken[0] != '\0')
		return;
	while (turn(duo, end_ms))
		;
	duo->now_ms = end_ms;
}

gboolean
duo_is_at(const Duo *duo, const DuoPlace place[DUO_GROUPS])
{
	for (guint g = 0; g < DUO_GROUPS; g++) {
		gboolean ours = duo_runs_ours(duo, g) && !duo->old->may_run[g];
		gboolean old = duo->old->is_up[g] && !may_run_ours(duo, g);
		DuoPlace at = place[g] != DUO_HOME ? place[g] : duo_home(duo, g) == duo->ours ? DUO_OURS : DUO_OLD;

		if (!(ours && at != DUO_OLD) && !(old && at != DUO_OURS))
			return FALSE;
	}
	return TRUE;
}

static void
not_there(Duo *duo, const char *what)
{
	GString *text = g_string_new(NULL);

	for (guint g = 0; g < DUO_GROUPS; g++)
		g_string_append_printf(text, " %s:%s%s%s%s", duo->groups[0][g].key, may_run_ours(duo, g) ? "ours" : "",
		                       duo_runs_ours(duo, g) ? "!" : "", duo->old->may_run[g] ? "old" : "",
		                       duo->old->is_up[g] ? "!" : "");
	broken(duo, "at %d ms: %s:%s", (int)duo->now_ms, what, text->str);
	g_string_free(text, TRUE);
}

void
duo_expect(Duo *duo, const DuoPlace place[DUO_GROUPS], gint64 ms)
{
	gint64 end_ms = duo->now_ms + ms;

	while (!duo_is_at(duo, place) && duo->now_ms < end_ms && duo->broken[0] == '\0')
		duo_pass(duo, 50);
	if (!duo_is_at(duo, place))
		not_there(duo, "not where it should be");
	for (end_ms = duo->now_ms + STABLE_MS; duo->now_ms < end_ms && duo->broken[0] == '\0'; duo_pass(duo, 50))
		if (!duo_is_at(duo, place))
			not_there(duo, "it does not stay");
}

void
duo_expect_all(Duo *duo, DuoPlace place, gint64 ms)
{
	const DuoPlace places[DUO_GROUPS] = { place, place, place };

	duo_expect(duo, places, ms);
}

void
duo_settle(Duo *duo, gint64 ms)
{
	static const DuoPlace anywhere[DUO_GROUPS] = { DUO_ANY, DUO_ANY, DUO_ANY };
	gint64 end_ms = duo->now_ms + ms, since_ms = duo->now_ms;

	while (duo->now_ms < since_ms + STABLE_MS && duo->broken[0] == '\0') {
		duo_pass(duo, 50);
		if (duo_is_at(duo, anywhere))
			continue;
		since_ms = duo->now_ms;
		if (since_ms > end_ms)
			not_there(duo, "it does not come to rest");
	}
}

/* What is done to them */

static void
start_core(Duo *duo, gboolean resumed)
{
	HbEvent event = { .type = HB_EV_START };
	HbHeldGroup held[DUO_GROUPS];

	for (guint line = 0; line < DUO_GROUPS; line++)
		held[line] = duo->held[group_of(duo, line)];
	duo->core = hb_core_new();
	duo->life++;
	event.u.start.config = &duo->config[duo->file][duo->ours];
	event.u.start.seed = sim_rng_next(&duo->rng);
	event.u.start.generation = duo->generation;
	event.u.start.next_seq = duo->next_seq;
	event.u.start.held = held;
	event.u.start.resumed = resumed;
	step(duo, &event);
}

static void
drop_core(Duo *duo)
{
	hb_core_free(duo->core);
	duo->core = NULL;
	duo->life++;
	memset(duo->script, 0, sizeof duo->script);
}

void
duo_boot(Duo *duo)
{
	if (duo->core != NULL)
		return;
	trace(duo, "--- ours boots");
	duo->generation++;
	duo->next_seq = 1;
	/* It says what it has, not what it is about to have: 3.0.6 in our place would start its own as well. */
	if (duo->old->standby != OLD306_NOT || old306_is_busy(duo->old))
		duo->excused_ms = MAX(duo->excused_ms, duo->now_ms + excuse_ms(duo));
	for (guint i = 0; i < OLD306_HISTORY_MAX; i++)
		g_clear_pointer(&duo->history[i], g_free);
	start_core(duo, FALSE);
}

void
duo_crash(Duo *duo)
{
	trace(duo, "--- ours crashes");
	drop_core(duo);
	memset(duo->held, 0, sizeof duo->held);
	memset(duo->may_run, 0, sizeof duo->may_run);
	memset(duo->is_up, 0, sizeof duo->is_up);
}

static void
tell_gone(Duo *duo, guint group, guint resource)
{
	HbEvent event = { .type = HB_EV_RESOURCE };

	event.u.resource.group = duo->file == 0 ? group : DUO_GROUPS - 1 - group;
	event.u.resource.resource = resource;
	event.u.resource.gone = TRUE;
	step(duo, &event);
}

/* As heartbeat does it: what was at work is killed first, and the new hb-node asks its kernel what is here. */
void
duo_replace(Duo *duo)
{
	if (duo->core == NULL)
		return;
	trace(duo, "--- hb-node of ours is replaced");
	drop_core(duo);
	start_core(duo, TRUE);
	for (guint g = 0; g < DUO_GROUPS; g++)
		for (guint r = 0; r < DUO_RESOURCES; r++)
			if (!duo->is_up[g][r] && duo->core != NULL)
				tell_gone(duo, g, r);
}

void
duo_vanish(Duo *duo, guint group, guint resource)
{
	if (duo->core == NULL || !duo->is_up[group][resource])
		return;
	trace(duo, "--- %s%d of ours vanishes", duo->groups[0][group].key, (int)resource);
	duo->is_up[group][resource] = duo->may_run[group][resource] = FALSE;
	tell_gone(duo, group, resource);
}

void
duo_stop(Duo *duo)
{
	HbEvent event = { .type = HB_EV_SHUTDOWN };

	trace(duo, "--- ours stops");
	if (duo->core != NULL)
		step(duo, &event);
}

static void
order(Duo *duo, HbMsgType type, HbHold what, gboolean force)
{
	HbTyped msg = { .type = type };
	HbEvent event = { .type = HB_EV_FIFO };

	trace(duo, "--- ours: order %d %d", (int)type, (int)what);
	msg.u.ask.hold = what;
	msg.u.ask.force = force;
	msg.u.ask.info = type == HB_MSG_ASK_RESOURCES ? HB_INFO_ME : HB_INFO_NONE;
	event.u.fifo.msg = &msg;
	if (duo->core != NULL)
		step(duo, &event);
}

void
duo_standby(Duo *duo, HbHold what)
{
	order(duo, HB_MSG_ASK_RESOURCES, what, FALSE);
}

void
duo_takeover(Duo *duo, HbHold what, gboolean force)
{
	order(duo, HB_MSG_HB_TAKEOVER, what, force);
}

gboolean
duo_reload(Duo *duo)
{
	const HbConfig *config = &duo->config[1 - duo->file][duo->ours];
	HbEvent event = { .type = HB_EV_RELOAD };

	if (duo->core == NULL || hb_core_reload_blocked(duo->core, config) != NULL)
		return FALSE;
	trace(duo, "--- ours reloads");
	duo->file = 1 - duo->file;
	event.u.reload.config = config;
	step(duo, &event);
	return TRUE;
}

void
duo_old_boot(Duo *duo)
{
	if (duo->old->runs)
		return;
	trace(duo, "--- old boots");
	duo->old_life++;
	old306_boot(duo->old, duo->now_ms);
}

void
duo_old_crash(Duo *duo)
{
	trace(duo, "--- old crashes");
	duo->old_life++;
	old306_crash(duo->old);
}

void
duo_old_stop(Duo *duo)
{
	trace(duo, "--- old stops");
	old306_stop(duo->old, duo->now_ms);
}

void
duo_cut(Duo *duo, gboolean cut)
{
	trace(duo, "--- %s", cut ? "cut" : "healed");
	if (!duo->cut && cut)
		duo->cut_ms = duo->now_ms;
	if (duo->cut && !cut && duo->now_ms - duo->cut_ms + 2 * KEEPALIVE_MS >= DEADTIME_MS)
		duo->excused_ms = duo->now_ms + excuse_ms(duo);
	duo->cut = cut;
}

Duo *
duo_new(guint ours, HbFailback failback, gint64 script_max_ms, guint64 seed)
{
	Duo *duo = g_new0(Duo, 1);

	duo->ours = ours;
	duo->failback = failback;
	duo->script_max_ms = script_max_ms;
	duo->rng = sim_rng_of(seed, 4);
	duo->generation = 500;
	duo->next_seq = 1;
	duo->now_ms = 1000;
	duo->trace = g_getenv("OLD306_TRACE") != NULL;
	make_config(duo);
	duo->old = old306_new(&duo->config[0][1 - ours], script_max_ms, seed, old_sends, duo);
	return duo;
}

void
duo_free(Duo *duo)
{
	hb_core_free(duo->core);
	old306_free(duo->old);
	for (guint i = 0; i < duo->n_pending; i++)
		g_free(duo->pending[i].msg);
	for (guint i = 0; i < OLD306_HISTORY_MAX; i++)
		g_free(duo->history[i]);
	g_free(duo);
}
