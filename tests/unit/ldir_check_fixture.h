/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldir_check_fixture.h - checks against servers that do what a test tells them, in a network of their own.
 *
 * A server is a thread that follows a script, one step a word; texts may hold no blank, "_" is sent as one:
 *   >TEXT  send TEXT (C escapes)      <TEXT  read until TEXT has come     =HEX  send these octets
 *   close  end                        reset  end by RST
 *   hang   wait until the client ends half   send no more, but read on
 *   drip   one octet each 20 ms, until the client ends
 *   flood  octets without end, until the client ends      lines  the same of "250-x:"      *HEX  the same of these octets
 */
#ifndef HB_LDIR_CHECK_FIXTURE_H
#define HB_LDIR_CHECK_FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <glib.h>

#include "ldir_fixture.h"
#include "ldirectord/check/checker.h"
#include "util/fd.h"
#include "util/time.h"

#define FIXTURE_LIMIT_MS 60000
#define EXIT_SKIPPED     77

/* FALSE: this machine lets nobody have a network. */
static inline gboolean
check_network(void)
{
	g_auto(HbFd) fd = -1;
	struct ifreq request = { .ifr_name = "lo" };

	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return FALSE;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return FALSE;
	request.ifr_flags |= IFF_UP | IFF_RUNNING;
	return ioctl(fd, SIOCSIFFLAGS, &request) == 0;
}

typedef struct {
	int fd;
	guint16 port;
	char **script;
	GThread *thread;
	GString *heard;         /* of the last connection */
	gint n_served;
	gint is_over;
} CheckServer;

static inline gboolean
server_is_gone(int fd)
{
	char octets[4096];
	ssize_t n = recv(fd, octets, sizeof octets, MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static inline void
server_wait_gone(CheckServer *server, int fd)
{
	while (!server_is_gone(fd) && g_atomic_int_get(&server->is_over) == 0) {
		struct pollfd poll_fd = { fd, POLLIN, 0 };

		(void)poll(&poll_fd, 1, 20);
	}
}

static inline void
server_send(int fd, const char *text)
{
	g_autofree char *octets = g_strcompress(text);

	g_strdelimit(octets, "_", ' ');
	(void)send(fd, octets, strlen(octets), MSG_NOSIGNAL);
}

static inline void
server_read(CheckServer *server, int fd, const char *text)
{
	g_autofree char *wanted = g_strcompress(text);

	g_strdelimit(wanted, "_", ' ');
	while (strstr(server->heard->str, wanted) == NULL) {
		char octet;

		if (recv(fd, &octet, 1, 0) <= 0)
			return;
		if (octet != '\0')
			g_string_append_c(server->heard, octet);
	}
}

static inline GByteArray *
server_octets(const char *hex)
{
	GByteArray *octets = g_byte_array_new();

	for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
		guint8 octet = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));

		g_byte_array_append(octets, &octet, 1);
	}
	return octets;
}

static inline void
server_send_hex(int fd, const char *hex)
{
	g_autoptr(GByteArray) octets = server_octets(hex);

	(void)send(fd, octets->data, octets->len, MSG_NOSIGNAL);
}

static inline void
server_flood(CheckServer *server, int fd, gboolean is_slow, const char *octets, gsize len)
{
	gsize at = 0;

	while (g_atomic_int_get(&server->is_over) == 0) {
		struct pollfd poll_fd = { fd, (short)(is_slow ? POLLIN : POLLOUT), 0 };
		ssize_t n = send(fd, octets + at, is_slow ? 1 : len - at, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN)
			return;
		at = n > 0 ? (at + (gsize)n) % len : at;
		(void)poll(&poll_fd, 1, 20);
		if (is_slow && server_is_gone(fd))
			return;
	}
}

/* Again and again, many at a time. */
static inline void
server_flood_hex(CheckServer *server, int fd, const char *hex)
{
	g_autoptr(GByteArray) once = server_octets(hex);
	g_autoptr(GByteArray) octets = g_byte_array_new();

	while (octets->len < 4096)
		g_byte_array_append(octets, once->data, once->len);
	server_flood(server, fd, FALSE, (const char *)octets->data, octets->len);
}

static inline void
server_talk(CheckServer *server, int fd)
{
	static const char octets[4096] = { 'x' };
	static const char lines[] = "250-x:\r\n250-x:\r\n250-x:\r\n250-x:\r\n250-x:\r\n250-x:\r\n250-x:\r\n250-x:\r\n";
	const struct linger at_once = { 1, 0 };

	for (guint i = 0; server->script[i] != NULL; i++) {
		const char *word = server->script[i];

		if (word[0] == '>')
			server_send(fd, word + 1);
		else if (word[0] == '<')
			server_read(server, fd, word + 1);
		else if (word[0] == '=')
			server_send_hex(fd, word + 1);
		else if (word[0] == '*')
			server_flood_hex(server, fd, word + 1);
		else if (strcmp(word, "reset") == 0)
			(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
		else if (strcmp(word, "half") == 0)
			(void)shutdown(fd, SHUT_WR);
		else if (strcmp(word, "hang") == 0)
			server_wait_gone(server, fd);
		else if (strcmp(word, "drip") == 0 || strcmp(word, "flood") == 0)
			server_flood(server, fd, word[0] == 'd', octets, sizeof octets);
		else if (strcmp(word, "lines") == 0)
			server_flood(server, fd, FALSE, lines, sizeof lines - 1);
		else
			g_assert_cmpstr(word, ==, "close");
	}
}

static inline gpointer
server_thread(gpointer data)
{
	CheckServer *server = data;

	while (g_atomic_int_get(&server->is_over) == 0) {
		struct pollfd poll_fd = { server->fd, POLLIN, 0 };
		int fd;

		if (poll(&poll_fd, 1, 20) <= 0)
			continue;
		fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		g_string_truncate(server->heard, 0);
		server_talk(server, fd);
		(void)close(fd);
		g_atomic_int_inc(&server->n_served);
	}
	return NULL;
}

/* A port of 127.0.0.1 that nobody listens on yet, or, without @script, never will. */
static inline void
server_start(CheckServer *server, const char *script)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof addr;

	*server = (CheckServer){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .heard = g_string_new(NULL) };
	g_assert_cmpint(bind(server->fd, (struct sockaddr *)&addr, sizeof addr), ==, 0);
	g_assert_cmpint(getsockname(server->fd, (struct sockaddr *)&addr, &len), ==, 0);
	server->port = ntohs(addr.sin_port);
	if (script == NULL)
		return;
	server->script = g_strsplit(script, " ", -1);
	g_assert_cmpint(listen(server->fd, 64), ==, 0);
	server->thread = g_thread_new("server", server_thread, server);
}

static inline void
server_stop(CheckServer *server)
{
	g_atomic_int_set(&server->is_over, 1);
	if (server->thread != NULL)
		g_thread_join(server->thread);
	(void)close(server->fd);
	g_strfreev(server->script);
	g_string_free(server->heard, TRUE);
}

/* One check at a time, and what came of it. */
typedef struct {
	LdirConfig *config;
	LdirChecker *checker;
	guint n_verdicts;
	gboolean is_good;
	char *why;
	LdirSaid said;
} CheckFixture;

static inline void
check_verdict(guint64 id, gboolean is_good, const char *why, gpointer user)
{
	CheckFixture *f = user;

	g_assert_cmpuint(id, ==, 1);
	f->n_verdicts++;
	f->is_good = is_good;
	g_free(f->why);
	f->why = g_strdup(why);
	f->said = ldir_checker_said(f->checker);
}

/* @format: directives, "%u" is the port. */
static inline LdirConfig *
check_config(const char *text)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	LdirConfig *config = fixture_parse(text, strlen(text), problems);
	g_autofree char *said = fixture_problems(problems);

	if (config == NULL)
		g_error("%s%s", text, said);
	return config;
}

static inline void
check_turn(LdirChecker *checker)
{
	struct pollfd poll_fd = { ldir_checker_fd(checker), POLLIN, 0 };
	gint64 wait_ms = ldir_checker_deadline_ms(checker) - hb_time_now_ms();

	(void)poll(&poll_fd, 1, (int)CLAMP(wait_ms, 0, 100));
	ldir_checker_run(checker, hb_time_now_ms());
}

/* The verdict of one check of the first server of the first service of @text. */
static inline CheckFixture
check_once(const char *text)
{
	CheckFixture f = { .config = check_config(text) };
	const LdirVirtual *vs = f.config->virtuals->pdata[0];
	gint64 end_ms = hb_time_now_ms() + FIXTURE_LIMIT_MS;

	f.checker = ldir_checker_new(check_verdict, &f);
	ldir_checker_start(f.checker, 1, f.config, vs, vs->reals->pdata[0],
	                   ldir_virtual_check(vs) == LDIR_CHECK_COMBINED ? LDIR_CHECK_CONNECT : ldir_virtual_check(vs), "up");
	g_assert_cmpuint(f.n_verdicts, ==, 0);
	while (f.n_verdicts == 0 && hb_time_now_ms() < end_ms)
		check_turn(f.checker);
	g_assert_cmpuint(f.n_verdicts, ==, 1);
	g_assert_cmpint(ldir_checker_deadline_ms(f.checker), >, 0);
	return f;
}

static inline void
check_done(CheckFixture *f)
{
	ldir_checker_free(f->checker);
	ldir_config_free(f->config);
	g_free(f->why);
}

/* A server that follows @script is judged by @section (of a virtual service; its port is that of the
 * server). @why: a part of the reason, or NULL. */
static inline void
check_expect_port(guint16 port, const char *section, gboolean is_good, const char *why)
{
	g_autofree char *text = g_strdup_printf("virtual=10.0.0.1:%u\n\treal=127.0.0.1:%u masq\n%s", port, port, section);
	CheckFixture f = check_once(text);

	if (f.is_good != is_good || (why != NULL && strstr(f.why, why) == NULL))
		g_error("%s%s: %s, wanted: %s %s", text, f.is_good ? "good" : "bad", f.why, is_good ? "good" : "bad", why);
	check_done(&f);
}

static inline void
check_expect(const char *script, const char *section, gboolean is_good, const char *why)
{
	CheckServer server;

	server_start(&server, script);
	check_expect_port(server.port, section, is_good, why);
	server_stop(&server);
}

/* One check of one server that plays @script, with @section under its virtual service. */
typedef struct {
	const char *script, *section;
	gboolean is_good;
	const char *why;
} CheckRow;

static inline void
check_rows(const CheckRow *rows, guint n)
{
	for (guint i = 0; i < n; i++)
		check_expect(rows[i].script, rows[i].section, rows[i].is_good, rows[i].why);
}

#endif
