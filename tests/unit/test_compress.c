/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "wire/compress.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

static const char *const algorithms[] = { "zlib", "bz2" };

static void
test_what_was_compressed_comes_back(void)
{
	static const gsize lens[] = { 1, 100, 65536, HB_MSG_INFLATED_MAX - 1 };
	g_autofree guint8 *plain = g_malloc(HB_MSG_INFLATED_MAX);

	for (gsize i = 0; i < HB_MSG_INFLATED_MAX; i++)
		plain[i] = (guint8)(i * i >> 7);
	for (guint a = 0; a < G_N_ELEMENTS(algorithms); a++) {
		for (guint i = 0; i < G_N_ELEMENTS(lens); i++) {
			g_autoptr(GByteArray) packed = hb_compress(algorithms[a], plain, lens[i]);
			g_autoptr(GByteArray) back = NULL;

			g_assert_nonnull(packed);
			if (packed->len > HB_MSG_MAX)
				continue;
			back = hb_compress_inflate(algorithms[a], packed->data, packed->len);
			g_assert_nonnull(back);
			g_assert_cmpmem(back->data, back->len, plain, lens[i]);
		}
	}
}

static void
test_a_bomb_is_not_inflated(void)
{
	gsize len = 64 * 1024 * 1024;
	g_autofree guint8 *zeros = g_malloc0(len);

	for (guint a = 0; a < G_N_ELEMENTS(algorithms); a++) {
		g_autoptr(GByteArray) packed = hb_compress(algorithms[a], zeros, len);

		g_assert_nonnull(packed);
		g_assert_cmpuint(packed->len, <, HB_MSG_MAX);
		g_assert_null(hb_compress_inflate(algorithms[a], packed->data, packed->len));
	}
}

static void
test_broken_streams_are_refused(void)
{
	static const guint8 plain[] = "a text that is compressed, and not very long";

	for (guint a = 0; a < G_N_ELEMENTS(algorithms); a++) {
		g_autoptr(GByteArray) packed = hb_compress(algorithms[a], plain, sizeof plain);

		for (guint len = 0; len < packed->len; len++)
			g_assert_null(hb_compress_inflate(algorithms[a], packed->data, len));
		g_byte_array_append(packed, (const guint8 *)"x", 1);
		g_assert_null(hb_compress_inflate(algorithms[a], packed->data, packed->len));
		g_assert_null(hb_compress_inflate(algorithms[1 - a], packed->data, packed->len - 1));
	}
	g_assert_null(hb_compress("lzma", plain, sizeof plain));
	g_assert_null(hb_compress_inflate("lzma", plain, sizeof plain));
}

static void
test_both_forms_are_unpacked(void)
{
	static const char text[] = ">>>\nt=x\n<<<\n";   /* with its NUL: as 3.0.6 sends it */
	static const char netstring[] = "###\n6:(0)t=x,%%%\n";
	static const char junk[] = "t=x";
	static const struct {
		const char *plain;
		gsize len;
		gboolean is_message;
	} cases[] = {
		{ text, sizeof text, TRUE },
		{ text, sizeof text - 1, TRUE },
		{ netstring, sizeof netstring - 1, TRUE },
		{ netstring, sizeof netstring - 2, FALSE },
		{ junk, sizeof junk, FALSE },
		{ "", 1, FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GByteArray) packed = hb_compress("zlib", (const guint8 *)cases[i].plain, cases[i].len);
		g_autoptr(HbMsg) msg = hb_compress_unpack("zlib", packed->data, packed->len);

		g_assert_cmpint(msg != NULL, ==, cases[i].is_message);
		if (msg != NULL)
			g_assert_cmpstr(hb_msg_get(msg, "t"), ==, "x");
	}
}

static void
test_uncompressed_fields_become_compressed_ones(void)
{
	static const char inner[] = "###\n9:(0)nl=a\nb,%%%\n";

	for (guint a = 0; a < G_N_ELEMENTS(algorithms); a++) {
		g_autoptr(HbMsg) msg = hb_msg_new();
		g_autoptr(HbMsg) packed = NULL;
		g_autoptr(HbMsg) back = NULL;
		HbField field;

		g_assert_true(hb_msg_add_string(msg, "t", "x"));
		g_assert_true(hb_msg_add(msg, HB_FIELD_UNCOMPRESSED, "m", inner, strlen(inner)));
		packed = hb_compress_fields(msg, algorithms[a]);
		g_assert_cmpuint(hb_msg_n_fields(packed), ==, 3);
		g_assert_cmpstr(hb_msg_get(packed, "_compression_algorithm"), ==, algorithms[a]);
		g_assert_true(hb_msg_find(packed, "m", &field));
		g_assert_cmpint(field.type, ==, HB_FIELD_COMPRESSED);
		back = hb_compress_unpack(algorithms[a], field.value, field.len);
		g_assert_cmpstr(hb_msg_get(back, "nl"), ==, "a\nb");
	}
}

static void
test_an_algorithm_already_named_is_used(void)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	g_autoptr(HbMsg) packed = NULL;
	g_autoptr(HbMsg) back = NULL;
	HbField field;

	g_assert_true(hb_msg_add_string(msg, "_compression_algorithm", "bz2"));
	g_assert_true(hb_msg_add(msg, HB_FIELD_UNCOMPRESSED, "m", "###\n6:(0)t=x,%%%\n", 17));
	packed = hb_compress_fields(msg, "zlib");
	g_assert_cmpuint(hb_msg_n_fields(packed), ==, 2);
	g_assert_true(hb_msg_find(packed, "m", &field));
	back = hb_compress_unpack("bz2", field.value, field.len);
	g_assert_nonnull(back);
	g_assert_cmpstr(hb_msg_get(back, "t"), ==, "x");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/compress/what_was_compressed_comes_back", test_what_was_compressed_comes_back);
	g_test_add_func("/compress/a_bomb_is_not_inflated", test_a_bomb_is_not_inflated);
	g_test_add_func("/compress/broken_streams_are_refused", test_broken_streams_are_refused);
	g_test_add_func("/compress/both_forms_are_unpacked", test_both_forms_are_unpacked);
	g_test_add_func("/compress/uncompressed_fields_become_compressed_ones",
	                test_uncompressed_fields_become_compressed_ones);
	g_test_add_func("/compress/an_algorithm_already_named_is_used", test_an_algorithm_already_named_is_used);
	return g_test_run();
}
