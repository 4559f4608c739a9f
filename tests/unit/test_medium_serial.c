/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_medium_serial.c - a null modem cable: two pseudo terminals, joined by a thread. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "medium_suite.h"

#include "util/banned.h"

#define PACKET ">>>\nt=status\nsrc=n1\n<<<\n"

static const hb_medium_ops *ops;
static int master[2];
static char name[2][64];

static const MediumBad bad[] = {
	{ "", "needs 1 word, has 0; write e.g. serial /dev/ttyS0" },
	{ "ttyS0", "\"ttyS0\" must be given with its full path" },
	{ "/dev/ttyS0 /dev/ttyS1", "one word too many" },
	{ NULL, NULL },
};

static MediumSuite suite = {
	.name = "serial",
	.want = { .kind = HB_WANT_TTY, .baud = MEDIUM_BAUD },
	.bad = bad,
};

/* The cable. */
static gpointer
carry(gpointer unused)
{
	(void)unused;
	for (;;) {
		struct pollfd pfd[2] = { { .fd = master[0], .events = POLLIN }, { .fd = master[1], .events = POLLIN } };

		(void)poll(pfd, 2, -1);
		for (int i = 0; i < 2; i++) {
			char buf[512];
			ssize_t len = pfd[i].revents & POLLIN ? read(master[i], buf, sizeof buf) : 0;

			if (len > 0)
				g_assert_cmpint(write(master[!i], buf, (size_t)len), ==, len);
		}
	}
	return NULL;
}

static int
new_terminal(char ret_name[64])
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(grantpt(fd) | unlockpt(fd), ==, 0);
	g_assert_cmpint(ptsname_r(fd, ret_name, 64), ==, 0);
	return fd;
}

static void
lay_cable(void)
{
	for (int i = 0; i < 2; i++) {
		master[i] = new_terminal(name[i]);
		/* Kept open, so that a close at this end is no hang-up. */
		g_assert_cmpint(open(name[i], O_RDWR | O_NOCTTY | O_CLOEXEC), >=, 0);
	}
	(void)g_thread_new("cable", carry, NULL);
}

static hb_medium *
open_terminal(const char *path, guint baud)
{
	const hb_medium_defaults defaults = { .baud = baud };
	char err[HB_MEDIUM_ERR_MAX] = "";
	hb_medium *medium = ops->parse(path, &defaults, err);

	g_assert_nonnull(medium);
	g_assert_cmpint(ops->open(medium, open(path, O_RDWR | O_NOCTTY), err), ==, 0);
	return medium;
}

static void
test_the_line_is_raw_with_hardware_handshake(void)
{
	struct termios tty;
	char path[64];
	int far = new_terminal(path);
	hb_medium *medium = open_terminal(path, 9600);

	g_assert_cmpint(tcgetattr(ops->poll_fd(medium), &tty), ==, 0);
	g_assert_cmpuint(cfgetispeed(&tty), ==, B9600);
	g_assert_cmpuint(cfgetospeed(&tty), ==, B9600);
	g_assert_cmpuint(tty.c_cflag & (CSIZE | PARENB | CSTOPB), ==, CS8);
	g_assert_cmpuint(tty.c_cflag & (CREAD | CLOCAL | CRTSCTS), ==, CREAD | CLOCAL | CRTSCTS);
	g_assert_cmpuint(tty.c_lflag & (ICANON | ECHO | ISIG | IEXTEN), ==, 0);
	g_assert_cmpuint(tty.c_oflag & OPOST, ==, 0);
	g_assert_cmpuint(tty.c_iflag & (IXON | IXOFF | ICRNL | INLCR | IGNCR | ISTRIP), ==, 0);
	ops->close(medium);
	(void)close(far);
}

static void
test_only_speeds_that_lines_have_are_taken(void)
{
	const hb_medium_defaults odd = { .baud = 12345 };
	char err[HB_MEDIUM_ERR_MAX] = "";

	g_assert_cmpint(ops->word_each, ==, 1);
	g_assert_cmpuint(ops->flags, ==, HB_MEDIUM_STRING);
	g_assert_null(ops->parse("/dev/ttyS0", &odd, err));
	g_assert_nonnull(strstr(err, "12345 bit/s; write baud 19200 above this line"));
}

static void
test_what_is_no_terminal_is_refused(void)
{
	hb_medium *medium = medium_suite_parse("/dev/null");
	char err[HB_MEDIUM_ERR_MAX] = "";
	int fd = open("/dev/null", O_RDWR);

	g_assert_cmpint(ops->open(medium, fd, err), ==, -1);
	g_assert_nonnull(strstr(err, "/dev/null is not a terminal"));
	g_assert_cmpint(fcntl(fd, F_GETFD), ==, -1);
	ops->close(medium);
}

static void
test_several_packets_that_come_at_once_are_all_read(void)
{
	hb_medium *medium;
	char buf[64];
	char path[64];
	int far = new_terminal(path);

	medium = open_terminal(path, 9600);
	g_assert_cmpint(write(far, "noi\nse" PACKET "x" PACKET PACKET, 3 * strlen(PACKET) + 7), >, 0);
	for (int i = 0; i < 3; i++) {
		g_assert_cmpint(medium_suite_await(medium, buf, sizeof buf), ==, strlen(PACKET));
		g_assert_cmpmem(buf, strlen(PACKET), PACKET, strlen(PACKET));
	}
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(medium);
	(void)close(far);
}

static void
test_an_unplugged_adapter_is_a_broken_medium(void)
{
	char buf[64];
	char path[64];
	int far = new_terminal(path);
	hb_medium *medium = open_terminal(path, 9600);

	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	(void)close(far);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -2);
	(void)ops->write(medium, PACKET, strlen(PACKET));
	g_assert_cmpint(ops->flush(medium), <, 0);
	ops->close(medium);
}

/* The other end takes nothing: nothing blocks, little is kept, and when it takes again, the newest comes at once. */
static void
test_a_line_that_stalls_blocks_nothing_and_says_so(void)
{
	char path[64];
	int far = new_terminal(path);
	int hold = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	hb_medium *medium = open_terminal(path, 460800);
	gboolean said = FALSE;
	char packet[256], got[16384];
	gsize n_got = 0;
	ssize_t len;

	g_assert_cmpint(tcflow(hold, TCOOFF), ==, 0);
	for (guint i = 0; !said; i++) {
		int n = g_snprintf(packet, sizeof packet, ">>>\nt=status\nn=%u\n<<<\n", i);
		int result = ops->write(medium, packet, (gsize)n);

		g_assert_true(result == 0 || result == -ENOBUFS || result == -ETIMEDOUT);
		said = result == -ETIMEDOUT;
		g_assert_cmpint(ops->flush(medium), >=, 0);
		g_assert_cmpuint(i, <, 1000);
		(void)poll(NULL, 0, 10);
	}
	g_assert_cmpint(tcflow(hold, TCOON), ==, 0);
	(void)ops->flush(medium);
	g_assert_cmpint(fcntl(far, F_SETFL, O_NONBLOCK), ==, 0);
	for (guint i = 0; memmem(got, n_got, packet, strlen(packet)) == NULL && i < 1000; i++) {
		len = read(far, got + n_got, sizeof got - n_got);
		if (len > 0)
			n_got += (gsize)len;
		(void)ops->flush(medium);
		(void)poll(NULL, 0, 10);
	}
	g_assert_nonnull(memmem(got, n_got, packet, strlen(packet)));
	ops->close(medium);
	(void)close(hold);
	(void)close(far);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	lay_cable();
	suite.words[0] = suite.link_name = name[0];
	suite.words[1] = name[1];
	memcpy(suite.want.path, name[0], sizeof name[0]);
	ops = medium_suite_init(&suite);
	g_test_add_func("/serial/the_line_is_raw_with_hardware_handshake",
	                test_the_line_is_raw_with_hardware_handshake);
	g_test_add_func("/serial/only_speeds_that_lines_have_are_taken", test_only_speeds_that_lines_have_are_taken);
	g_test_add_func("/serial/what_is_no_terminal_is_refused", test_what_is_no_terminal_is_refused);
	g_test_add_func("/serial/several_packets_that_come_at_once_are_all_read",
	                test_several_packets_that_come_at_once_are_all_read);
	g_test_add_func("/serial/an_unplugged_adapter_is_a_broken_medium",
	                test_an_unplugged_adapter_is_a_broken_medium);
	g_test_add_func("/serial/a_line_that_stalls_blocks_nothing_and_says_so",
	                test_a_line_that_stalls_blocks_nothing_and_says_so);
	return g_test_run();
}
