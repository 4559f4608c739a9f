/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>

#include <glib.h>

#include "log/log.h"
#include "node/fifo_in.h"
#include "node/loop.h"
#include "node/rate.h"
#include "util/fd.h"
#include "wire/fifo.h"
#include "wire/msg.h"
#include "wire/typedio.h"

#include "util/banned.h"

#define READS_PER_TURN 4

struct HbFifoIn {
	HbNode *node;
	HbFd fd;
	HbSource *source;
	HbFifoReader *reader;
	guint64 n_refused;      /* well formed, but not a message for us */
	guint64 n_bad_said;
	HbRate bad;
};

guint64
hb_fifo_in_n_bad(const HbFifoIn *fifo)
{
	return fifo ? fifo->n_refused + hb_fifo_reader_n_bad(fifo->reader) : 0;
}

static void
say_bad(HbFifoIn *fifo)
{
	guint64 n_bad = hb_fifo_in_n_bad(fifo);
	guint64 n_swallowed;

	if (n_bad == fifo->n_bad_said)
		return;
	fifo->n_bad_said = n_bad;
	if (hb_rate_allows(&fifo->bad, hb_loop_now_ms(fifo->node->loop), &n_swallowed))
		hb_log(HB_LOG_WARN, "the FIFO brought something that is no message; dropped %" G_GUINT64_FORMAT
		       " in all", n_bad);
}

/* What goes out as it is gets a number, and those beginning with NS_ must have none. */
static gboolean
may_be_passed_on(const HbTyped *typed)
{
	return typed->type != HB_MSG_OTHER || !g_str_has_prefix(hb_msg_get(typed->raw, "t"), "NS_");
}

static void
serve(HbFifoIn *fifo)
{
	HbMsg *next;

	while ((next = hb_fifo_reader_next(fifo->reader))) {
		g_autoptr(HbMsg) msg = next;
		HbEvent event = { .type = HB_EV_FIFO };
		HbTyped typed;

		if (hb_typed_parse_fifo(msg, &typed) != HB_TYPED_OK || !may_be_passed_on(&typed)) {
			fifo->n_refused++;
			continue;
		}
		event.u.fifo.msg = &typed;
		hb_loop_step(fifo->node, &event);
	}
}

static gboolean
on_readable(gpointer owner, GIOCondition cond)
{
	HbFifoIn *fifo = owner;
	gssize len = -1;

	(void)cond;
	for (guint i = 0; i < READS_PER_TURN; i++) {
		guint8 buf[4096];

		len = read(fifo->fd, buf, sizeof buf);
		if (len <= 0)
			break;
		hb_fifo_reader_feed(fifo->reader, buf, (gsize)len);
		serve(fifo);
	}
	say_bad(fifo);
	if (len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR)))
		return G_SOURCE_CONTINUE;
	/* End of file stays readable for ever, and only root can open a FIFO again. */
	hb_log(HB_LOG_ERR, "the FIFO is closed: %s; commands of scripts are no longer heard",
	       len < 0 ? g_strerror(errno) : "no writer is left");
	hb_source_drop(&fifo->source);
	return G_SOURCE_REMOVE;
}

static void
listen_to(HbFifoIn *fifo, int fd)
{
	fifo->fd = fd;
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	fifo->source = hb_source_new(fifo->node, "FIFO", fd, G_IO_IN, on_readable, fifo);
}

HbFifoIn *
hb_fifo_in_new(HbNode *node, int fd)
{
	HbFifoIn *fifo;

	if (fd < 0)
		return NULL;
	fifo = g_new0(HbFifoIn, 1);
	fifo->node = node;
	fifo->reader = hb_fifo_reader_new();
	listen_to(fifo, fd);
	return fifo;
}

void
hb_fifo_in_replace(HbFifoIn *fifo, int fd)
{
	hb_source_drop(&fifo->source);
	hb_fd_close(fifo->fd);
	listen_to(fifo, fd);
}

void
hb_fifo_in_free(HbFifoIn *fifo)
{
	if (!fifo)
		return;
	hb_source_drop(&fifo->source);
	hb_fd_close(fifo->fd);
	hb_fifo_reader_free(fifo->reader);
	g_free(fifo);
}
