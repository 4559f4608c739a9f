/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_http2.c - one request of HTTP/2 (RFC 9113), over TLS or with prior knowledge. Frames and HPACK are those of libnghttp2, which
 * gets octets and gives octets here, and nothing else; what makes an answer a good one is in http_answer.c.
 *
 * The server may say LDIR_ANSWER_MAX octets in all, whatever frames they are: that bounds what is kept of them, and what has to be
 * acknowledged. The window of the stream and of the connection is as large and never opened further, so a body that goes on is full
 * before the server has to wait for us. Headers count as they are unpacked: a few octets of HPACK may stand for thousands.
 */
#include <nghttp2/nghttp2.h>
#include <string.h>

#include "ldirectord/check/http_answer.h"
#include "ldirectord/check/http_request.h"
#include "util/banned.h"

#define FRAME_HEAD  9
#define STREAM      1           /* the first one of a client */
#define FRAME_MAX   16384       /* octets behind its head, as long as we do not allow more */
#define REQUEST_MAX 1048576     /* octets of the headers of a request, beyond those of the configuration */

typedef struct {
	LdirHttpAnswer answer;
	nghttp2_session *session;
	gsize n_sent;           /* octets of the body of the request */
	gsize head_len;         /* of the headers that are coming */
	gboolean has_head;      /* those of the answer have come; what comes now are trailers */
	GByteArray *body;
} Http2;

static void
http2_forget(gpointer data)
{
	Http2 *http = data;

	ldir_http_answer_clear(&http->answer);
	nghttp2_session_del(http->session);
	g_byte_array_unref(http->body);
	g_free(http);
}

static void
broken(LdirTalk *talk, const char *why)
{
	if (talk->verdict == LDIR_TALK_GOING)
		ldir_talk_bad(talk, "this breaks HTTP/2: %s", why);
}

/* Is what the library tells of our stream, and does it still matter? */
static gboolean
matters(const LdirTalk *talk, gint32 stream)
{
	return stream == STREAM && talk->verdict == LDIR_TALK_GOING;
}

static void
judge(LdirTalk *talk, const Http2 *http)
{
	ldir_http_answer_judge(&http->answer, talk, http->body->data, http->body->len);
}

/* ---- what the library tells; it goes on whatever is found here. What is wrong comes as the end that it makes of it. ---- */

static int
headers_begin(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	LdirTalk *talk = user;

	(void)session, (void)frame;
	((Http2 *)talk->own)->head_len = 0;
	return 0;
}

/* Texts end by a NUL, and have none within. */
static int
header_came(nghttp2_session *session, const nghttp2_frame *frame, const guint8 *name, size_t name_len, const guint8 *value,
            size_t value_len, guint8 flags, void *user)
{
	LdirTalk *talk = user;
	Http2 *http = talk->own;

	(void)session, (void)flags;
	if (!matters(talk, frame->hd.stream_id))
		return 0;
	http->head_len += name_len + value_len + 1;
	if (http->head_len > LDIR_HEAD_MAX) {
		ldir_talk_bad(talk, "the headers are too long");
	} else if (strcmp((const char *)name, ":status") == 0) {        /* trailers have none: the library minds */
		g_autofree char *text = g_strdup_printf("HTTP/2 %s", (const char *)value);

		if (!ldir_http_answer_status(&http->answer, (const char *)value, text))
			broken(talk, "bad status");
	} else if (!http->has_head) {
		ldir_http_answer_header(&http->answer, (const char *)name, (const char *)value);
	}
	return 0;
}

static int
data_came(nghttp2_session *session, guint8 flags, gint32 stream, const guint8 *data, size_t len, void *user)
{
	LdirTalk *talk = user;

	(void)session, (void)flags;
	if (matters(talk, stream))
		g_byte_array_append(((Http2 *)talk->own)->body, data, (guint)len);
	return 0;
}

/* Headers are complete, or a piece of the body. */
static void
part_came(LdirTalk *talk, const nghttp2_frame_hd *head)
{
	Http2 *http = talk->own;

	if (http->answer.code < 200)    /* something before the answer */
		return;
	http->has_head = TRUE;
	if (ldir_http_answer_is_head(&http->answer, talk) || (head->flags & NGHTTP2_FLAG_END_STREAM) != 0)
		judge(talk, http);
}

static int
frame_came(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	LdirTalk *talk = user;

	(void)session;
	if (frame->hd.type == NGHTTP2_GOAWAY && matters(talk, STREAM) &&
	    (frame->goaway.error_code != NGHTTP2_NO_ERROR || frame->goaway.last_stream_id < STREAM))
		ldir_talk_bad(talk, "the server ends the connection: %s", nghttp2_http2_strerror(frame->goaway.error_code));
	if (!matters(talk, frame->hd.stream_id))
		return 0;
	if (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA)
		part_came(talk, &frame->hd);
	else if (frame->hd.type == NGHTTP2_RST_STREAM)
		ldir_talk_bad(talk, "the server has reset the stream: %s", nghttp2_http2_strerror(frame->rst_stream.error_code));
	return 0;
}

/* The library ends the connection for what has come. */
static int
frame_sent(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	(void)session;
	if (frame->hd.type == NGHTTP2_GOAWAY)
		broken(user, nghttp2_http2_strerror(frame->goaway.error_code));
	return 0;
}

static int
stream_closed(nghttp2_session *session, gint32 stream, guint32 error, void *user)
{
	(void)session;
	if (stream == STREAM)
		broken(user, nghttp2_http2_strerror(error));
	return 0;
}

static ssize_t
body_wanted(nghttp2_session *session, gint32 stream, guint8 *out, size_t len, guint32 *flags, nghttp2_data_source *source, void *user)
{
	LdirTalk *talk = user;
	Http2 *http = talk->own;
	const char *rest = ldir_http_body(talk->ask) + http->n_sent;
	gsize left = strlen(rest);
	gsize n = MIN(left, len);

	(void)session, (void)stream, (void)source;
	memcpy(out, rest, n);
	http->n_sent += n;
	if (n == left)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)n;
}

/* ---- the beginning ---- */

static nghttp2_session *
session_new(LdirTalk *talk)
{
	static const nghttp2_settings_entry settings[] = {
		{ NGHTTP2_SETTINGS_ENABLE_PUSH, 0 },
		{ NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, LDIR_ANSWER_MAX },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, LDIR_HEAD_MAX },
	};
	nghttp2_session_callbacks *callbacks = NULL;
	nghttp2_session *session = NULL;
	nghttp2_option *option = NULL;

	if (nghttp2_session_callbacks_new(&callbacks) != 0 || nghttp2_option_new(&option) != 0)
		g_error("no memory for HTTP/2");
	nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, headers_begin);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, header_came);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data_came);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frame_came);
	nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, frame_sent);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, stream_closed);
	nghttp2_option_set_no_auto_window_update(option, 1);
	nghttp2_option_set_max_send_header_block_length(option, REQUEST_MAX);
	if (nghttp2_session_client_new2(&session, callbacks, talk, option) != 0 ||
	    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, G_N_ELEMENTS(settings)) != 0 ||
	    nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, LDIR_ANSWER_MAX) != 0)
		g_error("no memory for HTTP/2");
	nghttp2_option_del(option);
	nghttp2_session_callbacks_del(callbacks);
	return session;
}

/* @name and @value live until the request is submitted, which copies them. */
static void
add_header(GArray *headers, const char *name, const char *value)
{
	nghttp2_nv header = {
		.name = (guint8 *)(guintptr)name, .namelen = strlen(name), .value = (guint8 *)(guintptr)value, .valuelen = strlen(value),
	};

	g_array_append_val(headers, header);
}

/* "Name: value"; the library makes small letters of names. */
static void
add_line(GArray *headers, char *line)
{
	char *end = strchr(line, ':');

	*end = '\0';
	add_header(headers, line, end + strspn(end + 1, " ") + 1);
}

static void
submit(LdirTalk *talk, const Http2 *http, const char *host)
{
	const LdirUrl *url = &http->answer.url;
	g_autoptr(GPtrArray) lines = ldir_http_headers(talk->ask, NULL);
	g_autoptr(GArray) headers = g_array_new(FALSE, FALSE, sizeof(nghttp2_nv));
	const nghttp2_data_provider body = { .read_callback = body_wanted };

	add_header(headers, ":method", ldir_method_name(talk->ask->method));
	add_header(headers, ":scheme", url->is_tls ? "https" : "http");
	add_header(headers, ":authority", host);
	add_header(headers, ":path", url->path);
	for (guint i = 0; i < lines->len; i++)
		add_line(headers, lines->pdata[i]);
	if (nghttp2_submit_request(http->session, NULL, (const nghttp2_nv *)(void *)headers->data, headers->len,
	                           ldir_http_body(talk->ask)[0] != '\0' ? &body : NULL, NULL) != STREAM)
		g_error("no memory for HTTP/2");
}

/* All that the library has to say goes to .out. */
static void
say(LdirTalk *talk, const Http2 *http)
{
	const guint8 *octets;
	ssize_t len;

	while ((len = nghttp2_session_mem_send(http->session, &octets)) > 0)
		g_byte_array_append(talk->out, octets, (guint)len);
	if (len < 0)
		broken(talk, nghttp2_strerror((int)len));
}

static void
http2_begin(LdirTalk *talk)
{
	Http2 *http = g_new0(Http2, 1);
	g_autofree char *host = ldir_http_answer_begin(&http->answer, talk->ask);

	talk->own = http;
	http->body = g_byte_array_new();
	http->session = session_new(talk);
	submit(talk, http, host);
	say(talk, http);
}

/* ---- the answer ---- */

/* The first frame is one of SETTINGS; more than its head is not needed to know who speaks otherwise. */
static gboolean
is_http2(LdirTalk *talk)
{
	const guint8 *from = talk->in->data;

	if (talk->pos > 0)
		return TRUE;
	if (talk->in->len < FRAME_HEAD)
		return FALSE;
	if (from[3] == NGHTTP2_SETTINGS && (from[4] & NGHTTP2_FLAG_ACK) == 0)
		return TRUE;
	ldir_talk_bad(talk, memcmp(from, "HTTP/1.", 7) == 0 ? "the server answers by HTTP/1" : "this is not HTTP/2");
	return FALSE;
}

/* How much is taken next, 0: it is not there yet. Always a frame, since the library counts not only frames, but also the pieces in
 * which it gets one, and minds if too much waits to be sent. */
static gsize
frame_len(const LdirTalk *talk)
{
	const guint8 *from = talk->in->data + talk->pos;
	gsize have = talk->in->len - talk->pos;
	gsize len;

	if (have < FRAME_HEAD)
		return 0;
	len = (gsize)from[0] << 16 | (gsize)from[1] << 8 | from[2];
	if (len > FRAME_MAX)
		return FRAME_HEAD;
	return have >= FRAME_HEAD + len ? FRAME_HEAD + len : 0;
}

static void
take(LdirTalk *talk, const Http2 *http, gsize len)
{
	ssize_t n = nghttp2_session_mem_recv(http->session, talk->in->data + talk->pos, len);

	talk->pos += (guint)len;
	if (n < 0)
		broken(talk, nghttp2_strerror((int)n));
	if (talk->verdict == LDIR_TALK_GOING)
		say(talk, http);
}

static void
http2_input(LdirTalk *talk, gboolean is_end)
{
	Http2 *http = talk->own;
	guint said = talk->out->len;
	gsize len;

	if (is_http2(talk))
		while (talk->verdict == LDIR_TALK_GOING && (len = frame_len(talk)) > 0)
			take(talk, http, len);
	if (talk->verdict != LDIR_TALK_GOING) {
		/* nobody waits for more of us, and who has something to say ends a connection so that its port is kept for a while */
		g_byte_array_set_size(talk->out, said);
		return;
	}
	if (talk->is_full && http->has_head)
		judge(talk, http);
	else if (is_end && http->has_head)
		ldir_talk_bad(talk, "the body ends too early");
	else if (is_end)
		ldir_talk_bad(talk, talk->in->len == 0 ? "no answer" : "the answer ends too early");
}

const LdirTalkKind ldir_talk_http2 = { http2_begin, http2_input, http2_forget };
