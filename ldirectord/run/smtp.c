/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "ldirectord/run/smtp.h"
#include "util/banned.h"

#define PORT        "25"
#define TOTAL_S     55          /* the daemon ends us after a minute */
#define LINE_MAX_   1024
#define LINES_MAX   100         /* of one reply */
#define MESSAGE_MAX 65536

int
ldir_smtp_code(const char *line, int *ret_more)
{
	if (!g_ascii_isdigit(line[0]) || !g_ascii_isdigit(line[1]) || !g_ascii_isdigit(line[2]))
		return 0;
	*ret_more = line[3] == '-';
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

char *
ldir_smtp_data(const char *message)
{
	g_auto(GStrv) lines = g_strsplit(message, "\n", -1);
	GString *out = g_string_new(NULL);

	for (guint i = 0; lines[i] != NULL; i++) {
		if (lines[i + 1] == NULL && lines[i][0] == '\0')
			break;  /* behind the last end of line */
		g_string_append_printf(out, "%s%s\r\n", lines[i][0] == '.' ? "." : "", lines[i]);
	}
	return g_string_free(out, FALSE);
}

/* 0: no connection, with the reason said */
static FILE *
connect_to(const char *host)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *all = NULL;
	int error = getaddrinfo(host, PORT, &hints, &all);
	FILE *file = NULL;

	if (error != 0) {
		fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
		return NULL;
	}
	for (struct addrinfo *one = all; one != NULL && file == NULL; one = one->ai_next) {
		int fd = socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd >= 0 && connect(fd, one->ai_addr, one->ai_addrlen) == 0)
			file = fdopen(fd, "r+");
		else if (fd >= 0)
			(void)close(fd);
	}
	freeaddrinfo(all);
	if (file == NULL)
		fprintf(stderr, "%s: cannot connect to port " PORT "\n", host);
	else
		setvbuf(file, NULL, _IONBF, 0);
	return file;
}

/* Sends @request, unless it is NULL, and reads the reply. Its code; 0: there is none. */
static int
talk(FILE *file, const char *request)
{
	char line[LINE_MAX_];
	int more = 1, code = 0;

	if (request != NULL && fputs(request, file) == EOF)
		return 0;
	for (int i = 0; more && i < LINES_MAX; i++) {
		if (fgets(line, sizeof line, file) == NULL)
			return 0;
		code = ldir_smtp_code(line, &more);
		if (code == 0)
			return 0;
	}
	return more ? 0 : code;
}

static int
address(FILE *file, const char *verb, const char *who)
{
	g_autofree char *line = NULL;

	if (strpbrk(who, "<>\r\n") != NULL)
		return 0;
	line = g_strdup_printf("%s:<%s>\r\n", verb, who);
	return talk(file, line);
}

static gboolean
is_fine(int code)
{
	return code / 100 == 2;
}

static gboolean
greet(FILE *file)
{
	char host[256] = "localhost";
	g_autofree char *ehlo = NULL;
	g_autofree char *helo = NULL;

	(void)gethostname(host, sizeof host - 1);
	ehlo = g_strdup_printf("EHLO %s\r\n", host);
	helo = g_strdup_printf("HELO %s\r\n", host);
	return is_fine(talk(file, NULL)) && (is_fine(talk(file, ehlo)) || is_fine(talk(file, helo)));
}

static gboolean
session(FILE *file, const char *from, int n_to, char *const *to, const char *data)
{
	int n_taken = 0;

	if (!greet(file) || !is_fine(address(file, "MAIL FROM", from)))
		return FALSE;
	for (int i = 0; i < n_to; i++)
		n_taken += is_fine(address(file, "RCPT TO", to[i]));
	if (n_taken == 0 || talk(file, "DATA\r\n") != 354 || fputs(data, file) == EOF || !is_fine(talk(file, ".\r\n")))
		return FALSE;
	(void)talk(file, "QUIT\r\n");
	return TRUE;
}

int
ldir_smtp_send(int n_words, char *const *words)
{
	g_autofree char *message = g_malloc0(MESSAGE_MAX + 1);
	g_autofree char *data = NULL;
	FILE *file;
	gboolean is_sent;

	if (n_words < 3)
		return 1;
	(void)alarm(TOTAL_S);
	(void)!fread(message, 1, MESSAGE_MAX, stdin);
	data = ldir_smtp_data(message);
	file = connect_to(words[0]);
	if (file == NULL)
		return 1;
	is_sent = session(file, words[1], n_words - 2, words + 2, data);
	if (!is_sent)
		fprintf(stderr, "%s did not take the mail\n", words[0]);
	(void)fclose(file);
	return is_sent ? 0 : 1;
}
