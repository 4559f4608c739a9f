/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * requests.c - what hb-node asks for, one function each; the answers.
 */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "exec/bytes_fd.h"
#include "exec/control.h"
#include "exec/environment.h"
#include "exec/fencing.h"
#include "exec/fifo_watch.h"
#include "exec/memory.h"
#include "exec/nodes.h"
#include "exec/notify.h"
#include "exec/opener.h"
#include "exec/policy.h"
#include "exec/supervisor.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

/* Twenty times what all groups, media and nodes can give cause for at once; a RUN is paid for by its fork. */
#define MESSAGES_PER_TICK 4096
#define CLIENT_LIMIT_MS (10 * HB_MS_PER_S)      /* for one to end when it is told to */
#define HOOK_LIMIT_MS (60 * HB_MS_PER_S)

typedef void Request(HbSupervisor *sup, const HbChannelMsg *msg);
/* The same, of a request that brings a descriptor; it is closed afterwards. */
typedef void FdRequest(HbSupervisor *sup, const HbChannelMsg *msg, int fd);

/* What asks for more than it may have is not what we started. */
static void
refuse(HbSupervisor *sup, const char *what, const char *why)
{
	hb_log(HB_LOG_CRIT, "hb-node made a request that it must not make: %s: %s", what, why);
	hb_node_link_kill(sup->link, "it asked for what it must not have");
}

static void
send(HbSupervisor *sup, const HbChannelMsg *msg, const int *fds, guint n_fds)
{
	if (sup->link != NULL)
		hb_node_link_send(sup->link, msg, fds, n_fds);
}

static void
fill_held(const HbExec *ex, const HbMemory *memory, HbChannelMsg *welcome)
{
	welcome->u.welcome.n_held = ex->config->n_groups;
	for (guint i = 0; i < ex->config->n_groups; i++) {
		welcome->u.welcome.held[i].group_id = memory->group[i].group_id;
		welcome->u.welcome.held[i].state = memory->group[i].state;
		welcome->u.welcome.held[i].epoch = memory->group[i].epoch;
		welcome->u.welcome.held[i].parked = memory->group[i].parked;
	}
}

static void
on_hello(HbSupervisor *sup, const HbChannelMsg *msg)
{
	const HbExec *ex = sup->ex;
	HbChannelMsg welcome = { .type = HB_CH_WELCOME };
	g_autoptr(GBytes) packed = hb_bundle_pack(ex->bundle);
	g_auto(HbFd) bundle_fd = hb_bytes_fd_new("heartbeat-config", packed);
	int fds[HB_CHANNEL_FDS_MAX] = { bundle_fd, ex->fifo_fd, ex->status_fd };
	guint n_fds = 3;
	HbMemory memory;

	if (sup->greeted || msg->u.hello.abi != HB_CHANNEL_ABI) {
		refuse(sup, "HELLO", sup->greeted ? "twice" : "hb-node is of another version than heartbeat");
		return;
	}
	/* hb-node has not had a chance to write there yet that it would use. */
	if (bundle_fd < 0 || !hb_memory_read(ex->memory_fd, &memory) || memory.n_groups != ex->config->n_groups) {
		hb_node_link_kill(sup->link, "it cannot be told its configuration");
		return;
	}
	fds[n_fds++] = ex->log.node_write;
	if (ex->watchdog_fd >= 0) {
		fds[n_fds++] = ex->watchdog_fd;
		welcome.u.welcome.flags |= HB_CH_HAS_WATCHDOG;
	}
	welcome.u.welcome.abi = HB_CHANNEL_ABI;
	welcome.u.welcome.generation = ex->generation;
	memcpy(welcome.u.welcome.uuid, ex->uuid, sizeof ex->uuid);
	memcpy(welcome.u.welcome.config_hash, ex->config->hash, sizeof ex->config->hash);
	welcome.u.welcome.resumed = ex->resumed;
	welcome.u.welcome.debug = ex->debug;
	welcome.u.welcome.n_shots = ex->n_shots;
	g_strlcpy(welcome.u.welcome.node_name, ex->node_name, sizeof welcome.u.welcome.node_name);
	fill_held(ex, &memory, &welcome);

	sup->greeted = TRUE;
	sup->fifo_is_new = FALSE;
	send(sup, &welcome, fds, n_fds);
	if (sup->shutdown) {
		const HbChannelMsg bye = { .type = HB_CH_SHUTDOWN };

		send(sup, &bye, NULL, 0);
	}
}

static void
on_ready(HbSupervisor *sup, const HbChannelMsg *msg)
{
	gint64 now_ms = hb_time_now_ms();

	(void)msg;
	if (sup->phase != HB_PHASE_STARTING)
		return;
	sup->phase = HB_PHASE_RUNNING;
	sup->ex->watchdog_counts = TRUE;
	hb_control_say_started(sup->ex->lock_fd);
	hb_alive_ready(sup, now_ms);
	hb_fifo_watch_tell(sup);
	if (!sup->was_ready)
		hb_notify_started();
	hb_log(HB_LOG_INFO, "hb-node is ready after %" G_GINT64_FORMAT " ms%s", now_ms - sup->spawned_ms,
	       sup->ex->resumed ? " and goes on where the one before it was" : "");
	if (!sup->was_ready)
		hb_fencing_watch(sup);
	sup->was_ready = TRUE;
	/* From now on a new hb-node goes on; this one has been heard by the others. */
	sup->ex->resumed = TRUE;
	hb_reload_next(sup);
}

static void
on_failed(HbSupervisor *sup, const HbChannelMsg *msg)
{
	/* While groups may be up this is one more death, and the last one stops them. */
	if (sup->was_ready || sup->ex->resumed)
		hb_node_link_kill(sup->link, msg->u.end.text);
	else
		hb_supervisor_end(sup, msg->u.end.code != 0 ? msg->u.end.code : HB_EXIT_FAILED, msg->u.end.text);
}

static void
on_open(HbSupervisor *sup, const HbChannelMsg *msg)
{
	const char *why = hb_policy_open(sup->ex->config, msg);
	HbChannelMsg answer = { .type = HB_CH_FD };
	g_auto(HbFd) fd = -1;

	if (why != NULL) {
		refuse(sup, "OPEN", why);
		return;
	}
	answer.u.fd.medium = msg->u.open.medium;
	fd = hb_opener_open(msg, answer.u.fd.text);
	answer.u.fd.err = fd < 0 ? errno : 0;
	send(sup, &answer, &fd, fd < 0 ? 0 : 1);
}

static const char *
check_run(const HbSupervisor *sup, const HbChannelMsg *msg)
{
	const char *why = hb_policy_run(sup->ex->config, msg);

	if (why != NULL)
		return why;
	if (msg->u.run.op >= HB_OP_OURS || hb_runner_has(sup->runner, msg->u.run.op))
		return "operation number in use";
	if (sup->group_op[msg->u.run.group] != 0)
		return "an operation of this group is running";
	return NULL;
}

static void
on_run(HbSupervisor *sup, const HbChannelMsg *msg)
{
	const char *why = check_run(sup, msg);
	const HbGroupConf *group;
	g_auto(GStrv) env = NULL;

	if (why != NULL) {
		refuse(sup, "RUN", why);
		return;
	}
	group = &sup->ex->config->groups[msg->u.run.group];
	env = hb_environment_for_run(sup->env, msg->u.run.epoch, msg->u.run.known_free != 0);
	sup->op_max = MAX(sup->op_max, msg->u.run.op);
	sup->group_op[msg->u.run.group] = msg->u.run.op;
	hb_runner_resource(sup->runner, msg->u.run.op, group->id, &group->resources[msg->u.run.resource],
	                   (HbVerb)msg->u.run.verb, msg->u.run.limit_ms, env);
}

void
hb_requests_done(HbSupervisor *sup, guint32 op, HbChildResult result, guint took_ms)
{
	HbChannelMsg msg = { .type = HB_CH_DONE, .u.done = { op, result, took_ms } };

	if (hb_fencing_done(sup, op, result, took_ms, &msg)) {
		send(sup, &msg, NULL, 0);
		return;
	}
	for (guint i = 0; i < G_N_ELEMENTS(sup->group_op); i++)
		if (sup->group_op[i] == op)
			sup->group_op[i] = 0;
	send(sup, &msg, NULL, 0);
}

static void
on_cancel(HbSupervisor *sup, const HbChannelMsg *msg)
{
	if (msg->u.cancel.op == 0 || msg->u.cancel.op > sup->op_max) {
		refuse(sup, "CANCEL", "no such operation");
		return;
	}
	/* One that has just ended is no fault: the two messages crossed. */
	hb_runner_cancel(sup->runner, msg->u.cancel.op);
}

static const char *
check_fence(const HbSupervisor *sup, const HbChannelMsg *msg)
{
	const char *why = hb_policy_fence(sup->ex->config, msg);

	if (why != NULL)
		return why;
	if (msg->u.fence.op >= HB_OP_OURS || hb_runner_has(sup->runner, msg->u.fence.op))
		return "operation number in use";
	if (sup->fence_op[msg->u.fence.node] != 0)
		return "this node is being fenced";
	return NULL;
}

static void
on_fence(HbSupervisor *sup, const HbChannelMsg *msg)
{
	const char *why = check_fence(sup, msg);

	if (why != NULL)
		refuse(sup, "FENCE", why);
	else
		hb_fencing_start(sup, msg);
}

static void
on_notify_rc(HbSupervisor *sup, const HbChannelMsg *msg)
{
	const char *why = hb_policy_rc(msg);
	g_auto(GStrv) env = NULL;

	if (why != NULL) {
		refuse(sup, "NOTIFY_RC", why);
		return;
	}
	env = hb_environment_for_rc(sup->env, sup->ex->config, msg);
	hb_runner_hook(sup->runner, msg->u.rc.type, HOOK_LIMIT_MS, env);
}

static void
on_node(HbSupervisor *sup, const HbChannelMsg *msg)
{
	const char *why = hb_policy_node(sup->ex->config, msg);

	if (why != NULL)
		refuse(sup, "NODE", why);
	else
		hb_nodes_take(sup, msg);
}

static void
on_alive(HbSupervisor *sup, const HbChannelMsg *msg)
{
	if (msg->u.ping.n == 0 || msg->u.ping.n > sup->ping_n) {
		refuse(sup, "ALIVE", "answers a PING that was never sent");
		return;
	}
	hb_alive_answered(sup, msg->u.ping.n);
}

static void
on_active(HbSupervisor *sup, const HbChannelMsg *msg)
{
	const HbChannelMsg answer = { .type = HB_CH_LISTEN };
	g_autoptr(GError) error = NULL;
	int fd = hb_api_door_open(sup->door, &error);

	(void)msg;
	if (fd >= 0)
		send(sup, &answer, &fd, 1);
	else
		hb_log(HB_LOG_ERR, "%s: no client can be served", error->message);
	hb_respawn_start(sup->respawn, sup->ex->config, sup->env);
}

void
hb_requests_let_go(HbSupervisor *sup)
{
	const HbChannelMsg msg = { .type = HB_CH_LET_GO };

	send(sup, &msg, NULL, 0);
}

static void
on_clients_stopped(gpointer data)
{
	HbSupervisor *sup = data;

	sup->clients_stopped = TRUE;
	hb_requests_let_go(sup);
}

/* Another hb-node may ask again; then they are stopped already, or will be. */
static void
on_farewell(HbSupervisor *sup, const HbChannelMsg *msg)
{
	(void)msg;
	sup->farewell = sup->shutdown;
	if (!sup->shutdown)
		refuse(sup, "FAREWELL", "nobody had asked for it");
	else if (sup->clients_stopped)
		hb_requests_let_go(sup);
	else    /* ignored where again.c has begun with it */
		hb_respawn_stop(sup->respawn, CLIENT_LIMIT_MS, on_clients_stopped, sup);
}

static void
on_signal(HbSupervisor *sup, const HbChannelMsg *msg, int fd)
{
	const char *why = hb_policy_signal(msg);

	if (why != NULL)
		refuse(sup, "SIGNAL", why);
	else
		hb_api_door_signal(sup->door, fd, msg->u.signal.number);
}

static void
on_reloaded(HbSupervisor *sup, const HbChannelMsg *msg)
{
	if (sup->new_config == NULL)
		refuse(sup, "RELOADED", "there was no RELOAD");
	else
		hb_reload_answered(sup, msg->u.reloaded.taken != 0, msg->u.reloaded.text);
}

static gboolean
is_busy(const HbSupervisor *sup)
{
	for (guint i = 0; i < G_N_ELEMENTS(sup->group_op); i++)
		if (sup->group_op[i] != 0)
			return TRUE;
	return FALSE;
}

/* After it nobody looks after this node; said too early it is one more death. */
static void
on_exit_said(HbSupervisor *sup, const HbChannelMsg *msg)
{
	HbMemory memory;
	gboolean known = hb_memory_read(sup->ex->memory_fd, &memory) && memory.generation == sup->ex->generation;
	const char *why = hb_policy_exit(known ? &memory : NULL, sup->shutdown, is_busy(sup));

	if (why != NULL) {
		hb_node_link_kill(sup->link, why);
		return;
	}
	hb_supervisor_end(sup, msg->u.end.code, msg->u.end.text);
}

static const struct {
	Request *take;
	gboolean before_welcome;
	FdRequest *take_fd;
} rows[HB_CH_N] = {
	[HB_CH_HELLO]     = { on_hello,     TRUE, NULL },
	[HB_CH_FAILED]    = { on_failed,    TRUE, NULL },
	[HB_CH_READY]     = { on_ready,     FALSE, NULL },
	[HB_CH_OPEN]      = { on_open,      FALSE, NULL },
	[HB_CH_RUN]       = { on_run,       FALSE, NULL },
	[HB_CH_CANCEL]    = { on_cancel,    FALSE, NULL },
	[HB_CH_FENCE]     = { on_fence,     FALSE, NULL },
	[HB_CH_NOTIFY_RC] = { on_notify_rc, FALSE, NULL },
	[HB_CH_NODE]      = { on_node,      FALSE, NULL },
	[HB_CH_ALIVE]     = { on_alive,     FALSE, NULL },
	[HB_CH_EXIT]      = { on_exit_said, FALSE, NULL },
	[HB_CH_ACTIVE]    = { on_active,    FALSE, NULL },
	[HB_CH_FAREWELL]  = { on_farewell,  FALSE, NULL },
	[HB_CH_SIGNAL]    = { .take_fd = on_signal },
	[HB_CH_RELOADED]  = { on_reloaded,  FALSE, NULL },
};

void
hb_requests_take(const HbChannelMsg *msg, const int *fds, guint n_fds, HbSupervisor *sup)
{
	if (sup->phase == HB_PHASE_ENDING)
		return;
	if (msg->type != HB_CH_RUN && ++sup->n_messages > MESSAGES_PER_TICK) {
		refuse(sup, "message", "too many at once");
		return;
	}
	if (rows[msg->type].take_fd != NULL && sup->greeted && n_fds == 1)
		rows[msg->type].take_fd(sup, msg, fds[0]);
	else if (rows[msg->type].take == NULL || (!sup->greeted && !rows[msg->type].before_welcome))
		refuse(sup, "message", rows[msg->type].take == NULL ? "it is ours to send" : "before HELLO");
	else
		rows[msg->type].take(sup, msg);
}
