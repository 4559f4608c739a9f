/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_status.c - what hb_status prints: text, JSON, metrics. */
#include "node/status.h"

#include <string.h>

#include "tests/unit/node_fixture.h"

#include "util/banned.h"

static HbConfig config;
static HbView view;
static HbStatus status;

static void
set_up(void)
{
	config = fixture_config();
	memset(&view, 0, sizeof view);
	memset(&status, 0, sizeof status);
	view.st = HB_ST_ACTIVE;
	view.generation = 77;
	view.next_seq = 5;
	view.n_nodes = 2;
	view.node[0] = (HbNodeView){ .name = "alpha", .state = HB_PEER_ALIVE, .st = HB_ST_ACTIVE, .n_links = 2 };
	view.node[1] = (HbNodeView){ .name = "beta", .state = HB_PEER_DEAD, .kind = HB_KIND_306,
	                             .st = HB_ST_ACTIVE, .heard_age_ms = 65000, .n_links = 2 };
	view.node[1].link[0].age_ms = 65000;
	view.n_ping = 1;
	view.ping[0].name = "10.0.0.254";
	view.ping[0].heard_age_ms = -1;
	view.n_groups = 2;
	view.group[0] = (HbGroupView){ .key = config.groups[0].key, .state = HB_GROUP_STARTING, .owner = 0,
	                               .since_ms = 2500, .resource = 1, .wait = HB_WAIT_SCRIPT,
	                               .wait_node = -1, .epoch = 3, .missing = -1 };
	view.group[1] = (HbGroupView){ .key = config.groups[1].key, .state = HB_GROUP_IDLE, .owner = -1,
	                               .since_ms = 10, .wait = HB_WAIT_OWNER, .wait_node = 1, .missing = -1 };
	status.config = &config;
	status.view = &view;
	status.n_media = 2;
	status.media[0] = (HbMediumReport){ .kind = "bcast", .name = "eth0", .is_open = TRUE, .is_up = TRUE };
	status.media[0].n[HB_COUNT_RX_BADAUTH] = 12;
	status.media[1] = (HbMediumReport){ .kind = "ping", .name = "10.0.0.254", .is_ping = TRUE,
	                                    .trouble = "no route" };
}

static char *
print(HbStatusPrinter *printer)
{
	GString *out = g_string_new(NULL);

	printer(&status, out);
	return g_string_free(out, FALSE);
}

static void
assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		g_error("'%s' is not in:\n%s", part, text);
}

static void
test_text_says_what_moves_and_what_it_waits_for(void)
{
	g_autofree char *text = NULL;

	set_up();
	text = print(hb_status_text);
	assert_has(text, "alpha: active, 1 of 2 nodes alive, 1 of 2 groups here, 1 without an owner, 1 in transition\n");
	assert_has(text, "starting here (2 of 2: apache2) since 2.5 s; waits for its script\n");
	assert_has(text, "runs NOWHERE since 10 ms; waits for beta, which may still run it\n");
	assert_has(text, "beta        dead   says it is active, heard 1 min 5 s ago; links: eth0 DEAD (heard 1 min 5 s ago); "
	                 "runs heartbeat 3.0.6\n");
	assert_has(text, "never answered");
	assert_has(text, "; 12 packets with a wrong or missing signature\n");
	assert_has(text, "no route");
	g_assert_null(strstr(text, "COUNTERS"));
	g_assert_null(strstr(text, "NO ROOT PROCESS"));
}

static void
test_text_says_what_is_missing(void)
{
	g_autofree char *text = NULL, *json = NULL;

	set_up();
	view.group[0].state = HB_GROUP_UP;
	view.group[0].missing = 0;
	text = print(hb_status_text);
	json = print(hb_status_json);
	assert_has(text, "runs here WITHOUT IPaddr::10.0.0.1/24, which has vanished and is being put back, since 2.5 s; "
	                 "waits for its script\n");
	assert_has(json, "\"missing\": \"IPaddr::10.0.0.1/24\"");
}

static void
test_lines_of_one_interface_are_one_link(void)
{
	g_autofree char *one_is_up = NULL;
	g_autofree char *none_is_up = NULL;

	set_up();
	status.n_media = view.node[1].n_links = 4;
	status.media[2] = status.media[3] = (HbMediumReport){ .kind = "ucast", .name = "eth1", .is_up = TRUE };
	view.node[1].link[2].age_ms = -1;       /* the line for this node itself */
	view.node[1].link[3].up = TRUE;
	one_is_up = print(hb_status_text);
	assert_has(one_is_up, " eth1 up; runs heartbeat 3.0.6\n");
	view.node[1].link[3].up = FALSE;
	view.node[1].link[3].age_ms = -1;
	none_is_up = print(hb_status_text);
	assert_has(none_is_up, " eth1 DEAD (never heard); runs heartbeat 3.0.6\n");
}

static void
test_text_says_that_root_is_gone(void)
{
	g_autofree char *text = NULL;

	set_up();
	status.channel_is_broken = TRUE;
	status.fifo_bad = 3;
	text = print(hb_status_text);
	assert_has(text, "NO ROOT PROCESS");
	assert_has(text, "COUNTERS\n  3         messages of scripts that could not be read\n");
}

static void
test_waiting_says_how_long_and_why(void)
{
	g_autofree char *text = NULL, *json = NULL;

	set_up();
	view.group[0].state = HB_GROUP_ASKING;
	view.group[0].wait = HB_WAIT_FENCE;
	view.group[0].wait_node = 1;
	view.group[0].wait_ms = 2500;
	view.group[0].wait_why = "the other half goes first";
	view.group[1].wait = HB_WAIT_HEARING;
	text = print(hb_status_text);
	json = print(hb_status_json);
	assert_has(text, "; waits until beta is fenced; this node shoots in 2.5 s, since the other half goes first\n");
	assert_has(text, "; waits until beta hears this node: it gives no leave before\n");
	assert_has(json, "\"in_ms\": 2500,\n        \"why\": \"the other half goes first\"\n");
	view.group[0].wait = HB_WAIT_STARTUP;
	view.group[0].wait_why = NULL;
	g_free(text);
	text = print(hb_status_text);
	assert_has(text, "; waits until all nodes are heard, or initdead is over, in 2.5 s at the latest\n");
}

static void
test_json_has_every_field_and_escapes_names(void)
{
	g_autofree char *text = NULL;

	set_up();
	text = print(hb_status_json);
	assert_has(text, "\"node\": \"alpha\"");
	assert_has(text, "\"in_transition\": true");
	assert_has(text, "\"resource\": \"apache2\"");
	assert_has(text, "\"waits_for\": {\n        \"what\": \"owner\",\n        \"node\": \"beta\"\n      }");
	assert_has(text, "\"key\": \"db \\\"x\\\"\"");
	assert_has(text, "\"owner\": null");
	assert_has(text, "\"kind\": \"heartbeat-3.0.6\"");
	assert_has(text, "\"heard_age_ms\": null");
	assert_has(text, "\"level\": \"best-effort\"");
	assert_has(text, "\"rx_badauth\": 12");
}

/* Not a parser, but enough: brackets pair up outside strings, and no comma stands before a closing one. */
static void
test_json_is_well_formed(void)
{
	g_autofree char *text = NULL;
	char stack[16];
	guint depth = 0;
	gboolean in_string = FALSE;
	char last = ' ';

	set_up();
	text = print(hb_status_json);
	for (const char *c = text; *c != '\0'; c++) {
		if (in_string) {
			if (*c == '\\')
				c++;
			else if (*c == '"')
				in_string = FALSE;
			last = '"';
			continue;
		}
		if (*c == '"')
			in_string = TRUE;
		else if (*c == '{' || *c == '[')
			stack[depth++] = *c == '{' ? '}' : ']';
		else if (*c == '}' || *c == ']') {
			g_assert_cmpint(last, !=, ',');
			g_assert_cmpuint(depth, >, 0);
			g_assert_cmpint(stack[--depth], ==, *c);
		}
		if (!g_ascii_isspace(*c))
			last = *c;
	}
	g_assert_cmpuint(depth, ==, 0);
}

static void
test_metrics_are_one_number_per_line_with_escaped_labels(void)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	set_up();
	text = print(hb_status_metrics);
	assert_has(text, "hb_node_alive{node=\"beta\"} 0\n");
	assert_has(text, "hb_link_up{node=\"beta\",kind=\"bcast\",medium=\"eth0\"} 0\n");
	assert_has(text, "hb_group_owned{group=\"db \\\"x\\\"\"} 0\n");
	assert_has(text, "hb_medium_rx_badauth_total{kind=\"bcast\",medium=\"eth0\"} 12\n");
	assert_has(text, "hb_uptime_ms 0\n");
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i + 1]; i++)
		g_assert_true(g_str_has_prefix(lines[i], "hb_") && strrchr(lines[i], ' '));
}

static void
test_node_that_was_never_heard_can_be_shown(void)
{
	HbStatusPrinter *const printers[] = { hb_status_text, hb_status_json, hb_status_metrics };

	for (guint i = 0; i < G_N_ELEMENTS(printers); i++) {
		g_autofree char *text = NULL;

		set_up();
		view.st = HB_ST_NONE;
		view.node[1] = (HbNodeView){ .name = "beta", .state = HB_PEER_SILENT, .heard_age_ms = -1 };
		text = print(printers[i]);
		assert_has(text, "none");
	}
}

static void
test_every_state_has_its_word(void)
{
	for (guint i = 0; i < HB_ST_N; i++)
		g_assert_nonnull(hb_status_st_word((HbNodeSt)i));
	for (guint i = 0; i < HB_PEER_N_STATES; i++)
		g_assert_nonnull(hb_status_peer_word((HbPeerState)i));
	for (guint i = 0; i < HB_GROUP_N; i++)
		g_assert_nonnull(hb_status_group_word((HbGroupState)i));
	for (guint i = HB_WAIT_NOTHING + 1; i < HB_WAIT_N; i++)
		g_assert_nonnull(hb_status_wait_word((HbWait)i));
	g_assert_null(hb_status_wait_word(HB_WAIT_NOTHING));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/status/waiting", test_waiting_says_how_long_and_why);
	g_test_add_func("/status/text", test_text_says_what_moves_and_what_it_waits_for);
	g_test_add_func("/status/text-missing", test_text_says_what_is_missing);
	g_test_add_func("/status/text-links", test_lines_of_one_interface_are_one_link);
	g_test_add_func("/status/text-root-gone", test_text_says_that_root_is_gone);
	g_test_add_func("/status/json", test_json_has_every_field_and_escapes_names);
	g_test_add_func("/status/json-well-formed", test_json_is_well_formed);
	g_test_add_func("/status/metrics", test_metrics_are_one_number_per_line_with_escaped_labels);
	g_test_add_func("/status/never-heard", test_node_that_was_never_heard_can_be_shown);
	g_test_add_func("/status/words", test_every_state_has_its_word);
	return g_test_run();
}
