/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* serial.c - a null modem cable: "serial /dev/ttyS0". doc/wire-protocol.md 8.5 */
#define _GNU_SOURCE             /* CRTSCTS, TIOCOUTQ */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "heartbeat/hb_medium.h"
#include "media/serial_in.h"
#include "media/serial_out.h"
#include "media/sock.h"
#include "media/words.h"

#include "util/banned.h"

#define USAGE     "serial /dev/ttyS0"
#define PATH_MAX_ (sizeof((hb_medium_want *)NULL)->path)
#define STALL_MS  500           /* as in 3.0.6 */

struct hb_medium {
	char path[PATH_MAX_];
	uint32_t baud;
	speed_t speed;
	int fd;                 /* -1: not open */
	hb_serial_in in;
	hb_serial_out out;
	int is_empty;           /* the last look took all there was; the next would be for nothing */
	int64_t stuck_ms;       /* since when the line takes nothing; 0: it does */
	int lost;               /* what the next write() has to tell: -errno, 0 nothing */
};

static const struct {
	uint32_t baud;
	speed_t speed;
} speeds[] = {
	{ 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 },
	{ 115200, B115200 }, { 230400, B230400 }, { 460800, B460800 },
};

static int
find_speed(uint32_t baud, speed_t *ret_speed)
{
	for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++)
		if (speeds[i].baud == baud) {
			*ret_speed = speeds[i].speed;
			return 0;
		}
	return -1;
}

static int
check_path(const char *path, char err[HB_MEDIUM_ERR_MAX])
{
	if (path[0] != '/')
		return hb_media_fail(err, "\"%.80s\" must be given with its full path; write e.g. " USAGE, path);
	if (strlen(path) >= PATH_MAX_)
		return hb_media_fail(err, "the path of the terminal is too long; write e.g. " USAGE);
	return 0;
}

static hb_medium *
serial_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	hb_words words;
	hb_medium *medium;
	speed_t speed;

	if (hb_words_cut(text, 1, 0, USAGE, &words, err) < 0 || check_path(words.word[0], err) < 0)
		return NULL;
	if (find_speed(defaults->baud, &speed) < 0) {
		hb_media_fail(err, "a serial line does not run at %u bit/s; write baud 19200 above this line",
		              (unsigned int)defaults->baud);
		return NULL;
	}
	medium = calloc(1, sizeof *medium);
	if (medium == NULL) {
		hb_media_fail(err, "out of memory");
		return NULL;
	}
	memcpy(medium->path, words.word[0], strlen(words.word[0]) + 1);
	medium->baud = defaults->baud;
	medium->speed = speed;
	medium->fd = -1;
	return medium;
}

static const char *
serial_link_name(const hb_medium *medium)
{
	return medium->path;
}

static const char *
serial_far_name(const hb_medium *medium)
{
	(void)medium;
	return NULL;
}

static void
serial_wants(const hb_medium *medium, hb_medium_want *want)
{
	want->kind = HB_WANT_TTY;
	want->baud = medium->baud;
	memcpy(want->path, medium->path, sizeof medium->path);
}

static void
serial_shut(hb_medium *medium)
{
	/* What nobody takes must not hold up the closing (a closing terminal waits for its output). */
	if (medium->fd >= 0)
		(void)tcflush(medium->fd, TCOFLUSH);
	hb_sock_close(&medium->fd);
	medium->is_empty = 0;
	hb_serial_in_clear(&medium->in);
	hb_serial_out_clear(&medium->out);
	medium->stuck_ms = 0;
	medium->lost = 0;
}

static void
serial_close(hb_medium *medium)
{
	if (medium == NULL)
		return;
	serial_shut(medium);
	free(medium);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Nothing is done to the octets on their way, in either direction, and the handshake is the cable's (RTS, CTS). Signs of the
 * line itself (break, framing errors) are no octets. No break is sent at the beginning, as 3.0.6 does: sending one takes the
 * system a quarter of a second; the end of a line before the first message serves the same purpose.
 */
static int
make_raw(const hb_medium *medium, char err[HB_MEDIUM_ERR_MAX])
{
	struct termios tty;

	if (tcgetattr(medium->fd, &tty) < 0)
		return hb_media_fail(err, "%.150s is not a terminal: %s", medium->path, strerror(errno));
	cfmakeraw(&tty);
	tty.c_iflag = IGNBRK | IGNPAR;
	tty.c_cflag &= (tcflag_t)~(CSIZE | CSTOPB | PARENB | PARODD | HUPCL);
	tty.c_cflag |= CS8 | CREAD | CLOCAL | CRTSCTS;
	tty.c_cc[VMIN] = 1;
	tty.c_cc[VTIME] = 0;
	if (cfsetispeed(&tty, medium->speed) < 0 || cfsetospeed(&tty, medium->speed) < 0 ||
	    tcsetattr(medium->fd, TCSANOW, &tty) < 0)
		return hb_media_fail(err, "cannot set %.150s to %u bit/s: %s", medium->path,
		                     (unsigned int)medium->baud, strerror(errno));
	return 0;
}

static int
serial_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	int flags = fcntl(fd, F_GETFL);

	serial_shut(medium);
	medium->fd = fd;
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		hb_media_fail(err, "%.150s is unusable: %s", medium->path, strerror(errno));
	else if (make_raw(medium, err) == 0) {
		/* What came before we were here is old. */
		(void)tcflush(fd, TCIOFLUSH);
		hb_serial_out_init(&medium->out, medium->baud, now_ms());
		return 0;
	}
	serial_shut(medium);
	return -1;
}

static int
serial_poll_fd(const hb_medium *medium)
{
	return medium->fd;
}

/* One look at the line per call, none to find that there is nothing more: what comes later wakes us again. */
static ssize_t
serial_read(hb_medium *medium, void *buf, size_t buf_len)
{
	ssize_t len = hb_serial_in_next(&medium->in, buf, buf_len);
	char *room;
	ssize_t got;

	if (len >= 0)
		return len;
	if (medium->fd < 0)
		return -2;
	if (medium->is_empty) {
		medium->is_empty = 0;
		return -1;
	}
	room = hb_serial_in_room(&medium->in);
	if (room == NULL)
		return -2;
	got = read(medium->fd, room, HB_SERIAL_CHUNK_MAX);
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		return -2;      /* hung up: the adapter was unplugged, the other side of a pty is gone */
	if (got < 0)
		return -1;
	hb_serial_in_added(&medium->in, (size_t)got);
	len = hb_serial_in_next(&medium->in, buf, buf_len);
	medium->is_empty = len >= 0 && got < HB_SERIAL_CHUNK_MAX;
	return len;
}

/* What the kernel holds back is more than was ever allowed: the other end does not take it. */
static int
is_backed_up(const hb_medium *medium)
{
	int n = 0;

	return ioctl(medium->fd, TIOCOUTQ, &n) == 0 && n > 0 && (uint32_t)n > medium->out.per_s / 2 + 64;
}

static void
stuck(hb_medium *medium, int64_t at_ms)
{
	if (medium->stuck_ms == 0)
		medium->stuck_ms = at_ms;
	if (at_ms - medium->stuck_ms < STALL_MS)
		return;
	(void)tcflush(medium->fd, TCOFLUSH);
	hb_serial_out_stalled(&medium->out);
	medium->stuck_ms = at_ms;
	medium->lost = -ETIMEDOUT;
}

static int
serial_flush(hb_medium *medium)
{
	int64_t at_ms = now_ms();
	const void *data;
	size_t len;

	if (medium->fd < 0)
		return 0;
	while ((len = hb_serial_out_ready(&medium->out, at_ms, &data)) > 0) {
		ssize_t done = is_backed_up(medium) ? 0 : write(medium->fd, data, len);

		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;  /* and read() will find that the device is gone */
		if (done <= 0) {
			stuck(medium, at_ms);
			break;
		}
		medium->stuck_ms = 0;
		hb_serial_out_wrote(&medium->out, (size_t)done);
	}
	return hb_serial_out_wait_ms(&medium->out);
}

static int
serial_write(hb_medium *medium, const void *buf, size_t len)
{
	int result;
	int lost = medium->lost;

	if (medium->fd < 0)
		return -ENOTCONN;
	medium->lost = 0;
	result = hb_serial_out_add(&medium->out, buf, len);
	return result != 0 ? result : lost;
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	.abi = HB_MEDIUM_ABI,
	.name = "serial",
	.flags = HB_MEDIUM_STRING,
	.word_each = 1,
	.parse = serial_parse,
	.link_name = serial_link_name,
	.far_name = serial_far_name,
	.wants = serial_wants,
	.open = serial_open,
	.poll_fd = serial_poll_fd,
	.read = serial_read,
	.write = serial_write,
	.flush = serial_flush,
	.shut = serial_shut,
	.close = serial_close,
};
