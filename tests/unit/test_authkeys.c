/* SPDX-License-Identifier: GPL-2.0-or-later */
/* authkeys: which key signs, which lines are refused, and that no key is ever told (doc/config.md 4). */
#include <glib.h>

#include "conf_fixture.h"
#include "util/banned.h"

#define HACF "node n1 n2\nbcast lo\nauto_failback on\nlogfacility local0\n"

typedef struct {
	const char *text;
	int signs;              /* index of the signing key; -1: refused */
	const char *says;       /* NULL: says nothing */
} Case;

static const Case cases[] = {
	{ "auth 1\n1 sha1 S3CRET\n", 1, NULL },
	{ "auth 1\r\n1 sha1 S3CRET\r\n", 1, NULL },
	{ "  auth 2\n1 md5 S3CRET\n 2 sha1 S3CRET # rest is dropped\n", 2, NULL },
	{ "# auth 3\nauth 0\n0 md5 S3CRET\n", 0, NULL },
	{ "auth 15\n15 md5 S3CRET\n", 15, NULL },
	{ "auth 1\n1 crc\n", 1, "authkeys:1: warning: crc finds damaged packets" },
	{ "auth 1\n1 hmac-sha256 S3CRET\n", 1, "authkeys:2: warning: hmac-sha256: heartbeat 3.0.6 does not know it" },
	{ "auth 1\n1 md5 S3CRET\n1 sha1 S3CRET\n", 1, "key 1 is given for the second time" },
	{ "auth 1\n1 sha1 S3CRET\nauth 2\n2 sha1 S3CRET\n", 2, "the last one wins" },
	{ "auth 1\n1 sha1 S3CRET\nauth 2\n", 1, "auth 2 selects no key below it; key 1 signs" },
	{ "auth 1\n1 sha1 #\n", 1, "the # is taken for the key" },
	{ "auth1\n1 sha1 S3CRET\n", 1, NULL },
	{ "auth 1;\n1 sha1 S3CRET\n", 1, "the number of the key is taken for 1" },
	{ "auth 1#S3CRET\n1 sha1 S3CRET\n", 1, "the number of the key is taken for 1" },
	{ "auth 1\n1sha1 S3CRET\n", 1, "1sha1: a blank is missing behind the number" },
	{ "auth 1\n1S3CRET sha1\n", -1, "neither with auth nor with the number" },
	{ "a 1\n1 sha1 S3CRET\n", -1, "neither with auth nor with the number of a key" },
	{ "", -1, "no key is selected; write auth 1 above the line of key 1" },
	{ "1 sha1 S3CRET\n", -1, "no key is selected" },
	{ "1 sha1 S3CRET\nauth 1\n", -1, "authkeys:2: error: auth 1 must stand above the line of key 1" },
	{ "auth 2\n1 sha1 S3CRET\n", -1, "auth 2 selects a key that is not there" },
	{ "auth\n1 sha1 S3CRET\n", -1, "auth names no key" },
	{ "auth # 1\n1 sha1 S3CRET\n", -1, "auth names no key" },
	{ "auth one\n1 sha1 S3CRET\n", -1, "neither with auth nor with the number of a key" },
	{ "AUTH 1\n1 sha1 S3CRET\n", -1, "is written in small letters: auth" },
	{ "auth 16\n16 sha1 S3CRET\n", -1, "a key has a number from 0 to 15" },
	{ "auth -1\n", -1, "a key has a number from 0 to 15" },
	{ "auth 1\n1x sha1 S3CRET\n", -1, "neither with auth nor with the number" },
	{ "S3CRET\n", -1, "neither with auth nor with the number" },
	{ "auth 1\n1\n", -1, "names no method" },
	{ "auth 1\n1 rot13 S3CRET\n", -1, "rot13: is not a method" },
	{ "auth 1\n1 SHA1 S3CRET\n", -1, "SHA1: is not a method" },
	{ "auth 1\n1 sha1\n", -1, "sha1: needs a key" },
	{ "auth 1\n1 md5 \t\n", -1, "md5: needs a key" },
	{ "auth 1\n1 crc S3CRET\n", -1, "takes no key; delete what follows" },
	{ "auth 1\n1 crc # none\n", -1, "a comment cannot stand behind it" },
	{ "auth 4294967297\n", -1, "a key has a number from 0 to 15" },
	{ "auth 01\n1 sha1 S3CRET\n", 1, NULL },
};

static HbConfig *
parse(const char *authkeys, GPtrArray *problems)
{
	g_autoptr(HbBundle) bundle = fixture_bundle(HACF, "", authkeys);
	const HbConfInput input = { .files = bundle, .node_name = "n1" };

	return hb_config_parse(&input, problems);
}

static void
test_each_file_gets_its_verdict(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Case *c = &cases[i];
		g_autoptr(GPtrArray) problems = hb_problems_new();
		g_autoptr(HbConfig) config = parse(c->text, problems);
		g_autofree char *texts = fixture_texts(problems);

		if ((config != NULL ? (int)config->sign_key : -1) != c->signs ||
		    (c->says == NULL && problems->len > 0) ||
		    (c->says != NULL && strstr(texts, c->says) == NULL)) {
			g_test_message("%s-- says --\n%s", c->text, texts);
			g_test_fail();
		}
	}
}

static void
test_no_key_is_ever_told(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) problems = hb_problems_new();
		g_autoptr(HbConfig) config = parse(cases[i].text, problems);
		g_autofree char *texts = fixture_texts(problems);
		g_autofree char *printed = config != NULL ? hb_config_print(config) : NULL;

		g_assert_null(strstr(texts, "S3CRET"));
		g_assert_true(printed == NULL || strstr(printed, "S3CRET") == NULL);
	}
}

static void
test_all_keys_are_kept_with_their_text(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = parse("auth 2\n1 md5 one\n2 sha1 two three\n3 crc\n", problems);

	g_assert_cmpstr(config->keys[1].method, ==, "md5");
	g_assert_cmpstr(config->keys[1].key, ==, "one");
	g_assert_cmpstr(config->keys[2].key, ==, "two");
	g_assert_true(config->keys[3].set);
	g_assert_null(config->keys[3].key);
	g_assert_false(config->keys[0].set);
}

static void
test_the_text_of_a_key_is_not_in_the_hash_but_its_method_is(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) a = parse("auth 1\n1 sha1 one\n", problems);
	g_autoptr(HbConfig) b = parse("auth 1\n1 sha1 two\n", problems);
	g_autoptr(HbConfig) c = parse("auth 1\n1 md5 one\n", problems);

	g_assert_cmpmem(a->hash, sizeof a->hash, b->hash, sizeof b->hash);
	g_assert_cmpint(memcmp(a->hash, c->hash, sizeof a->hash), !=, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/authkeys/each-file-gets-its-verdict", test_each_file_gets_its_verdict);
	g_test_add_func("/authkeys/no-key-is-ever-told", test_no_key_is_ever_told);
	g_test_add_func("/authkeys/all-keys-are-kept", test_all_keys_are_kept_with_their_text);
	g_test_add_func("/authkeys/hash", test_the_text_of_a_key_is_not_in_the_hash_but_its_method_is);
	return g_test_run();
}
