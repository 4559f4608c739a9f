/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks by another program (doc/ldirectord.md 3.5). */
#define _GNU_SOURCE     /* unshare() */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "ldir_check_fixture.h"
#include "ldirectord/check/child.h"
#include "util/banned.h"

static char *dir;

/* A program there with @text as its lines (transfer full) */
static char *
program(const char *name, const char *text)
{
	char *path = g_build_filename(dir, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(chmod(path, 0755), ==, 0);
	return path;
}

static char *
section_of(const char *kind, const char *command, const char *more)
{
	/* the default is too short for a machine with much else to do */
	return g_strdup_printf("\tchecktimeout=60\n\tchecktype=%s\n\tcheckcommand=\"%s\"\n%s", kind, command, more);
}

static void
expect_program(const char *text, const char *more, gboolean is_good, const char *why)
{
	g_autofree char *path = program("check", text);
	g_autofree char *section = section_of("external", path, more);

	check_expect_port(8080, section, is_good, why);
}

static void
test_the_exit_status_decides(void)
{
	expect_program("#!/bin/sh\nexit 0\n", "", TRUE, "exit status 0");
	expect_program("#!/bin/sh\nexit 3\n", "", FALSE, "exit status 3");
	expect_program("#!/bin/sh\nkill -9 $$\n", "", FALSE, "signal 9");
	check_expect_port(8080, "\tchecktype=external\n", TRUE, NULL);
	check_expect_port(8080, "\tchecktype=external\n\tcheckcommand=/no/such/program\n", FALSE, "No such file");
}

/* As misc_dynamic of keepalived */
static void
test_the_exit_status_may_be_a_weight(void)
{
	static const struct {
		const char *text;
		gboolean is_good;
		LdirSaid said;
	} rows[] = {
		{ "#!/bin/sh\nexit 0\n", TRUE, { .kind = LDIR_SAID_NOTHING, .n = 0 } },
		{ "#!/bin/sh\nexit 1\n", FALSE, { .kind = LDIR_SAID_NOTHING, .n = 0 } },
		{ "#!/bin/sh\nexit 2\n", TRUE, { .kind = LDIR_SAID_WEIGHT, .n = 0 } },
		{ "#!/bin/sh\nexit 255\n", TRUE, { .kind = LDIR_SAID_WEIGHT, .n = 253 } },
		{ "#!/bin/sh\nkill -9 $$\n", FALSE, { .kind = LDIR_SAID_NOTHING, .n = 0 } },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = program("check", rows[i].text);
		g_autofree char *section = section_of("external", path, "\texternalweight=yes\n");
		g_autofree char *whole = g_strdup_printf("virtual=127.0.0.1:80\n\treal=127.0.0.1:81 masq\n%s", section);
		CheckFixture f = check_once(whole);
		LdirSaid said = ldir_checker_said(f.checker);

		g_assert_cmpint(f.is_good, ==, rows[i].is_good);
		g_assert_cmpint(said.kind, ==, rows[i].said.kind);
		g_assert_cmpuint(said.n, ==, rows[i].said.n);
		check_done(&f);
	}
}

static void
expect_six(const char *text)
{
	g_autofree char *path = program("check", text);
	g_autofree char *section = section_of("external", path, "");
	g_autofree char *whole = g_strdup_printf("virtual6=[fd00::1]:80\n\treal6=[::1]:81 masq\n%s", section);
	CheckFixture f = check_once(whole);

	g_assert_true(f.is_good);
	check_done(&f);
}

static void
test_arguments_and_environment(void)
{
	expect_program("#!/bin/sh\n[ \"$*\" = '10.0.0.1 8080 127.0.0.1 8080' ] && [ \"$LD_VS\" = 10.0.0.1:8080 ] &&\n"
	               "[ \"$LD_RS\" = 127.0.0.1:8080 ] && [ \"$LD_SERVICE\" = tcp:10.0.0.1:8080 ] &&\n"
	               "[ \"$LD_STATE\" = up ]\n", "", TRUE, NULL);
	expect_six("#!/bin/sh\n[ \"$*\" = '[fd00::1] 80 [::1] 81' ] && [ \"$LD_RS\" = '[::1]:81' ]\n");
}

static void
test_a_command_with_blanks_is_split_unless_it_is_a_file(void)
{
	g_autofree char *path = program("words", "#!/bin/sh\n[ $# = 6 ] && [ $1 = a ] && [ $2 = b ]\n");
	g_autofree char *spaced = program("one word", "#!/bin/sh\n[ $# = 4 ]\n");
	g_autofree char *command = g_strconcat(path, "  a b", NULL);
	g_autofree char *split = section_of("external", command, "");
	g_autofree char *whole = section_of("external", spaced, "");

	check_expect_port(8080, split, TRUE, NULL);
	check_expect_port(8080, whole, TRUE, NULL);
}

static void
test_perl_is_run_as_a_program(void)
{
	g_autofree char *path = program("check.pl", "exit(@ARGV == 4 ? 0 : 1);\n");
	g_autofree char *section = section_of("external-perl", path, "");

	if (g_file_test("/usr/bin/perl", G_FILE_TEST_IS_EXECUTABLE))
		check_expect_port(8080, section, TRUE, NULL);
	else
		g_test_skip("no Perl here");
}

static gboolean
has_ended(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
	g_autofree char *text = NULL;

	/* "PID (name) Z": somebody else is to reap it */
	return !g_file_get_contents(path, &text, NULL, NULL) || strstr(text, ") Z ") != NULL;
}

/* It takes its child with it, though both ignore a polite request. */
static void
test_who_takes_too_long_is_killed_with_all_its_children(void)
{
	g_autofree char *note = g_build_filename(dir, "pids", NULL);
	g_autofree char *text = g_strdup_printf("#!/bin/sh\ntrap '' TERM\n(trap '' TERM; while :; do sleep 1000; done) &\n"
	                                        "echo $$ $! >%s.new\nmv %s.new %s\nwhile :; do sleep 1000; done\n", note, note, note);
	g_autofree char *path = program("stubborn", text);
	g_autofree char *section = section_of("external", path, "\tchecktimeout=1\n");
	g_autofree char *whole = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.1:80 masq\n%s", section);
	CheckFixture f = check_once(whole);
	g_autofree char *pids = NULL;
	gint64 end_ms = hb_time_now_ms() + FIXTURE_LIMIT_MS;
	int pid, child_pid;

	g_assert_false(f.is_good);
	g_assert_cmpstr(f.why, ==, "timed out");
	if (!g_file_get_contents(note, &pids, NULL, NULL)) {
		g_test_skip("too slow a machine: it was killed before it had begun");
		check_done(&f);
		return;
	}
	g_assert_cmpint(sscanf(pids, "%d %d", &pid, &child_pid), ==, 2);
	while ((!has_ended(pid) || !has_ended(child_pid)) && hb_time_now_ms() < end_ms)
		check_turn(f.checker);
	g_assert_true(has_ended(pid));
	g_assert_true(has_ended(child_pid));
	check_done(&f);
}

typedef struct {
	guint n_good, n_bad;
} Count;

static void
count(guint64 id, gboolean is_good, const char *why, gpointer user)
{
	Count *counts = user;

	(void)id, (void)why;
	if (is_good)
		counts->n_good++;
	else
		counts->n_bad++;
}

static void
test_more_than_may_run_at_once_wait_for_their_turn(void)
{
	g_autofree char *section = section_of("external", "/bin/true", "");
	g_autofree char *whole = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.1:80 masq\n%s", section);
	g_autoptr(LdirConfig) config = check_config(whole);
	const LdirVirtual *vs = config->virtuals->pdata[0];
	Count counts = { 0 };
	g_autoptr(LdirChecker) checker = ldir_checker_new(count, &counts);
	gint64 end_ms = hb_time_now_ms() + FIXTURE_LIMIT_MS;

	for (guint64 id = 0; id < 150; id++)
		ldir_checker_start(checker, id, config, vs, vs->reals->pdata[0], LDIR_CHECK_EXTERNAL, NULL);
	while (counts.n_good + counts.n_bad < 150 && hb_time_now_ms() < end_ms)
		check_turn(checker);
	g_assert_cmpuint(counts.n_good, ==, 150);
}

/* A program of this name that is found instead of the real one. */
static void
expect_client(const char *name, const char *text, const char *section, gboolean is_good, const char *why)
{
	g_autofree char *path = program(name, text);

	check_expect_port(4711, section, is_good, why);
	(void)unlink(path);
}

#define MYSQL "\tnegotiatetimeout=60\n\tservice=mysql\n\tlogin=\"joe\"\n\tpasswd=\"p w\"\n\tdatabase=\"d\"\n\trequest=\"SELECT * FROM t\"\n"
#define PGSQL "\tnegotiatetimeout=60\n\tservice=pgsql\n\tlogin=\"joe\"\n\tpasswd=\"p w\"\n\tdatabase=\"d\"\n"
#define ORACLE "\tnegotiatetimeout=60\n\tservice=oracle\n\tlogin=\"joe\"\n\tpasswd=\"p w\"\n\tdatabase=\"d\"\n\trequest=\"SELECT a FROM t\"\n"

static void
test_sql_is_asked_by_the_client_of_the_database(void)
{
	expect_client("mysql", "#!/bin/sh\n[ \"$MYSQL_PWD\" = 'p w' ] && for a; do case $a in *'p w'*) exit 1; esac; done &&\n"
	              "case \" $* \" in *' --host=127.0.0.1 --port=4711 --user=joe --database=d --execute=SELECT * FROM t ') echo 1;; esac\n",
	              MYSQL, TRUE, "a row");
	expect_client("mysql", "#!/bin/sh\nexit 0\n", MYSQL, FALSE, "no row");
	expect_client("mysql", "#!/bin/sh\necho 1; exit 1\n", MYSQL, FALSE, "mysql: exit status 1");
	expect_client("mysql", "#!/bin/sh\nsleep 1000\n", MYSQL "\tnegotiatetimeout=1\n", FALSE, "timed out");
	expect_client("mysql", "#!/bin/sh\nwhile :; do echo 1; done\n", MYSQL "\tnegotiatetimeout=1\n", FALSE, "timed out");
	expect_client("mysql", "#!/bin/sh\necho 1; kill -9 $$\n", MYSQL, FALSE, NULL);
	expect_client("mysql", "#!/bin/sh\necho 1\n", "\tservice=mysql\n", FALSE, "login= is missing");
	expect_client("psql", "#!/bin/sh\n[ \"$PGPASSWORD\" = 'p w' ] &&\n"
	              "case \" $* \" in *' --username=joe --dbname=d --command=SELECT 1 ') echo;; esac\n", PGSQL, TRUE, "a row");
	expect_client("sqlplus", "#!/bin/sh\ngrep -q '^connect joe/\"p w\"@//127.0.0.1:4711/d$' && echo 1\n", ORACLE, TRUE, "a row");
	g_setenv("PATH", dir, TRUE);
	check_expect_port(4711, MYSQL, FALSE, "cannot run mysql: No such file or directory; it is in default-mysql-client");
}

static void
remove_dir(void)
{
	static const char *const names[] = { "check", "words", "one word", "check.pl", "stubborn", "pids" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(dir, names[i], NULL);

		(void)unlink(path);
	}
	(void)rmdir(dir);
	g_free(dir);
}

/* Programs that hang are soon those of servers that are down, and keep none of a server that is up from its turn. */
static void
test_servers_that_are_down_have_places_of_their_own(void)
{
	g_autofree char *check = program("check", "#!/bin/sh\n[ \"$LD_STATE\" != down ] || exec /bin/sleep 1000\n");
	g_autofree char *section = section_of("external", check, "\tchecktimeout=600\n");
	g_autofree char *text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.1:80 masq\n%s", section);
	g_autoptr(LdirConfig) config = check_config(text);
	const LdirVirtual *vs = config->virtuals->pdata[0];
	Count counts = { 0 };
	g_autoptr(LdirChecker) checker = ldir_checker_new(count, &counts);
	gint64 end_ms = hb_time_now_ms() + FIXTURE_LIMIT_MS;

	for (guint64 id = 1; id <= LDIR_CHILDREN_MAX + LDIR_DOWN_MAX; id++)
		ldir_checker_start(checker, id, config, vs, vs->reals->pdata[0], LDIR_CHECK_EXTERNAL, "down");
	ldir_checker_start(checker, 1000, config, vs, vs->reals->pdata[0], LDIR_CHECK_EXTERNAL, "up");
	while (counts.n_good == 0 && hb_time_now_ms() < end_ms)
		check_turn(checker);
	g_assert_cmpuint(counts.n_good, ==, 1);
	g_assert_cmpuint(counts.n_bad, ==, 0);
	g_assert_cmpuint(checker->n_children[LDIR_POOL_DOWN], ==, LDIR_DOWN_MAX);
}

/* Servers that send us to names for which nobody answers keep no program from its turn. */
static void
test_names_and_programs_have_places_of_their_own(void)
{
	g_autofree char *getent = program("getent", "#!/bin/sh\nexec /bin/sleep 1000\n");
	g_autofree char *check = program("check", "#!/bin/sh\nexit 0\n");
	g_autofree char *section = section_of("external", check, "");
	g_autofree char *text = NULL;
	g_autoptr(LdirConfig) config = NULL;
	g_autoptr(LdirChecker) checker = NULL;
	const LdirVirtual *away, *external;
	Count counts = { 0 };
	CheckServer server;
	gint64 end_ms = hb_time_now_ms() + FIXTURE_LIMIT_MS;

	server_start(&server, "<\\r\\n\\r\\n >HTTP/1.1_302_Found\\r\\nLocation:_http://www.example.com/\\r\\n\\r\\n close");
	text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.1:%u masq\n\tservice=http\n\tnegotiatetimeout=600\n"
	                       "virtual=10.0.0.2:80\n\treal=127.0.0.1:80 masq\n%s", server.port, section);
	config = check_config(text);
	away = config->virtuals->pdata[0];
	external = config->virtuals->pdata[1];
	checker = ldir_checker_new(count, &counts);
	for (guint64 id = 1; checker->n_children[LDIR_POOL_NAMES] < LDIR_NAMES_MAX && hb_time_now_ms() < end_ms; id++) {
		guint n_before = checker->n_children[LDIR_POOL_NAMES] + counts.n_bad;

		ldir_checker_start(checker, id, config, away, away->reals->pdata[0], LDIR_CHECK_NEGOTIATE, NULL);
		while (checker->n_children[LDIR_POOL_NAMES] + counts.n_bad == n_before && hb_time_now_ms() < end_ms)
			check_turn(checker);
	}
	g_assert_cmpuint(checker->n_children[LDIR_POOL_NAMES], ==, LDIR_NAMES_MAX);
	g_assert_cmpuint(checker->n_children[LDIR_POOL_CHECKS], ==, 0);
	counts.n_bad = 0;
	ldir_checker_start(checker, 10000, config, away, away->reals->pdata[0], LDIR_CHECK_NEGOTIATE, NULL);
	ldir_checker_start(checker, 10001, config, external, external->reals->pdata[0], LDIR_CHECK_EXTERNAL, NULL);
	while (counts.n_good + counts.n_bad < 2 && hb_time_now_ms() < end_ms)
		check_turn(checker);
	g_assert_cmpuint(counts.n_good, ==, 1);
	g_assert_cmpuint(counts.n_bad, ==, 1);
	server_stop(&server);
	(void)g_unlink(getent);
}

int
main(int argc, char **argv)
{
	g_autofree char *path = NULL;
	int result;

	g_test_init(&argc, &argv, NULL);
	dir = g_dir_make_tmp("ldir-exec-XXXXXX", NULL);
	g_assert_nonnull(dir);
	path = g_strconcat(dir, ":", g_getenv("PATH"), NULL);
	g_setenv("PATH", path, TRUE);
	g_test_add_func("/ldir_check_exec/the_exit_status_decides", test_the_exit_status_decides);
	g_test_add_func("/ldir_check_exec/the_exit_status_decides-weight", test_the_exit_status_may_be_a_weight);
	g_test_add_func("/ldir_check_exec/arguments_and_environment", test_arguments_and_environment);
	g_test_add_func("/ldir_check_exec/a_command_with_blanks_is_split_unless_it_is_a_file",
	                test_a_command_with_blanks_is_split_unless_it_is_a_file);
	g_test_add_func("/ldir_check_exec/perl_is_run_as_a_program", test_perl_is_run_as_a_program);
	g_test_add_func("/ldir_check_exec/who_takes_too_long_is_killed_with_all_its_children",
	                test_who_takes_too_long_is_killed_with_all_its_children);
	g_test_add_func("/ldir_check_exec/more_than_may_run_at_once_wait_for_their_turn", test_more_than_may_run_at_once_wait_for_their_turn);
	g_test_add_func("/ldir_check_exec/sql_is_asked_by_the_client_of_the_database", test_sql_is_asked_by_the_client_of_the_database);
	g_test_add_func("/ldir_check_exec/servers_that_are_down_have_places_of_their_own",
	                test_servers_that_are_down_have_places_of_their_own);
	g_test_add_func("/ldir_check_exec/names_and_programs_have_places_of_their_own", test_names_and_programs_have_places_of_their_own);
	result = g_test_run();
	remove_dir();
	return result;
}
