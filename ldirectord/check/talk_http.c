/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_http.c - one request of HTTP/1.1: the final status is 2xx, or one of httpstatus=, and the body holds receive=
 * (doc/ldirectord.md 3.3, 3.4). A body that ends before its end is a failure; of one that goes on behind
 * LDIR_ANSWER_MAX its beginning is judged.
 */
#include <string.h>

#include "ldirectord/check/http_answer.h"
#include "ldirectord/check/http_request.h"
#include "util/banned.h"

#define CHUNK_LINE_MAX  256
#define UNTIL_CLOSE     G_MAXUINT64

enum { STEP_HEAD, STEP_BODY, STEP_CHUNK_SIZE, STEP_CHUNK, STEP_CHUNK_END, STEP_TRAILER };

typedef struct {
	LdirHttpAnswer answer;
	guint64 left;           /* octets of the body, or of the chunk, still to come */
	gboolean is_chunked;
	GByteArray *body;       /* chunks only: the rest of .in else */
} Http;

static void
http_forget(gpointer data)
{
	Http *http = data;

	ldir_http_answer_clear(&http->answer);
	if (http->body != NULL)
		g_byte_array_unref(http->body);
	g_free(http);
}

/* Asks @host for @target, a path or a whole URL. */
static void
say(LdirTalk *talk, const char *target, const char *host)
{
	const LdirAsk *ask = talk->ask;
	g_autoptr(GPtrArray) headers = ldir_http_headers(ask, "Connection: close");

	ldir_talk_say(talk, "%s %s HTTP/1.1\r\nHost: %s\r\n", ldir_method_name(ask->method), target, host);
	for (guint i = 0; i < headers->len; i++)
		ldir_talk_say(talk, "%s\r\n", (const char *)headers->pdata[i]);
	ldir_talk_say(talk, "\r\n%s", ldir_http_body(ask));
}

static void
http_begin(LdirTalk *talk)
{
	Http *http = g_new0(Http, 1);
	g_autofree char *host = ldir_http_answer_begin(&http->answer, talk->ask);

	talk->own = http;
	say(talk, http->answer.url.path, host);
}

static void
http_proxy_begin(LdirTalk *talk)
{
	const char *request = ldir_talk_request(talk->ask);
	Http *http = g_new0(Http, 1);
	LdirUrl *place = &http->answer.url;
	g_autofree char *target = NULL;
	g_autofree char *host = NULL;

	if (!ldir_url_parse(request, place)) {
		g_autofree char *url = g_strdup_printf("http://%s/%s",
			talk->ask->virtualhost != NULL ? talk->ask->virtualhost : talk->ask->server, request);

		if (!ldir_url_parse(url, place)) {
			place->host = g_strdup(talk->ask->server);
			place->path = g_strdup("/");
		}
	}
	host = ldir_url_authority(place);
	target = g_strdup_printf("%s://%s%s", place->is_tls ? "https" : "http", host, place->path);
	talk->own = http;
	say(talk, target, host);
}

/* All of the answer is there. */
static void
judge(LdirTalk *talk, const Http *http)
{
	if (http->body != NULL)
		ldir_http_answer_judge(&http->answer, talk, http->body->data, http->body->len);
	else
		ldir_http_answer_judge(&http->answer, talk, talk->in->data + talk->pos, talk->in->len - talk->pos);
}

/* ---- status line and headers ---- */

/* "HTTP/1.1 200 OK" */
static gboolean
read_status(LdirTalk *talk, Http *http, const char *line)
{
	if (strncmp(line, "HTTP/1.", 7) != 0 || !g_ascii_isdigit(line[7]) || line[8] != ' ' ||
	    !ldir_http_answer_status(&http->answer, line + 9, line + 9) || (line[12] != ' ' && line[12] != '\0')) {
		ldir_talk_bad(talk, "this is not HTTP/1: %.40s", line);
		return FALSE;
	}
	return TRUE;
}

static gboolean
read_length(LdirTalk *talk, Http *http, const char *value)
{
	guint64 length;

	if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT64, &length, NULL) ||
	    (http->left != UNTIL_CLOSE && http->left != length)) {
		ldir_talk_bad(talk, "bad Content-Length");
		return FALSE;
	}
	http->left = length;
	return TRUE;
}

static gboolean
read_header(LdirTalk *talk, Http *http, char *line)
{
	char *value = strchr(line, ':');

	if (value == NULL)      /* also continued lines, which HTTP has given up */
		return TRUE;
	*value = '\0';
	value = g_strstrip(value + 1);
	if (g_ascii_strcasecmp(line, "Content-Length") == 0)
		return read_length(talk, http, value);
	if (g_ascii_strcasecmp(line, "Transfer-Encoding") == 0 && g_ascii_strcasecmp(value, "chunked") == 0)
		http->is_chunked = TRUE;
	else
		ldir_http_answer_header(&http->answer, line, value);
	return TRUE;
}

static gboolean
read_head(LdirTalk *talk, Http *http, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	http->left = UNTIL_CLOSE;
	for (guint i = 0; lines[i] != NULL; i++) {
		g_strchomp(lines[i]);
		if (i == 0 ? !read_status(talk, http, lines[i]) : !read_header(talk, http, lines[i]))
			return FALSE;
	}
	return TRUE;
}

/* The length of the head with its empty line, 0: that is not there yet. */
static gsize
head_len(const guint8 *data, gsize len)
{
	for (gsize i = 0; i + 1 < len; i++) {
		if (data[i] != '\n')
			continue;
		if (data[i + 1] == '\n')
			return i + 2;
		if (data[i + 1] == '\r' && i + 2 < len && data[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

static void
after_head(LdirTalk *talk, Http *http)
{
	if (http->answer.code < 200) {  /* something before the answer */
		http->is_chunked = FALSE;
		return;
	}
	if (ldir_http_answer_is_head(&http->answer, talk)) {
		g_byte_array_set_size(talk->in, talk->pos);
		judge(talk, http);
	} else if (http->is_chunked) {
		http->body = g_byte_array_new();
		talk->step = STEP_CHUNK_SIZE;
	} else {
		talk->step = STEP_BODY;
	}
}

/* TRUE: go on with what follows. */
static gboolean
step_head(LdirTalk *talk, Http *http)
{
	const guint8 *from = talk->in->data + talk->pos;
	gsize left = talk->in->len - talk->pos;
	gsize len = left > 0 ? head_len(from, MIN(left, LDIR_HEAD_MAX)) : 0;
	g_autofree char *text = NULL;

	if (len == 0) {
		if (left >= 7 && memcmp(from, "HTTP/1.", 7) != 0)
			ldir_talk_bad(talk, "this is not HTTP/1");
		else if (left >= LDIR_HEAD_MAX)
			ldir_talk_bad(talk, "the headers are too long");
		return FALSE;
	}
	text = g_strndup((const char *)from, len);
	talk->pos += (guint)len;
	if (strlen(text) < len) {
		ldir_talk_bad(talk, "a NUL in the headers");
		return FALSE;
	}
	if (!read_head(talk, http, g_strchomp(text)))
		return FALSE;
	after_head(talk, http);
	return talk->verdict == LDIR_TALK_GOING;
}

/* ---- the body ---- */

static gboolean
step_body(LdirTalk *talk, Http *http, gboolean is_end)
{
	gsize have = talk->in->len - talk->pos;

	if (http->left != UNTIL_CLOSE && have >= http->left) {
		g_byte_array_set_size(talk->in, talk->pos + (guint)http->left);
		judge(talk, http);
	} else if (talk->is_full || (is_end && http->left == UNTIL_CLOSE)) {
		judge(talk, http);
	} else if (is_end) {
		ldir_talk_bad(talk, "the body ends too early");
	}
	return FALSE;
}

static gboolean
step_chunk_size(LdirTalk *talk, Http *http)
{
	const char *from = (const char *)talk->in->data + talk->pos;
	gsize left = talk->in->len - talk->pos;
	const char *end = left > 0 ? memchr(from, '\n', MIN(left, CHUNK_LINE_MAX)) : NULL;
	g_autofree char *size = NULL;
	gsize digits;

	if (end == NULL) {
		if (left >= CHUNK_LINE_MAX)
			ldir_talk_bad(talk, "bad chunk");
		return FALSE;
	}
	size = g_strndup(from, (gsize)(end - from));
	digits = strspn(size, "0123456789abcdefABCDEF");
	if (digits == 0 || digits > 15 || (size[digits] != '\0' && strchr("; \t\r", size[digits]) == NULL)) {
		ldir_talk_bad(talk, "bad chunk");
		return FALSE;
	}
	talk->pos += (guint)(end - from) + 1;
	http->left = g_ascii_strtoull(size, NULL, 16);
	talk->step = http->left > 0 ? STEP_CHUNK : STEP_TRAILER;
	return TRUE;
}

static gboolean
step_chunk(LdirTalk *talk, Http *http)
{
	gsize have = MIN(talk->in->len - talk->pos, http->left);

	g_byte_array_append(http->body, talk->in->data + talk->pos, (guint)have);
	talk->pos += (guint)have;
	http->left -= have;
	if (http->left > 0) {
		if (talk->is_full)
			judge(talk, http);
		return FALSE;
	}
	talk->step = STEP_CHUNK_END;
	return TRUE;
}

static gboolean
step_chunk_end(LdirTalk *talk)
{
	const guint8 *from = talk->in->data + talk->pos;
	gsize left = talk->in->len - talk->pos;
	guint len;

	if (left == 0 || (from[0] == '\r' && left == 1))
		return FALSE;
	len = from[0] == '\r' ? 2 : 1;
	if (from[len - 1] != '\n') {
		ldir_talk_bad(talk, "bad chunk");
		return FALSE;
	}
	talk->pos += len;
	talk->step = STEP_CHUNK_SIZE;
	return TRUE;
}

/* Headers behind the last chunk, which nobody wants, up to an empty line. */
static gboolean
step_trailer(LdirTalk *talk, Http *http)
{
	const guint8 *from = talk->in->data + talk->pos;
	gsize left = talk->in->len - talk->pos;
	gboolean is_empty = left > 0 && (from[0] == '\n' || (left > 1 && from[0] == '\r' && from[1] == '\n'));

	if (is_empty || (left > 0 && head_len(from, MIN(left, LDIR_HEAD_MAX)) > 0))
		judge(talk, http);
	else if (left >= LDIR_HEAD_MAX)
		ldir_talk_bad(talk, "the headers are too long");
	return FALSE;
}

static void
http_input(LdirTalk *talk, gboolean is_end)
{
	Http *http = talk->own;
	gboolean is_more = TRUE;

	while (is_more && talk->verdict == LDIR_TALK_GOING)
		switch (talk->step) {
		case STEP_HEAD:
			is_more = step_head(talk, http);
			break;
		case STEP_BODY:
			is_more = step_body(talk, http, is_end);
			break;
		case STEP_CHUNK_SIZE:
			is_more = step_chunk_size(talk, http);
			break;
		case STEP_CHUNK:
			is_more = step_chunk(talk, http);
			break;
		case STEP_CHUNK_END:
			is_more = step_chunk_end(talk);
			break;
		default:
			is_more = step_trailer(talk, http);
		}
	if (talk->verdict == LDIR_TALK_GOING && talk->is_full && talk->step != STEP_HEAD)
		judge(talk, http);
	else if (talk->verdict == LDIR_TALK_GOING && is_end)
		ldir_talk_bad(talk, talk->in->len == 0 ? "no answer" : "the answer ends too early");
}

const LdirTalkKind ldir_talk_http = { http_begin, http_input, http_forget };
const LdirTalkKind ldir_talk_http_proxy = { http_proxy_begin, http_input, http_forget };
