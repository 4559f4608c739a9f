/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_radius.c - Access-Request for login= and passwd=, Access-Accept comes back, signed with secret=
 * (doc/ldirectord.md 3.4, RFC 2865, Message-Authenticator of RFC 3579).
 */
#include <string.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

#define HEADER_LEN      20
#define DIGEST_LEN      16
#define PASSWORD_MAX    128
#define VALUE_MAX       253
#define PACKET_MAX      4096

enum { ACCESS_REQUEST = 1, ACCESS_ACCEPT = 2 };
enum { ATTR_USER_NAME = 1, ATTR_USER_PASSWORD = 2, ATTR_NAS_ADDRESS = 4, ATTR_AUTHENTICATOR = 80 };

static const char *
text_of(const char *text)
{
	return text != NULL ? text : "";
}

static void
digest_of(const void *a, gsize a_len, const void *b, gsize b_len, guint8 out[DIGEST_LEN])
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_MD5);
	gsize len = DIGEST_LEN;

	g_checksum_update(checksum, a, (gssize)a_len);
	g_checksum_update(checksum, b, (gssize)b_len);
	g_checksum_get_digest(checksum, out, &len);
}

static void
put_attribute(GByteArray *out, guint8 type, const void *value, gsize len)
{
	const guint8 head[2] = { type, (guint8)(2 + MIN(len, VALUE_MAX)) };

	g_byte_array_append(out, head, sizeof head);
	g_byte_array_append(out, value, (guint)MIN(len, VALUE_MAX));
}

/* RFC 2865, 5.2 */
static void
put_password(GByteArray *out, const char *password, const char *secret, const guint8 authenticator[DIGEST_LEN])
{
	guint8 hidden[PASSWORD_MAX] = { 0 };
	gsize len = MIN(strlen(password), PASSWORD_MAX);
	gsize padded = MAX(DIGEST_LEN, (len + DIGEST_LEN - 1) / DIGEST_LEN * DIGEST_LEN);
	const guint8 *chain = authenticator;

	memcpy(hidden, password, len);
	for (gsize i = 0; i < padded; i += DIGEST_LEN) {
		guint8 digest[DIGEST_LEN];

		digest_of(secret, strlen(secret), chain, DIGEST_LEN, digest);
		for (gsize j = 0; j < DIGEST_LEN; j++)
			hidden[i + j] ^= digest[j];
		chain = hidden + i;
	}
	put_attribute(out, ATTR_USER_PASSWORD, hidden, padded);
}

/* Over the whole packet, with itself as zeros; it is the last attribute. */
static void
sign(GByteArray *out, const char *secret)
{
	g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_MD5, (const guchar *)secret, strlen(secret));
	gsize len = DIGEST_LEN;

	g_hmac_update(hmac, out->data, out->len);
	g_hmac_get_digest(hmac, out->data + out->len - DIGEST_LEN, &len);
}

static void
radius_begin(LdirTalk *talk)
{
	static const guint8 zeros[DIGEST_LEN], nas[4] = { 127, 0, 0, 1 };
	const LdirAsk *ask = talk->ask;
	const char *secret = text_of(ask->secret);
	guint8 head[4] = { ACCESS_REQUEST, (guint8)ask->random[0] };
	guint8 authenticator[DIGEST_LEN];
	GByteArray *out = talk->out;

	digest_of(ask->random, sizeof ask->random, secret, strlen(secret), authenticator);
	g_byte_array_append(out, head, sizeof head);
	g_byte_array_append(out, authenticator, DIGEST_LEN);
	put_attribute(out, ATTR_USER_NAME, text_of(ask->login), strlen(text_of(ask->login)));
	put_password(out, text_of(ask->passwd), secret, authenticator);
	put_attribute(out, ATTR_NAS_ADDRESS, nas, sizeof nas);
	put_attribute(out, ATTR_AUTHENTICATOR, zeros, sizeof zeros);
	out->data[2] = (guint8)(out->len >> 8);
	out->data[3] = (guint8)out->len;
	sign(out, secret);
}

/* Signed for our request by somebody who knows the secret: RFC 2865, 3. */
static gboolean
is_genuine(const LdirTalk *talk, const guint8 *packet, gsize len)
{
	const char *secret = text_of(talk->ask->secret);
	g_autofree guint8 *copy = g_memdup2(packet, len);
	guint8 digest[DIGEST_LEN];

	memcpy(copy + 4, talk->out->data + 4, DIGEST_LEN);
	digest_of(copy, len, secret, strlen(secret), digest);
	return memcmp(digest, packet + 4, DIGEST_LEN) == 0;
}

/* What is not genuine is not looked at: it may come from anybody. */
static void
radius_input(LdirTalk *talk, gboolean is_end)
{
	const guint8 *packet = talk->in->data;
	gsize len;

	(void)is_end;
	if (talk->in->len < HEADER_LEN || packet[1] != talk->out->data[1])
		return;
	len = (gsize)packet[2] << 8 | packet[3];
	if (len < HEADER_LEN || len > PACKET_MAX || len > talk->in->len || !is_genuine(talk, packet, len))
		return;
	if (packet[0] == ACCESS_ACCEPT)
		ldir_talk_good(talk, "accepted");
	else
		ldir_talk_bad(talk, "not accepted: answer %u", packet[0]);
}

const LdirTalkKind ldir_talk_radius = { radius_begin, radius_input, NULL };
