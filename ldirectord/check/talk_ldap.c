/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_ldap.c - a simple bind, then the entry request= itself: it is there, and its name fits receive=, not receivenot=
 * (doc/ldirectord.md 3.4, RFC 4511). Reasons are worded as by 4.12.
 */
#include <string.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

enum { TAG_INTEGER = 0x02, TAG_OCTETS = 0x04, TAG_ENUM = 0x0a, TAG_SEQUENCE = 0x30, TAG_BOOLEAN = 0x01 };
enum {
	OP_BIND = 0x60, OP_BIND_ANSWER = 0x61, OP_UNBIND = 0x42, OP_SEARCH = 0x63, OP_ENTRY = 0x64, OP_DONE = 0x65, OP_EXTENDED = 0x77,
	OP_EXTENDED_ANSWER = 0x78
};
enum { STEP_TLS, STEP_BIND, STEP_SEARCH };

#define AUTH_SIMPLE    0x80
#define FILTER_PRESENT 0x87
#define ID_BIND        1
#define ID_SEARCH      2
#define ID_UNBIND      3
#define ID_TLS         4
#define REQUEST_NAME   0x80
#define STARTTLS_NAME  "1.3.6.1.4.1.1466.20037"         /* RFC 4511 4.14 */
#define RESULT_SUCCESS 0

typedef struct {
	guint n_entries;
	char *dn;               /* of the first */
} Ldap;

static void
ldap_forget(gpointer data)
{
	Ldap *ldap = data;

	g_free(ldap->dn);
	g_free(ldap);
}

/* ---- to write ---- */

static void
put(GByteArray *out, guint8 tag, const void *value, gsize len)
{
	const guint8 head[4] = { tag, 0x82, (guint8)(len >> 8), (guint8)len };

	g_assert(len <= G_MAXUINT16);
	g_byte_array_append(out, head, sizeof head);
	g_byte_array_append(out, value, (guint)len);
}

static void
put_small(GByteArray *out, guint8 tag, guint8 value)
{
	put(out, tag, &value, 1);
}

/* No configuration has longer texts; and what is cut names no entry. */
static void
put_text(GByteArray *out, guint8 tag, const char *text)
{
	put(out, tag, text != NULL ? text : "", text != NULL ? MIN(strlen(text), 8192) : 0);
}

static void
put_message(GByteArray *out, guint8 id, guint8 op, const GByteArray *body)
{
	g_autoptr(GByteArray) message = g_byte_array_new();

	put_small(message, TAG_INTEGER, id);
	put(message, op, body->data != NULL ? body->data : (const guint8 *)"", body->len);
	put(out, TAG_SEQUENCE, message->data, message->len);
}

static void
say_starttls(LdirTalk *talk)
{
	g_autoptr(GByteArray) body = g_byte_array_new();

	put_text(body, REQUEST_NAME, STARTTLS_NAME);
	put_message(talk->out, ID_TLS, OP_EXTENDED, body);
}

static void
say_bind(LdirTalk *talk)
{
	const LdirAsk *ask = talk->ask;
	gboolean has_name = ask->login != NULL && ask->passwd != NULL;
	g_autoptr(GByteArray) body = g_byte_array_new();

	talk->step = STEP_BIND;
	put_small(body, TAG_INTEGER, 3);
	put_text(body, TAG_OCTETS, has_name ? ask->login : "");
	put_text(body, AUTH_SIMPLE, has_name ? ask->passwd : "");
	put_message(talk->out, ID_BIND, OP_BIND, body);
}

static void
ldap_begin(LdirTalk *talk)
{
	if (talk->own == NULL)
		talk->own = g_new0(Ldap, 1);
	if (ldir_talk_is_to_secure(talk))
		say_starttls(talk);
	else
		say_bind(talk);
}

static void
say_search(LdirTalk *talk)
{
	g_autoptr(GByteArray) body = g_byte_array_new();
	g_autoptr(GByteArray) attributes = g_byte_array_new();

	put_text(attributes, TAG_OCTETS, "1.1");        /* none of them */
	put_text(body, TAG_OCTETS, ldir_talk_request(talk->ask));
	put_small(body, TAG_ENUM, 0);                   /* the entry itself */
	put_small(body, TAG_ENUM, 0);
	put_small(body, TAG_INTEGER, 0);
	put_small(body, TAG_INTEGER, 0);
	put_small(body, TAG_BOOLEAN, 0);
	put_text(body, FILTER_PRESENT, "objectClass");
	put(body, TAG_SEQUENCE, attributes->data, attributes->len);
	put_message(talk->out, ID_SEARCH, OP_SEARCH, body);
}

static void
say_unbind(LdirTalk *talk)
{
	g_autoptr(GByteArray) nothing = g_byte_array_new();

	put_message(talk->out, ID_UNBIND, OP_UNBIND, nothing);
}

/* ---- to read ---- */

typedef struct {
	const guint8 *data;
	gsize len;
} Value;

/* 1: the next value of @from, which is taken off; 0: it is not complete; -1: it never will be. */
static int
take(Value *from, guint8 *ret_tag, Value *ret_value)
{
	gsize head = 2;
	gsize len;

	if (from->len < 2)
		return 0;
	len = from->data[1];
	if (len >= 0x80) {
		gsize octets = len & 0x7f;

		if (octets == 0 || octets > 4)
			return -1;
		if (from->len < 2 + octets)
			return 0;
		len = 0;
		for (gsize i = 0; i < octets; i++)
			len = len << 8 | from->data[2 + i];
		head += octets;
	}
	if (len > LDIR_ANSWER_MAX)
		return -1;
	if (from->len - head < len)
		return 0;
	*ret_tag = from->data[0];
	*ret_value = (Value){ from->data + head, len };
	from->data += head + len;
	from->len -= head + len;
	return 1;
}

/* A small number of @tag. */
static gboolean
take_number(Value *from, guint8 wanted, guint *ret_number)
{
	guint8 tag;
	Value value;

	if (take(from, &tag, &value) != 1 || tag != wanted || value.len != 1)
		return FALSE;
	*ret_number = value.data[0];
	return TRUE;
}

static void
end(LdirTalk *talk, gboolean is_good, const char *why)
{
	say_unbind(talk);
	if (is_good)
		ldir_talk_good(talk, "%s", why);
	else
		ldir_talk_bad(talk, "%s", why);
}

static void
judge(LdirTalk *talk, const Ldap *ldap)
{
	if (ldap->n_entries != 1) {
		end(talk, FALSE, "No answer received");
		return;
	}
	say_unbind(talk);
	ldir_talk_judge_names(talk, g_string_new(g_strdelimit(ldap->dn, "\n", '?')), "Success");
}

static gboolean
read_entry(Ldap *ldap, Value body)
{
	guint8 tag;
	Value dn;

	if (take(&body, &tag, &dn) != 1 || tag != TAG_OCTETS)
		return FALSE;
	if (ldap->n_entries++ == 0)
		ldap->dn = g_strndup((const char *)dn.data, dn.len);
	return TRUE;
}

/* FALSE: it is broken. */
static gboolean
read_message(LdirTalk *talk, Value message)
{
	Ldap *ldap = talk->own;
	guint id, result;
	guint8 op;
	Value body;

	if (!take_number(&message, TAG_INTEGER, &id) || take(&message, &op, &body) != 1)
		return FALSE;
	if (op == OP_EXTENDED_ANSWER && talk->step == STEP_TLS && id == ID_TLS) {
		if (!take_number(&body, TAG_ENUM, &result))
			return FALSE;
		if (result == RESULT_SUCCESS)
			ldir_talk_want_tls(talk);
		else
			end(talk, FALSE, "STARTTLS failed");
	} else if (op == OP_BIND_ANSWER && talk->step == STEP_BIND && id == ID_BIND) {
		if (!take_number(&body, TAG_ENUM, &result))
			return FALSE;
		if (result != RESULT_SUCCESS) {
			end(talk, FALSE, "Bind failed");
			return TRUE;
		}
		talk->step = STEP_SEARCH;
		say_search(talk);
	} else if (op == OP_ENTRY && talk->step == STEP_SEARCH && id == ID_SEARCH) {
		return read_entry(ldap, body);
	} else if (op == OP_DONE && talk->step == STEP_SEARCH && id == ID_SEARCH) {
		judge(talk, ldap);
	}
	return TRUE;    /* other messages are not for us */
}

static void
ldap_input(LdirTalk *talk, gboolean is_end)
{
	(void)is_end;
	while (talk->verdict == LDIR_TALK_GOING && !talk->wants_tls) {
		Value from = { talk->in->data + talk->pos, talk->in->len - talk->pos };
		gsize len = from.len;
		guint8 tag;
		Value message;
		int got = take(&from, &tag, &message);

		if (got == 0)
			return;
		talk->pos += (guint)(len - from.len);
		if (got < 0 || tag != TAG_SEQUENCE || !read_message(talk, message))
			ldir_talk_bad(talk, "a broken answer");
	}
}

const LdirTalkKind ldir_talk_ldap = { ldap_begin, ldap_input, ldap_forget };
