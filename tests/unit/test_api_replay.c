/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_api_replay.c - what clients of 3.0.6 said to their daemon, said to ours: every answer is the recorded one.
 *
 * tests/api/NAME.txt: "C" lines are from the client, "S" lines from the daemon, fields parted by "|"; "hex" lines are
 * raw octets. What the daemon showed of its own accord (messages of other nodes, deaths, links) is played to the
 * server as it happened, and must reach the client in the recorded words. Not here: apphbd's own socket, and the
 * sockets on which ccm and dopd are servers; those are not the daemon's.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "node/api.h"
#include "wire/apimsg.h"
#include "wire/typedio.h"
#include "util/banned.h"

#define NODE_A 0
#define NODE_B 1

static HbNodeConf nodes[] = { { .name = (char *)"api-a" }, { .name = (char *)"api-b" } };
static char *pings[] = { (char *)"10.77.0.254" };
static HbMediumConf media[] = {
	{ .kind = (char *)"bcast", .words = (char *)"eth0" },
	{ .kind = (char *)"bcast", .words = (char *)"eth1" },
	{ .kind = (char *)"ping", .words = (char *)"10.77.0.254" },
};
/* By number, since the accounts of the recording are not on every machine. */
static HbLineConf lines[] = {
	{ .name = (char *)"apiauth", .words = (char *)"ipfail uid=102" },
	{ .name = (char *)"apiauth", .words = (char *)"ccm uid=102" },
	{ .name = (char *)"apiauth", .words = (char *)"ping gid=106" },
	{ .name = (char *)"apiauth", .words = (char *)"anon uid=0 gid=106" },
	{ .name = (char *)"apiauth", .words = (char *)"dopd uid=102 gid=106" },
	{ .name = (char *)"apiauth", .words = (char *)"apitest uid=0" },
};
static HbRecordedConf recorded[] = {
	{ (char *)"keepalive", (char *)"200ms" },
	{ (char *)"deadtime", (char *)"1" },
	{ (char *)"deadping", (char *)"1" },
	{ (char *)"warntime", (char *)"500ms" },
	{ (char *)"initdead", (char *)"5" },
	{ (char *)"cluster", (char *)"linux-ha" },
	{ (char *)"hopfudge", (char *)"1" },
	{ (char *)"baud", (char *)"19200" },
	{ (char *)"udpport", (char *)"694" },
	{ (char *)"auto_failback", (char *)"on" },
	{ (char *)"logfile", (char *)"/var/log/ha-log" },
	{ (char *)"debugfile", (char *)"/var/log/ha-debug" },
	{ (char *)"logfacility", (char *)"none" },
	{ (char *)"hbgenmethod", (char *)"file" },
	{ (char *)"realtime", (char *)"true" },
	{ (char *)"debug", (char *)"1" },
	{ (char *)"pacemaker", (char *)"off" },
};

static const guint8 uuids[2][HB_UUID_LEN] = {
	{ 0xc5, 0x21, 0x16, 0xc7, 0xf7, 0x0d, 0x4c, 0x85, 0x80, 0x4f, 0x6e, 0x92, 0xa9, 0x2b, 0x43, 0x23 },
	{ 0x1a, 0x4c, 0x0a, 0x26, 0x9f, 0x0f, 0x48, 0xf8, 0x8c, 0x40, 0x2d, 0x27, 0xc9, 0xdf, 0x42, 0xd6 },
};

typedef struct {
	const char *name;
	HbConfig config;
	HbApi *api;
	HbApiClient *client;    /* NULL: gone */
	HbIpc *far;
	GPtrArray *pending;     /* HbMsg *: came, and not yet looked at */
	gboolean is_closed;
	HbNodeSt st[2];
	gboolean link_up[2][2];
	gboolean ping_up;
	HbHold hold;
	gboolean in_transition;
	gboolean knows_nodes;   /* st and ping_up are those of the recording */
	guint64 next_seq;
	gboolean ended_debugging;       /* has asked for less than all treatments again */
} Replay;

/* ---- the rest of hb-node, played ---- */

static gint64
now_ms(gpointer data)
{
	(void)data;
	return 1000;
}

static void
view(gpointer data, HbView *ret)
{
	const Replay *replay = data;

	memset(ret, 0, sizeof *ret);
	ret->n_nodes = 2;
	ret->n_ping = 1;
	for (guint i = 0; i < 2; i++) {
		ret->node[i].name = nodes[i].name;
		ret->node[i].st = replay->st[i];
		ret->node[i].n_links = G_N_ELEMENTS(media);
		for (guint m = 0; m < 2; m++)
			ret->node[i].link[m].up = replay->link_up[i][m];
	}
	ret->ping[0].up = replay->ping_up;
	ret->hold = replay->hold;
	ret->in_transition = replay->in_transition;
}

/* As the core and the sender do it: numbered, signed, and shown here when it is for here. */
static void
to_cluster(gpointer data, const HbTyped *typed)
{
	Replay *replay = data;
	guint self = replay->config.self;
	HbTyped out = *typed;
	int dest = typed->dest[0] != '\0' ? hb_config_node_index(&replay->config, typed->dest) : -1;
	HbEnvelope envelope = {
		.src = nodes[self].name, .src_uuid = uuids[self], .dest_uuid = dest >= 0 ? uuids[dest] : NULL,
		.generation = 1, .ts = 1, .load = "n/a", .ttl = 4,
	};
	g_autoptr(HbMsg) msg = NULL;

	out.type = HB_MSG_OTHER;
	out.seq = ++replay->next_seq;
	msg = hb_typed_build(&out, &envelope);
	g_assert_nonnull(msg);
	g_assert_true(hb_msg_add_string(msg, "auth", "1 ab"));
	g_strlcpy(out.src, nodes[self].name, sizeof out.src);
	if (hb_api_wants_sent(replay->api, &out))
		hb_api_sent(replay->api, &out, msg);
}

static gboolean
uuid_of(gpointer data, const char *name, guint8 ret[HB_UUID_LEN])
{
	int node = hb_config_node_index(&((Replay *)data)->config, name);

	if (node >= 0)
		memcpy(ret, uuids[node], HB_UUID_LEN);
	return node >= 0;
}

static const char *
name_of(gpointer data, const guint8 uuid[HB_UUID_LEN])
{
	(void)data;
	for (guint i = 0; i < 2; i++)
		if (memcmp(uuids[i], uuid, HB_UUID_LEN) == 0)
			return nodes[i].name;
	return NULL;
}

static gboolean
process_lives(gpointer data, pid_t pid)
{
	(void)data;
	return pid != 99999;
}

static void
no_signal(gpointer data, HbApiClient *client, int sig)
{
	(void)data, (void)client, (void)sig;
}

static void
has_output(gpointer data, HbApiClient *client)
{
	(void)data, (void)client;
}

static void
gone(gpointer data, HbApiClient *client)
{
	Replay *replay = data;

	if (client == replay->client)
		replay->client = NULL;
}

static const HbApiHooks hooks = {
	.now_ms = now_ms, .view = view, .to_cluster = to_cluster, .uuid_of = uuid_of, .name_of = name_of,
	.process_lives = process_lives, .signal = no_signal, .has_output = has_output, .gone = gone,
};

/* ---- the client's end ---- */

static void
free_msg(gpointer msg)
{
	hb_msg_free(msg);
}

static HbIpc *
connect_client(Replay *replay, HbApiClient **ret_client, pid_t pid, uid_t uid, gid_t gid)
{
	HbIpcPeer peer = { .pid = pid, .uid = uid, .gid = gid };
	int fds[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
	*ret_client = hb_api_client_new(replay->api, hb_ipc_new(fds[0]), &peer, NULL);
	return hb_ipc_new(fds[1]);
}

static void
turn(Replay *replay)
{
	while (replay->client != NULL && hb_api_client_read(replay->api, replay->client))
		continue;
	hb_api_turn(replay->api);
	for (;;) {
		g_autoptr(GBytes) payload = NULL;
		HbIpcVerdict verdict = hb_ipc_read(replay->far, &payload);
		HbMsg *msg;

		if (verdict == HB_IPC_CLOSED)
			replay->is_closed = TRUE;
		if (verdict != HB_IPC_OK)
			break;
		msg = hb_apimsg_decode(g_bytes_get_data(payload, NULL), g_bytes_get_size(payload));
		g_assert_nonnull(msg);
		g_ptr_array_add(replay->pending, msg);
	}
}

static void
say(Replay *replay, const void *payload, gsize len)
{
	g_assert_cmpint(hb_ipc_send(replay->far, payload, len), ==, HB_IPC_OK);
	turn(replay);
}

/* ---- lines of the file ---- */

/* (transfer full) "t=x|y=z" as a payload. */
static GByteArray *
payload_of(const char *line)
{
	g_autofree char *text = g_strdelimit(g_strdup(line), "|", '\n');
	GByteArray *out = g_byte_array_new();

	g_byte_array_append(out, (const guint8 *)">>>\n", 4);
	g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
	g_byte_array_append(out, (const guint8 *)"\n<<<\n", 6);
	return out;
}

static HbMsg *
msg_of(const char *line)
{
	g_autoptr(GByteArray) payload = payload_of(line);
	HbMsg *msg = hb_apimsg_decode(payload->data, payload->len);
	g_autoptr(GByteArray) again = NULL;

	g_assert_nonnull(msg);
	/* What was recorded is what our codec writes. */
	again = hb_apimsg_encode(msg);
	g_assert_cmpmem(again->data, again->len, payload->data, payload->len);
	return msg;
}

static void
say_hex(Replay *replay, const char *hex)
{
	g_autoptr(GByteArray) raw = g_byte_array_new();

	for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
		guint8 octet = (guint8)(g_ascii_xdigit_value(hex[0]) * 16 + g_ascii_xdigit_value(hex[1]));

		g_byte_array_append(raw, &octet, 1);
	}
	g_assert_cmpint(write(hb_ipc_fd(replay->far), raw->data, raw->len), ==, (int)raw->len);
	turn(replay);
}

/* ---- comparison ---- */

static gboolean
is_masked(const char *name)
{
	static const char *const names[] = { "client_gen", "seq", "hg", "ts", "ld", "ttl", "auth", "hbversion", NULL };

	return g_strv_contains(names, name);
}

static gboolean
is_same(const HbMsg *a, const HbMsg *b)
{
	if (hb_msg_n_fields(a) != hb_msg_n_fields(b))
		return FALSE;
	for (guint i = 0; i < hb_msg_n_fields(a); i++) {
		HbField x = hb_msg_field(a, i), y = hb_msg_field(b, i);

		if (x.type != y.type || strcmp(x.name, y.name) != 0)
			return FALSE;
		if (!is_masked(x.name) && (x.len != y.len || memcmp(x.value, y.value, x.len) != 0))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_reply(const HbMsg *msg)
{
	return g_strcmp0(hb_msg_get(msg, "t"), HB_API_REPLY) == 0;
}

/* Replies come in order; the rest may come between them. */
static gboolean
take_pending(Replay *replay, const HbMsg *wanted)
{
	for (guint i = 0; i < replay->pending->len; i++) {
		const HbMsg *msg = g_ptr_array_index(replay->pending, i);

		if (is_same(msg, wanted)) {
			g_ptr_array_remove_index(replay->pending, i);
			return TRUE;
		}
		if (is_reply(wanted) && is_reply(msg))
			return FALSE;
	}
	return FALSE;
}

/* ---- what happened in the cluster ---- */

static HbNodeSt
st_of(const char *name)
{
	for (guint st = HB_ST_INIT; st < HB_ST_N; st++)
		if (g_strcmp0(hb_node_st_name((HbNodeSt)st), name) == 0)
			return (HbNodeSt)st;
	return HB_ST_NONE;
}

static void
note_status(Replay *replay, const char *node, const char *st)
{
	int i = hb_config_node_index(&replay->config, node);

	if (i >= 0)
		replay->st[i] = st_of(st);
	else
		replay->ping_up = strcmp(st, "ping") == 0;
}

static void
play_link(Replay *replay, const HbMsg *msg)
{
	const char *node = hb_msg_get(msg, "node"), *link = hb_msg_get(msg, "ifname");
	gboolean up = strcmp(hb_msg_get(msg, "st"), "up") == 0;
	int i = hb_config_node_index(&replay->config, node);

	if (i >= 0)
		replay->link_up[i][strcmp(link, "eth1") == 0] = up;
	hb_api_link(replay->api, node, link, up);
}

/* Any but the ordinary one: case-n12 alone shows messages that are not for this node. */
static HbTreatment
treatment_of(const HbMsg *msg)
{
	return strcmp(hb_msg_get(msg, "t"), "NS_ackmsg") == 0 ? HB_TREAT_DROP : HB_TREAT_KEEP;
}

static void
play(Replay *replay, const HbMsg *msg)
{
	const char *type = hb_msg_get(msg, "t"), *src = hb_msg_get(msg, "src");
	HbTyped typed;

	if (strcmp(type, "ifstat") == 0) {
		play_link(replay, msg);
	} else if (strcmp(type, "status") == 0 && hb_msg_get(msg, "hg") == NULL) {
		note_status(replay, src, "dead");
		hb_api_node_dead(replay->api, src, hb_msg_get(msg, "info") != NULL);
	} else {
		g_assert_cmpint(hb_typed_parse(msg, &typed), ==, HB_TYPED_OK);
		if (strcmp(type, "status") == 0 || strcmp(type, "NS_st") == 0)
			note_status(replay, src, hb_msg_get(msg, "st"));
		if (g_strcmp0(src, nodes[replay->config.self].name) == 0)
			hb_api_sent(replay->api, &typed, msg);
		else
			hb_api_deliver(replay->api, &typed, treatment_of(msg), G_MAXUINT64);
	}
	turn(replay);
}

/* Where the recording begins in the middle of things: the state is that of its first answer. */
static void
prime(Replay *replay, char *const *rest)
{
	const char *hold = NULL;

	for (; *rest != NULL && !g_str_has_prefix(*rest, "C t=hbapi-req|reqtype=signoff"); rest++) {
		g_autoptr(HbMsg) msg = NULL;
		const char *reqtype;

		if (!g_str_has_prefix(*rest, "S t=hbapi-resp"))
			continue;
		msg = msg_of(*rest + 2);
		reqtype = hb_msg_get(msg, "reqtype");
		if (strcmp(reqtype, "nodelist") == 0 && !replay->knows_nodes) {
			note_status(replay, hb_msg_get(msg, "node"), hb_msg_get(msg, "st"));
			replay->knows_nodes = strcmp(hb_msg_get(msg, "result"), HB_API_OK) == 0;
		} else if (strcmp(reqtype, "getrsc") == 0 && hold == NULL) {
			hold = hb_msg_get(msg, "rsc_hold");
			replay->in_transition = strcmp(hold, "transition") == 0;
			replay->hold = strcmp(hold, "none") == 0 ? HB_HOLD_NONE :
			               strcmp(hold, "all") == 0  ? HB_HOLD_ALL : HB_HOLD_LOCAL;
			break;
		}
	}
}

/* ---- the replay ---- */

/* The reference tells of leaving a client that never came. We do not. */
static gboolean
is_left_out(const Replay *replay, const HbMsg *msg)
{
	static const char *const refused[] = { "case-n1b", "case-n2", "case-n5", "case-n7", "case-n3", "case-n4",
		                               "api_test-denied", NULL };

	if (g_strv_contains(refused, replay->name) && g_strcmp0(hb_msg_get(msg, "t"), HB_API_CLSTAT) == 0)
		return TRUE;
	/* It had not yet looked at the request that ended this. */
	return replay->ended_debugging && !is_reply(msg);
}

static gboolean
is_own_notice(const Replay *replay, const HbMsg *msg)
{
	return g_strcmp0(hb_msg_get(msg, "t"), HB_API_CLSTAT) == 0 &&
	       g_strcmp0(hb_msg_get(msg, "src"), nodes[replay->config.self].name) == 0;
}

static void
expect(Replay *replay, const char *line)
{
	g_autoptr(HbMsg) wanted = NULL;

	if (strcmp(line, "close") == 0) {
		if (!g_str_equal(replay->name, "daemon-shutdown"))
			g_assert_true(replay->is_closed);
		return;
	}
	wanted = msg_of(line);
	if (take_pending(replay, wanted) || is_left_out(replay, wanted))
		return;
	if (!is_reply(wanted) && !is_own_notice(replay, wanted))
		play(replay, wanted);
	if (take_pending(replay, wanted))
		return;
	if (replay->pending->len > 0) {
		g_autoptr(GByteArray) got = hb_apimsg_encode(g_ptr_array_index(replay->pending, 0));

		g_test_message("got instead: %s", got->data);
	}
	g_test_message("%s: %s", replay->name, line);
	g_test_fail();
}

static guint64
number_in(const HbMsg *msg, const char *name, guint64 otherwise)
{
	guint64 number = otherwise;

	(void)hb_apimsg_get_dec(msg, name, G_MAXUINT32, &number);
	return number;
}

/* Credentials are the kernel's word, in some recordings against the client's. */
static void
come(Replay *replay, char *const *rest)
{
	static const char *const liars[] = { "case-n1", "case-n1b", "case-n2", "case-n3", "case-n3b", "case-n4", NULL };
	gboolean lies = g_strv_contains(liars, replay->name);
	g_autoptr(HbMsg) signon = NULL;

	for (; *rest != NULL && signon == NULL; rest++)
		if (g_str_has_prefix(*rest, "C t=hbapi-req|reqtype=signon"))
			signon = msg_of(*rest + 2);
	if (signon == NULL)
		signon = msg_of("t=x|pid=1150|uid=0|gid=0");
	replay->far = connect_client(replay, &replay->client, lies ? 903 : (pid_t)number_in(signon, "pid", 0),
	                             lies ? 0 : (uid_t)number_in(signon, "uid", 0),
	                             lies ? 0 : (gid_t)number_in(signon, "gid", 0));
}

/* One that is there before: the recordings were made beside ipfail. */
static HbIpc *
other_client(Replay *replay)
{
	HbApiClient *other;
	HbIpc *far = connect_client(replay, &other, 40, 102, 106);
	g_autoptr(GByteArray) signon = payload_of("t=hbapi-req|reqtype=signon|dest=api-a|pid=40|from_id=ipfail|uid=102|gid=106");

	g_assert_cmpint(hb_ipc_send(far, signon->data, signon->len), ==, HB_IPC_OK);
	g_assert_true(hb_api_client_read(replay->api, other));
	g_assert_true(hb_api_client_is_signed_on(other));
	return far;
}

static void
replay_init(Replay *replay, const char *name)
{
	gboolean is_b = g_str_has_suffix(name, "-b");

	*replay = (Replay){
		.name = name,
		.config = {
			.n_nodes = 2, .nodes = nodes, .self = is_b ? NODE_B : NODE_A, .n_ping_nodes = 1, .ping_nodes = pings,
			.n_media = 3, .media = media, .n_lines = G_N_ELEMENTS(lines), .lines = lines,
			.n_recorded = G_N_ELEMENTS(recorded), .recorded = recorded, .keepalive_ms = 200, .deadtime_ms = 1000,
			.logfacility = (char *)"none",
		},
		.st = { HB_ST_ACTIVE, HB_ST_ACTIVE }, .link_up = { { TRUE, TRUE }, { TRUE, TRUE } }, .ping_up = TRUE,
		.hold = HB_HOLD_LOCAL,
	};
	replay->pending = g_ptr_array_new_with_free_func(free_msg);
	replay->api = hb_api_new(&replay->config, &hooks, replay);
}

static void
replay_lines(Replay *replay, char *const *text)
{
	for (; *text != NULL; text++) {
		const char *line = *text;

		if (g_str_has_prefix(line, "C hex ")) {
			say_hex(replay, line + 6);
		} else if (g_str_equal(line, "C close")) {
			break;
		} else if (g_str_has_prefix(line, "C ")) {
			g_autoptr(GByteArray) payload = payload_of(line + 2);

			if (strstr(line, "reqtype=getrsc") != NULL || !replay->knows_nodes)
				prime(replay, text);
			say(replay, payload->data, payload->len);
			if (g_str_equal(replay->name, "case-n12") && g_str_has_suffix(line, "fmask=1"))
				replay->ended_debugging = TRUE;
		} else if (g_str_has_prefix(line, "S ")) {
			expect(replay, line + 2);
		}
	}
}

static void
test_replay(gconstpointer data)
{
	const char *path = data;
	g_autofree char *base = g_path_get_basename(path);
	g_autofree char *text = NULL;
	g_auto(GStrv) split = NULL;
	HbIpc *other = NULL;
	Replay replay;

	base[strlen(base) - strlen(".txt")] = '\0';
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	split = g_strsplit(text, "\n", -1);
	replay_init(&replay, base);
	if (!g_str_has_prefix(base, "ipfail"))
		other = other_client(&replay);
	come(&replay, split);
	replay_lines(&replay, split);
	for (guint i = 0; i < replay.pending->len; i++) {
		g_autoptr(GByteArray) got = hb_apimsg_encode(g_ptr_array_index(replay.pending, i));

		/* Some recordings end with the request to leave. */
		if (is_own_notice(&replay, g_ptr_array_index(replay.pending, i)))
			continue;
		g_test_message("%s: nobody asked for %s", base, got->data);
		g_test_fail();
	}
	hb_api_free(replay.api);
	hb_ipc_free(replay.far);
	hb_ipc_free(other);
	g_ptr_array_unref(replay.pending);
}

int
main(int argc, char **argv)
{
	const char *top = g_getenv("HB_SRCDIR");
	g_autofree char *path = g_build_filename(top != NULL ? top : ".", "tests", "api", NULL);
	g_autoptr(GDir) dir = NULL;
	const char *name;
	guint n = 0;

	g_test_init(&argc, &argv, NULL);
	dir = g_dir_open(path, 0, NULL);
	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *test = g_strconcat("/api/replay/", name, NULL);

		/* The last one is what cl_status printed (tests/compat/0300-cl-status.t). */
		if (!g_str_has_suffix(name, ".txt") || g_str_equal(name, "cl_status.txt"))
			continue;
		g_test_add_data_func_full(test, g_build_filename(path, name, NULL), test_replay, g_free);
		n++;
	}
	g_assert_cmpuint(n, >=, 56);
	return g_test_run();
}
