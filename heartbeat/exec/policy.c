/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "exec/policy.h"
#include "heartbeat/hb_medium.h"

#include "util/banned.h"

const char *
hb_policy_run(const HbConfig *config, const HbChannelMsg *msg)
{
	if (msg->u.run.op == 0)
		return "operation without a number";
	if (msg->u.run.group >= config->n_groups)
		return "no such resource group";
	if (msg->u.run.resource >= config->groups[msg->u.run.group].n_resources)
		return "no such resource in this group";
	if (msg->u.run.verb >= HB_VERB_N)
		return "no such verb";
	if (msg->u.run.limit_ms == 0 || msg->u.run.limit_ms > config->resource_timeout_ms)
		return "time limit is not within resource_timeout";
	return NULL;
}

const char *
hb_policy_fence(const HbConfig *config, const HbChannelMsg *msg)
{
	if (msg->u.fence.op == 0)
		return "operation without a number";
	if (msg->u.fence.node >= config->n_nodes)
		return "no such node";
	if (msg->u.fence.node == config->self)
		return "a node does not fence itself";
	if (config->fence.type == NULL || !config->nodes[msg->u.fence.node].can_fence)
		return "this node has no device for it";
	if (msg->u.fence.action >= HB_FENCE_N)
		return "no such action";
	return NULL;
}

/* TRUE if @word is empty or stands in the line as a word of its own, or before or behind its '%'
 * (an IPv6 address with its scope: fe80::1%eth0). */
static gboolean
line_has(const HbMediumConf *medium, const char *word)
{
	g_auto(GStrv) words = NULL;

	if (*word == '\0')
		return TRUE;
	words = g_strsplit_set(medium->words, " \t,", -1);
	for (char **w = words; *w != NULL; w++) {
		char *scope = strchr(*w, '%');

		if (strcmp(*w, word) == 0)
			return TRUE;
		if (scope == NULL)
			continue;
		if (strcmp(scope + 1, word) == 0)
			return TRUE;
		*scope = '\0';
		if (strcmp(*w, word) == 0)
			return TRUE;
	}
	return FALSE;
}

/*
 * What kind of descriptor a kind of medium may have. A raw ICMP socket can send any packet with any source address, so
 * only a line that pings gives cause for it. Media of others (doc/media) have UDP sockets and terminals.
 */
static const struct {
	const char *prefix;
	int kind;
} media[] = {
	{ "bcast", HB_WANT_UDP }, { "mcast", HB_WANT_UDP }, { "ucast", HB_WANT_UDP },
	{ "ping", HB_WANT_ICMP }, { "serial", HB_WANT_TTY },
};

static gboolean
kind_fits(const HbMediumConf *medium, int kind)
{
	for (guint i = 0; i < G_N_ELEMENTS(media); i++)
		if (g_str_has_prefix(medium->kind, media[i].prefix))
			return kind == media[i].kind;
	return kind != HB_WANT_ICMP;
}

/* mcast DEVICE GROUP PORT TTL LOOP */
static gboolean
is_third_word(const HbMediumConf *medium, guint16 port)
{
	g_autofree char *text = g_strdup_printf("%u", port);
	g_auto(GStrv) words = g_strsplit_set(medium->words, " \t", -1);
	guint n = 0;

	for (char **w = words; *w != NULL; w++)
		if (**w != '\0' && ++n == 3)
			return strcmp(*w, text) == 0;
	return FALSE;
}

static gboolean
line_has_port(const HbMediumConf *medium, guint16 port)
{
	return port != 0 && (port == medium->udpport ||
	                     (g_str_has_prefix(medium->kind, "mcast") && is_third_word(medium, port)));
}

static const char *
check_udp(const HbMediumConf *medium, const HbChannelMsg *msg)
{
	if (!line_has_port(medium, msg->u.open.port))
		return "port is neither udpport nor in the medium's line";
	if (msg->u.open.path[0] != '\0')
		return "a path for a socket";
	return NULL;
}

static const char *
check_icmp(const HbMediumConf *medium, const HbChannelMsg *msg)
{
	(void)medium;
	return msg->u.open.path[0] != '\0' ? "a path for a socket" : NULL;
}

static const char *
check_tty(const HbMediumConf *medium, const HbChannelMsg *msg)
{
	if (msg->u.open.path[0] != '/' || !line_has(medium, msg->u.open.path))
		return "terminal is not in the medium's line";
	if (msg->u.open.baud != medium->baud)
		return "speed is not the baud of the medium's line";
	return NULL;
}

const char *
hb_policy_open(const HbConfig *config, const HbChannelMsg *msg)
{
	static const struct {
		const char *(*check)(const HbMediumConf *medium, const HbChannelMsg *msg);
	} kinds[] = {
		[HB_WANT_UDP] = { check_udp },
		[HB_WANT_ICMP] = { check_icmp },
		[HB_WANT_TTY] = { check_tty },
	};
	const HbMediumConf *medium;

	if (msg->u.open.medium >= config->n_media)
		return "no such medium";
	if (msg->u.open.kind < HB_WANT_UDP || msg->u.open.kind > HB_WANT_TTY)
		return "no such kind of descriptor";
	if (msg->u.open.kind != HB_WANT_TTY && msg->u.open.family != AF_INET && msg->u.open.family != AF_INET6)
		return "no such address family";

	medium = &config->media[msg->u.open.medium];
	if (!kind_fits(medium, msg->u.open.kind))
		return "not a kind of descriptor for this medium";
	if (!line_has(medium, msg->u.open.device))
		return "device is not in the medium's line";
	if (!line_has(medium, msg->u.open.address))
		return "address is not in the medium's line";
	return kinds[msg->u.open.kind].check(medium, msg);
}

const char *
hb_policy_exit(const HbMemory *memory, gboolean asked, gboolean is_busy)
{
	if (!asked)
		return "EXIT, and nobody had asked for it";
	if (is_busy)
		return "EXIT while a resource script runs";
	if (memory == NULL)
		return "EXIT with a damaged memory";
	for (guint i = 0; i < memory->n_groups; i++)
		if (memory->group[i].state != HB_HELD_IDLE && memory->group[i].state != HB_HELD_UNKNOWN)
			return "EXIT while a group may be up";
	return NULL;
}

static gboolean
is_made_of(const char *text, const char *others)
{
	if (*text == '\0')
		return FALSE;
	for (; *text != '\0'; text++)
		if (!g_ascii_isalnum(*text) && strchr(others, *text) == NULL)
			return FALSE;
	return TRUE;
}

static gboolean
is_printable(const char *text)
{
	for (; *text != '\0'; text++)
		if (!g_ascii_isprint(*text))
			return FALSE;
	return TRUE;
}

static gboolean
is_node(const HbConfig *config, const char *name)
{
	for (guint i = 0; i < config->n_nodes; i++)
		if (strcmp(config->nodes[i].name, name) == 0)
			return TRUE;
	return FALSE;
}

static guint
n_lines(const char *text)
{
	guint n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

const char *
hb_policy_node_idle(const HbConfig *config, const char *list, const HbChannelMsg *msg)
{
	gboolean known = is_node(config, msg->u.node.name);

	if (msg->u.node.op == HB_NODE_DEL || msg->u.node.op == HB_NODE_UUID)
		return known ? NULL : "there is no such node";
	if (known)
		return "it is there already";
	if (config->n_nodes >= HB_NODES_MAX || n_lines(list) >= HB_POLICY_LINES_MAX)
		return "the list of nodes is full";
	return NULL;
}

const char *
hb_policy_node(const HbConfig *config, const HbChannelMsg *msg)
{
	const char *name = msg->u.node.name;

	if (name[0] == '\0' || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_")] != '\0')
		return "not the name of a node";
	if (msg->u.node.op == HB_NODE_DEL && strcmp(name, config->nodes[config->self].name) == 0)
		return "this node itself cannot go";
	if (msg->u.node.op == HB_NODE_JOIN && config->autojoin == HB_AUTOJOIN_NONE)
		return "nobody joins by himself here";
	return NULL;
}

const char *
hb_policy_rc(const HbChannelMsg *msg)
{
	if (!is_made_of(msg->u.rc.type, "_-"))
		return "not the name of an rc.d script";
	if (!is_made_of(msg->u.rc.own_status, ""))
		return "not the status of a node";
	for (guint i = 0; i < msg->u.rc.n; i++) {
		if (!is_made_of(msg->u.rc.var[i].name, "_"))
			return "not the name of a variable";
		if (!is_printable(msg->u.rc.var[i].value))
			return "unprintable value";
	}
	return NULL;
}

const char *
hb_policy_signal(const HbChannelMsg *msg)
{
	gint32 number = msg->u.signal.number;

	if (number < 1 || number >= 32 || number == SIGKILL || number == SIGSTOP)
		return "not a signal that a client can ask for";
	return NULL;
}
