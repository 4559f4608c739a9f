/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hb-log: writes the log files, so that a disk that stalls keeps nobody from the network.
 *
 * Root's lines and those of hb-node come by two sockets: what the one sends too much of does not take the room of the
 * other. The sockets belong to root and outlive this process, with what waits in them.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "log/log.h"
#include "log/record.h"
#include "log/syslog_out.h"
#include "logger/logd.h"
#include "logger/logger.h"
#include "util/time.h"

#include "util/banned.h"

#define READS_PER_TURN 32
#define TELL_PAUSE_MS (10 * HB_MS_PER_S)

/* hb-node says a few lines for a change of state, and some hundred a second when it debugs. */
#define NODE_LINES_BURST 5000
#define NODE_LINES_PER_S 1000

/* ha_logd and heartbeat 3.0.6 use this where nothing is said. */
#define FACILITY_DEFAULT "daemon"

typedef struct {
	int fd;                 /* -1: nobody can write there any more */
	gboolean is_node;
} Input;

typedef struct {
	Input input[2];
	HbLogd logd;            /* .path NULL: not in use */
	gint64 bucket_ms;       /* when .tokens was right */
	gint64 tokens;          /* lines of hb-node that may still be written */
	guint n_too_many;
	guint64 n_lost_told;
	gint64 told_ms;
} Logger;

static volatile sig_atomic_t has_to_end;

static void
on_signal(int number)
{
	(void)number;
	has_to_end = 1;
}

/* ---- one record ---- */

static void
tell_too_many(Logger *logger)
{
	if (logger->n_too_many > 0)
		hb_log(HB_LOG_WARN, "%u lines of hb-node were dropped: it said more than %d a second", logger->n_too_many,
		       NODE_LINES_PER_S);
	logger->n_too_many = 0;
}

/* FALSE: hb-node says more than it can have reason to. */
static gboolean
may_write(Logger *logger)
{
	gint64 now_ms = hb_time_now_ms();
	gint64 earned = (now_ms - logger->bucket_ms) * NODE_LINES_PER_S / HB_MS_PER_S;

	if (earned > 0) {
		logger->tokens = MIN(logger->tokens + earned, NODE_LINES_BURST);
		logger->bucket_ms = now_ms;
	}
	if (logger->tokens <= 0) {
		logger->n_too_many++;
		return FALSE;
	}
	logger->tokens--;
	tell_too_many(logger);
	return TRUE;
}

static void
write_record(Logger *logger, HbLogRecord *record, gboolean is_node)
{
	if (is_node && !may_write(logger))
		return;
	/* It has no scripts, and speaks for nobody else. */
	if (is_node) {
		record->is_script = FALSE;
		g_strlcpy(record->entity, "heartbeat", sizeof record->entity);
	}
	if (!logger->logd.path || !hb_logd_send(&logger->logd, record))
		hb_log_record(record);
}

/* FALSE: nothing more now. */
static gboolean
read_record(Logger *logger, Input *input)
{
	static HbLogRecord record;
	guint8 buf[HB_RECORD_MAX + 1];
	gssize len = recv(input->fd, buf, sizeof buf, MSG_DONTWAIT);

	if (len > 0 && hb_record_parse(buf, (gsize)len, &record))
		write_record(logger, &record, input->is_node);
	else if (len > 0)
		hb_log(HB_LOG_ERR, "%s sent what is no line of a log", input->is_node ? "hb-node" : "heartbeat");
	else if (len == 0 || errno != EAGAIN)
		input->fd = -1;
	return len > 0;
}

/* What a full disk did not take is told when there is room again, now and then. */
static void
tell_lost(Logger *logger)
{
	guint64 n_lost = hb_log_n_lost();
	gint64 now_ms = hb_time_now_ms();

	if (n_lost == logger->n_lost_told || now_ms - logger->told_ms < TELL_PAUSE_MS)
		return;
	logger->told_ms = now_ms;
	hb_log(HB_LOG_WARN, "%" G_GUINT64_FORMAT " lines could not be written to where they belong",
	       n_lost - logger->n_lost_told);
	if (hb_log_n_lost() == n_lost)
		logger->n_lost_told = n_lost;
}

/* ---- the turns ---- */

static gboolean
wait_for_records(const Logger *logger, const sigset_t *unblocked)
{
	struct pollfd fds[G_N_ELEMENTS(logger->input)];

	for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
		fds[i] = (struct pollfd){ .fd = logger->input[i].fd, .events = POLLIN };
	return ppoll(fds, G_N_ELEMENTS(fds), NULL, unblocked) > 0;
}

static void
run(Logger *logger, const sigset_t *unblocked)
{
	while (logger->input[0].fd >= 0 || logger->input[1].fd >= 0) {
		if (!wait_for_records(logger, unblocked) && has_to_end)
			return;
		for (guint i = 0; i < G_N_ELEMENTS(logger->input); i++)
			for (guint n = 0; n < READS_PER_TURN && logger->input[i].fd >= 0; n++)
				if (!read_record(logger, &logger->input[i]))
					break;
		tell_lost(logger);
	}
}

/* ---- start ---- */

/* Only root ends this process, and no signal of a machine that stops does it too early. */
static void
settle_signals(sigset_t *ret_unblocked)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGUSR2 };
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t blocked;

	for (guint i = 0; i < G_N_ELEMENTS(ignored); i++)
		(void)signal(ignored[i], SIG_IGN);
	(void)sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &blocked, ret_unblocked);
	sigdelset(ret_unblocked, SIGUSR1);
}

/* Root opened it so that it need not wait for anything. This process may wait. */
static int
file_if(const char *flags, char flag, int fd)
{
	int status = fcntl(fd, F_GETFL);

	if (strchr(flags, flag) == NULL || status < 0)
		return -1;
	(void)fcntl(fd, F_SETFL, status & ~O_NONBLOCK);
	return fd;
}

int
main(int argc, char **argv)
{
	Logger logger = {
		.input = { { .fd = HB_LOGGER_FD_ROOT }, { .fd = HB_LOGGER_FD_NODE, .is_node = TRUE } },
		.logd = { .fd = -1 },
		.bucket_ms = hb_time_now_ms(),
		.tokens = NODE_LINES_BURST,
		.told_ms = -TELL_PAUSE_MS,
	};
	HbLogSettings settings = { .entity = "hb-log" };
	sigset_t unblocked;

	if (argc != 3 && argc != 5)
		return 2;       /* not for people: heartbeat starts it */
	settle_signals(&unblocked);
	(void)prctl(PR_SET_DUMPABLE, 0);
	settings.node = argv[1];
	settings.syslogmsgfmt = strchr(argv[2], 's') != NULL;
	settings.logfile_fd = file_if(argv[2], 'l', HB_LOGGER_FD_LOG);
	settings.debugfile_fd = file_if(argv[2], 'd', HB_LOGGER_FD_DEBUG);
	if (argc == 5) {
		/* Otherwise root and hb-node speak to syslog themselves. */
		settings.facility = argv[3];
		if (settings.logfile_fd < 0 && settings.debugfile_fd < 0 && hb_syslog_facility(argv[3]) < 0)
			settings.facility = FACILITY_DEFAULT;
		logger.logd.path = HB_STATE_DIR "/log_daemon";
		logger.logd.retry_ms = (gint64)g_ascii_strtoull(argv[4], NULL, 10);
		logger.logd.facility = MAX(hb_syslog_facility(argv[3]), 0);
		if (logger.logd.facility == 0)
			logger.logd.facility = hb_syslog_facility(FACILITY_DEFAULT);
	}
	hb_log_setup(&settings);
	run(&logger, &unblocked);
	tell_too_many(&logger);
	return 0;
}
