/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * gsource.c - include/heartbeat/clplumbing/GSource.h and Gmain_timeout.h.
 *
 * All kinds are one GSource: what to poll, when it is ready, what to call.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <glib.h>

#include <clplumbing/GSource.h>
#include <clplumbing/Gmain_timeout.h>

#include "util/banned.h"

#define SIGNALS_MAX 65

typedef struct {
	GSource base;
	GPollFD poll;
	gboolean has_poll;
	union {
		gboolean (*fd)(int fd, gpointer user_data);
		gboolean (*channel)(IPC_Channel *ch, gpointer user_data);
		gboolean (*signal)(int nsig, gpointer user_data);
		gboolean (*trigger)(gpointer user_data);
	} call;
	gpointer user_data;
	GDestroyNotify notify;
	IPC_Channel *channel;
	IPC_WaitConnection *listening;
	IPC_Auth *auth;
	int signo;
	gboolean is_set;        /* trigger */
} Source;

struct GFDSource_s { Source s; };
struct GCHSource_s { Source s; };
struct GWCSource_s { Source s; };
struct GSIGSource_s { Source s; };
struct GTRIGSource_s { Source s; };

/* What handlers and sources share: which signals came, and what wakes the loop then. */
static volatile sig_atomic_t came[SIGNALS_MAX];
static int wake_fd = -1;

/* ---- readiness ---- */

static gboolean
poll_check(GSource *base)
{
	return (((Source *)base)->poll.revents & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0;
}

static gboolean
never_yet(GSource *base, gint *timeout)
{
	(void)base;
	*timeout = -1;
	return FALSE;
}

static gboolean
channel_ready(GSource *base)
{
	IPC_Channel *ch = ((Source *)base)->channel;

	if (ch->ops->is_sending_blocked(ch))
		(void)ch->ops->resume_io(ch);
	return ch->ops->is_message_pending(ch);
}

static gboolean
channel_prepare(GSource *base, gint *timeout)
{
	Source *source = (Source *)base;
	gboolean is_ready = channel_ready(base);

	source->poll.events = G_IO_IN | G_IO_HUP | G_IO_ERR;
	if (source->channel->ops->is_sending_blocked(source->channel))
		source->poll.events |= G_IO_OUT;
	*timeout = -1;
	return is_ready;
}

static gboolean
signal_check(GSource *base)
{
	return came[((Source *)base)->signo] != 0;
}

static gboolean
signal_prepare(GSource *base, gint *timeout)
{
	*timeout = -1;
	return signal_check(base);
}

static gboolean
trigger_check(GSource *base)
{
	return ((Source *)base)->is_set;
}

static gboolean
trigger_prepare(GSource *base, gint *timeout)
{
	*timeout = -1;
	return trigger_check(base);
}

/* ---- dispatch ---- */

static gboolean
fd_dispatch(GSource *base, GSourceFunc unused, gpointer unused_data)
{
	Source *source = (Source *)base;

	(void)unused, (void)unused_data;
	return source->call.fd(source->poll.fd, source->user_data);
}

static gboolean
channel_dispatch(GSource *base, GSourceFunc unused, gpointer unused_data)
{
	Source *source = (Source *)base;

	(void)unused, (void)unused_data;
	return source->call.channel(source->channel, source->user_data);
}

static gboolean
listening_dispatch(GSource *base, GSourceFunc unused, gpointer unused_data)
{
	Source *source = (Source *)base;
	IPC_Channel *ch = source->listening->ops->accept_connection(source->listening, source->auth);

	(void)unused, (void)unused_data;
	return ch == NULL || source->call.channel(ch, source->user_data);
}

static gboolean
signal_dispatch(GSource *base, GSourceFunc unused, gpointer unused_data)
{
	Source *source = (Source *)base;
	guint64 n_wakes;

	(void)unused, (void)unused_data;
	if (read(wake_fd, &n_wakes, sizeof n_wakes) < 0)
		n_wakes = 0;    /* another source has taken it */
	came[source->signo] = 0;
	return source->call.signal(source->signo, source->user_data);
}

static gboolean
trigger_dispatch(GSource *base, GSourceFunc unused, gpointer unused_data)
{
	Source *source = (Source *)base;

	(void)unused, (void)unused_data;
	source->is_set = FALSE;
	return source->call.trigger(source->user_data);
}

static void
finalize(GSource *base)
{
	Source *source = (Source *)base;

	if (source->signo != 0)
		(void)signal(source->signo, SIG_DFL);
	if (source->notify != NULL)
		source->notify(source->user_data);
	if (source->channel != NULL)
		source->channel->ops->destroy(source->channel);
	if (source->listening != NULL)
		source->listening->ops->destroy(source->listening);
}

static GSourceFuncs fd_funcs = { never_yet, poll_check, fd_dispatch, finalize, NULL, NULL };
static GSourceFuncs channel_funcs = { channel_prepare, channel_ready, channel_dispatch, finalize, NULL, NULL };
static GSourceFuncs listening_funcs = { never_yet, poll_check, listening_dispatch, finalize, NULL, NULL };
static GSourceFuncs signal_funcs = { signal_prepare, signal_check, signal_dispatch, finalize, NULL, NULL };
static GSourceFuncs trigger_funcs = { trigger_prepare, trigger_check, trigger_dispatch, finalize, NULL, NULL };

/* ---- making ---- */

static Source *
source_new(GSourceFuncs *funcs, int fd, int priority, gboolean can_recurse, gpointer user_data, GDestroyNotify notify)
{
	Source *source = (Source *)g_source_new(funcs, sizeof(Source));

	source->user_data = user_data;
	source->notify = notify;
	if (fd >= 0) {
		source->poll.fd = fd;
		source->poll.events = G_IO_IN | G_IO_HUP | G_IO_ERR;
		g_source_add_poll(&source->base, &source->poll);
	}
	g_source_set_priority(&source->base, priority);
	g_source_set_can_recurse(&source->base, can_recurse);
	g_source_attach(&source->base, NULL);
	g_source_unref(&source->base);
	return source;
}

static gboolean
source_end(Source *source)
{
	if (source == NULL)
		return FALSE;
	g_source_destroy(&source->base);
	return TRUE;
}

GFDSource *
G_main_add_fd(int priority, int fd, gboolean can_recurse, gboolean (*dispatch)(int fd, gpointer user_data),
              gpointer userdata, GDestroyNotify notify)
{
	Source *source = source_new(&fd_funcs, fd, priority, can_recurse, userdata, notify);

	source->call.fd = dispatch;
	return (GFDSource *)source;
}

gboolean
G_main_del_fd(GFDSource *fdp)
{
	return source_end((Source *)fdp);
}

GCHSource *
G_main_add_IPC_Channel(int priority, IPC_Channel *ch, gboolean can_recurse,
                       gboolean (*dispatch)(IPC_Channel *source_data, gpointer user_data), gpointer userdata,
                       GDestroyNotify notify)
{
	Source *source;

	if (ch == NULL || ch->ops->get_recv_select_fd(ch) < 0)
		return NULL;
	source = source_new(&channel_funcs, ch->ops->get_recv_select_fd(ch), priority, can_recurse, userdata, notify);
	source->channel = ch;
	source->call.channel = dispatch;
	return (GCHSource *)source;
}

gboolean
G_main_del_IPC_Channel(GCHSource *chp)
{
	return source_end((Source *)chp);
}

GWCSource *
G_main_add_IPC_WaitConnection(int priority, IPC_WaitConnection *wch, IPC_Auth *auth_info, gboolean can_recurse,
                              gboolean (*dispatch)(IPC_Channel *source_data, gpointer user_data),
                              gpointer userdata, GDestroyNotify notify)
{
	Source *source;

	if (wch == NULL)
		return NULL;
	source = source_new(&listening_funcs, wch->ops->get_select_fd(wch), priority, can_recurse, userdata, notify);
	source->listening = wch;
	source->auth = auth_info;
	source->call.channel = dispatch;
	return (GWCSource *)source;
}

gboolean
G_main_del_IPC_WaitConnection(GWCSource *wcp)
{
	return source_end((Source *)wcp);
}

static void
note_signal(int signo)
{
	int saved_errno = errno;
	guint64 one = 1;

	came[signo] = 1;
	if (write(wake_fd, &one, sizeof one) < 0)
		came[signo] = 1;        /* full: the loop is awake anyway */
	errno = saved_errno;
}

GSIGSource *
G_main_add_SignalHandler(int priority, int signo, gboolean (*dispatch)(int nsig, gpointer user_data),
                         gpointer userdata, GDestroyNotify notify)
{
	struct sigaction action = { .sa_handler = note_signal, .sa_flags = SA_RESTART };
	Source *source;

	if (wake_fd < 0)
		wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0 || signo <= 0 || signo >= SIGNALS_MAX || sigaction(signo, &action, NULL) < 0)
		return NULL;
	source = source_new(&signal_funcs, wake_fd, priority, FALSE, userdata, notify);
	source->signo = signo;
	source->call.signal = dispatch;
	return (GSIGSource *)source;
}

gboolean
G_main_del_SignalHandler(GSIGSource *src)
{
	return source_end((Source *)src);
}

GTRIGSource *
G_main_add_TriggerHandler(int priority, gboolean (*dispatch)(gpointer user_data), gpointer userdata,
                          GDestroyNotify notify)
{
	Source *source = source_new(&trigger_funcs, -1, priority, FALSE, userdata, notify);

	source->call.trigger = dispatch;
	return (GTRIGSource *)source;
}

gboolean
G_main_del_TriggerHandler(GTRIGSource *src)
{
	return source_end((Source *)src);
}

void
G_main_set_trigger(GTRIGSource *src)
{
	((Source *)src)->is_set = TRUE;
	g_main_context_wakeup(NULL);
}

/* ---- timers: those of GLib are monotonic ---- */

guint
Gmain_timeout_add(guint interval, GSourceFunc function, gpointer data)
{
	return g_timeout_add(interval, function, data);
}

guint
Gmain_timeout_add_full(gint priority, guint interval, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
	return g_timeout_add_full(priority, interval, function, data, notify);
}

void
Gmain_timeout_remove(guint tag)
{
	(void)g_source_remove(tag);
}
