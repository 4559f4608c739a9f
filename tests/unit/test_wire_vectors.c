/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Octets of real heartbeat 3.0.6 peers (tests/wire/INDEX.tsv): both directions of everything.
 */
#include <string.h>

#include <glib.h>

#include "wire/digest.h"
#include "wire/frame.h"
#include "wire/netstring.h"
#include "wire/text.h"
#include "wire/typedio.h"

#include "util/banned.h"

#define ICMP_HEADER_LEN 8

/* One line of INDEX.tsv. */
typedef struct {
	char *file;
	char *type;
	gboolean is_string;
	gboolean is_accepted;
	GByteArray *pkt;
	HbKeyring keys;
} Vector;

static GPtrArray *vectors;

static char *
wire_path(const char *file)
{
	const char *srcdir = g_getenv("HB_SRCDIR");

	return g_build_filename(srcdir != NULL ? srcdir : ".", "tests", "wire", file, NULL);
}

static char *
read_wire_file(const char *file)
{
	g_autofree char *path = wire_path(file);
	g_autoptr(GError) error = NULL;
	char *text;

	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	return text;
}

static GByteArray *
octets_of_hex(const char *hex)
{
	GByteArray *out = g_byte_array_new();

	while (*hex != '\0' && *hex != ' ') {
		guint8 octet;

		if (*hex == '\n') {
			hex++;
			continue;
		}
		octet = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
		g_byte_array_append(out, &octet, 1);
		hex += 2;
	}
	return out;
}

static void
set_key(HbKeyring *keys, guint index, const char *method, const char *text)
{
	HbKey *key = &keys->key[index];

	if (strcmp(method, "crc") == 0)
		key->digest = hb_digest_crc;
	else
		key->digest = strcmp(method, "md5") == 0 ? hb_digest_md5 : hb_digest_sha1;
	if (strcmp(text, "-") != 0) {
		key->key = g_strdup(text);
		key->key_len = strlen(text);
	}
}

/* "1 sha1 SecretKeyOne". The receiver of the rollover tests and of what must be refused signs with key 1. */
static void
set_keyring(Vector *vector, const char *column)
{
	g_auto(GStrv) words = g_strsplit(column, " ", 3);

	if (strstr(vector->file, "synth") != NULL) {
		set_key(&vector->keys, 1, "sha1", "SecretKeyOne");
		if (strstr(vector->file, "rollover") != NULL)
			set_key(&vector->keys, 2, "md5", "KeyTwo");
		vector->keys.sign = 1;
		return;
	}
	vector->keys.sign = (guint)g_ascii_strtoull(words[0], NULL, 10);
	set_key(&vector->keys, vector->keys.sign, words[1], words[2]);
}

static Vector *
load_vector(const char *line)
{
	g_auto(GStrv) columns = g_strsplit(line, "\t", 0);
	Vector *vector = g_new0(Vector, 1);
	g_autofree char *hex = read_wire_file(columns[0]);

	g_assert_cmpuint(g_strv_length(columns), ==, 10);
	vector->file = g_strdup(columns[0]);
	vector->type = g_strdup(columns[3]);
	vector->is_string = strcmp(columns[2], "string") == 0;
	/* "see note" is 65, accepted, and 66, refused unless told otherwise. */
	vector->is_accepted = strcmp(columns[8], "accept") == 0 || strstr(columns[0], "proper") != NULL;
	vector->pkt = octets_of_hex(hex);
	if (strstr(columns[1], "ICMP") != NULL)
		g_byte_array_remove_range(vector->pkt, 0, ICMP_HEADER_LEN);
	set_keyring(vector, columns[6]);
	return vector;
}

static void
load_vectors(void)
{
	g_autofree char *index = read_wire_file("INDEX.tsv");
	g_auto(GStrv) lines = g_strsplit(g_strchomp(index), "\n", 0);

	vectors = g_ptr_array_new();
	for (guint i = 1; lines[i] != NULL; i++)
		g_ptr_array_add(vectors, load_vector(lines[i]));
	g_assert_cmpuint(vectors->len, ==, 67);
}

static void
free_vectors(void)
{
	for (guint i = 0; i < vectors->len; i++) {
		Vector *vector = vectors->pdata[i];

		for (guint k = 0; k < HB_AUTH_KEYS_MAX; k++)
			g_free(vector->keys.key[k].key);
		g_byte_array_unref(vector->pkt);
		g_free(vector->type);
		g_free(vector->file);
		g_free(vector);
	}
	g_ptr_array_unref(vectors);
}

static gboolean
is_compressed(const Vector *vector)
{
	return strstr(vector->file, "compressed") != NULL;
}

static HbMsg *
open_vector(const Vector *vector, HbFrame *ret_frame)
{
	HbFrameVerdict verdict = hb_frame_open(vector->pkt->data, vector->pkt->len, &vector->keys, ret_frame);

	if (verdict != HB_FRAME_OK)
		g_test_message("%s: verdict %d", vector->file, (int)verdict);
	g_assert_cmpint(verdict, ==, HB_FRAME_OK);
	return ret_frame->msg;
}

static void
test_authentic_vectors_are_accepted_and_no_others(void)
{
	for (guint i = 0; i < vectors->len; i++) {
		const Vector *vector = vectors->pdata[i];
		HbFrame frame;

		g_test_message("%s", vector->file);
		if (!vector->is_accepted) {
			g_assert_cmpint(hb_frame_open(vector->pkt->data, vector->pkt->len, &vector->keys, &frame),
			                ==, HB_FRAME_BAD_AUTH);
			continue;
		}
		open_vector(vector, &frame);
		g_assert_cmpint(frame.is_string, ==, vector->is_string);
		g_assert_false(frame.has_hmac);
		if (!is_compressed(vector))
			g_assert_cmpstr(hb_msg_get(frame.msg, "t"), ==, vector->type);
		hb_msg_free(frame.msg);
	}
}

static const Vector *
vector_named(const char *part)
{
	for (guint i = 0; i < vectors->len; i++) {
		const Vector *vector = vectors->pdata[i];

		if (strstr(vector->file, part) != NULL)
			return vector;
	}
	g_assert_not_reached();
}

static void
test_306_roll_is_accepted_when_told_so(void)
{
	const Vector *quirk = vector_named("306-quirk");
	const Vector *tampered = vector_named("tampered");
	const Vector *unknown = vector_named("unknown-index");
	HbKeyring keys = quirk->keys;
	HbFrame frame;

	keys.accept_306_roll = TRUE;
	g_assert_cmpint(hb_frame_open(quirk->pkt->data, quirk->pkt->len, &keys, &frame), ==, HB_FRAME_OK);
	g_assert_cmpuint(frame.auth_index, ==, 2);
	hb_msg_free(frame.msg);
	g_assert_cmpint(hb_frame_open(tampered->pkt->data, tampered->pkt->len, &keys, &frame), ==,
	                HB_FRAME_BAD_AUTH);
	g_assert_cmpint(hb_frame_open(unknown->pkt->data, unknown->pkt->len, &keys, &frame), ==,
	                HB_FRAME_BAD_AUTH);
}

static void
test_vectors_are_read_and_written_back_unchanged(void)
{
	for (guint i = 0; i < vectors->len; i++) {
		const Vector *vector = vectors->pdata[i];
		g_autoptr(HbMsg) msg = NULL;
		g_autoptr(GByteArray) out = NULL;
		gsize used;

		if (vector->is_string) {
			msg = hb_text_decode(vector->pkt->data, vector->pkt->len, &used);
			g_assert_nonnull(msg);
			out = hb_text_encode(msg);
		} else {
			msg = hb_netstring_decode(vector->pkt->data, vector->pkt->len, &used);
			g_assert_nonnull(msg);
			out = hb_netstring_encode(msg);
			g_assert_cmpuint(hb_msg_netstring_len(msg), ==, used);
		}
		g_assert_cmpmem(out->data, out->len, vector->pkt->data, used);
	}
}

/* The inner signature of a netstring vector, too: nobody checks it on the way in. */
static void
test_vectors_are_sealed_to_the_same_octets(void)
{
	for (guint i = 0; i < vectors->len; i++) {
		const Vector *vector = vectors->pdata[i];
		HbFrameOptions options = { .sign = vector->keys.sign, .string_framing = vector->is_string };
		g_autoptr(GByteArray) out = NULL;
		HbFrame frame;

		if (!vector->is_accepted || is_compressed(vector))
			continue;
		open_vector(vector, &frame);
		options.netstring_only = hb_msg_get(frame.msg, "auth") == NULL;
		options.sign = frame.auth_index;
		out = hb_frame_seal(frame.msg, &vector->keys, &options);
		g_test_message("%s", vector->file);
		g_assert_cmpmem(out->data, out->len, vector->pkt->data, vector->pkt->len);
		hb_msg_free(frame.msg);
	}
}

static void
test_compressed_vectors_hold_a_bigtest(void)
{
	static const char *const names[] = { "compressed-zlib", "compressed-bz2" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		const Vector *vector = vector_named(names[i]);
		HbFrame frame;

		open_vector(vector, &frame);
		g_assert_cmpstr(hb_msg_get(frame.msg, "t"), ==, "bigtest");
		g_assert_nonnull(hb_msg_get(frame.msg, "auth"));
		hb_msg_free(frame.msg);
	}
}

/* What a client handed to its daemon: all before the uuids. */
static HbMsg *
part_of_client(const HbMsg *msg)
{
	HbMsg *part = hb_msg_new();

	for (guint i = 0; i < hb_msg_n_fields(msg); i++) {
		HbField field = hb_msg_field(msg, i);

		if (strcmp(field.name, "destuuid") == 0 || strcmp(field.name, "srcuuid") == 0)
			break;
		g_assert_true(hb_msg_add(part, field.type, field.name, field.value, field.len));
	}
	return part;
}

/* The own fields and the envelope of @msg, built again from the struct. */
static HbMsg *
rebuild(const HbMsg *msg)
{
	HbTyped typed;
	HbEnvelope envelope = { .load = hb_msg_get(msg, "ld"), .src = hb_msg_get(msg, "src") };
	g_autoptr(HbMsg) client = part_of_client(msg);
	g_auto(GStrv) names = NULL;
	HbField uuid;

	g_assert_cmpint(hb_typed_parse(msg, &typed), ==, HB_TYPED_OK);
	/* What clients put in beyond the fields of the type travels in the container. */
	if (hb_msg_get(msg, "from_id") != NULL)
		typed.type = HB_MSG_OTHER;
	if (typed.type == HB_MSG_OTHER)
		typed.raw = client;
	if (typed.type == HB_MSG_REPNODES) {
		names = g_strsplit(hb_msg_get(msg, "nodelist"), " ", 0);
		typed.names = (const char *const *)names;
		typed.n_names = g_strv_length(names) - 1;
	}
	envelope.generation = typed.generation;
	envelope.ts = typed.ts;
	if (hb_msg_find(msg, "srcuuid", &uuid))
		envelope.src_uuid = uuid.value;
	if (hb_msg_find(msg, "destuuid", &uuid))
		envelope.dest_uuid = uuid.value;
	if (hb_msg_get(msg, "ttl") != NULL)
		envelope.ttl = (guint)g_ascii_strtoull(hb_msg_get(msg, "ttl"), NULL, 10);
	return hb_typed_build(&typed, &envelope);
}

static void
check_rebuilt(const char *what, const GByteArray *pkt, const HbKeyring *keys)
{
	HbFrameOptions options = { 0 };
	g_autoptr(HbMsg) msg = NULL;
	g_autoptr(HbMsg) built = NULL;
	g_autoptr(GByteArray) out = NULL;
	HbFrame frame;

	g_test_message("%s", what);
	g_assert_cmpint(hb_frame_open(pkt->data, pkt->len, keys, &frame), ==, HB_FRAME_OK);
	msg = frame.msg;
	built = rebuild(msg);
	g_assert_nonnull(built);
	options.netstring_only = hb_msg_get(msg, "auth") == NULL;
	options.string_framing = frame.is_string;
	options.sign = frame.auth_index;
	out = hb_frame_seal(built, keys, &options);
	g_assert_cmpmem(out->data, out->len, pkt->data, pkt->len);
}

static void
test_messages_built_from_structs_have_the_octets_of_306(void)
{
	for (guint i = 0; i < vectors->len; i++) {
		const Vector *vector = vectors->pdata[i];

		if (vector->is_accepted && !is_compressed(vector))
			check_rebuilt(vector->file, vector->pkt, &vector->keys);
	}
}

static void
test_whole_conversations_are_understood_and_built_again(void)
{
	static const char *const files[] = {
		"hex-start-both-on.txt", "hex-rejoin-n2-on.txt", "hex-stop-n2-on.txt"
	};
	const HbKeyring *keys = &vector_named("01-")->keys;

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *text = read_wire_file(files[i]);
		g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", 0);
		guint n = 0;

		for (guint k = 0; lines[k] != NULL; k++) {
			g_autoptr(GByteArray) pkt = NULL;

			if (lines[k][0] == '#')
				continue;
			pkt = octets_of_hex(strrchr(lines[k], ' ') + 1);
			check_rebuilt(lines[k], pkt, keys);
			n++;
		}
		g_assert_cmpuint(n, >, 40);
	}
}

static void
test_every_shortened_vector_is_refused(void)
{
	for (guint i = 0; i < vectors->len; i++) {
		const Vector *vector = vectors->pdata[i];

		for (guint len = 0; len < vector->pkt->len; len++) {
			HbFrame frame;

			g_assert_cmpint(hb_frame_open(vector->pkt->data, len, &vector->keys, &frame), !=,
			                HB_FRAME_OK);
		}
	}
}

static void
test_no_changed_octet_goes_unnoticed(void)
{
	const Vector *vector = vector_named("03-");
	g_autoptr(GByteArray) pkt = g_byte_array_new();

	g_byte_array_append(pkt, vector->pkt->data, vector->pkt->len);
	for (guint i = 0; i < pkt->len; i++) {
		HbFrame frame;

		for (guint bit = 0; bit < 8; bit++) {
			pkt->data[i] ^= (guint8)(1 << bit);
			g_assert_cmpint(hb_frame_open(pkt->data, pkt->len, &vector->keys, &frame), !=,
			                HB_FRAME_OK);
			pkt->data[i] ^= (guint8)(1 << bit);
		}
	}
}

int
main(int argc, char **argv)
{
	int rc;

	g_test_init(&argc, &argv, NULL);
	load_vectors();
	g_test_add_func("/vectors/authentic_vectors_are_accepted_and_no_others",
	                test_authentic_vectors_are_accepted_and_no_others);
	g_test_add_func("/vectors/306_roll_is_accepted_when_told_so", test_306_roll_is_accepted_when_told_so);
	g_test_add_func("/vectors/vectors_are_read_and_written_back_unchanged",
	                test_vectors_are_read_and_written_back_unchanged);
	g_test_add_func("/vectors/vectors_are_sealed_to_the_same_octets",
	                test_vectors_are_sealed_to_the_same_octets);
	g_test_add_func("/vectors/compressed_vectors_hold_a_bigtest", test_compressed_vectors_hold_a_bigtest);
	g_test_add_func("/vectors/messages_built_from_structs_have_the_octets_of_306",
	                test_messages_built_from_structs_have_the_octets_of_306);
	g_test_add_func("/vectors/whole_conversations_are_understood_and_built_again",
	                test_whole_conversations_are_understood_and_built_again);
	g_test_add_func("/vectors/every_shortened_vector_is_refused", test_every_shortened_vector_is_refused);
	g_test_add_func("/vectors/no_changed_octet_goes_unnoticed", test_no_changed_octet_goes_unnoticed);
	rc = g_test_run();
	free_vectors();
	return rc;
}
