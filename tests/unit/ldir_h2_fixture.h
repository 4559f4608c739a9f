/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldir_h2_fixture.h - a server of HTTP/2 without a network, by the other half of the library: octets in, octets out.
 *
 * An answer is written as one of HTTP/1 without its first word: "200\nlocation: /b\n\nbody".
 */
#ifndef HB_LDIR_H2_FIXTURE_H
#define HB_LDIR_H2_FIXTURE_H

#include <nghttp2/nghttp2.h>
#include <string.h>

#include <glib.h>

#define H2_ENDLESS G_MAXSIZE

typedef struct {
	const char *answer;
	gsize left;             /* octets of a body, beyond those of @answer */
	nghttp2_session *session;
	GString *heard;         /* "name: value\n" for each header, then "\n" and the body, of each request */
	gboolean is_asked;      /* whole */
	gsize n_body;           /* of the answer, sent */
} H2Server;

static inline ssize_t
h2_body(nghttp2_session *session, gint32 stream, guint8 *out, size_t len, guint32 *flags, nghttp2_data_source *source, void *user)
{
	H2Server *server = user;
	const char *body = strstr(server->answer, "\n\n") + 2;
	gsize n = 0;

	(void)session, (void)stream, (void)source;
	for (; n < len && body[server->n_body] != '\0'; n++)
		out[n] = (guint8)body[server->n_body++];
	for (; n < len && server->left > 0; n++, server->left -= server->left == H2_ENDLESS ? 0 : 1)
		out[n] = 'x';
	if (body[server->n_body] == '\0' && server->left == 0)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)n;
}

static inline void
h2_answer(H2Server *server, gint32 stream)
{
	const char *end = strstr(server->answer, "\n\n");
	g_autofree char *head = g_strndup(server->answer, (gsize)(end - server->answer));
	g_auto(GStrv) lines = g_strsplit(head, "\n", -1);
	const nghttp2_data_provider body = { .read_callback = h2_body };
	nghttp2_nv headers[16] = { { .name = (guint8 *)(guintptr)":status", .namelen = 7 } };
	gsize n = 0;

	for (; n < G_N_ELEMENTS(headers) && lines[n] != NULL; n++) {
		char *value = n > 0 ? strchr(lines[n], ':') + 2 : lines[n];

		headers[n].value = (guint8 *)value;
		headers[n].valuelen = strlen(value);
		if (n > 0) {
			headers[n].name = (guint8 *)lines[n];
			headers[n].namelen = (gsize)(value - 2 - lines[n]);
		}
	}
	g_assert_null(lines[n]);
	server->n_body = 0;
	g_assert_cmpint(nghttp2_submit_response(server->session, stream, headers, n, end[2] != '\0' || server->left > 0 ? &body : NULL), ==,
	                0);
}

static inline int
h2_header(nghttp2_session *session, const nghttp2_frame *frame, const guint8 *name, size_t name_len, const guint8 *value, size_t value_len,
          guint8 flags, void *user)
{
	(void)session, (void)frame, (void)name_len, (void)value_len, (void)flags;
	g_string_append_printf(((H2Server *)user)->heard, "%s: %s\n", (const char *)name, (const char *)value);
	return 0;
}

static inline int
h2_data(nghttp2_session *session, guint8 flags, gint32 stream, const guint8 *data, size_t len, void *user)
{
	(void)session, (void)flags, (void)stream;
	g_string_append_len(((H2Server *)user)->heard, (const char *)data, (gssize)len);
	return 0;
}

static inline int
h2_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	H2Server *server = user;

	(void)session;
	if (frame->hd.type == NGHTTP2_HEADERS)
		g_string_append_c(server->heard, '\n');
	if ((frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
		server->is_asked = TRUE;
		h2_answer(server, frame->hd.stream_id);
	}
	return 0;
}

/* @answer must live as long. */
static inline void
h2_server_init(H2Server *server, const char *answer, gsize more)
{
	nghttp2_session_callbacks *callbacks;

	*server = (H2Server){ .answer = answer, .left = more, .heard = g_string_new(NULL) };
	g_assert_cmpint(nghttp2_session_callbacks_new(&callbacks), ==, 0);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, h2_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, h2_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, h2_frame);
	g_assert_cmpint(nghttp2_session_server_new(&server->session, callbacks, server), ==, 0);
	nghttp2_session_callbacks_del(callbacks);
	g_assert_cmpint(nghttp2_submit_settings(server->session, NGHTTP2_FLAG_NONE, NULL, 0), ==, 0);
}

static inline void
h2_server_done(H2Server *server)
{
	nghttp2_session_del(server->session);
	g_string_free(server->heard, TRUE);
}

/* What a client has said. FALSE: it breaks the protocol. */
static inline gboolean
h2_server_take(H2Server *server, const void *data, gsize len)
{
	return nghttp2_session_mem_recv(server->session, data, len) == (ssize_t)len;
}

/* The next octets for it, FALSE: there are none now. */
static inline gboolean
h2_server_say(H2Server *server, const guint8 **ret_data, gsize *ret_len)
{
	ssize_t len = nghttp2_session_mem_send(server->session, ret_data);

	*ret_len = len > 0 ? (gsize)len : 0;
	return len > 0;
}

#endif
