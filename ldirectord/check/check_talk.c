/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_talk.c - carries a conversation (talk.h) over TCP or TLS.
 *
 * A page that has moved is followed, as 4.12 does it, up to MOVES_MAX times: to the same server if the
 * new place is on the host that was asked for (its name is that of the virtual service: to look it up would
 * check that), else to the address, or the name, that is given.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/check/check_talk.h"
#include "ldirectord/check/http_request.h"
#include "ldirectord/check/name.h"
#include "ldirectord/check/stream.h"
#include "util/banned.h"

#define MOVES_MAX 7
#define READ_MAX  16384

typedef struct {
	LdirStream stream;
	LdirTask *task;
	const LdirTalkKind *kind;
	LdirAsk ask;
	LdirTalk *talk;
	guint sent;             /* of talk->out */
	gboolean is_half_closed;
	guint moves;
	char *server, *request; /* of ask */
	LdirAddress addr;       /* who is asked now */
	guint16 port;
	gboolean is_tls;
	LdirName *name;         /* that is being looked up, or NULL */
	LdirStream data;        /* ftp */
} Conversation;

static Conversation *
of_watch(LdirWatch *watch)
{
	return (Conversation *)(void *)watch;   /* its first member's first member */
}

/* ---- the end ---- */

static void
hang_up(Conversation *c)
{
	ldir_stream_close(&c->stream);
	ldir_stream_close(&c->data);
	g_clear_pointer(&c->talk, ldir_talk_free);
	g_clear_pointer(&c->name, ldir_name_cancel);
}

static void
conversation_free(gpointer data)
{
	Conversation *c = data;

	g_free(c->server);
	g_free(c->request);
	g_free(c);
}

static void
talk_finish(LdirTask *task)
{
	Conversation *c = task->state;

	hang_up(c);
	ldir_checker_bury(task->checker, c, conversation_free);
	task->state = NULL;
}

/* Reasons of http are worded as by 4.12, which has them from its library. */
static gboolean
is_http(const Conversation *c)
{
	return c->kind == &ldir_talk_http || c->kind == &ldir_talk_http2 || c->kind == &ldir_talk_http_proxy;
}

static void
talk_late(LdirTask *task, gint64 now_ms)
{
	(void)now_ms;
	ldir_task_end(task, FALSE, is_http(task->state) ? "500 Timeout Alarm" : "timed out");
}

static void
not_connected(Conversation *c, const char *why)
{
	g_autofree char *place = ldir_place_text(&c->addr, c->port);

	if (is_http(c))
		ldir_task_end(c->task, FALSE, "500 Can't connect to %s (%s)", place, why);
	else
		ldir_task_end(c->task, FALSE, "cannot connect to %s: %s", place, why);
}

/* ---- the beginning, and moves ---- */

/* 0, or an errno. */
static int
call(Conversation *c)
{
	LdirTlsSession *tls = c->is_tls ? ldir_ask_session(&c->ask, c->task, c->kind) : NULL;

	c->talk = ldir_talk_new(c->kind, &c->ask);
	c->sent = 0;
	c->is_half_closed = FALSE;
	return ldir_stream_open(&c->stream, c->task->checker, &c->addr, c->port, tls);
}

static void
call_again(Conversation *c)
{
	int error = call(c);

	if (error != 0)
		not_connected(c, g_strerror(error));
}

static void
name_known(gpointer user, const LdirAddress *addr)
{
	Conversation *c = user;

	c->name = NULL;
	if (addr == NULL) {
		ldir_task_end(c->task, FALSE, "500 Can't connect to %s:%u (unknown host)", c->server, c->port);
		return;
	}
	c->addr = *addr;
	call_again(c);
}

/* From now on @url is asked for, on another host by the name @virtualhost. */
static void
turn_to(Conversation *c, const LdirUrl *url, const char *virtualhost)
{
	gsize skip = url->host[0] == '[';
	g_autofree char *bare = g_strndup(url->host + skip, strcspn(url->host + skip, "]"));
	gboolean is_same = ldir_ask_is_host(&c->ask, url);

	/* the port that the virtual service has by default need not be that of the server */
	if (!is_same || url->has_port || url->is_tls != c->is_tls)
		c->port = url->port;
	c->is_tls = url->is_tls;
	if (is_same) {
		call_again(c);
		return;
	}
	g_free(c->server);
	c->ask.server = c->server = g_strdup(url->host);
	c->ask.virtualhost = virtualhost;
	if (ldir_address_parse(bare, skip ? AF_INET6 : AF_INET, &c->addr)) {
		call_again(c);
		return;
	}
	c->name = ldir_name_look_up(c->task->checker, bare, c->addr.family, name_known, c);
	if (c->name == NULL)
		not_connected(c, errno == EAGAIN ? "too many names are asked for just now" : g_strerror(errno));
}

static void
move(Conversation *c)
{
	g_autofree char *place = g_steal_pointer(&c->talk->moved_to);
	g_auto(LdirUrl) url = { 0 };

	if (++c->moves > MOVES_MAX || !ldir_url_parse(place, &url)) {
		ldir_task_end(c->task, FALSE, "%s (redirected too often)", c->talk->why);
		return;
	}
	if (!ldir_ask_move(&c->ask, &url, c->talk->code)) {
		ldir_task_end(c->task, FALSE, "%s (httpbody= is not for another host)", c->talk->why);
		return;
	}
	hang_up(c);
	g_free(c->request);
	c->ask.request = c->request = g_steal_pointer(&place);
	if (c->kind == &ldir_talk_http_proxy) {         /* the proxy goes there */
		call_again(c);
		return;
	}
	/* nobody has said that HTTP/2 is spoken there, too */
	if (!ldir_ask_is_host(&c->ask, &url) || (c->is_tls && !url.is_tls))
		c->kind = &ldir_talk_http;
	turn_to(c, &url, NULL);
}

/* ---- what comes and goes ---- */

/* A failure to send shows itself again where we read, behind what the server may have said before. */
static void
send_out(Conversation *c)
{
	const GByteArray *out = c->talk->out;

	while (c->sent < out->len) {
		gssize n = ldir_stream_write(&c->stream, out->data + c->sent, out->len - c->sent);

		if (n <= 0)
			return;
		c->sent += (guint)n;
	}
	if (c->talk->is_half_closed && !c->is_half_closed) {
		ldir_stream_half_close(&c->stream);
		c->is_half_closed = TRUE;
	}
}

/* FALSE: nothing more just now. */
static gboolean
read_in(Conversation *c)
{
	char octets[READ_MAX];
	gssize n = ldir_stream_read(&c->stream, octets, sizeof octets);

	if (n == LDIR_STREAM_AGAIN)
		return FALSE;
	if (n > 0)
		ldir_talk_feed(c->talk, octets, (gsize)n);
	else if (n == 0)
		ldir_talk_end(c->talk);
	else
		ldir_talk_bad(c->talk, "%s", c->stream.why);
	return TRUE;
}

/* What is said last goes out before the end; whether it arrives is not waited for. */
static void
say_goodbye(Conversation *c, gboolean is_good)
{
	if (c->stream.stage == LDIR_STREAM_OPEN && c->sent < c->talk->out->len) {
		send_out(c);
		c->stream.is_polite = TRUE;
	}
	c->task->said = c->talk->said;
	if (c->stream.tls != NULL && c->moves == 0)     /* another server's is no matter of this one */
		c->task->said.has_certificate = ldir_tls_session_days_left(c->stream.tls, &c->task->said.certificate_days);
	ldir_task_end(c->task, is_good, "%s", c->talk->why);
}

static void talk_think(LdirTask *task);

/* TRUE: the task has ended, or gone elsewhere, or waits for nothing from the server any more. */
static gboolean
is_settled(Conversation *c)
{
	LdirTalkVerdict verdict = c->talk->verdict;

	if (verdict == LDIR_TALK_GOING)
		return FALSE;
	if (verdict == LDIR_TALK_SEARCHING)
		ldir_task_think(c->task, talk_think);
	else if (verdict == LDIR_TALK_MOVED)
		move(c);
	else
		say_goodbye(c, verdict == LDIR_TALK_GOOD);
	return TRUE;
}

static void
talk_think(LdirTask *task)
{
	Conversation *c = task->state;

	ldir_talk_search(c->talk);
	(void)is_settled(c);
}

/* The file of ftp comes on a connection of its own. */
static void
data_ready(LdirWatch *watch, guint32 events, gint64 now_ms)
{
	Conversation *c = (Conversation *)(void *)((char *)watch - G_STRUCT_OFFSET(Conversation, data));
	char octets[READ_MAX];
	gssize n;

	(void)events, (void)now_ms;
	if (c->talk->verdict == LDIR_TALK_SEARCHING)
		return;
	if (c->data.stage != LDIR_STREAM_OPEN) {
		int result = ldir_stream_settle(&c->data);

		if (result == LDIR_STREAM_AGAIN)
			return;
		if (result == LDIR_STREAM_FAILED)
			ldir_talk_bad(c->talk, "cannot connect for the file: %s", c->data.why);
	}
	while (c->talk->verdict == LDIR_TALK_GOING) {
		n = ldir_stream_read(&c->data, octets, sizeof octets);
		if (n == LDIR_STREAM_AGAIN)
			break;
		if (n > 0) {
			ldir_talk_feed_data(c->talk, octets, (gsize)n);
			continue;
		}
		if (n == 0)
			ldir_talk_end_data(c->talk);
		else
			ldir_talk_bad(c->talk, "the file ends: %s", c->data.why);
		break;
	}
	(void)is_settled(c);
}

static void
open_data(Conversation *c)
{
	int error;

	if (c->talk->data_port == 0 || c->talk->verdict != LDIR_TALK_GOING)
		return;
	error = ldir_stream_open(&c->data, c->task->checker, &c->addr, c->talk->data_port, NULL);
	if (error != 0)
		ldir_talk_bad(c->talk, "cannot connect for the file: %s", g_strerror(error));
	c->talk->data_port = 0;
}

/* FALSE: not yet, or never, and the task has ended. */
static gboolean
is_open(Conversation *c)
{
	int result = c->stream.stage == LDIR_STREAM_OPEN ? 1 : ldir_stream_settle(&c->stream);

	if (result == LDIR_STREAM_FAILED)
		not_connected(c, c->stream.why);
	return result == 1;
}

/* The same after both sides have agreed to go on over TLS. */
static gboolean
is_secured(Conversation *c)
{
	if (c->stream.tls == NULL)
		ldir_stream_secure(&c->stream, ldir_ask_session(&c->ask, c->task, c->kind));
	if (!is_open(c))
		return FALSE;
	ldir_talk_secured(c->talk);
	return TRUE;
}

static void
ready(LdirWatch *watch, guint32 events, gint64 now_ms)
{
	Conversation *c = of_watch(watch);

	(void)events, (void)now_ms;
	if (c->talk->verdict == LDIR_TALK_SEARCHING || !is_open(c))
		return;
	do {
		if (c->talk->wants_tls && !is_secured(c))
			return;
		open_data(c);
		send_out(c);
		if (is_settled(c))
			return;
	} while (read_in(c));
}

static gboolean
talk_begin(LdirTask *task, gint64 now_ms)
{
	Conversation *c = g_new0(Conversation, 1);
	g_auto(LdirUrl) url = { 0 };
	int error;

	(void)now_ms;
	c->stream.watch.ready = ready;
	c->data.watch.ready = data_ready;
	c->task = task;
	c->kind = ldir_talk_kind(task->vs);
	c->addr = task->real->addr;
	c->port = task->real->check_port;
	c->server = ldir_address_text(&c->addr);
	ldir_ask_fill(&c->ask, task, c->server);
	c->is_tls = c->ask.is_tls;
	task->state = c;
	/* a request that is a whole URL says who is asked, too; virtualhost= is still the name of the page */
	if (c->kind != &ldir_talk_http_proxy && is_http(c) && ldir_url_parse(ldir_talk_request(&c->ask), &url)) {
		turn_to(c, &url, c->ask.virtualhost);
		return TRUE;
	}
	error = call(c);
	if (error != 0 && ldir_errno_is_ours(error)) {
		talk_finish(task);
		return FALSE;
	}
	if (error != 0)
		not_connected(c, g_strerror(error));
	return TRUE;
}

const LdirTaskOps ldir_check_talk = { talk_begin, talk_late, talk_finish, FALSE };
