/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "log/log.h"
#include "log/record.h"
#include "logger/logd.h"
#include "util/fd.h"

#include "util/banned.h"

static HbLogRecord
a_record(const char *text)
{
	HbLogRecord record = { .level = HB_LOG_WARN, .pid = 21, .when_s = 1796017081, .entity = "IPaddr(10.0.0.1)",
		               .is_script = TRUE };

	g_strlcpy(record.text, text, sizeof record.text);
	return record;
}

static void
test_what_was_packed_is_read_back(void)
{
	static const char *const texts[] = { "", "a line", "with = signs and \303\244" };
	guint8 buf[HB_RECORD_MAX];

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		HbLogRecord record = a_record(texts[i]), got;
		gsize len = hb_record_pack(&record, buf);

		g_assert_true(hb_record_parse(buf, len, &got));
		g_assert_cmpstr(got.text, ==, texts[i]);
		g_assert_cmpstr(got.entity, ==, record.entity);
		g_assert_cmpint(got.pid, ==, 21);
		g_assert_cmpint(got.level, ==, HB_LOG_WARN);
		g_assert_cmpint(got.when_s, ==, record.when_s);
		g_assert_true(got.is_script);
	}
}

static void
test_the_longest_text_fits(void)
{
	HbLogRecord record = a_record(""), got;
	guint8 buf[HB_RECORD_MAX];

	memset(record.text, 'x', HB_RECORD_TEXT_MAX);
	g_assert_cmpuint(hb_record_pack(&record, buf), ==, HB_RECORD_MAX);
	g_assert_true(hb_record_parse(buf, HB_RECORD_MAX, &got));
	g_assert_cmpuint(strlen(got.text), ==, HB_RECORD_TEXT_MAX);
}

static void
test_nonsense_is_no_record(void)
{
	HbLogRecord record = a_record("a line"), got;
	guint8 buf[HB_RECORD_MAX];
	gsize len = hb_record_pack(&record, buf);

	for (gsize cut = 0; cut < len; cut++)
		g_assert_false(hb_record_parse(buf, cut, &got));
	buf[len - 1] = '\0';            /* within the text */
	g_assert_false(hb_record_parse(buf, len, &got));
	len = hb_record_pack(&record, buf);
	buf[0] ^= 1;
	g_assert_false(hb_record_parse(buf, len, &got));
	len = hb_record_pack(&record, buf);
	buf[6] = HB_LOG_DEBUG + 1;
	g_assert_false(hb_record_parse(buf, len, &got));
	len = hb_record_pack(&record, buf);
	memset(buf + 24, 'e', HB_RECORD_ENTITY_MAX + 1);
	g_assert_false(hb_record_parse(buf, len, &got));
}

static guint
read_all(int fd, HbLogRecord *ret_last)
{
	guint8 buf[HB_RECORD_MAX];
	gssize len;
	guint n = 0;

	for (; (len = recv(fd, buf, sizeof buf, MSG_DONTWAIT)) > 0; n++)
		g_assert_true(hb_record_parse(buf, (gsize)len, ret_last));
	return n;
}

static void
test_lines_that_nobody_takes_are_counted_and_told(void)
{
	HbLogSettings settings = { .entity = "heartbeat", .node = "node1", .logfile_fd = -1, .debugfile_fd = -1 };
	static HbLogRecord got;
	g_autofree char *told = NULL;
	guint64 n_lost = hb_log_n_lost();
	guint n_said = 0, n_read;
	int ends[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), ==, 0);
	settings.record_fd = ends[0];
	hb_log_setup(&settings);
	while (hb_log_n_lost() < n_lost + 3) {
		hb_log(HB_LOG_INFO, "line %u", ++n_said);
		g_assert_cmpuint(n_said, <, 100000);
	}
	n_read = read_all(ends[1], &got);
	g_assert_cmpuint(n_read, ==, n_said - 3);
	hb_log(HB_LOG_INFO, "the last line");
	g_assert_cmpuint(read_all(ends[1], &got), ==, 2);
	g_assert_cmpstr(got.text, ==, "the last line");
	g_assert_cmpuint(hb_log_n_lost(), ==, n_lost + 3);

	while (hb_log_n_lost() < n_lost + 4)
		hb_log(HB_LOG_INFO, "once more");
	read_all(ends[1], &got);
	hb_log_flush();
	g_assert_cmpuint(read_all(ends[1], &got), ==, 1);
	told = g_strdup(got.text);
	g_assert_true(g_str_has_prefix(told, "1 lines of the log were lost"));
	settings.record_fd = 0;
	hb_log_setup(&settings);
	hb_fd_close(ends[0]);
	hb_fd_close(ends[1]);
}

/* What ha_logger of cluster-glue 1.0.12 sent: facility user, without the priority in front. doc/client-api.md 10 */
static void
test_the_log_daemon_gets_what_its_own_client_sends(void)
{
	static const char head[] = "\x6c\0\0\0\xcd\xab\0\0\x02\0\0\0\x08\0\0\0\x06\0\0\0\x0c\0\0\0\x00\0\0\0\xb3k\0\0myentity";
	static const char tail[] = "\xb9\x0b\rk\0\0\0\0hello world";
	HbLogRecord record = { .level = HB_LOG_INFO, .pid = 0x6bb3, .when_s = 0x6b0d0bb9, .entity = "myentity",
		               .text = "hello world" };
	g_autoptr(GByteArray) frame = hb_logd_frame(&record, 1);
	guint8 expected[116] = { 0 };

	if (G_BYTE_ORDER != G_LITTLE_ENDIAN || sizeof(time_t) != 8) {
		g_test_skip("recorded on another kind of machine");
		return;
	}
	memcpy(expected, head, sizeof head - 1);
	memcpy(expected + 96, tail, sizeof tail);
	expected[24] = 1;               /* ours shows it */
	g_assert_cmpmem(frame->data, frame->len, expected, sizeof expected);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/record/what_was_packed_is_read_back", test_what_was_packed_is_read_back);
	g_test_add_func("/record/the_longest_text_fits", test_the_longest_text_fits);
	g_test_add_func("/record/nonsense_is_no_record", test_nonsense_is_no_record);
	g_test_add_func("/record/lines_that_nobody_takes_are_counted_and_told",
	                test_lines_that_nobody_takes_are_counted_and_told);
	g_test_add_func("/record/the_log_daemon_gets_what_its_own_client_sends",
	                test_the_log_daemon_gets_what_its_own_client_sends);
	return g_test_run();
}
