/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_log.c - lines, their places, the catalogue of events. */
#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <glib/gstdio.h>

#include "log/line.h"
#include "util/fd.h"

#include "util/banned.h"

enum {
#define X(id, number, level, text) SAY_##id,
#include "log/messages.def"
#undef X
	SAY_N
};

static const HbLine a_line = {
	.entity = "heartbeat", .node = "node1", .pid = 21, .level = HB_LOG_INFO, .text = "text",
	.when = { .tm_year = 126, .tm_mon = 10, .tm_mday = 21, .tm_hour = 7, .tm_min = 46, .tm_sec = 7 },
};

static HbLogSettings
quiet(void)
{
	return (HbLogSettings){ .entity = "heartbeat", .node = "node1", .logfile_fd = -1,
	                        .debugfile_fd = -1, .debug = 1, .syslogmsgfmt = TRUE };
}

/* A file nobody else sees. */
static int
temp_file(void)
{
	g_autofree char *name = NULL;
	int fd = g_file_open_tmp("hb-log-XXXXXX", &name, NULL);

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(g_unlink(name), ==, 0);
	return fd;
}

static char *
content(int fd)
{
	GString *all = g_string_new(NULL);
	char part[4096];
	gssize len;
	off_t at = 0;

	while ((len = pread(fd, part, sizeof part, at)) > 0) {
		g_string_append_len(all, part, len);
		at += len;
	}
	return g_string_free(all, FALSE);
}

static void
test_lines_have_the_formats_of_306(void)
{
	const struct {
		char *(*format)(const HbLine *line);
		const char *expected;
	} rows[] = {
		{ hb_line_like_syslog, "Nov 21 07:46:07 node1 heartbeat: [21]: info: text" },
		{ hb_line_classic, "heartbeat[21]: 2026/11/21_07:46:07 info: text" },
		{ hb_line_script_log, "2026/11/21_07:46:07  heartbeat[21]:    info: text" },
		{ hb_line_script_debug, "heartbeat[21]:\t2026/11/21_07:46:07 info: text" },
	};
	g_autofree char *datagram = hb_line_datagram(&a_line, 16);

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = rows[i].format(&a_line);

		g_assert_cmpstr(got, ==, rows[i].expected);
	}
	g_assert_cmpstr(datagram, ==, "<134>Nov 21 07:46:07 heartbeat: [21]: info: text");
}

static void
test_priorities_are_the_words_of_306(void)
{
	const char *const words[] = { "EMERG", "ALERT", "CRIT",   "ERROR",
		                      "WARN",  "notice", "info", "debug" };

	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		HbLine line = a_line;
		g_autofree char *expected = g_strdup_printf("[21]: %s: text", words[i]);
		g_autofree char *got = NULL;

		line.level = (HbLogLevel)i;
		got = hb_line_like_syslog(&line);
		g_assert_true(g_str_has_suffix(got, expected));
	}
}

static void
test_text_is_made_clean(void)
{
	const struct {
		const char *raw;
		const char *clean;
	} rows[] = {
		{ "plain", "plain" },
		{ "line\r\n", "line" },
		{ "a\tb", "a b" },
		{ "a\nNov 21 07:46:37 node1 heartbeat: [1]: ERROR: b", "a?Nov 21 07:46:37 node1 heartbeat: [1]: ERROR: b" },
		{ "\033[2Jx\177", "?[2Jx?" },
		{ "gr\303\274n", "gr\303\274n" },
		{ "bad\377\303", "bad??" },
		{ "\302\233x", "?x" },
		{ "", "" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = hb_line_clean(rows[i].raw);

		g_assert_cmpstr(got, ==, rows[i].clean);
	}
}

static void
test_long_text_is_kept_or_says_that_it_was_cut(void)
{
	g_autofree char *fits = g_strnfill(4096, 'x');
	g_autofree char *too_long = g_strnfill(HB_LINE_TEXT_MAX + 1, 'x');
	g_autofree char *kept = hb_line_clean(fits);
	g_autofree char *cut = hb_line_clean(too_long);

	g_assert_cmpstr(kept, ==, fits);
	g_assert_true(g_str_has_suffix(cut, "x [cut, was 8193 octets]"));
}

static void
test_debug_goes_to_the_debug_file_alone_and_only_when_wanted(void)
{
	g_auto(HbFd) log_fd = temp_file();
	g_auto(HbFd) debug_fd = temp_file();
	g_autofree char *log_text = NULL;
	g_autofree char *debug_text = NULL;
	HbLogSettings settings = quiet();

	settings.logfile_fd = log_fd;
	settings.debugfile_fd = debug_fd;
	hb_log_setup(&settings);
	hb_log(HB_LOG_DEBUG, "one");
	hb_log(HB_LOG_WARN, "two %d", 2);
	settings.debug = 0;
	hb_log_setup(&settings);
	hb_log(HB_LOG_DEBUG, "three");

	log_text = content(log_fd);
	debug_text = content(debug_fd);
	g_assert_null(strstr(log_text, "one"));
	g_assert_nonnull(strstr(log_text, " node1 heartbeat: ["));
	g_assert_nonnull(strstr(log_text, "]: WARN: two 2\n"));
	g_assert_nonnull(strstr(debug_text, "]: debug: one\n"));
	g_assert_nonnull(strstr(debug_text, "]: WARN: two 2\n"));
	g_assert_null(strstr(debug_text, "three"));
}

static void
test_setup_chooses_the_format_and_copies_its_strings(void)
{
	g_auto(HbFd) log_fd = temp_file();
	g_autofree char *text = NULL;
	g_autofree char *expected = g_strdup_printf("hb-node[%d]: 2", (int)getpid());
	char entity[] = "hb-node";
	HbLogSettings settings = quiet();

	settings.entity = entity;
	settings.syslogmsgfmt = FALSE;
	settings.logfile_fd = log_fd;
	hb_log_setup(&settings);
	entity[0] = 'X';
	hb_log(HB_LOG_ERR, "text");
	text = content(log_fd);
	g_assert_true(g_str_has_prefix(text, expected));
	g_assert_true(g_str_has_suffix(text, " ERROR: text\n"));
}

static void
test_output_of_scripts_stands_in_both_files_under_the_resource(void)
{
	g_auto(HbFd) log_fd = temp_file();
	g_auto(HbFd) debug_fd = temp_file();
	g_autofree char *log_text = NULL;
	g_autofree char *debug_text = NULL;
	HbLogSettings settings = quiet();

	settings.logfile_fd = log_fd;
	settings.debugfile_fd = debug_fd;
	hb_log_setup(&settings);
	hb_log_script("IPaddr(10.0.0.1)", 69, "up\033\n");
	log_text = content(log_fd);
	debug_text = content(debug_fd);
	g_assert_true(g_str_has_suffix(log_text, "  IPaddr(10.0.0.1)[69]:    info: up?\n"));
	g_assert_true(g_str_has_prefix(debug_text, "IPaddr(10.0.0.1)[69]:\t2"));
	g_assert_true(g_str_has_suffix(debug_text, " info: up?\n"));
}

static void
test_what_cannot_be_written_is_counted(void)
{
	g_auto(HbFd) full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	HbLogSettings settings = quiet();
	guint64 before = hb_log_n_lost();

	if (full < 0) {
		g_test_skip("no /dev/full");
		return;
	}
	settings.logfile_fd = full;
	hb_log_setup(&settings);
	hb_log(HB_LOG_INFO, "text");
	g_assert_cmpuint(hb_log_n_lost(), ==, before + 1);
}

/* A syslog daemon's end. */
static int
syslog_listen(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	return fd;
}

static void
assert_datagram(int fd, const char *prefix, const char *suffix)
{
	char got[4096] = "";

	g_assert_cmpint(recv(fd, got, sizeof got - 1, 0), >, 0);
	g_assert_true(g_str_has_prefix(got, prefix));
	g_assert_true(g_str_has_suffix(got, suffix));
}

static void
test_syslog_gets_datagrams_and_is_found_again_after_a_restart(void)
{
	g_autofree char *dir = g_dir_make_tmp("hb-log-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "log", NULL);
	HbLogSettings settings = quiet();
	guint64 lost = hb_log_n_lost();
	int fd = syslog_listen(path);

	hb_log_set_syslog_path(path);
	settings.facility = "local0";
	hb_log_setup(&settings);
	hb_log(HB_LOG_ERR, "first");
	assert_datagram(fd, "<131>", "]: ERROR: first");

	hb_fd_close(fd);
	g_assert_cmpint(g_unlink(path), ==, 0);
	hb_log(HB_LOG_ERR, "away");
	g_assert_cmpuint(hb_log_n_lost(), ==, lost + 1);

	fd = syslog_listen(path);
	hb_log_script("IPaddr", 7, "back");
	assert_datagram(fd, "<134>", " IPaddr: [7]: info: back");
	g_assert_cmpuint(hb_log_n_lost(), ==, lost + 1);

	hb_fd_close(fd);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_rmdir(dir), ==, 0);
	settings = quiet();
	hb_log_setup(&settings);
}

static void
test_a_syslog_that_does_not_read_holds_nobody_up(void)
{
	g_autofree char *dir = g_dir_make_tmp("hb-log-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "log", NULL);
	int fd = syslog_listen(path);
	HbLogSettings settings = quiet();
	guint64 lost = hb_log_n_lost();

	hb_log_set_syslog_path(path);
	settings.facility = "daemon";
	hb_log_setup(&settings);
	for (guint i = 0; i < 10000 && hb_log_n_lost() == lost; i++)
		hb_log(HB_LOG_INFO, "line");
	g_assert_cmpuint(hb_log_n_lost(), >, lost);

	settings = quiet();
	hb_log_setup(&settings);
	hb_fd_close(fd);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static void
test_known_facilities_are_known(void)
{
	const char *const good[] = { "local0", "local7", "daemon", "none", "USER" };
	const char *const bad[] = { "local8", "", "local", "/dev/log" };

	for (guint i = 0; i < G_N_ELEMENTS(good); i++)
		g_assert_true(hb_log_facility_known(good[i]));
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(hb_log_facility_known(bad[i]));
}

static void
test_sentences_are_filled_in(void)
{
	HbLogLevel level = HB_LOG_DEBUG;
	g_autofree char *late = hb_log_sentence(SAY_NODE_LATE, "b", NULL, NULL, 1024, &level);
	g_autofree char *link = hb_log_sentence(SAY_LINK_DEAD, "b", NULL, "eth0", 0, NULL);
	g_autofree char *odd = hb_log_sentence(SAY_TWO_OWNERS, "{group}", NULL, NULL, 0, NULL);

	g_assert_cmpstr(late, ==, "Late heartbeat: Node b: interval 1024 ms");
	g_assert_cmpint(level, ==, HB_LOG_WARN);
	g_assert_cmpstr(link, ==, "Link b:eth0 dead.");
	/* What is filled in is not looked into again; what is missing is left empty. */
	g_assert_cmpstr(odd, ==, "Both machines own our resources! Group  is also held by {group}");
}

static void
test_events_are_logged_as_sentence_then_number(void)
{
	g_auto(HbFd) log_fd = temp_file();
	g_autofree char *text = NULL;
	HbLogSettings settings = quiet();

	settings.logfile_fd = log_fd;
	hb_log_setup(&settings);
	hb_log_say(SAY_NODE_DEAD, "node2", NULL, NULL, 0);
	text = content(log_fd);
	g_assert_true(g_str_has_suffix(text, "]: WARN: node node2: is dead [HB1104]\n"));
}

static void
test_no_number_is_used_twice_and_placeholders_are_known(void)
{
	const guint numbers[] = {
#define X(id, number, level, text) number,
#include "log/messages.def"
#undef X
	};

	for (guint i = 0; i < SAY_N; i++) {
		g_autofree char *sentence = hb_log_sentence(i, "n", "g", "w", 1, NULL);

		g_assert_null(strpbrk(sentence, "{}"));
		for (guint j = 0; j < i; j++)
			g_assert_cmpuint(numbers[i], !=, numbers[j]);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log/lines_have_the_formats_of_306", test_lines_have_the_formats_of_306);
	g_test_add_func("/log/priorities_are_the_words_of_306", test_priorities_are_the_words_of_306);
	g_test_add_func("/log/text_is_made_clean", test_text_is_made_clean);
	g_test_add_func("/log/long_text_is_kept_or_says_that_it_was_cut",
	                test_long_text_is_kept_or_says_that_it_was_cut);
	g_test_add_func("/log/debug_goes_to_the_debug_file_alone_and_only_when_wanted",
	                test_debug_goes_to_the_debug_file_alone_and_only_when_wanted);
	g_test_add_func("/log/setup_chooses_the_format_and_copies_its_strings",
	                test_setup_chooses_the_format_and_copies_its_strings);
	g_test_add_func("/log/output_of_scripts_stands_in_both_files_under_the_resource",
	                test_output_of_scripts_stands_in_both_files_under_the_resource);
	g_test_add_func("/log/what_cannot_be_written_is_counted", test_what_cannot_be_written_is_counted);
	g_test_add_func("/log/syslog_gets_datagrams_and_is_found_again_after_a_restart",
	                test_syslog_gets_datagrams_and_is_found_again_after_a_restart);
	g_test_add_func("/log/a_syslog_that_does_not_read_holds_nobody_up",
	                test_a_syslog_that_does_not_read_holds_nobody_up);
	g_test_add_func("/log/known_facilities_are_known", test_known_facilities_are_known);
	g_test_add_func("/log/sentences_are_filled_in", test_sentences_are_filled_in);
	g_test_add_func("/log/events_are_logged_as_sentence_then_number",
	                test_events_are_logged_as_sentence_then_number);
	g_test_add_func("/log/no_number_is_used_twice_and_placeholders_are_known",
	                test_no_number_is_used_twice_and_placeholders_are_known);
	return g_test_run();
}
