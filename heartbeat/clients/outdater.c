/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drbd-peer-outdater - the fence-peer handler of DRBD: lets dopd ask the peer to outdate its data, and
 * exits with what came of it (doc/client-api.md 6.3).
 */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include <ha_msg.h>
#include <clplumbing/cl_log.h>

#include "clients/dopd_logic.h"
#include "clients/dopd_msg.h"
#include "util/time.h"

#include "util/banned.h"

enum { EXIT_OK = 0, EXIT_USAGE = 1 };

#define ME               "drbd-peer-outdater"
#define TIMEOUT_S        60
#define TIMEOUT_S_MAX    (24 * 3600)

static const char usage[] =
	"usage: " ME " [-p peer] [-r resource] [-t seconds]\n"
	"  -p peer      node to be outdated (default: $DRBD_PEER)\n"
	"  -r resource  resource of DRBD (default: $DRBD_RESOURCE)\n"
	"  -t seconds   how long to wait for the answer (default: 60)\n"
	"  -V           version\n"
	"  -h           this text\n";

static IPC_Channel *
connect_to_dopd(void)
{
	g_autoptr(GHashTable) attributes = g_hash_table_new(g_str_hash, g_str_equal);
	IPC_Channel *ch;

	g_hash_table_insert(attributes, (gpointer)IPC_PATH_ATTR, (gpointer)HB_DOPD_SOCKET);
	ch = ipc_channel_constructor(IPC_ANYTYPE, attributes);
	if (ch->ops->initiate_connection(ch) == IPC_OK)
		return ch;
	cl_log(LOG_ERR, "cannot reach dopd at %s: %s", HB_DOPD_SOCKET, ch->failreason);
	ch->ops->destroy(ch);
	return NULL;
}

/* FALSE: nothing came in time. */
static gboolean
wait_for_answer(IPC_Channel *ch, gint64 end_ms)
{
	struct pollfd fd = { .fd = ch->ops->get_recv_select_fd(ch), .events = POLLIN };

	while (!ch->ops->is_message_pending(ch)) {
		gint64 left_ms = end_ms - hb_time_now_ms();

		if (left_ms <= 0 || (poll(&fd, 1, (int)left_ms) < 0 && errno != EINTR))
			return FALSE;
	}
	return TRUE;
}

static int
ask(IPC_Channel *ch, const char *peer, const char *resource, int timeout_s)
{
	struct ha_msg *msg = ha_msg_new(0);
	const char *type;
	int code = HB_DOPD_FAILED;

	(void)ha_msg_add(msg, F_TYPE, HB_DOPD_T_REQUEST);
	(void)ha_msg_add(msg, F_ORIG, ME);
	(void)ha_msg_add(msg, HB_DOPD_F_WANTED_PEER, peer);
	(void)ha_msg_add(msg, HB_DOPD_F_WANTED_RESOURCE, resource);
	if (msg2ipcchan(msg, ch) != HA_OK)
		code = HB_DOPD_UNREACHABLE;
	ha_msg_del(msg);
	if (code == HB_DOPD_UNREACHABLE || !wait_for_answer(ch, hb_time_now_ms() + (gint64)timeout_s * HB_MS_PER_S)) {
		cl_log(LOG_ERR, "no answer from dopd about %s", resource);
		return HB_DOPD_UNREACHABLE;
	}
	msg = msgfromIPC_noauth(ch);
	if (msg == NULL)
		return HB_DOPD_UNREACHABLE;     /* dopd ended */
	type = cl_get_string(msg, F_TYPE);
	if (type != NULL && strcmp(type, HB_DOPD_T_ANSWER) == 0)
		code = hb_dopd_code_of_text(cl_get_string(msg, HB_DOPD_F_CODE));
	ha_msg_del(msg);
	return code;
}

static int
wrong_usage(void)
{
	fputs(usage, stderr);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	const char *peer = getenv("DRBD_PEER"), *resource = getenv("DRBD_RESOURCE");
	g_autofree char *lower = NULL;
	guint64 timeout_s = TIMEOUT_S;
	IPC_Channel *ch;
	int c, code;

	cl_log_set_entity(ME);
	cl_log_enable_stderr(TRUE);
	cl_inherit_logging_environment(0);
	while ((c = getopt(argc, argv, "p:r:t:Vh")) != -1) {
		switch (c) {
		case 'p': peer = optarg; break;
		case 'r': resource = optarg; break;
		case 't':
			if (!g_ascii_string_to_unsigned(optarg, 10, 1, TIMEOUT_S_MAX, &timeout_s, NULL))
				return wrong_usage();
			break;
		case 'V':
			printf("%s\n", PACKAGE_VERSION);
			return EXIT_OK;
		case 'h':
			fputs(usage, stdout);
			return EXIT_OK;
		default:
			return wrong_usage();
		}
	}
	if (peer == NULL || resource == NULL || optind < argc)
		return wrong_usage();
	ch = connect_to_dopd();
	if (ch == NULL)
		return HB_DOPD_UNREACHABLE;
	lower = g_ascii_strdown(peer, -1);
	code = ask(ch, lower, resource, (int)timeout_s);
	ch->ops->destroy(ch);
	return code;
}
