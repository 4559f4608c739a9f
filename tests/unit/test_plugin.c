/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_plugin.c - what is loaded as a plugin, and what is refused. */
#include "plugin/plugin.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "conf/config.h"
#include "conf/load.h"

#include "util/banned.h"

static char *fake_dir;

static void
test_a_good_plugin_is_loaded_once(void)
{
	g_autoptr(GError) error = NULL;
	const hb_medium_ops *ops = hb_plugin_medium("fake", &error);

	g_assert_no_error(error);
	g_assert_nonnull(ops);
	g_assert_cmpstr(ops->name, ==, "fake");
	g_assert_true(hb_plugin_medium("fake", NULL) == ops);
}

static void
test_a_bad_plugin_is_refused_with_a_reason(void)
{
	const struct {
		const char *name;
		HbPluginError code;
		const char *words;
	} rows[] = {
		{ "nosuch", HB_PLUGIN_ERROR_MISSING, "nosuch.so" },
		{ "", HB_PLUGIN_ERROR_NAME, "name" },
		{ "../fake", HB_PLUGIN_ERROR_NAME, "name" },
		{ "Fake", HB_PLUGIN_ERROR_NAME, "name" },
		{ "fake.so", HB_PLUGIN_ERROR_NAME, "name" },
		{ "a23456789012345678901234567890123", HB_PLUGIN_ERROR_NAME, "at most" },
		{ "fake-abi", HB_PLUGIN_ERROR_ABI, "another version" },
		{ "fake-misnamed", HB_PLUGIN_ERROR_ABI, "name" },
		{ "fake-incomplete", HB_PLUGIN_ERROR_ABI, "incomplete" },
		{ "fake-auth", HB_PLUGIN_ERROR_ABI, "not a plugin of this kind" },
		{ "garbage", HB_PLUGIN_ERROR_LOAD, "garbage.so" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(hb_plugin_medium(rows[i].name, &error));
		g_assert_error(error, HB_PLUGIN_ERROR, (int)rows[i].code);
		g_assert_nonnull(strstr(error->message, rows[i].words));
	}
	g_assert_null(hb_plugin_auth("fake", NULL));
}

/* A directory with a copy of the good plugin below HBcomm. */
static char *
installed_copy(const char *name)
{
	g_autofree char *from = g_build_filename(fake_dir, "fake.so", NULL);
	g_autofree char *file = g_strconcat(name, ".so", NULL);
	g_autofree char *dir = g_dir_make_tmp("hb-plugin-XXXXXX", NULL);
	g_autofree char *sub = g_build_filename(dir, "HBcomm", NULL);
	g_autofree char *path = g_build_filename(sub, file, NULL);
	g_autofree char *bytes = NULL;
	gsize len;

	g_assert_cmpint(g_mkdir(sub, 0755), ==, 0);
	g_assert_true(g_file_get_contents(from, &bytes, &len, NULL));
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
	g_assert_cmpint(g_chmod(path, 0755), ==, 0);
	return g_steal_pointer(&dir);
}

static void
remove_copy(const char *dir, const char *name)
{
	g_autofree char *file = g_strconcat(name, ".so", NULL);
	g_autofree char *sub = g_build_filename(dir, "HBcomm", NULL);
	g_autofree char *path = g_build_filename(sub, file, NULL);

	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_rmdir(sub), ==, 0);
	g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static void
test_root_loads_nothing_that_others_may_write(void)
{
	g_autofree char *dir = installed_copy("unsafe");
	g_autofree char *sub = g_build_filename(dir, "HBcomm", NULL);
	g_autofree char *path = g_build_filename(sub, "unsafe.so", NULL);
	const struct {
		const char *path;
		guint mode;
	} rows[] = { { path, 0757 }, { path, 0775 }, { sub, 0777 } };

	if (geteuid() != 0) {
		remove_copy(dir, "unsafe");
		g_test_skip("root only");
		return;
	}
	hb_plugin_set_dir(dir);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_cmpint(g_chmod(rows[i].path, (int)rows[i].mode), ==, 0);
		g_assert_null(hb_plugin_medium("unsafe", &error));
		g_assert_error(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_UNSAFE);
		g_assert_nonnull(strstr(error->message, rows[i].path));
		g_assert_cmpint(g_chmod(rows[i].path, 0755), ==, 0);
	}
	g_assert_cmpint(chown(path, 1, 1), ==, 0);
	g_assert_null(hb_plugin_medium("unsafe", NULL));
	hb_plugin_set_dir(fake_dir);
	remove_copy(dir, "unsafe");
}

static void
test_the_environment_comes_first_and_must_be_absolute(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = installed_copy("other");
	g_autofree char *list = g_strconcat("/nowhere::", dir, NULL);
	const hb_medium_ops *ops;

	g_setenv("HB_PLUGIN_PATH", ".", TRUE);
	g_assert_null(hb_plugin_medium("other", NULL));
	g_setenv("HB_PLUGIN_PATH", list, TRUE);
	/* Found, and refused for the name inside. */
	ops = hb_plugin_medium("other", &error);
	g_assert_null(ops);
	g_assert_error(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_ABI);
	g_assert_nonnull(strstr(error->message, dir));
	g_unsetenv("HB_PLUGIN_PATH");
	remove_copy(dir, "other");
}

static void
test_the_judge_asks_the_plugin(void)
{
	const HbPluginJudge *judge = hb_plugin_judge();
	g_autofree char *far_name = NULL;
	g_autofree char *bad = NULL;
	g_autofree char *mute = NULL;
	g_autofree char *broken = NULL;

	g_assert_true(judge->medium_known("fake"));
	g_assert_true(judge->medium_known("fake-abi"));
	g_assert_false(judge->medium_known("nosuch"));
	g_assert_false(judge->medium_known("no/such"));
	g_assert_true(judge->medium_word_each("fake"));
	g_assert_false(judge->medium_word_each("nosuch"));
	g_assert_true(judge->medium_check("fake", "good", 694, 19200, &far_name, &bad));
	g_assert_cmpstr(far_name, ==, "good");
	g_assert_false(judge->medium_check("fake", "bad", 695, 9600, &far_name, &bad));
	g_assert_cmpstr(bad, ==, "bad; write good (port 695, baud 9600)");
	g_assert_false(judge->medium_check("fake", "mute", 694, 19200, &far_name, &mute));
	g_assert_cmpstr(mute, ==, "fake refuses this line");
	g_assert_false(judge->medium_check("fake-abi", "good", 694, 19200, &far_name, &broken));
	g_assert_nonnull(strstr(broken, "another version"));
	g_assert_true(judge->auth_known("fake-auth"));
	g_assert_false(judge->auth_known("fake"));
	g_assert_true(judge->auth_needs_key("fake-auth"));
	g_assert_false(judge->auth_needs_key("fake-keyless"));
}

static void
test_the_keyring_holds_copies_of_all_keys(void)
{
	g_autoptr(GError) error = NULL;
	char secret[] = "secret";
	HbConfig config = { .sign_key = 2 };
	HbKeyring keys = { 0 };
	char hex[HB_DIGEST_HEX_MAX + 1];

	config.keys[2] = (HbKeyConf){ .set = TRUE, .method = (char *)"fake-auth", .key = secret };
	config.keys[7] = (HbKeyConf){ .set = TRUE, .method = (char *)"fake-keyless" };
	g_assert_true(hb_plugin_keyring(&config, &keys, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(keys.sign, ==, 2);
	g_assert_false(keys.accept_306_roll);
	g_assert_null(keys.key[0].digest);
	g_assert_cmpmem(keys.key[2].key, keys.key[2].key_len, "secret", 6);
	g_assert_true(keys.key[2].key != secret);
	keys.key[2].digest(keys.key[2].key, keys.key[2].key_len, "abc", 3, hex);
	g_assert_cmpstr(hex, ==, "63");
	g_assert_null(keys.key[7].key);
	g_assert_nonnull(keys.key[7].digest);
	hb_keyring_wipe(&keys);
	g_assert_null(keys.key[2].key);
}

static void
test_keys_that_do_not_fit_their_method_are_refused(void)
{
	const struct {
		const char *method;
		const char *key;
		HbPluginError code;
	} rows[] = {
		{ "fake-auth", NULL, HB_PLUGIN_ERROR_KEY },
		{ "fake-keyless", "secret", HB_PLUGIN_ERROR_KEY },
		{ "nosuch", "secret", HB_PLUGIN_ERROR_MISSING },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		HbConfig config = { .sign_key = 1 };
		HbKeyring keys = { .sign = 99 };

		config.keys[1] = (HbKeyConf){ .set = TRUE, .method = (char *)rows[i].method,
			                      .key = (char *)rows[i].key };
		g_assert_false(hb_plugin_keyring(&config, &keys, &error));
		g_assert_error(error, HB_PLUGIN_ERROR, (int)rows[i].code);
		g_assert_cmpuint(keys.sign, ==, 99);
	}
}

/* The directory of the fakes, with one file that is no shared object at all. */
static char *
find_fakes(void)
{
	const char *top = g_getenv("HB_BUILDDIR");
	char *dir = g_build_filename(top != NULL ? top : ".", "tests/unit/fake_plugins/.libs", NULL);
	g_autofree char *garbage = g_build_filename(dir, "garbage.so", NULL);

	g_assert_true(g_file_set_contents(garbage, "garbage", -1, NULL));
	g_assert_cmpint(g_chmod(garbage, 0755), ==, 0);
	return dir;
}

int
main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	g_unsetenv("HB_PLUGIN_PATH");
	fake_dir = find_fakes();
	hb_plugin_set_dir(fake_dir);
	g_test_add_func("/plugin/a_good_plugin_is_loaded_once", test_a_good_plugin_is_loaded_once);
	g_test_add_func("/plugin/a_bad_plugin_is_refused_with_a_reason",
	                test_a_bad_plugin_is_refused_with_a_reason);
	g_test_add_func("/plugin/root_loads_nothing_that_others_may_write",
	                test_root_loads_nothing_that_others_may_write);
	g_test_add_func("/plugin/the_environment_comes_first_and_must_be_absolute",
	                test_the_environment_comes_first_and_must_be_absolute);
	g_test_add_func("/plugin/the_judge_asks_the_plugin", test_the_judge_asks_the_plugin);
	g_test_add_func("/plugin/the_keyring_holds_copies_of_all_keys",
	                test_the_keyring_holds_copies_of_all_keys);
	g_test_add_func("/plugin/keys_that_do_not_fit_their_method_are_refused",
	                test_keys_that_do_not_fit_their_method_are_refused);
	status = g_test_run();
	g_free(fake_dir);
	return status;
}
