/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hb-node: the network, the FIFO, the status socket and the core, without rights.
 *
 * Started by heartbeat (root) alone, with the descriptors of channel/channel.h and no arguments.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/prctl.h>
#include <sys/random.h>

#include <glib.h>

#include "log/log.h"
#include "node/addrwatch.h"
#include "node/api_server.h"
#include "node/exec_link.h"
#include "node/exec_msg.h"
#include "node/fifo_in.h"
#include "node/guard_watch.h"
#include "node/ifwatch.h"
#include "node/known.h"
#include "node/loop.h"
#include "node/media.h"
#include "node/memory.h"
#include "node/node.h"
#include "node/recorder.h"
#include "node/reload.h"
#include "node/send.h"
#include "node/status_server.h"
#include "node/watchdog.h"
#include "plugin/plugin.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

/* What only the start sequence needs. */
typedef struct {
	HbNode *node;
	HbWelcome welcome;
} Start;

/* ---- used by others, too ---- */

void
hb_node_setup_log(HbNode *node)
{
	const HbConfig *config = node->config;
	/* The lines that tools look for begin with "heartbeat:" in 3.0.6. */
	HbLogSettings settings = {
		.entity = "heartbeat",
		.node = config->nodes[config->self].name,
		.record_fd = node->log_fd,
		.logfile_fd = -1,
		.debugfile_fd = -1,
		.facility = config->use_logd ? NULL : config->logfacility,
		.syslogmsgfmt = config->syslogmsgfmt,
		.debug = node->debug,
	};

	hb_log_setup(&settings);
}

HbConfig *
hb_node_set_config(HbNode *node, HbConfig *config, const HbKeyring *keys)
{
	HbConfig *old = node->config;
	HbKeyring old_keys = node->keys;

	node->keys = *keys;
	node->keys.accept_306_roll = TRUE;
	node->config = config;
	if (old)
		hb_trust_renumber(&node->trust, old, config);
	if (node->sender) {
		hb_sender_set_config(node->sender, config, &node->keys);
		hb_sender_sign_anew(node->sender, &old_keys);
		hb_known_flush(node->heard);
	}
	if (node->api)
		hb_api_set_config(hb_api_server_api(node->api), config);
	hb_keyring_wipe(&old_keys);
	return old;
}

/* ---- the steps of the start ---- */

static gboolean
map_memory(Start *start, GError **error)
{
	start->node->memory = hb_memory_map(HB_FD_MEMORY, error);
	return start->node->memory != NULL;
}

static gboolean
greet_root(Start *start, GError **error)
{
	HbNode *node = start->node;
	HbWelcome *welcome = &start->welcome;

	if (!hb_exec_link_greet(node->exec, welcome, error))
		return FALSE;
	node->generation = welcome->msg.u.welcome.generation;
	memcpy(node->uuid, welcome->msg.u.welcome.uuid, HB_UUID_LEN);
	node->log_fd = welcome->log_fd;
	node->debug = welcome->msg.u.welcome.debug;
	return TRUE;
}

static gboolean
read_config(Start *start, GError **error)
{
	HbNode *node = start->node;
	const HbChannelMsg *welcome = &start->welcome.msg;
	HbKeyring keys = { 0 };
	HbConfig *config = hb_reload_parse(start->welcome.bundle, welcome->u.welcome.node_name, &keys, error);

	g_clear_pointer(&start->welcome.bundle, g_bytes_unref);
	if (!config)
		return FALSE;
	hb_node_set_config(node, config, &keys);
	hb_node_setup_log(node);
	if (memcmp(config->hash, welcome->u.welcome.config_hash, sizeof config->hash) == 0)
		return TRUE;
	g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR,
	            "heartbeat and hb-node read two configurations in the same files: are they of one version?");
	return FALSE;
}

/*
 * On fault: what is never touched never costs memory. Under a limit that root was not allowed to lift, memory that is asked
 * for later is not locked: it would be refused instead, and end this process.
 */
static gboolean
lock_memory(Start *start, GError **error)
{
	struct rlimit limit = { 0, 0 };
	int flags = MCL_CURRENT | MCL_ONFAULT;

	(void)start, (void)error;
	if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY)
		flags |= MCL_FUTURE;
	if (mlockall(flags) < 0)
		hb_log(HB_LOG_WARN, "cannot lock memory: %s; a swapping machine may delay heartbeats",
		       g_strerror(errno));
	else if (!(flags & MCL_FUTURE))
		hb_log(HB_LOG_NOTICE, "locked memory is limited to %" G_GUINT64_FORMAT " kB: what comes later is not locked",
		       (guint64)limit.rlim_cur / 1024);
	return TRUE;
}

static gboolean
make_parts(Start *start, GError **error)
{
	HbNode *node = start->node;

	node->heard = hb_known_new();
	node->sender = hb_sender_new(node->config, &node->keys, node->generation, node->uuid);
	node->ifwatch = hb_ifwatch_new(node);
	node->media = hb_media_new(node, error);
	node->api = hb_api_server_new(node);
	hb_exec_link_start(node->exec);
	return node->media != NULL;
}

/* Root answers each request; a terminal or a socket that cannot be had now is tried again later. */
static gboolean
open_media(Start *start, GError **error)
{
	HbNode *node = start->node;

	hb_media_open_all(node->media);
	while (hb_media_n_pending(node->media) > 0 && !hb_exec_link_is_broken(node->exec))
		hb_loop_turn(node);
	if (hb_media_n_usable(node->media) > 0)
		return TRUE;
	g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR,
	            "no medium of ha.cf can be opened: there is no way to the other nodes");
	return FALSE;
}

/* The one before us wrote that, and may have gone wrong. */
static gint64
absent_ms(const HbNode *node)
{
	gint64 now_ms = hb_loop_now_ms(node->loop);
	gint64 turned_ms = hb_memory_last_turn_ms(node->memory);

	return turned_ms > 0 && turned_ms <= now_ms ? now_ms - turned_ms : now_ms;
}

static gboolean
start_core(Start *start, GError **error)
{
	HbNode *node = start->node;
	const HbChannelMsg *welcome = &start->welcome.msg;
	g_autofree HbHeldGroup *held = g_new0(HbHeldGroup, node->config->n_groups + 1);
	gboolean is_resumed = welcome->u.welcome.resumed != 0;
	g_autofree HbGone *gone = NULL;
	HbEvent event = { .type = HB_EV_START };

	hb_exec_msg_held(welcome, node->config, held);
	if (is_resumed && !hb_memory_is_of(node->memory, node->generation)) {
		g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR,
		            "the memory is not of generation %" G_GUINT64_FORMAT, node->generation);
		return FALSE;
	}
	event.u.start.next_seq = is_resumed ? node->memory->next_seq : 1;
	if (!is_resumed)
		hb_memory_fill(node->memory, node->generation, node->config, held);
	else
		hb_memory_reorder(node->memory, node->config);
	gone = hb_memory_gone(node->memory, node->config);
	event.u.start.gone = gone;
	event.u.start.n_shots = welcome->u.welcome.n_shots;
	event.u.start.config = node->config;
	event.u.start.generation = node->generation;
	memcpy(event.u.start.uuid, node->uuid, HB_UUID_LEN);
	event.u.start.held = held;
	event.u.start.resumed = is_resumed;
	event.u.start.absent_ms = is_resumed ? absent_ms(node) : 0;
	if (getrandom(&event.u.start.seed, sizeof event.u.start.seed, 0) != (ssize_t)sizeof event.u.start.seed)
		event.u.start.seed = (guint64)g_get_monotonic_time();
	node->recorder = hb_recorder_new();
	/* Numbers of messages are used up faster than numbers of clients. */
	if (is_resumed)
		hb_api_set_first_generation(hb_api_server_api(node->api), event.u.start.next_seq);
	node->core = hb_core_new();
	node->started = TRUE;
	node->started_ms = hb_loop_now_ms(node->loop);
	hb_loop_step(node, &event);
	hb_media_start(node->media);
	return TRUE;
}

static gboolean
open_doors(Start *start, GError **error)
{
	HbNode *node = start->node;

	(void)error;
	node->guard = hb_guard_watch_new(node);
	node->addrwatch = hb_addrwatch_new(node);
	node->fifo = hb_fifo_in_new(node, start->welcome.fifo_fd);
	node->status = hb_status_server_new(node, start->welcome.status_fd);
	node->watchdog = hb_watchdog_new(node, start->welcome.watchdog_fd);
	hb_exec_link_ready(node->exec);
	return TRUE;
}

static gboolean
heed_early_shutdown(Start *start, GError **error)
{
	HbEvent event = { .type = HB_EV_SHUTDOWN };

	(void)error;
	if (start->node->shutdown_asked)
		hb_loop_step(start->node, &event);
	return TRUE;
}

typedef gboolean StartStep(Start *start, GError **error);

static StartStep *const start_steps[] = {
	map_memory,
	greet_root,
	read_config,
	lock_memory,
	make_parts,
	open_media,
	start_core,
	open_doors,
	heed_early_shutdown,
};

/* 0, or the exit code; root has been told why. */
static int
start_up(HbNode *node)
{
	Start start = {
		.node = node,
		.welcome = { .fifo_fd = -1, .status_fd = -1, .log_fd = -1, .watchdog_fd = -1 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(start_steps); i++) {
		g_autoptr(GError) error = NULL;

		if (start_steps[i](&start, &error))
			continue;
		hb_log(HB_LOG_ERR, "cannot start: %s", error->message);
		hb_exec_link_fail(node->exec, error->domain == HB_NODE_ERROR ? error->code : HB_NODE_EXIT_ERROR,
		                  error->message);
		return error->domain == HB_NODE_ERROR ? error->code : HB_NODE_EXIT_ERROR;
	}
	return 0;
}

/* ---- the process ---- */

static void
free_parts(HbNode *node)
{
	hb_api_server_free(node->api);
	hb_status_server_free(node->status);
	hb_fifo_in_free(node->fifo);
	hb_guard_watch_free(node->guard);
	hb_watchdog_free(node->watchdog);
	hb_media_free(node->media);
	hb_addrwatch_free(node->addrwatch);
	hb_ifwatch_free(node->ifwatch);
	hb_exec_link_free(node->exec);
	hb_sender_free(node->sender);
	hb_known_free(node->heard);
	hb_core_free(node->core);
	hb_recorder_free(node->recorder);
	hb_loop_free(node->loop);
	hb_keyring_wipe(&node->keys);
	hb_config_free(node->config);
}

/*
 * Root alone decides when we end: a stop of the machine sends TERM to every process at once, and
 * groups have to be given up in order. Keys must not get into a core file.
 */
static void
settle_process(void)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGUSR1, SIGUSR2 };

	for (guint i = 0; i < G_N_ELEMENTS(ignored); i++)
		(void)signal(ignored[i], SIG_IGN);
	(void)prctl(PR_SET_DUMPABLE, 0);
}

/* Standard error is /dev/null: what an assertion says would be lost. */
static void
log_stderr(const char *text)
{
	g_autofree char *line = g_strstrip(g_strdup(text));

	hb_log(HB_LOG_CRIT, "%s", line);
}

int
main(void)
{
	HbNode node = { 0 };
	g_autoptr(GError) error = NULL;
	int code;

	settle_process();
	g_set_printerr_handler(log_stderr);
	node.loop = hb_loop_new(&node, &error);
	if (!node.loop) {
		hb_log(HB_LOG_ERR, "%s", error->message);
		return HB_NODE_EXIT_ERROR;
	}
	node.exec = hb_exec_link_new(&node);
	code = start_up(&node);
	if (code == 0)
		code = hb_loop_run(&node);
	free_parts(&node);
	return code;
}
