/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_generation.c - generation and uuid survive, never go back, and say when they cannot be kept. */
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "exec/store.h"

#include "util/banned.h"

typedef struct {
	char *dir;
	char *generation;       /* path */
	char *uuid;
} Dir;

static void
setup(Dir *dir, gconstpointer data)
{
	(void)data;
	dir->dir = g_dir_make_tmp("hb-generation-XXXXXX", NULL);
	g_assert_nonnull(dir->dir);
	dir->generation = g_build_filename(dir->dir, "hb_generation", NULL);
	dir->uuid = g_build_filename(dir->dir, "hb_uuid", NULL);
}

static void
teardown(Dir *dir, gconstpointer data)
{
	(void)data;
	g_unlink(dir->generation);
	g_unlink(dir->uuid);
	g_assert_cmpint(g_rmdir(dir->dir), ==, 0);      /* nothing else is left there */
	g_free(dir->dir);
	g_free(dir->generation);
	g_free(dir->uuid);
}

static guint64
next(Dir *dir, gboolean by_time, guint64 now_s, gboolean warns)
{
	g_autofree char *warning = NULL;
	g_autoptr(GError) error = NULL;
	guint64 generation = 0;

	g_assert_true(hb_store_next_generation(dir->dir, 0, by_time, now_s, &generation, &warning, &error));
	g_assert_no_error(error);
	g_assert_cmpint(warning != NULL, ==, warns);
	return generation;
}

static void
test_the_first_is_the_time_then_one_more_each(Dir *dir, gconstpointer data)
{
	g_autofree char *text = NULL;
	gsize len;

	(void)data;
	g_assert_cmpuint(next(dir, FALSE, 1700000000, FALSE), ==, 1700000000);
	g_assert_cmpuint(next(dir, FALSE, 1800000000, FALSE), ==, 1700000001);
	g_assert_true(g_file_get_contents(dir->generation, &text, &len, NULL));
	g_assert_cmpmem(text, len, "     1700000001\n", 16);
}

static void
test_a_broken_file_warns_and_starts_from_the_time(Dir *dir, gconstpointer data)
{
	static const char *const broken[] = { "", "abc\n", "-5\n", "1700000000 x\n", "00000000000000000000000000000", "0\n" };

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_assert_true(g_file_set_contents(dir->generation, broken[i], -1, NULL));
		g_assert_cmpuint(next(dir, FALSE, 1700000000, TRUE), ==, 1700000000);
	}
}

static void
test_a_file_of_the_old_heartbeat_is_understood(Dir *dir, gconstpointer data)
{
	(void)data;
	g_assert_true(g_file_set_contents(dir->generation, "     1763712345\n", -1, NULL));
	g_assert_cmpuint(next(dir, FALSE, 5, FALSE), ==, 1763712346);
}

static void
test_by_time_never_goes_back(Dir *dir, gconstpointer data)
{
	(void)data;
	g_assert_cmpuint(next(dir, TRUE, 1700000000, FALSE), ==, 1700000000);
	g_assert_cmpuint(next(dir, TRUE, 1700000500, FALSE), ==, 1700000500);
	g_assert_cmpuint(next(dir, TRUE, 1600000000, FALSE), ==, 1700000501);
}

/* @says: part of the warning, NULL: there must be none */
static void
store_uuid(Dir *dir, guint8 *ret_uuid, const char *says)
{
	g_autofree char *warning = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(hb_store_uuid(dir->dir, ret_uuid, &warning, &error));
	g_assert_no_error(error);
	g_assert_cmpint(warning != NULL, ==, says != NULL);
	g_assert_true(says == NULL || strstr(warning, says) != NULL);
}

static void
test_the_uuid_stays(Dir *dir, gconstpointer data)
{
	guint8 first[HB_UUID_LEN], second[HB_UUID_LEN];

	(void)data;
	store_uuid(dir, first, NULL);
	store_uuid(dir, second, NULL);
	g_assert_cmpmem(first, sizeof first, second, sizeof second);
}

static void
test_a_short_or_empty_uuid_is_replaced(Dir *dir, gconstpointer data)
{
	static const char zeros[HB_UUID_LEN];
	static const struct {
		const char *bytes;
		gssize len;
		const char *says;
	} broken[] = {
		{ "", 0, "other than 16 bytes" },
		{ "short", 5, "other than 16 bytes" },
		{ "0b5d2f9e-3c41-4b7e-9a3b-6a0d8a1f2c3d\n", 37, "other than 16 bytes" },
		{ zeros, sizeof zeros, "nothing but zeros" },
	};
	guint8 uuid[HB_UUID_LEN], again[HB_UUID_LEN];

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_assert_true(g_file_set_contents(dir->uuid, broken[i].bytes, broken[i].len, NULL));
		store_uuid(dir, uuid, broken[i].says);
		store_uuid(dir, again, NULL);
		g_assert_cmpmem(uuid, sizeof uuid, again, sizeof again);
	}
	g_unlink(dir->uuid);
	g_assert_cmpint(symlink("nowhere", dir->uuid), ==, 0);
	store_uuid(dir, uuid, "BROKEN uuid in ");
	g_assert_false(g_file_test(dir->uuid, G_FILE_TEST_IS_SYMLINK));
}

static void
test_a_directory_in_the_place_of_a_file_is_an_error(Dir *dir, gconstpointer data)
{
	g_autofree char *warning = NULL;
	g_autoptr(GError) error = NULL;
	guint8 uuid[HB_UUID_LEN];

	(void)data;
	g_assert_cmpint(g_mkdir(dir->uuid, 0755), ==, 0);
	g_assert_false(hb_store_uuid(dir->dir, uuid, &warning, &error));
	g_assert_nonnull(strstr(error->message, "/hb_uuid: Is a directory"));
	g_assert_cmpint(g_rmdir(dir->uuid), ==, 0);
}

static void
test_none_is_used_twice_on_a_boot(Dir *dir, gconstpointer data)
{
	g_autofree char *warning = NULL;
	guint64 generation = 0;

	(void)data;
	g_assert_cmpuint(next(dir, FALSE, 1000, FALSE), ==, 1000);
	g_unlink(dir->generation);
	g_assert_true(hb_store_next_generation(dir->dir, 1000, FALSE, 1000, &generation, &warning, NULL));
	g_assert_cmpuint(generation, ==, 1001);
	g_assert_cmpuint(next(dir, FALSE, 1000, FALSE), ==, 1002);
}

static void
test_what_cannot_be_kept_is_an_error(Dir *dir, gconstpointer data)
{
	g_autofree char *missing = g_build_filename(dir->dir, "missing", NULL);
	g_autofree char *warning = NULL;
	g_autoptr(GError) error = NULL;
	guint64 generation = 7;

	(void)data;
	g_assert_false(hb_store_next_generation(missing, 0, FALSE, 1, &generation, &warning, &error));
	g_assert_nonnull(error);
	g_assert_nonnull(strstr(error->message, "hb_generation"));
	g_assert_cmpuint(generation, ==, 7);
}

#define ADD(func) g_test_add("/generation/" #func, Dir, NULL, setup, test_##func, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(the_first_is_the_time_then_one_more_each);
	ADD(a_broken_file_warns_and_starts_from_the_time);
	ADD(a_file_of_the_old_heartbeat_is_understood);
	ADD(by_time_never_goes_back);
	ADD(the_uuid_stays);
	ADD(a_short_or_empty_uuid_is_replaced);
	ADD(a_directory_in_the_place_of_a_file_is_an_error);
	ADD(none_is_used_twice_on_a_boot);
	ADD(what_cannot_be_kept_is_an_error);
	return g_test_run();
}
