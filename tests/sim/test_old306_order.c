/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_old306_order.c - is old306.h like the original? Two of them together say the same, in the same order, as two
 * real ones did in tests/wire/trace-*.txt: without status, reqnodes, repnodes, and each node's words by themselves, for
 * what two nodes say at the same time comes in any order. So do the words of children that work side by side: at a
 * shutdone the survivor of the trace says its mach_down last.
 */
#include "sim/old306.h"
#include "util/id.h"

#include "util/banned.h"

typedef struct {
	HbNodeConf nodes[2];
	HbGroupConf groups[2];
	HbConfig config[2];
	Old306 *old[2];
	gint64 now_ms;
	GPtrArray *wire[2];     /* to that node */
	GString *said[2];
} Pair;

typedef struct {
	Pair *pair;
	guint from;
} Mouth;

static Mouth mouth[2];

static void
hear(void *user, const HbTyped *msg)
{
	static const char *const holds[] = { "none", "local", "foreign", "all" };
	static const char *const infos[HB_INFO_N] = { "", "me", "other", "done", "shutdown", "standby",
	                                              "req_our", "mach_down", "" };
	const Mouth *m = user;
	GString *said = m->pair->said[m->from];

	g_ptr_array_add(m->pair->wire[1 - m->from], g_memdup2(msg, sizeof *msg));
	if (msg->type == HB_MSG_STARTING)
		g_string_append(said, "starting; ");
	else if (msg->type == HB_MSG_SHUTDONE)
		g_string_append(said, "shutdone; ");
	else if (msg->type == HB_MSG_STONITH)
		g_string_append_printf(said, "stonith %s; ", msg->u.stonith.result);
	else if (msg->type == HB_MSG_IP_REQUEST || msg->type == HB_MSG_IP_REQUEST_RESP)
		g_string_append_printf(said, "%s %s; ", msg->type == HB_MSG_IP_REQUEST ? "ip" : "resp", msg->u.ip.key);
	else if (msg->type == HB_MSG_HB_TAKEOVER)
		g_string_append_printf(said, "take %s; ", holds[msg->u.ask.hold]);
	else if (msg->type == HB_MSG_ASK_RESOURCES)
		g_string_append_printf(said, "ask %s %s; ", holds[msg->u.ask.hold], infos[msg->u.ask.info]);
	else if (msg->type == HB_MSG_RESOURCE)
		g_string_append_printf(said, "%s%s%s%s; ", holds[msg->u.resource.hold],
		                       !msg->u.resource.full ? "" : msg->u.resource.stable == HB_STABLE_YES ? " 1" : " 0",
		                       infos[msg->u.resource.info][0] != '\0' ? " " : "", infos[msg->u.resource.info]);
}

static void
pass(Pair *pair, gint64 ms)
{
	for (gint64 end_ms = pair->now_ms + ms; pair->now_ms < end_ms; pair->now_ms++)
		for (guint n = 0; n < 2; n++) {
			g_autoptr(GPtrArray) heard = pair->wire[n];

			pair->wire[n] = g_ptr_array_new_with_free_func(g_free);
			for (guint i = 0; i < heard->len; i++)
				old306_packet(pair->old[n], heard->pdata[i], pair->now_ms);
			while (old306_deadline_ms(pair->old[n]) <= pair->now_ms)
				old306_time(pair->old[n], pair->now_ms);
		}
}

static void
expect(Pair *pair, const char *n1, const char *n2)
{
	g_assert_cmpstr(pair->said[0]->str, ==, n1);
	g_assert_cmpstr(pair->said[1]->str, ==, n2);
	g_string_truncate(pair->said[0], 0);
	g_string_truncate(pair->said[1], 0);
}

static void
begin(Pair *pair, HbFailback failback)
{
	static const char *const names[] = { "n1", "n2" }, *const keys[] = { "A", "B" };

	pair->now_ms = 1000;
	for (guint n = 0; n < 2; n++) {
		pair->nodes[n] = (HbNodeConf){ .name = (char *)names[n], .id = hb_id_of(names[n]) };
		pair->groups[n] = (HbGroupConf){ .key = (char *)keys[n], .home = n };
		pair->wire[n] = g_ptr_array_new_with_free_func(g_free);
		pair->said[n] = g_string_new(NULL);
	}
	for (guint n = 0; n < 2; n++) {
		pair->config[n] = (HbConfig){ .n_nodes = 2, .nodes = pair->nodes, .self = n, .failback = failback,
			                      .keepalive_ms = 20, .deadtime_ms = 1000, .initdead_ms = 5000,
			                      .n_groups = 2, .groups = pair->groups };
		mouth[n] = (Mouth){ .pair = pair, .from = n };
		pair->old[n] = old306_new(&pair->config[n], 200, 1 + n, hear, &mouth[n]);
	}
}

static void
end(Pair *pair)
{
	for (guint n = 0; n < 2; n++) {
		old306_free(pair->old[n]);
		g_ptr_array_unref(pair->wire[n]);
		g_string_free(pair->said[n], TRUE);
	}
}

/* trace-start-both-on, -stop-n2-on, -rejoin-n2-on, -hb_standby-all, -foreign, -local, -hb_takeover-local */
static void
test_on(void)
{
	Pair pair;

	begin(&pair, HB_FAILBACK_ON);
	old306_boot(pair.old[1], pair.now_ms);
	pass(&pair, 7);
	old306_boot(pair.old[0], pair.now_ms);
	pass(&pair, 20000);
	expect(&pair, "starting; none 0; local 1; local 1; resp A; local 1 req_our; ",
	       "starting; none 0; none 0; local 1; resp B; local 1 req_our; ");
	old306_stop(pair.old[1], pair.now_ms);
	pass(&pair, 10000);
	expect(&pair, "resp A; all 1 req_our; foreign mach_down; all 1; ask all done; stonith unneeded; ",
	       "none 0 shutdown; shutdone; ");
	old306_boot(pair.old[1], pair.now_ms);
	pass(&pair, 20000);
	expect(&pair,
	       "all 1; all 1; ask foreign me; local 0 standby; ask foreign done; local 1; local 1; ",
	       "starting; none 0; none 1; ask foreign other; local 1; ask foreign done; local 1; ");
	old306_standby(pair.old[0], HB_HOLD_ALL, pair.now_ms);
	pass(&pair, 5000);
	expect(&pair, "ask all me; none 0 standby; ask all done; none 1; none 1; ",
	       "ask all other; all 1; ask all done; all 1; ");
	old306_standby(pair.old[0], HB_HOLD_FOREIGN, pair.now_ms);
	pass(&pair, 5000);
	expect(&pair, "ask foreign me; none 0 standby; ask foreign done; none 1; none 1; ",
	       "ask foreign other; all 1; ask foreign done; all 1; ");
	old306_takeover(pair.old[0], HB_HOLD_LOCAL, pair.now_ms);
	pass(&pair, 5000);
	expect(&pair, "take local; ask foreign other; local 1; ask foreign done; local 1; ",
	       "ask foreign me; local 0 standby; ask foreign done; local 1; local 1; ");
	end(&pair);
}

/* trace-start-alone-on */
static void
test_alone(void)
{
	Pair pair;

	begin(&pair, HB_FAILBACK_ON);
	old306_boot(pair.old[0], pair.now_ms);
	pass(&pair, 8000);
	expect(&pair, "stonith n_stnth; starting; resp A; all 1 req_our; foreign mach_down; ", "");
	end(&pair);
}

/* trace-start-legacy, -stop-legacy, -rejoin-legacy */
static void
test_legacy(void)
{
	Pair pair;

	begin(&pair, HB_FAILBACK_LEGACY);
	old306_boot(pair.old[0], pair.now_ms);
	old306_boot(pair.old[1], pair.now_ms);
	pass(&pair, 10000);
	expect(&pair, "resp A; ", "resp B; ");
	old306_stop(pair.old[1], pair.now_ms);
	pass(&pair, 10000);
	g_string_truncate(pair.said[0], 0);
	expect(&pair, "", "shutdone; ");
	old306_boot(pair.old[1], pair.now_ms);
	pass(&pair, 10000);
	expect(&pair, "resp B; ", "ip B; ");
	g_assert_true(pair.old[0]->is_up[0] && pair.old[1]->is_up[1]);
	g_assert_true(!pair.old[0]->may_run[1] && !pair.old[1]->may_run[0]);
	end(&pair);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/old306-order/auto_failback on", test_on);
	g_test_add_func("/old306-order/alone", test_alone);
	g_test_add_func("/old306-order/legacy", test_legacy);
	return g_test_run();
}
