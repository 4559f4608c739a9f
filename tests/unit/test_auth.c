/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_auth.c - the authentication plugins against known digests (doc/wire-protocol.md 2.4). */
#include <string.h>

#include <glib.h>

#include "heartbeat/hb_auth.h"
#include "plugin/plugin.h"

#include "util/banned.h"

#define FOX "The quick brown fox jumps over the lazy dog"
#define K70 "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"

static const hb_auth_ops *
get(const char *name)
{
	g_autoptr(GError) error = NULL;
	const hb_auth_ops *ops = hb_plugin_auth(name, &error);

	g_assert_no_error(error);
	return ops;
}

static void
test_digests_are_the_known_ones(void)
{
	const struct {
		const char *method;
		const char *key;
		const char *data;
		const char *hex;
	} rows[] = {
		{ "crc", NULL, "", "ffffffff" },
		{ "crc", NULL, "abc", "d3e8c673" },
		{ "crc", NULL, "123456789", "765e7680" },
		{ "crc", NULL, "8", "dc57fd7" },
		{ "md5", "key", FOX, "80070713463e7749b90c2dc24911e275" },
		{ "md5", K70, "abc", "471841a4651ddfb8cea9d5132f4636fc" },
		{ "sha1", "key", FOX, "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9" },
		{ "sha1", K70, "abc", "2200fc7e6fa8d60e6f74b14ec3e2a813b2e3fff1" },
		{ "hmac-sha256", "key", FOX, "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8" },
		/* RFC 4231, test case 2 */
		{ "hmac-sha256", "Jefe", "what do ya want for nothing?",
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		char hex[HB_AUTH_HEX_MAX + 1];
		gsize key_len = rows[i].key != NULL ? strlen(rows[i].key) : 0;

		memset(hex, 'x', sizeof hex);
		get(rows[i].method)->digest(rows[i].key, key_len, rows[i].data, strlen(rows[i].data), hex);
		g_assert_cmpstr(hex, ==, rows[i].hex);
	}
}

static void
test_crc_alone_takes_no_key(void)
{
	g_assert_cmpint(get("crc")->needs_key, ==, 0);
	g_assert_cmpint(get("md5")->needs_key, ==, 1);
	g_assert_cmpint(get("sha1")->needs_key, ==, 1);
	g_assert_cmpint(get("hmac-sha256")->needs_key, ==, 1);
}

static void
test_data_may_hold_any_octet(void)
{
	const guint8 data[] = { 0, 255, 0, 1 };
	char with_zero[HB_AUTH_HEX_MAX + 1];
	char without[HB_AUTH_HEX_MAX + 1];

	get("sha1")->digest("key", 3, data, sizeof data, with_zero);
	get("sha1")->digest("key", 3, data, sizeof data - 1, without);
	g_assert_cmpuint(strlen(with_zero), ==, 40);
	g_assert_cmpstr(with_zero, !=, without);
}

int
main(int argc, char **argv)
{
	const char *top;

	g_test_init(&argc, &argv, NULL);
	top = g_getenv("HB_BUILDDIR");
	hb_plugin_set_dir(top != NULL ? top : ".");
	g_test_add_func("/auth/digests_are_the_known_ones", test_digests_are_the_known_ones);
	g_test_add_func("/auth/crc_alone_takes_no_key", test_crc_alone_takes_no_key);
	g_test_add_func("/auth/data_may_hold_any_octet", test_data_may_hold_any_octet);
	return g_test_run();
}
