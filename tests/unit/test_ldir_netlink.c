/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of a kernel that refuses, forgets or mumbles: what is said of it, and what is tried again. */
#include "ldir_fixture.h"
#include "ldir_netlink_fixture.h"
#include "ldirectord/director/director.h"
#include "ldirectord/director/report.h"
#include "util/banned.h"

#define WEB "-A -t 10.0.0.1:80 -s wrr\n"
#define ONE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 1\n"
#define NOT_ALLOWED "Operation not permitted (root of the machine, or of the network namespace, may do it)"
#define TWO "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 1\n"

static LdirIpvs *
open_kernel(Kernel *kernel, const char *table)
{
	g_autoptr(GError) error = NULL;
	LdirIpvs *ipvs = ldir_ipvs_netlink_on(kernel_init(kernel, table), NULL, &error);

	g_assert_no_error(error);
	return ipvs;
}

static void
close_kernel(Kernel *kernel, LdirIpvs *ipvs)
{
	ldir_ipvs_free(ipvs);
	kernel_done(kernel);
}

/* ---- beginning */

static Kernel *to_load;

static void
load(void)
{
	to_load->is_module_missing = FALSE;
}

static void
load_in_vain(void)
{
}

static void
test_a_missing_module_is_loaded_once(void)
{
	Kernel kernel;
	int fd = kernel_init(&kernel, "");
	g_autoptr(GError) error = NULL;
	LdirIpvs *ipvs;

	kernel.is_module_missing = TRUE;
	to_load = &kernel;
	ipvs = ldir_ipvs_netlink_on(fd, load, &error);
	g_assert_no_error(error);
	close_kernel(&kernel, ipvs);

	fd = kernel_init(&kernel, "");
	kernel.is_module_missing = TRUE;
	g_assert_null(ldir_ipvs_netlink_on(fd, load_in_vain, &error));
	g_assert_cmpstr(error->message, ==, "the kernel has no IPVS, and \"modprobe ip_vs\" does not bring it");
	kernel_done(&kernel);
}

/* ---- steps */

static GArray *
many_ops(guint n)
{
	g_autoptr(GString) text = g_string_new(WEB);

	for (guint i = 1; i < n; i++)
		g_string_append_printf(text, "-a -t 10.0.0.1:80 -r 10.1.%u.%u:80 -g -w 1\n", i >> 8, i & 255);
	return ipvs_ops(text->str);
}

static void
test_steps_travel_together_and_fail_alone(void)
{
	Kernel kernel;
	LdirIpvs *ipvs = open_kernel(&kernel, "");
	g_autoptr(GArray) ops = many_ops(150);
	guint pieces = kernel.n_pieces, answers = kernel.n_answers;

	g_array_index(ops, LdirIpvsOp, 7) = g_array_index(ops, LdirIpvsOp, 6);          /* is there already */
	g_array_index(ops, LdirIpvsOp, 149).verb = LDIR_IPVS_DEST_SET;                  /* is not there */
	ipvs->back_end->apply(ipvs, ops);
	for (guint i = 0; i < ops->len; i++)
		g_assert_cmpint(g_array_index(ops, LdirIpvsOp, i).error, ==, i == 7 ? EEXIST : i == 149 ? ENOENT : 0);
	g_assert_cmpuint(kernel.n_steps, ==, 150);
	g_assert_cmpuint(kernel.n_pieces - pieces, ==, 3);      /* of up to 64 */
	g_assert_cmpuint(kernel.n_answers - answers, ==, 4);    /* an end each, of the last one the error; and that of number 7 */
	close_kernel(&kernel, ipvs);
}

static void
test_answers_that_are_none_leave_the_steps_unknown(void)
{
	Kernel kernel;
	LdirIpvs *ipvs = open_kernel(&kernel, "");
	g_autoptr(GArray) ops = many_ops(3);

	kernel.is_mumbling = TRUE;
	g_assert_false(ldir_ipvs_make(ipvs, ops));
	for (guint i = 0; i < ops->len; i++)
		g_assert_cmpint(g_array_index(ops, LdirIpvsOp, i).error, ==, EBADMSG);
	close_kernel(&kernel, ipvs);
}

static void
test_what_is_refused_is_told_in_full(void)
{
	static const struct {
		const char *step;
		int error;
		const char *complaint;
	} rows[] = {
		{ "-A -t 10.0.0.1:80 -s maglev", ENOENT,
		  "cannot add virtual server 10.0.0.1:80: the kernel has no scheduler \"maglev\" (module ip_vs_maglev)" },
		{ "-E -f 7 -s rr", EINVAL, "cannot change virtual server 7: Invalid argument, asked for by \"-E -f 7 -s rr\"" },
		{ "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 1", EINVAL,
		  "cannot add real server 10.0.0.2:80 (10.0.0.1:80): Invalid argument, asked for by "
		  "\"-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 1\"" },
		{ "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1", ENOMEM,
		  "cannot add real server 10.0.0.2:80 (10.0.0.1:80): Cannot allocate memory" },
		{ "-e -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1", ENOBUFS,
		  "cannot change real server 10.0.0.2:80 (10.0.0.1:80): No buffer space available" },
		{ "-d -t 10.0.0.1:80 -r 10.0.0.2:80", EPERM,
		  "cannot remove real server 10.0.0.2:80 (10.0.0.1:80): " NOT_ALLOWED },
		{ "-D -t 10.0.0.1:80", EPERM,
		  "cannot remove virtual server 10.0.0.1:80: " NOT_ALLOWED },
		{ "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1", EEXIST,
		  "cannot add real server 10.0.0.2:80 (10.0.0.1:80): Destination already exists" },
		{ "-A -t 10.0.0.1:80 -s rr", EEXIST, "cannot add virtual server 10.0.0.1:80: Service already exists" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		LdirIpvsOp op;
		g_autofree char *complaint = NULL;

		g_assert_true(ldir_ipvs_op_parse(rows[i].step, &op, NULL));
		op.error = rows[i].error;
		complaint = ldir_ipvs_complaint(&op);
		g_assert_cmpstr(complaint, ==, rows[i].complaint);
	}
}

/* ---- dumps */

static void
expect_dump(LdirIpvs *ipvs, const char *wanted)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(LdirIpvsTable) table = ldir_ipvs_dump(ipvs, &error);
	g_autofree char *text = NULL;

	g_assert_no_error(error);
	text = ldir_ipvs_table_print(table);
	g_assert_cmpstr(text, ==, wanted);
}

static void
expect_no_dump(LdirIpvs *ipvs, const char *why)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(ldir_ipvs_dump(ipvs, &error));
	g_assert_cmpstr(error->message, ==, why);
}

static void
test_a_dump_that_fails_in_passing_is_read_again(void)
{
	Kernel kernel;
	LdirIpvs *ipvs = open_kernel(&kernel, WEB ONE TWO);

	expect_dump(ipvs, WEB ONE TWO);
	kernel.n_torn = 2;
	expect_dump(ipvs, WEB ONE TWO);
	kernel.n_dump_errors = 2;
	kernel.dump_error = ENOBUFS;
	expect_dump(ipvs, WEB ONE TWO);
	kernel.n_dump_errors = 1;
	kernel.dump_error = EINTR;
	expect_dump(ipvs, WEB ONE TWO);
	close_kernel(&kernel, ipvs);
}

static void
test_a_dump_that_does_not_succeed_says_why(void)
{
	Kernel kernel;
	LdirIpvs *ipvs = open_kernel(&kernel, WEB ONE);

	kernel.n_torn = 1000;
	expect_no_dump(ipvs, "cannot read the table of IPVS: others change it all the time");
	kernel.n_torn = 0;
	kernel.n_dump_errors = 1000;
	kernel.dump_error = ENOBUFS;
	expect_no_dump(ipvs, "cannot read the table of IPVS: No buffer space available");
	kernel.dump_error = EPERM;
	kernel.n_dump_errors = 1;
	expect_no_dump(ipvs, "cannot read the table of IPVS: " NOT_ALLOWED);
	expect_dump(ipvs, WEB ONE);    /* that was asked for once only */
	close_kernel(&kernel, ipvs);
}

/* ---- a director on such a kernel */

typedef struct {
	Kernel kernel;
	LdirIpvs *ipvs;
	LdirDirector *director;
	GString *said;
	gint64 now_ms;
} Fixture;

static void
on_text(const char *text, gpointer user)
{
	g_string_append_printf(((Fixture *)user)->said, "%s\n", text);
}

static void
on_mail(const LdirConfig *config, const LdirVirtual *vs, const char *text, gpointer user)
{
	(void)config, (void)vs;
	on_text(text, user);
}

static void
on_notify(const LdirConfig *config, const LdirVirtual *vs, guint real, gboolean is_up, gpointer user)
{
	(void)config, (void)vs, (void)real, (void)is_up, (void)user;
}

static void
on_command(const LdirConfig *config, const LdirVirtual *vs, gboolean is_start, gpointer user)
{
	(void)config, (void)vs, (void)is_start, (void)user;
}

static void
on_quorum(const LdirConfig *config, const LdirVirtual *vs, gboolean is_up, gint64 live, gpointer user)
{
	(void)config, (void)vs, (void)is_up, (void)live, (void)user;
}

static const LdirDirectorCalls calls = { on_text, on_mail, on_notify, on_command, on_quorum };

static void
configure(Fixture *f, const char *text)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	LdirConfig *config = fixture_parse(text, strlen(text), problems);
	g_autoptr(LdirIpvsTable) there = ldir_ipvs_dump(f->ipvs, NULL);

	g_assert_nonnull(config);
	ldir_director_configure(f->director, config, NULL, there, f->now_ms);
}

static void
fixture_init(Fixture *f)
{
	*f = (Fixture){ .said = g_string_new(NULL) };
	f->ipvs = open_kernel(&f->kernel, "");
	f->director = ldir_director_new(f->ipvs, &calls, f);
}

static void
fixture_done(Fixture *f)
{
	ldir_director_free(f->director);
	close_kernel(&f->kernel, f->ipvs);
	g_string_free(f->said, TRUE);
}

static void
expect_table(Fixture *f, const char *wanted)
{
	g_autofree char *text = ldir_ipvs_table_print(f->kernel.table);

	g_assert_cmpstr(text, ==, wanted);
}

/* How often @text was said; then it is forgotten. */
static guint
times_said(Fixture *f, const char *text)
{
	guint n = 0;

	for (const char *p = f->said->str; (p = strstr(p, text)) != NULL; p++)
		n++;
	g_string_truncate(f->said, 0);
	return n;
}

/* As the daemon: whenever the director wants to be called. */
static void
pass(Fixture *f, gint64 ms)
{
	gint64 end_ms = f->now_ms + ms;

	while (ldir_director_deadline_ms(f->director) <= end_ms) {
		f->now_ms = MAX(f->now_ms, ldir_director_deadline_ms(f->director));
		ldir_director_time(f->director, f->now_ms);
	}
	f->now_ms = end_ms;
}

static void
verdict(Fixture *f, guint service, guint real, gboolean is_good)
{
	ldir_director_verdict(f->director, service, real, is_good, "why", f->now_ms);
	ldir_director_flush(f->director);
}

#define SECTION "virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate\n\treal=10.0.0.3:80 gate\n"

static void
test_a_scheduler_that_is_missing_is_waited_for(void)
{
	g_autofree char *json = NULL;
	Fixture f;
	guint n_steps;

	fixture_init(&f);
	f.kernel.scheduler_missing = "wrr";
	configure(&f, SECTION "virtual=10.0.0.9:80\n\treal=10.0.0.2:80 gate\n\tscheduler=rr\n");
	g_assert_nonnull(strstr(f.said->str, "Added virtual server: 10.0.0.9:80\n"));
	g_assert_nonnull(strstr(f.said->str, "Added virtual server: 10.0.0.1:80 (refused by the kernel)\n"));
	g_assert_cmpuint(times_said(&f, "the kernel has no scheduler \"wrr\" (module ip_vs_wrr)"), ==, 1);
	verdict(&f, 1, 0, TRUE);
	g_assert_cmpuint(times_said(&f, "refused"), ==, 0);
	verdict(&f, 0, 0, TRUE);
	g_assert_cmpuint(times_said(&f, "Added real server: 10.0.0.2:80 (10.0.0.1:80) (Weight set to 1) (refused by the kernel)"), ==, 1);
	json = ldir_report_json(&(LdirReportInput){ .director = f.director, .config = "f", .status = "running" });
	g_assert_nonnull(strstr(json, "{\"service\":\"tcp:10.0.0.1:80\",\"scheduler\":\"wrr\",\"fallback\":false,\"refused\":true,"));
	g_assert_nonnull(strstr(json, "{\"service\":\"tcp:10.0.0.9:80\",\"scheduler\":\"rr\",\"fallback\":false,\"servers\""));
	expect_table(&f, "-A -t 10.0.0.9:80 -s rr\n-a -t 10.0.0.9:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 1\n");
	pass(&f, 300000);
	g_assert_cmpuint(times_said(&f, "scheduler"), ==, 0);   /* told once */
	n_steps = f.kernel.n_steps;
	pass(&f, 120000);
	g_assert_cmpuint(f.kernel.n_steps - n_steps, <=, 2 * 3);        /* tried now and then, not all the time */
	g_assert_cmpuint(times_said(&f, "removed by somebody"), ==, 0); /* it never was there */

	f.kernel.scheduler_missing = NULL;
	pass(&f, 60000);
	g_assert_cmpuint(times_said(&f, "add virtual server 10.0.0.1:80: succeeded after all"), ==, 1);
	expect_table(&f, "-A -t 10.0.0.9:80 -s rr\n-a -t 10.0.0.9:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 1\n" WEB ONE);
	fixture_done(&f);
}

static void
take_out(Kernel *kernel, const char *line)
{
	LdirIpvsOp op;

	g_assert_true(ldir_ipvs_op_parse(line, &op, NULL));
	g_assert_cmpint(ldir_ipvs_table_apply(kernel->table, &op), ==, 0);
}

/* Without memory for a moment: the server is in again within seconds, not with the next look at the table. */
static void
test_a_passing_failure_is_healed_soon(void)
{
	Fixture f;

	fixture_init(&f);
	configure(&f, SECTION);
	f.kernel.step_error = ENOMEM;
	verdict(&f, 0, 0, TRUE);
	verdict(&f, 0, 1, TRUE);
	expect_table(&f, WEB);
	pass(&f, 2500);
	expect_table(&f, WEB);
	g_assert_cmpuint(times_said(&f, "cannot add real server 10.0.0.2:80 (10.0.0.1:80): Cannot allocate memory"), ==, 1);
	f.kernel.step_error = 0;
	pass(&f, 5000);
	expect_table(&f, WEB ONE TWO);
	g_assert_cmpuint(times_said(&f, "succeeded after all"), ==, 2);
	/* and after that there is nothing special about it */
	take_out(&f.kernel, "-d -t 10.0.0.1:80 -r 10.0.0.2:80");
	pass(&f, 60000);
	g_assert_cmpuint(times_said(&f, "real server was removed by somebody, added again: 10.0.0.2:80 (10.0.0.1:80)"), ==, 1);
	fixture_done(&f);
}

static void
test_a_refused_server_that_is_not_wanted_any_more_is_left(void)
{
	Fixture f;

	fixture_init(&f);
	configure(&f, SECTION);
	f.kernel.step_error = EINVAL;
	verdict(&f, 0, 0, TRUE);
	g_assert_cmpuint(times_said(&f, "Invalid argument, asked for by \"-a -t 10.0.0.1:80"), ==, 1);
	verdict(&f, 0, 0, FALSE);
	f.kernel.step_error = 0;
	pass(&f, 70000);
	expect_table(&f, WEB);
	g_assert_cmpuint(times_said(&f, "succeeded"), ==, 0);
	fixture_done(&f);
}

static void
test_thousands_of_refusals_are_few_lines(void)
{
	Fixture f;
	g_autoptr(GString) text = g_string_new("virtual=10.0.0.1:80\n");

	for (guint i = 0; i < 1000; i++)
		g_string_append_printf(text, "\treal=10.1.%u.%u:80 gate\n", i >> 8, (i & 255));
	fixture_init(&f);
	configure(&f, text->str);
	f.kernel.step_error = EINVAL;
	for (guint i = 0; i < 1000; i++)
		ldir_director_verdict(f.director, 0, i, TRUE, "why", f.now_ms);
	g_string_truncate(f.said, 0);
	ldir_director_flush(f.director);
	g_assert_nonnull(strstr(f.said->str, "980 more changes of the table have failed"));
	g_assert_cmpuint(times_said(&f, "cannot add"), ==, 20);
	fixture_done(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/netlink/module", test_a_missing_module_is_loaded_once);
	g_test_add_func("/ldir/netlink/batches", test_steps_travel_together_and_fail_alone);
	g_test_add_func("/ldir/netlink/mumbling", test_answers_that_are_none_leave_the_steps_unknown);
	g_test_add_func("/ldir/netlink/complaints", test_what_is_refused_is_told_in_full);
	g_test_add_func("/ldir/netlink/dump-again", test_a_dump_that_fails_in_passing_is_read_again);
	g_test_add_func("/ldir/netlink/no-dump", test_a_dump_that_does_not_succeed_says_why);
	g_test_add_func("/ldir/netlink/scheduler", test_a_scheduler_that_is_missing_is_waited_for);
	g_test_add_func("/ldir/netlink/passing", test_a_passing_failure_is_healed_soon);
	g_test_add_func("/ldir/netlink/not-wanted", test_a_refused_server_that_is_not_wanted_any_more_is_left);
	g_test_add_func("/ldir/netlink/thousands", test_thousands_of_refusals_are_few_lines);
	return g_test_run();
}
