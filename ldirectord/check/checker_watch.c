/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checker_watch.c - what checks share: descriptors and their events, addresses, and what is freed later. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ldirectord/check/checker_parts.h"
#include "util/banned.h"

#define EVENTS_MAX 256  /* of one look at the descriptor */
#define LOOKS_MAX  16   /* of one turn */

gboolean
ldir_errno_is_ours(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM || error == EAGAIN ||
	       error == EADDRNOTAVAIL;
}

socklen_t
ldir_sockaddr_make(const LdirAddress *addr, guint16 port, LdirSockaddr *out)
{
	memset(out, 0, sizeof *out);
	if (addr->family == AF_INET6) {
		out->in6.sin6_family = AF_INET6;
		out->in6.sin6_port = htons(port);
		memcpy(&out->in6.sin6_addr, addr->bytes, 16);
		return sizeof out->in6;
	}
	out->in.sin_family = AF_INET;
	out->in.sin_port = htons(port);
	memcpy(&out->in.sin_addr, addr->bytes, 4);
	return sizeof out->in;
}

char *
ldir_place_text(const LdirAddress *addr, guint16 port)
{
	g_autofree char *text = ldir_address_text(addr);

	return g_strdup_printf("%s:%u", text, port);
}

static LdirPlace *
place_at(const LdirChecker *checker, guint number)
{
	return &g_array_index(checker->places, LdirPlace, number);
}

static guint
place_take(LdirChecker *checker, LdirWatch *watch)
{
	guint number = checker->free_place;

	if (number == 0) {
		number = checker->places->len;
		g_array_set_size(checker->places, number + 1);
	} else {
		checker->free_place = place_at(checker, number)->next_free;
	}
	place_at(checker, number)->watch = watch;
	return number;
}

gboolean
ldir_watch_add(LdirChecker *checker, LdirWatch *watch, int fd, guint32 events)
{
	struct epoll_event event = { .events = events };

	g_assert(watch->place == 0);
	watch->place = place_take(checker, watch);
	event.data.u64 = (guint64)place_at(checker, watch->place)->turn << 32 | watch->place;
	if (epoll_ctl(checker->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0)
		return TRUE;
	ldir_watch_drop(checker, watch);
	return FALSE;
}

gboolean
ldir_watch_once(LdirChecker *checker, LdirWatch *watch, int fd, guint32 events)
{
	struct epoll_event event = { .events = events | EPOLLONESHOT };
	LdirPlace *place;

	if (watch->place == 0)
		return ldir_watch_add(checker, watch, fd, events | EPOLLONESHOT);
	place = place_at(checker, watch->place);
	place->turn++;
	event.data.u64 = (guint64)place->turn << 32 | watch->place;
	return epoll_ctl(checker->epoll_fd, EPOLL_CTL_MOD, fd, &event) == 0;
}

void
ldir_watch_drop(LdirChecker *checker, LdirWatch *watch)
{
	LdirPlace *place;

	if (watch->place == 0)
		return;
	place = place_at(checker, watch->place);
	*place = (LdirPlace){ NULL, place->turn + 1, checker->free_place };
	checker->free_place = watch->place;
	watch->place = 0;
}

LdirTls *
ldir_checker_tls(LdirChecker *checker)
{
	if (checker->tls == NULL)
		checker->tls = ldir_tls_new();
	return checker->tls;
}

typedef struct {
	gpointer data;
	GDestroyNotify destroy;
} Grave;

void
ldir_checker_bury(LdirChecker *checker, gpointer data, GDestroyNotify destroy)
{
	const Grave grave = { data, destroy };

	g_array_append_val(checker->graveyard, grave);
}

static void
grave_clear(gpointer data)
{
	Grave *grave = data;

	grave->destroy(grave->data);
}

void
ldir_graves_clear(LdirChecker *checker)
{
	g_array_set_size(checker->graveyard, 0);
}

void
ldir_watches_init(LdirChecker *checker)
{
	checker->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (checker->epoll_fd < 0)
		g_error("cannot watch descriptors: %s", g_strerror(errno));
	checker->places = g_array_new(FALSE, TRUE, sizeof(LdirPlace));
	g_array_set_size(checker->places, 1);
	checker->graveyard = g_array_new(FALSE, FALSE, sizeof(Grave));
	g_array_set_clear_func(checker->graveyard, grave_clear);
}

void
ldir_watches_done(LdirChecker *checker)
{
	g_array_unref(checker->graveyard);
	g_array_unref(checker->places);
	(void)close(checker->epoll_fd);
}

void
ldir_watches_look(LdirChecker *checker)
{
	struct epoll_event events[EVENTS_MAX];

	for (guint turn = 0; turn < LOOKS_MAX; turn++) {
		int n = epoll_wait(checker->epoll_fd, events, EVENTS_MAX, 0);

		for (int i = 0; i < n; i++) {
			const LdirPlace *place = place_at(checker, (guint)(events[i].data.u64 & G_MAXUINT32));

			if (place->watch != NULL && place->turn == events[i].data.u64 >> 32)
				place->watch->ready(place->watch, events[i].events, checker->now_ms);
		}
		if (n < EVENTS_MAX)
			break;
	}
}
