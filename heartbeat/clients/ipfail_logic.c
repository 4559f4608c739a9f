/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipfail_logic.c - see ipfail_logic.h.
 */
#include "clients/ipfail_logic.h"

#include <string.h>

#include "util/banned.h"

#define GIVEUP_KEEPALIVES 2     /* as in 3.0.6 */
#define HOLD_KEEPALIVES   5     /* how long a ping node that is back is not believed, at first */
#define HOLDS_MAX         64    /* at the most, in those */
#define AGAIN_KEEPALIVES  10    /* when to look whether the resources have come home */
#define AGAIN_MAX         4     /* how often; each time after twice as long */
#define CALM_HOLDS        8     /* so long without a loss: as if it never blinked */
#define UNKNOWN           (-1)

typedef enum { NOTHING, ALL, FOREIGN } What;

typedef struct {
	char *name;
	gboolean answers;
	gint64 since_ms;        /* it answers */
	guint holds;            /* how often HOLD_KEEPALIVES it has to, to be believed; 0: at once */
	gboolean is_believed;
} Ping;

struct HbIpfail {
	gint64 keepalive_ms;
	gboolean auto_failback;
	gboolean has_begun;
	GPtrArray *pings;
	guint count;            /* that answer */
	int theirs;             /* last told; UNKNOWN */
	What pending;
	guint count_then;       /* when the give-up was decided */
	gint64 pending_until_ms;
	gint64 again_ms;        /* HB_IPFAIL_NEVER: not */
	guint n_again;
};

static void
free_ping(gpointer data)
{
	Ping *ping = data;

	g_free(ping->name);
	g_free(ping);
}

HbIpfail *
hb_ipfail_new(gint64 keepalive_ms, gboolean auto_failback)
{
	HbIpfail *ipfail = g_new0(HbIpfail, 1);

	g_assert(keepalive_ms > 0);
	ipfail->keepalive_ms = keepalive_ms;
	ipfail->auto_failback = auto_failback;
	ipfail->pings = g_ptr_array_new_with_free_func(free_ping);
	ipfail->theirs = UNKNOWN;
	ipfail->again_ms = HB_IPFAIL_NEVER;
	return ipfail;
}

void
hb_ipfail_free(HbIpfail *ipfail)
{
	if (ipfail == NULL)
		return;
	g_ptr_array_unref(ipfail->pings);
	g_free(ipfail);
}

/* ---- ping nodes ---- */

static gint64
hold_ms(const HbIpfail *ipfail, const Ping *ping)
{
	return ping->holds * HOLD_KEEPALIVES * ipfail->keepalive_ms;
}

static Ping *
ping_of(HbIpfail *ipfail, const char *name)
{
	Ping *ping;

	for (guint i = 0; i < ipfail->pings->len; i++) {
		ping = g_ptr_array_index(ipfail->pings, i);
		if (strcmp(ping->name, name) == 0)
			return ping;
	}
	ping = g_new0(Ping, 1);
	ping->name = g_strdup(name);
	g_ptr_array_add(ipfail->pings, ping);
	return ping;
}

static void
see(HbIpfail *ipfail, Ping *ping, gboolean answers, gint64 now_ms)
{
	if (answers && !ping->answers)
		ping->since_ms = now_ms;
	if (!answers && ping->answers) {
		if (now_ms - ping->since_ms > CALM_HOLDS * hold_ms(ipfail, ping))
			ping->holds = 0;
		ping->holds = CLAMP(2 * ping->holds, 1, HOLDS_MAX);
	}
	ping->answers = answers;
	ping->is_believed = answers && now_ms - ping->since_ms >= hold_ms(ipfail, ping);
}

static guint
n_believed(const HbIpfail *ipfail)
{
	guint n = 0;

	for (guint i = 0; i < ipfail->pings->len; i++)
		n += ((Ping *)g_ptr_array_index(ipfail->pings, i))->is_believed ? 1 : 0;
	return n;
}

static void
look_again(HbIpfail *ipfail, gint64 now_ms)
{
	ipfail->again_ms = now_ms + (AGAIN_KEEPALIVES << ipfail->n_again) * ipfail->keepalive_ms;
}

static void
say_count(HbIpfail *ipfail, gint64 now_ms, HbIpfailTodo *todo)
{
	todo->send_count = TRUE;
	todo->count = ipfail->count;
	ipfail->n_again = 0;
	look_again(ipfail, now_ms);
}

void
hb_ipfail_pings(HbIpfail *ipfail, const HbIpfailPing *pings, guint n, gint64 now_ms, HbIpfailTodo *todo)
{
	guint before = ipfail->count, believed_before = n_believed(ipfail);

	ipfail->count = 0;
	for (guint i = 0; i < n; i++) {
		see(ipfail, ping_of(ipfail, pings[i].name), pings[i].answers, now_ms);
		ipfail->count += pings[i].answers ? 1 : 0;
	}
	/* A loss is told at once, what is back when it is believed. */
	if (ipfail->has_begun && (ipfail->count < before || n_believed(ipfail) > believed_before))
		say_count(ipfail, now_ms, todo);
	ipfail->has_begun = TRUE;
}

void
hb_ipfail_joined(HbIpfail *ipfail, gint64 now_ms, HbIpfailTodo *todo)
{
	say_count(ipfail, now_ms, todo);
}

/* ---- decisions ---- */

static void
decide(HbIpfail *ipfail, What what, gint64 now_ms)
{
	ipfail->pending = what;
	ipfail->count_then = ipfail->count;
	ipfail->pending_until_ms = now_ms + GIVEUP_KEEPALIVES * ipfail->keepalive_ms;
}

void
hb_ipfail_told_count(HbIpfail *ipfail, int theirs, gint64 now_ms, HbIpfailTodo *todo)
{
	ipfail->theirs = MAX(theirs, 0);
	if (theirs > (int)ipfail->count) {
		/* What is decided is not put off by hearing it again. */
		if (ipfail->pending != ALL)
			decide(ipfail, ALL, now_ms);
	} else if ((int)n_believed(ipfail) > theirs) {
		todo->send_you_are_dead = TRUE;
	} else {
		todo->send_abort = TRUE;
		if (ipfail->pending != NOTHING)
			ipfail->pending = NOTHING;
		else if (ipfail->auto_failback && n_believed(ipfail) == ipfail->count)
			decide(ipfail, FOREIGN, now_ms);
	}
}

void
hb_ipfail_told_dead(HbIpfail *ipfail, gint64 now_ms)
{
	if (ipfail->pending != ALL)
		decide(ipfail, ALL, now_ms);
}

void
hb_ipfail_told_abort(HbIpfail *ipfail)
{
	ipfail->pending = NOTHING;
}

/* When a ping node that is back will be believed. */
static gint64
next_belief_ms(const HbIpfail *ipfail)
{
	gint64 next_ms = HB_IPFAIL_NEVER;

	for (guint i = 0; i < ipfail->pings->len; i++) {
		const Ping *ping = g_ptr_array_index(ipfail->pings, i);

		if (ping->answers && !ping->is_believed)
			next_ms = MIN(next_ms, ping->since_ms + hold_ms(ipfail, ping));
	}
	return next_ms;
}

gint64
hb_ipfail_deadline_ms(const HbIpfail *ipfail)
{
	gint64 next_ms = MIN(next_belief_ms(ipfail), ipfail->again_ms);

	return ipfail->pending == NOTHING ? next_ms : MIN(next_ms, ipfail->pending_until_ms);
}

/* Does this node hold something of what would be given up? */
static gboolean
has_some(What what, const char *resources)
{
	if (strcmp(resources, "all") == 0 || strcmp(resources, "foreign") == 0)
		return TRUE;
	return what == ALL && strcmp(resources, "none") != 0;
}

/* A partner of 3.0.6 that was asked while something moved does not think of it again by itself: what
 * belongs here would stay there. Asking once more costs nothing. */
static void
look_for_what_is_away(HbIpfail *ipfail, const char *resources, gint64 now_ms, HbIpfailTodo *todo)
{
	gboolean is_away = resources != NULL && (strcmp(resources, "none") == 0 || strcmp(resources, "foreign") == 0);
	gboolean is_moving = resources != NULL && strcmp(resources, "transition") == 0;
	guint n_again = ipfail->n_again + 1;

	ipfail->again_ms = HB_IPFAIL_NEVER;
	if (!ipfail->auto_failback || n_again > AGAIN_MAX || !(is_away || is_moving))
		return;
	if (is_away && n_believed(ipfail) == ipfail->count && ipfail->pending == NOTHING)
		say_count(ipfail, now_ms, todo);
	ipfail->n_again = n_again;
	look_again(ipfail, now_ms);
}

static void
give_up(HbIpfail *ipfail, const char *resources, gboolean partner_active, gint64 now_ms, HbIpfailTodo *todo)
{
	What what = ipfail->pending;

	if (resources != NULL && strcmp(resources, "transition") == 0 && partner_active) {
		/* Something moves already: judged anew when it has come to rest. */
		ipfail->pending_until_ms = now_ms + GIVEUP_KEEPALIVES * ipfail->keepalive_ms;
		return;
	}
	ipfail->pending = NOTHING;
	if (resources == NULL || !partner_active)
		return;         /* nobody is there to take them */
	if (what == ALL && ipfail->count > ipfail->count_then) {
		say_count(ipfail, now_ms, todo);        /* a ping node blinked: let both compare again */
		return;
	}
	if (what == FOREIGN && (int)ipfail->count < ipfail->theirs)
		return;
	if (has_some(what, resources))
		todo->standby = what == ALL ? "all" : "foreign";
}

void
hb_ipfail_time(HbIpfail *ipfail, const char *resources, gboolean partner_active, gint64 now_ms, HbIpfailTodo *todo)
{
	if (ipfail->pending != NOTHING && now_ms >= ipfail->pending_until_ms)
		give_up(ipfail, resources, partner_active, now_ms, todo);
	if (now_ms >= ipfail->again_ms)
		look_for_what_is_away(ipfail, resources, now_ms, todo);
}
