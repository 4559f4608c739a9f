/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/check/checker_parts.h"
#include "ldirectord/check/reverse.h"
#include "ldirectord/check/schedule_key.h"
#include "util/banned.h"
#include "util/time.h"

#define THREADS_MAX   8
#define GOOD_MS       300000    /* so long a name is good, */
#define GATHER_MS     50        /* names that come together are one piece of news */

typedef struct {
	LdirAddress addr;       /* first member: the key */
	char *name;             /* NULL: there is none, or it is not known yet */
	gint64 until_ms;        /* then it is asked for anew */
	gboolean is_asked;      /* just now */
} Entry;

/* What the threads may outlive */
typedef struct {
	gint n_users;
	LdirReverse *owner;     /* NULL: gone; for the main loop only */
	LdirReverseAsk *ask;
} Link;

struct LdirReverse {
	GHashTable *entries;    /* LdirAddress -> Entry, owned */
	GThreadPool *pool;
	Link *link;
	guint timer;            /* news are to be told */
	gint64 nothing_ms;      /* so long it is believed that there is no name */
	guint again;            /* then whoever wants names asks anew; 0: none is missing */
	void (*news)(gpointer user);
	gpointer user;
};

typedef struct {
	Link *link;
	LdirAddress addr;
	char *name;
} Question;

gboolean
ldir_reverse_system(const LdirAddress *addr, char **ret_name)
{
	LdirSockaddr place;
	socklen_t len = ldir_sockaddr_make(addr, 0, &place);
	char name[NI_MAXHOST];

	if (getnameinfo(&place.base, len, name, sizeof name, NULL, 0, NI_NAMEREQD) != 0)
		return FALSE;
	*ret_name = g_strdup(name);
	return TRUE;
}

static void
unlink_from(Link *link)
{
	if (g_atomic_int_dec_and_test(&link->n_users))
		g_free(link);
}

static void
entry_free(gpointer data)
{
	Entry *entry = data;

	g_free(entry->name);
	g_free(entry);
}

static gboolean
on_news(gpointer data)
{
	LdirReverse *reverse = data;

	reverse->timer = 0;
	reverse->news(reverse->user);
	return G_SOURCE_REMOVE;
}

static gboolean
is_any_missing(const LdirReverse *reverse)
{
	GHashTableIter iter;
	gpointer entry;

	g_hash_table_iter_init(&iter, reverse->entries);
	while (g_hash_table_iter_next(&iter, NULL, &entry))
		if (((const Entry *)entry)->name == NULL)
			return TRUE;
	return FALSE;
}

/* A resolver that was not there yet, at a boot, is asked again without anything else happening. */
static gboolean
on_again(gpointer data)
{
	LdirReverse *reverse = data;

	reverse->news(reverse->user);
	if (is_any_missing(reverse))
		return G_SOURCE_CONTINUE;
	reverse->again = 0;
	return G_SOURCE_REMOVE;
}

static gboolean
on_answer(gpointer data)
{
	Question *question = data;
	LdirReverse *reverse = question->link->owner;
	Entry *entry = reverse != NULL ? g_hash_table_lookup(reverse->entries, &question->addr) : NULL;

	if (entry != NULL) {
		entry->until_ms = hb_time_now_ms() + (question->name != NULL ? GOOD_MS : reverse->nothing_ms);
		if (question->name != NULL) {   /* a resolver that is out of order takes no name away */
			g_free(entry->name);
			entry->name = g_steal_pointer(&question->name);
		}
		entry->is_asked = FALSE;
		if (reverse->timer == 0)
			reverse->timer = g_timeout_add(GATHER_MS, on_news, reverse);
		if (reverse->again == 0 && entry->name == NULL)
			reverse->again = g_timeout_add((guint)reverse->nothing_ms, on_again, reverse);
	}
	unlink_from(question->link);
	g_free(question->name);
	g_free(question);
	return G_SOURCE_REMOVE;
}

static void
ask(gpointer data, gpointer unused)
{
	Question *question = data;

	(void)unused;
	if (!question->link->ask(&question->addr, &question->name))
		question->name = NULL;
	(void)g_idle_add_full(G_PRIORITY_DEFAULT, on_answer, question, NULL);
}

LdirReverse *
ldir_reverse_new(LdirReverseAsk *how, guint nothing_ms, void (*news)(gpointer user), gpointer user)
{
	LdirReverse *reverse = g_new0(LdirReverse, 1);

	reverse->entries = g_hash_table_new_full(ldir_target_address_hash, ldir_target_address_equal, NULL, entry_free);
	reverse->link = g_new(Link, 1);
	*reverse->link = (Link){ .n_users = 1, .owner = reverse, .ask = how };
	reverse->pool = g_thread_pool_new(ask, NULL, THREADS_MAX, FALSE, NULL);
	reverse->nothing_ms = nothing_ms;
	reverse->news = news;
	reverse->user = user;
	return reverse;
}

void
ldir_reverse_free(LdirReverse *reverse)
{
	if (reverse == NULL)
		return;
	if (reverse->timer != 0)
		(void)g_source_remove(reverse->timer);
	if (reverse->again != 0)
		(void)g_source_remove(reverse->again);
	reverse->link->owner = NULL;
	unlink_from(reverse->link);
	g_thread_pool_free(reverse->pool, TRUE, FALSE);
	g_hash_table_unref(reverse->entries);
	g_free(reverse);
}

static void
put_question(LdirReverse *reverse, Entry *entry)
{
	Question *question = g_new0(Question, 1);

	question->link = reverse->link;
	question->addr = entry->addr;
	g_atomic_int_inc(&reverse->link->n_users);
	entry->is_asked = TRUE;
	(void)g_thread_pool_push(reverse->pool, question, NULL);
}

const char *
ldir_reverse_name(LdirReverse *reverse, const LdirAddress *addr, gint64 now_ms)
{
	Entry *entry = g_hash_table_lookup(reverse->entries, addr);

	if (entry == NULL) {
		entry = g_new0(Entry, 1);
		entry->addr = *addr;
		entry->until_ms = now_ms;
		g_hash_table_insert(reverse->entries, &entry->addr, entry);
	}
	if (!entry->is_asked && now_ms >= entry->until_ms)
		put_question(reverse, entry);
	return entry->name;
}

gboolean
ldir_reverse_is_asking(const LdirReverse *reverse, const LdirAddress *addr)
{
	const Entry *entry = g_hash_table_lookup(reverse->entries, addr);

	return entry != NULL && entry->is_asked;
}
