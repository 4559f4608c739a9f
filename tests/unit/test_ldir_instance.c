/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which daemon is meant, and does it run; what its mails and its monitor file say. */
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ldir_fixture.h"
#include "ldirectord/check/reverse.h"
#include "ldirectord/run/alert.h"
#include "ldirectord/run/control.h"
#include "ldirectord/run/instance.h"
#include "ldirectord/run/monitor.h"
#include "ldirectord/run/smtp.h"
#include "util/banned.h"
#include "util/time.h"

typedef struct {
	char *dir, *config;
} Fixture;

static void
fixture_init(Fixture *f)
{
	f->dir = g_dir_make_tmp("ldir-XXXXXX", NULL);
	f->config = g_build_filename(f->dir, "web.cf", NULL);
	g_assert_true(g_file_set_contents(f->config, "", -1, NULL));
}

static void
fixture_done(Fixture *f)
{
	g_autofree char *command = g_strdup_printf("rm -rf '%s'", f->dir);

	g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
	g_free(f->dir);
	g_free(f->config);
}

static void
write_pid(const LdirInstance *instance, const char *text)
{
	g_assert_true(g_file_set_contents(instance->pid_file, text, -1, NULL));
}

static void
test_names_are_those_of_the_operand(void)
{
	g_autoptr(LdirInstance) none = ldir_instance_new(NULL, "/run");
	g_autoptr(LdirInstance) web = ldir_instance_new("/no/such/web.cf", "/run");

	g_assert_cmpstr(none->pid_file, ==, "/var/run/ldirectord.ldirectord.pid");
	g_assert_cmpstr(none->name, ==, "ldirectord");
	g_assert_cmpstr(web->pid_file, ==, "/var/run/ldirectord.web.cf.pid");
	g_assert_null(web->config);
}

static void
test_a_number_is_believed_only_of_an_ldirectord(void)
{
	Fixture f;
	g_autoptr(LdirInstance) instance = NULL;
	pid_t pid;

	fixture_init(&f);
	instance = ldir_instance_new(f.config, f.dir);
	g_assert_cmpint(ldir_instance_state(instance, &pid), ==, LDIR_INSTANCE_STOPPED);
	write_pid(instance, "");        /* one is about to begin, or was */
	g_assert_cmpint(ldir_instance_state(instance, &pid), ==, LDIR_INSTANCE_STOPPED);
	write_pid(instance, "1x\n");
	g_assert_cmpint(ldir_instance_state(instance, &pid), ==, LDIR_INSTANCE_STALE);
	write_pid(instance, "4194999\n");
	g_assert_cmpint(ldir_instance_state(instance, &pid), ==, LDIR_INSTANCE_STALE);
	/* this program has another name */
	g_assert_cmpint(ldir_instance_write_pid(instance, getpid()), ==, 0);
	g_assert_cmpint(ldir_instance_state(instance, &pid), ==, LDIR_INSTANCE_STALE);
	fixture_done(&f);
}

static void
test_a_pid_file_of_somebody_else_stays(void)
{
	Fixture f;
	g_autoptr(LdirInstance) instance = NULL;

	fixture_init(&f);
	instance = ldir_instance_new(f.config, f.dir);
	write_pid(instance, "1\n");
	ldir_instance_drop_pid(instance, getpid());
	g_assert_true(g_file_test(instance->pid_file, G_FILE_TEST_EXISTS));
	write_pid(instance, "");
	ldir_instance_drop_pid(instance, getpid());
	g_assert_false(g_file_test(instance->pid_file, G_FILE_TEST_EXISTS));
	fixture_done(&f);
}

static void
test_one_file_has_one_daemon(void)
{
	Fixture f;
	g_autofree char *other_name = NULL;
	g_autoptr(LdirInstance) one = NULL;
	g_autoptr(LdirInstance) two = NULL;

	fixture_init(&f);
	other_name = g_build_filename(f.dir, ".", "web.cf", NULL);
	one = ldir_instance_new(f.config, f.dir);
	two = ldir_instance_new(other_name, f.dir);
	g_assert_cmpint(ldir_instance_lock(one, NULL), ==, LDIR_LOCK_HELD);
	g_assert_cmpint(ldir_instance_lock(one, NULL), ==, LDIR_LOCK_HELD);
	g_assert_cmpint(ldir_instance_lock(two, NULL), ==, LDIR_LOCK_BEGINNING);
	ldir_instance_say_mode(one, LDIR_MODE_STANDBY);
	g_assert_cmpint(ldir_instance_lock(two, NULL), ==, LDIR_LOCK_STANDBY);
	g_assert_true(ldir_instance_is_standing_by(two));
	ldir_instance_say_mode(one, LDIR_MODE_SERVING);
	g_assert_cmpint(ldir_instance_lock(two, NULL), ==, LDIR_LOCK_TAKEN);
	g_assert_false(ldir_instance_is_standing_by(two));
	ldir_instance_say_mode(one, LDIR_MODE_LEAVING);
	g_assert_cmpint(ldir_instance_lock(two, NULL), ==, LDIR_LOCK_LEAVING);
	g_clear_pointer(&one, ldir_instance_free);
	g_assert_cmpint(ldir_instance_lock(two, NULL), ==, LDIR_LOCK_HELD);
	g_assert_false(two->was_serving);
	ldir_instance_say_mode(two, LDIR_MODE_SERVING);
	g_clear_pointer(&two, ldir_instance_free);
	one = ldir_instance_new(f.config, f.dir);
	g_assert_cmpint(ldir_instance_lock(one, NULL), ==, LDIR_LOCK_HELD);
	g_assert_true(one->was_serving);
	fixture_done(&f);
}

/* ---- mails and monitor file */

static LdirConfig *
parse(const char *text)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	LdirConfig *config = fixture_parse(text, strlen(text), problems);

	g_assert_nonnull(config);
	return config;
}

static const LdirAlertSender sender = {
	.host = "director1", .user = "root", .date = "Sat, 21 Nov 2026 07:48:24 +0000", .message_id = "1@director1",
};

static void
test_mails_say_what_4_12_says(void)
{
	g_autoptr(LdirConfig) config = parse("emailalert=\"a@example.com, b@example.com\"\nvirtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate\n"
	                                     "\tservicename=shop\n\tcomment=call Ann\n");
	const LdirVirtual *vs = config->virtuals->pdata[0];
	g_auto(GStrv) recipients = ldir_alert_recipients(config, vs);
	g_autofree char *message = ldir_alert_message(config, vs, "Deleted real server: 10.0.0.2:80 (10.0.0.1:80)",
	                                              LDIR_STATUS_RUNNING, &sender);

	g_assert_cmpstr(message, ==,
	                "From: root@director1\nTo: a@example.com, b@example.com\n"
	                "Subject: [shop] Deleted real server: 10.0.0.2:80 (10.0.0.1:80)\n"
	                "Date: Sat, 21 Nov 2026 07:48:24 +0000\nMessage-ID: <1@director1>\n\n"
	                "ldirectord host: director1\nLog-Message: Deleted real server: 10.0.0.2:80 (10.0.0.1:80)\n"
	                "Daemon-Status: running\n\nService name: shop\nComment: call Ann\n");
	g_assert_cmpuint(g_strv_length(recipients), ==, 2);
}

static void
test_mails_go_to_whom_and_when_it_is_wanted(void)
{
	g_autoptr(LdirConfig) none = parse("virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate\n");
	g_autoptr(LdirConfig) stopping = parse("emailalertfrom=ldirectord@example.com\nvirtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate\n"
	                                       "\temailalert=a@example.com\n\temailalertstatus=stopping\n");
	g_autofree char *message = NULL;

	g_assert_null(ldir_alert_message(none, none->virtuals->pdata[0], "x", LDIR_STATUS_RUNNING, &sender));
	g_assert_null(ldir_alert_message(stopping, stopping->virtuals->pdata[0], "x", LDIR_STATUS_RUNNING, &sender));
	message = ldir_alert_message(stopping, stopping->virtuals->pdata[0], "x", LDIR_STATUS_STOPPING, &sender);
	g_assert_nonnull(strstr(message, "From: ldirectord@example.com\n"));
	g_assert_nonnull(strstr(message, "Daemon-Status: stopping\n"));
}

static void
test_mails_go_to_addresses_as_they_are_written(void)
{
	static const char *const rows[][2] = {
		{ "root", "root" },
		{ "a@x, b@x;c@x d@x,", "a@x|b@x|c@x|d@x" },
		{ "\"a@x\",\"b@x\"", "a@x|b@x" },
		{ "\"a@x\" b@x", "a@x|b@x" },
		{ "\"a@x", "a@x" },
		{ "<a@x>", "a@x" },
		{ "A B <a@x>, C <b@x>", "a@x|b@x" },
		{ "<a@x", "<a@x" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate\n\temailalert=%s\n", rows[i][0]);
		g_autoptr(LdirConfig) config = parse(text);
		g_auto(GStrv) recipients = ldir_alert_recipients(config, config->virtuals->pdata[0]);
		g_autofree char *all = g_strjoinv("|", recipients);

		g_assert_cmpstr(all, ==, rows[i][1]);
	}
}

static void
test_mails_on_the_wire(void)
{
	g_autofree char *data = ldir_smtp_data("A: b\n\n.dot\nend\n");
	int more = -1;

	g_assert_cmpstr(data, ==, "A: b\r\n\r\n..dot\r\nend\r\n");
	g_assert_cmpint(ldir_smtp_code("250-SIZE\r\n", &more), ==, 250);
	g_assert_cmpint(more, ==, 1);
	g_assert_cmpint(ldir_smtp_code("354 go\r\n", &more), ==, 354);
	g_assert_cmpint(more, ==, 0);
	g_assert_cmpint(ldir_smtp_code("25", &more), ==, 0);
	g_assert_cmpint(ldir_smtp_code("", &more), ==, 0);
}

static void
test_monitor_lines(void)
{
	g_autoptr(LdirConfig) config = parse("virtual=10.0.0.1:80\n\treal=127.0.0.2:80 gate 3\n"
	                                     "virtual=10.0.0.1:81\n\treal=127.0.0.2:80 gate 3\n\tchecktype=4\n\tservice=ldap\n");
	LdirScheduleEffect verdict = {
		.vs = config->virtuals->pdata[0], .check = LDIR_CHECK_NEGOTIATE, .is_good = TRUE, .why = "200 OK",
	};
	g_autofree char *good = NULL;
	g_autofree char *bad = NULL;

	verdict.real = verdict.vs->reals->pdata[0];
	good = ldir_monitor_text(&verdict);
	g_assert_cmpstr(good, ==, "negotiate http tcp 127.0.0.2 80 3 gate /  [up] 200 OK");
	verdict.vs = config->virtuals->pdata[1];
	verdict.check = LDIR_CHECK_CONNECT;     /* its connect is still the combined check */
	verdict.is_good = FALSE;
	verdict.why = "50%\n|";
	bad = ldir_monitor_text(&verdict);
	g_assert_cmpstr(bad, ==, "combined ldap tcp 127.0.0.2 80 3 gate /  [down] 50%25%0a%7c");
}

static gint n_asked;

static gboolean
late_resolver(const LdirAddress *addr, char **ret_name)
{
	(void)addr;
	if (g_atomic_int_add(&n_asked, 1) < 2)
		return FALSE;
	*ret_name = g_strdup("web1.example.com");
	return TRUE;
}

typedef struct {
	GMainLoop *loop;
	LdirReverse *reverse;
	LdirAddress addr;
	char *name;
} Wanted;

static void
look_for_name(gpointer user)
{
	Wanted *wanted = user;

	g_free(wanted->name);
	wanted->name = g_strdup(ldir_reverse_name(wanted->reverse, &wanted->addr, hb_time_now_ms()));
	if (wanted->name != NULL)
		g_main_loop_quit(wanted->loop);
}

static void
test_a_name_is_asked_for_until_it_is_there(void)
{
	Wanted wanted = { .loop = g_main_loop_new(NULL, FALSE) };

	g_assert_true(ldir_address_parse("10.0.0.2", AF_INET, &wanted.addr));
	wanted.reverse = ldir_reverse_new(late_resolver, 20, look_for_name, &wanted);
	look_for_name(&wanted);
	g_assert_null(wanted.name);
	g_main_loop_run(wanted.loop);
	g_assert_cmpstr(wanted.name, ==, "web1.example.com");
	g_assert_cmpint(g_atomic_int_get(&n_asked), ==, 3);
	ldir_reverse_free(wanted.reverse);
	g_main_loop_unref(wanted.loop);
	g_free(wanted.name);
}

/* Its callers are gone long since, and still in its queue. */
static void
test_who_hangs_with_a_full_queue_is_not_waited_for(void)
{
	Fixture f;
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int caller;

	fixture_init(&f);
	(void)g_snprintf(addr.sun_path, sizeof addr.sun_path, "%s/socket", f.dir);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&addr, sizeof addr), ==, 0);
	g_assert_cmpint(listen(fd, 0), ==, 0);
	do {
		caller = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	} while (connect(caller, (struct sockaddr *)&addr, sizeof addr) == 0 && close(caller) == 0);
	(void)close(caller);
	for (int i = 0; i < 2; i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *text = ldir_control_ask(addr.sun_path, "take", 50, &error);

		g_assert_null(text);
		g_assert_nonnull(error);
	}
	(void)close(fd);
	fixture_done(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/instance/names", test_names_are_those_of_the_operand);
	g_test_add_func("/ldir/instance/state", test_a_number_is_believed_only_of_an_ldirectord);
	g_test_add_func("/ldir/instance/drop", test_a_pid_file_of_somebody_else_stays);
	g_test_add_func("/ldir/instance/lock", test_one_file_has_one_daemon);
	g_test_add_func("/ldir/alert/text", test_mails_say_what_4_12_says);
	g_test_add_func("/ldir/alert/wanted", test_mails_go_to_whom_and_when_it_is_wanted);
	g_test_add_func("/ldir/alert/addresses", test_mails_go_to_addresses_as_they_are_written);
	g_test_add_func("/ldir/alert/wire", test_mails_on_the_wire);
	g_test_add_func("/ldir/monitor/lines", test_monitor_lines);
	g_test_add_func("/ldir/control/hangs", test_who_hangs_with_a_full_queue_is_not_waited_for);
	g_test_add_func("/ldir/reverse/late", test_a_name_is_asked_for_until_it_is_there);
	return g_test_run();
}
