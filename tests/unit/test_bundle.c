/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the files, carrying them to the other process, and what --check says about them. */
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "conf/check.h"
#include "conf_fixture.h"
#include "util/banned.h"

#define GOOD_CF   "node n1 n2\nbcast lo\nkeepalive 200ms\ndeadtime 1\ninitdead 5\nauto_failback on\nlogfacility local0\n"
#define GOOD_RES  "n1 web 192.0.2.1/24/lo\n"
#define GOOD_KEYS "auth 1\n1 sha1 secret\n"
#define FINE      "0 errors, 0 warnings, 0 not in force: the configuration can be used\n" \
                  "No line bars the way back to heartbeat 3.0.6.\n"

static void
put(const char *dir, const char *name, const char *text, int mode)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0755), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(g_chmod(path, (mode_t)mode), ==, 0);
}

/* A directory with a good configuration; a text that is given takes the place of the good one. */
static char *
make_dir(const char *hacf, const char *haresources, const char *authkeys)
{
	char *dir = g_dir_make_tmp("hb-conf-XXXXXX", NULL);

	g_assert_nonnull(dir);
	put(dir, "ha.cf", hacf != NULL ? hacf : GOOD_CF, 0644);
	put(dir, "haresources", haresources != NULL ? haresources : GOOD_RES, 0644);
	put(dir, "authkeys", authkeys != NULL ? authkeys : GOOD_KEYS, 0600);
	put(dir, "resource.d/web", "", 0755);
	put(dir, "resource.d/IPaddr", "", 0755);
	return dir;
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	g_assert_cmpint(g_remove(path), ==, 0);
}

/* What --check says, with the directory's name taken out (transfer full) */
static char *
check(const char *dir, int *ret_code)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *prefix = g_strconcat(dir, "/", NULL);

	*ret_code = hb_conf_check(dir, NULL, "n1", out);
	g_string_replace(out, prefix, "", 0);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

typedef struct {
	const char *hacf;       /* NULL: the good one */
	const char *haresources;
	const char *authkeys;
	int code;
	const char *says;       /* these lines one after the other */
} Case;

#define CF(line)  GOOD_CF line, NULL, NULL
#define RES(text) NULL, text, NULL
#define KEY(text) NULL, NULL, text

static const Case cases[] = {
	{ NULL, NULL, NULL, 0, FINE },
	{ CF("resource_timeout 30\n"), 0,
	  "ha.cf:8: warning: resource_timeout 30: heartbeat 3.0.6 does not know this word; in a file below ha.cf.d it "
	  "does not see it\n0 errors, 1 warning, 0 not in force: the configuration can be used\n"
	  "The way back to heartbeat 3.0.6 is barred by:\n  ha.cf:8: warning: resource_timeout 30: " },
	{ CF("quorum_server q\n"), 0, "0 errors, 0 warnings, 0 not in force: the configuration can be used\n" },
	{ CF("watchdog /dev/no-such-device\n"), 6, "watchdog /dev/no-such-device: there is no such device on this machine; load a driver" },
	{ CF("respawn hacluster /usr/lib/heartbeat/ipfail\n"), 0, "the configuration can be used\n" },
	{ RES("n1 web IPv6addr::[2001:db8::1]/64\n"), 0, "is barred by:\n  haresources:1: warning: IPv6addr::[" },
	{ CF("autojoin any\n"), 0, "is barred by:\n  ha.cf:8: warning: autojoin any: " },
	{ CF("respawn hacluster /usr/lib64/heartbeat/ipfail\n"), 0, "is barred by:\n  ha.cf:8: warning: respawn " },
	{ RES("n1 no-such-script-here\n"), 0, "no resource script no-such-script-here on this machine" },
	{ KEY("auth 1\n1 hmac-sha256 x\n"), 0, "is barred by:\n  authkeys:2: warning: hmac-sha256: " },
	{ "", NULL, NULL, 6, "ha.cf: error: no node is given" },
	{ "node n1\n", NULL, NULL, 6, "no heartbeat medium is given" },
	{ "node n2\nbcast lo\n", NULL, NULL, 6, "this machine calls itself n1" },
	{ "bcast lo\nnode n1\nuse_logd off\n", NULL, NULL, 6, "leaves no place for messages" },
	{ CF("bcast no-such-card\n"), 6, "ha.cf:8: error: bcast no-such-card: there is no interface no-such-card" },
	{ CF("foo bar\n"), 6, "ha.cf:8: error: foo: is not a directive\n1 error, 0 warnings, 0 not in force: the "
	  "configuration cannot be used\n" },
	{ CF("keepalive 1s\n"), 6, "ha.cf:8: error: keepalive 1s: unit s is not known; write keepalive 1\n" },
	{ CF("keepalive 500 ms\n"), 6, "write keepalive 500ms" },
	{ CF("keepalive 0\n"), 6, "must be more than 0" },
	{ CF("keepalive garbage\n"), 6, "is not a time" },
	{ CF("deadtime 400ms\n"), 6, "must be more than 2 x keepalive (200ms); write deadtime 600ms" },
	{ CF("initdead 500ms\n"), 6, "must not be less than deadtime (1000ms); write initdead 2" },
	{ CF("warntime 0\n"), 6, "must be more than 0" },
	{ CF("deadping 400ms\n"), 6, "write deadping 600ms" },
	{ CF("baud 1\n"), 6, "must be one of" },
	{ CF("udpport 70000\n"), 6, "must be from 1 to 65535" },
	{ CF("mcast\n"), 6, "ha.cf:8: error: mcast: needs INTERFACE GROUP PORT TTL LOOP" },
	{ CF("ucast lo\n"), 6, "needs INTERFACE ADDRESS" },
	{ CF("ping_group g\n"), 6, "needs NAME HOST..." },
	{ CF("logfacility x\n"), 6, "must be one of" },
	{ CF("auto_failback x\n"), 6, "must be on, off or legacy" },
	{ CF("crm yes\n"), 6, "delete this line" },
	{ CF("autojoin x\n"), 6, "must be one of none, other, any" },
	{ CF("respawn root relative\n"), 6, "full path" },
	{ CF("respawn root /no/such\n"), 6, "there is no such program" },
	{ CF("respawn no-such-user-here /bin/sh\n"), 6, "there is no such user" },
	{ CF("apiauth x\n"), 6, "needs NAME [uid=USER,...] [gid=GROUP,...]" },
	{ CF("stonith x\n"), 6, "needs TYPE FILE" },
	{ CF("env =x\n"), 6, "write env NAME=VALUE" },
	{ CF("rtprio 0\n"), 6, "must be from 1 to 99" },
	{ CF("debug 256\n"), 6, "must be from 0 to 255" },
	{ CF("msgfmt x\n"), 6, "must be one of" },
	{ CF("compression x\n"), 6, "must be one of" },
	{ RES("n3 web\n"), 6, "haresources:1: error: n3: is not a node of ha.cf; a line begins with" },
	{ RES("n1 web\nn2 web\n"), 6, "haresources:2: error: web: is the first resource of line 1" },
	{ RES("n1 web \\ \n"), 6, "very last character" },
	{ RES("n1 ::\n"), 6, "names no script" },
	{ KEY(""), 6, "authkeys: error: no key is selected" },
	{ KEY("auth 1\n"), 6, "authkeys:1: error: auth 1 selects a key that is not there" },
	{ KEY("1 sha1 x\nauth 1\n"), 6, "must stand above the line of key 1" },
	{ KEY("auth 1\n1 crc x\n"), 6, "takes no key" },
	{ KEY("auth 1\n1 sha1\n"), 6, "needs a key" },
	{ KEY("auth 1\n1 sha2 x\n"), 6, "is not a method" },
	{ KEY("auth 99\n"), 6, "a key has a number from 0 to 15" },
	/* all at once, in the order of files and lines */
	{ GOOD_CF "b\na\ndeadtime 1s\n", "n3 web\n", "", 6,
	  "ha.cf:8: error: b: is not a directive\nha.cf:9: error: a: is not a directive\n"
	  "ha.cf:10: error: deadtime 1s: unit s is not known; write deadtime 1\n"
	  "haresources:1: error: n3: is not a node of ha.cf; a line begins with the node that is home to its "
	  "resources\n"
	  "authkeys: error: no key is selected; write auth 1 above the line of key 1\n"
	  "5 errors, 0 warnings, 0 not in force: the configuration cannot be used\n" },
};

static void
test_check_says_everything_in_order(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Case *c = &cases[i];
		g_autofree char *dir = make_dir(c->hacf, c->haresources, c->authkeys);
		int code;
		g_autofree char *says = check(dir, &code);

		if (code != c->code || strstr(says, c->says) == NULL) {
			g_test_message("case %zu: code %d\n%s", i, code, says);
			g_test_fail();
		}
		remove_tree(dir);
	}
}

static void
test_a_file_that_asks_for_losses_is_warned_of(void)
{
	g_autofree char *dir = make_dir(NULL, NULL, NULL);
	g_autofree char *says = NULL;
	int code;

	put(dir, "OnlyForTesting", "xmitloss=1\nrcvloss=1\nallownodes=;\n", 0644);
	says = check(dir, &code);
	g_assert_cmpint(code, ==, 0);
	g_assert_nonnull(strstr(says, "OnlyForTesting: warning: is for tests only"));
	remove_tree(dir);
}

static void
test_drop_ins_are_read_in_order_of_names_after_the_main_file(void)
{
	g_autofree char *dir = make_dir(NULL, NULL, NULL);
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = NULL;
	g_autoptr(HbConfig) config = NULL;
	HbConfInput input = { .node_name = "n1" };

	put(dir, "ha.cf.d/b.cf", "keepalive 50ms\nresource_timeout 7\n", 0644);
	put(dir, "ha.cf.d/a.cf", "keepalive 60ms\n", 0644);
	put(dir, "ha.cf.d/c.cf~", "not a directive\n", 0644);
	put(dir, "ha.cf.d/.d.cf", "not a directive\n", 0644);
	bundle = hb_bundle_read(dir, problems);
	g_assert_cmpuint(bundle->files->len, ==, 5);
	input.files = bundle;
	config = hb_config_parse(&input, problems);
	g_assert_nonnull(config);
	g_assert_cmpuint(problems->len, ==, 0);
	g_assert_cmpuint(config->keepalive_ms, ==, 50);
	g_assert_cmpuint(config->resource_timeout_ms, ==, 7000);
	remove_tree(dir);
}

/* The report about a directory in which @name is missing, a directory, or a link to @target */
static void
assert_spoiled(const char *name, const char *target, const char *expected)
{
	g_autofree char *dir = make_dir(NULL, NULL, NULL);
	g_autofree char *path = g_build_filename(dir, name, NULL);
	int code;
	g_autofree char *says = NULL;

	g_assert_true(g_remove(path) == 0 || g_str_has_suffix(name, ".d"));
	if (g_strcmp0(target, "dir") == 0)
		g_assert_cmpint(g_mkdir(path, 0755), ==, 0);
	else if (target != NULL)
		g_assert_cmpint(symlink(target, path), ==, 0);
	says = check(dir, &code);
	g_assert_cmpint(code, ==, 6);
	if (!g_str_has_prefix(says, expected))
		g_error("%s", says);
	remove_tree(dir);
}

static void
test_what_is_no_file_is_refused_without_hanging(void)
{
	assert_spoiled("ha.cf", NULL, "ha.cf: error: cannot be opened: No such file or directory; ");
	assert_spoiled("haresources", NULL, "haresources: error: cannot be opened: No such file or directory; it may be");
	assert_spoiled("authkeys", NULL, "authkeys: error: cannot be opened: No such file or directory; see authkeys(5)");
	assert_spoiled("ha.cf", "dir", "ha.cf: error: is not a file\n");
	assert_spoiled("authkeys", "dir", "authkeys: error: is not a file\n");
	assert_spoiled("haresources", "/dev/zero", "haresources: error: is not a file\n");
	assert_spoiled("haresources", "nowhere", "haresources: error: cannot be opened: No such file or directory; it may be");
	assert_spoiled("ha.cf.d", "nowhere", "ha.cf.d: error: is a link to nothing\n");
	assert_spoiled("ha.cf.d", "/etc/passwd", "ha.cf.d: error: is not a directory\n");
}

/* One file after the other with bytes that are no text: that is said once, and nothing that follows from it. */
static void
test_what_is_no_text_is_reported_alone(void)
{
	static const char *const files[] = { "ha.cf", "haresources", "authkeys" };
	static const struct {
		const char *bytes;
		gssize len;
		const char *says;
	} forms[] = {
		{ "\xef\xbb\xbf# saved elsewhere\nauth 1\n", -1, ":1: error: starts with a byte order mark: save as plain UTF-8 without it\n" },
		{ "\xff\xfe#\0\n\0", 6, ":1: error: is UTF-16: save as plain UTF-8 without a byte order mark\n" },
		{ "# one\n# two\nauth\0 1\n", 20, ":3: error: a zero byte: this is not a text file\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(files) * G_N_ELEMENTS(forms); i++) {
		const char *file = files[i % G_N_ELEMENTS(files)];
		gsize form = i / G_N_ELEMENTS(files);
		g_autofree char *dir = make_dir(NULL, NULL, NULL);
		g_autofree char *path = g_build_filename(dir, file, NULL);
		g_autofree char *expected = g_strconcat(file, forms[form].says,
		                                        "1 error, 0 warnings, 0 not in force: the configuration cannot be used\n", NULL);
		int code;
		g_autofree char *says = NULL;

		g_assert_true(g_file_set_contents_full(path, forms[form].bytes, forms[form].len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
		says = check(dir, &code);
		g_assert_cmpint(code, ==, 6);
		g_assert_cmpstr(says, ==, expected);
		remove_tree(dir);
	}
}

static void
test_a_missing_file_is_reported_alone(void)
{
	g_autofree char *dir = make_dir(NULL, NULL, NULL);
	g_autofree char *path = g_build_filename(dir, "haresources", NULL);
	int code;
	g_autofree char *says = NULL;

	g_assert_cmpint(g_remove(path), ==, 0);
	says = check(dir, &code);
	g_assert_nonnull(strstr(says, "\n1 error, 0 warnings, 0 not in force: the configuration cannot be used\n"));
	remove_tree(dir);
}

static void
test_keys_that_others_can_read_are_refused(void)
{
	static const struct {
		int mode;
		int code;
	} modes[] = { { 0600, 0 }, { 0400, 0 }, { 0700, 0 }, { 0622, 0 }, { 0640, 6 }, { 0604, 6 }, { 0644, 6 } };

	for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_autofree char *dir = make_dir(NULL, NULL, NULL);
		int code;
		g_autofree char *says = NULL;

		put(dir, "authkeys", GOOD_KEYS, modes[i].mode);
		says = check(dir, &code);
		g_assert_cmpint(code, ==, modes[i].code);
		if (code != 0)
			g_assert_nonnull(strstr(says, "authkeys: error: Bad permissions: others can read the keys; "
			                              "run chmod 600 "));
		remove_tree(dir);
	}
}

/* Runs --check as somebody without rights. */
static int
check_as_nobody(const char *dir)
{
	int status = -1;
	pid_t child = fork();

	g_assert_cmpint(child, >=, 0);
	if (child == 0) {
		g_autoptr(GString) out = g_string_new(NULL);

		if (getuid() == 0 && setuid(65534) != 0)
			_exit(99);
		_exit(hb_conf_check(dir, NULL, "n1", out));
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
test_a_file_that_may_not_be_read_gives_code_4(void)
{
	g_autofree char *dir = make_dir(NULL, NULL, NULL);

	g_assert_cmpint(g_chmod(dir, 0755), ==, 0);
	put(dir, "authkeys", GOOD_KEYS, 0000);
	g_assert_cmpint(check_as_nobody(dir), ==, 4);
	remove_tree(dir);
}

static void
test_a_file_beyond_all_measure_is_refused(void)
{
	g_autofree char *dir = make_dir(NULL, NULL, NULL);
	g_autofree char *big = g_strnfill(1048577, '\n');
	g_autofree char *fits = g_strnfill(1048576, '\n');
	int code;
	g_autofree char *says = NULL;
	g_autofree char *says_fits = NULL;

	put(dir, "haresources", big, 0644);
	says = check(dir, &code);
	g_assert_nonnull(strstr(says, "haresources: error: is too large: 1048577 bytes, and at most 1048576 are read"));
	put(dir, "haresources", fits, 0644);
	says_fits = check(dir, &code);
	g_assert_cmpint(code, ==, 0);
	remove_tree(dir);
}

static void
assert_same_bundle(const HbBundle *a, const HbBundle *b)
{
	g_assert_cmpuint(a->files->len, ==, b->files->len);
	for (guint i = 0; i < a->files->len; i++) {
		const HbFile *left = a->files->pdata[i];
		const HbFile *right = b->files->pdata[i];

		g_assert_cmpint(left->kind, ==, right->kind);
		g_assert_cmpstr(left->path, ==, right->path);
		g_assert_true(g_bytes_equal(left->bytes, right->bytes));
	}
}

static void
test_a_packed_bundle_unpacks_to_the_same(void)
{
	g_autoptr(HbBundle) bundle = fixture_bundle(GOOD_CF, "", GOOD_KEYS);
	g_autoptr(HbBundle) empty = fixture_bundle(NULL, NULL, NULL);
	g_autoptr(GBytes) packed = hb_bundle_pack(bundle);
	g_autoptr(GBytes) packed_empty = hb_bundle_pack(empty);
	g_autoptr(HbBundle) again = hb_bundle_unpack(packed);
	g_autoptr(HbBundle) again_empty = hb_bundle_unpack(packed_empty);

	assert_same_bundle(bundle, again);
	assert_same_bundle(empty, again_empty);
}

static void
test_what_is_not_a_bundle_is_not_unpacked(void)
{
	g_autoptr(HbBundle) bundle = fixture_bundle(GOOD_CF, "n1 a\n", GOOD_KEYS);
	g_autoptr(GBytes) packed = hb_bundle_pack(bundle);
	gsize len;
	const guint8 *data = g_bytes_get_data(packed, &len);

	for (gsize cut = 0; cut < len; cut++) {
		g_autoptr(GBytes) part = g_bytes_new(data, cut);

		g_assert_null(hb_bundle_unpack(part));
	}
	for (gsize i = 0; i < 20; i++) {
		g_autofree guint8 *copy = g_memdup2(data, len);
		g_autoptr(GBytes) spoiled = NULL;
		g_autoptr(HbBundle) again = NULL;

		copy[i] ^= 0x80;
		spoiled = g_bytes_new(copy, len);
		again = hb_bundle_unpack(spoiled);
		/* From byte 16 on stands the path, in which anything is possible. */
		g_assert_true((again == NULL) == (i < 16));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bundle/check-says-everything-in-order", test_check_says_everything_in_order);
	g_test_add_func("/bundle/losses-on-request-are-warned-of", test_a_file_that_asks_for_losses_is_warned_of);
	g_test_add_func("/bundle/drop-ins-in-order", test_drop_ins_are_read_in_order_of_names_after_the_main_file);
	g_test_add_func("/bundle/no-file-is-refused", test_what_is_no_file_is_refused_without_hanging);
	g_test_add_func("/bundle/no-text-alone", test_what_is_no_text_is_reported_alone);
	g_test_add_func("/bundle/missing-file-alone", test_a_missing_file_is_reported_alone);
	g_test_add_func("/bundle/keys-others-can-read", test_keys_that_others_can_read_are_refused);
	g_test_add_func("/bundle/no-permission-gives-4", test_a_file_that_may_not_be_read_gives_code_4);
	g_test_add_func("/bundle/beyond-measure", test_a_file_beyond_all_measure_is_refused);
	g_test_add_func("/bundle/packed-unpacks", test_a_packed_bundle_unpacks_to_the_same);
	g_test_add_func("/bundle/not-a-bundle", test_what_is_not_a_bundle_is_not_unpacked);
	return g_test_run();
}
