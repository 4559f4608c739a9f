/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_exec_msg.c - the core's words as messages to root and back; the memory; the recorder. */
#include "node/exec_msg.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "node/memory.h"
#include "node/recorder.h"
#include "tests/unit/node_fixture.h"
#include "util/fd.h"
#include "wire/msg.h"

#include "util/banned.h"

static void
test_run_carries_all_numbers(void)
{
	HbEffect effect = { .type = HB_FX_RUN };
	HbChannelMsg msg;

	effect.u.run.op = 9;
	effect.u.run.group = 1;
	effect.u.run.resource = 2;
	effect.u.run.verb = HB_VERB_STOP;
	effect.u.run.limit_ms = 60000;
	effect.u.run.epoch = 4;
	effect.u.run.known_free = TRUE;
	hb_exec_msg_run(&msg, &effect);
	g_assert_cmpuint(msg.type, ==, HB_CH_RUN);
	g_assert_cmpuint(msg.u.run.op, ==, 9);
	g_assert_cmpuint(msg.u.run.group, ==, 1);
	g_assert_cmpuint(msg.u.run.resource, ==, 2);
	g_assert_cmpuint(msg.u.run.verb, ==, HB_VERB_STOP);
	g_assert_cmpuint(msg.u.run.limit_ms, ==, 60000);
	g_assert_cmpuint(msg.u.run.epoch, ==, 4);
	g_assert_cmpuint(msg.u.run.known_free, ==, 1);
}

static void
test_done_becomes_child_and_a_wrong_result_is_refused(void)
{
	HbChannelMsg msg = { .type = HB_CH_DONE };
	HbEvent event;

	msg.u.done.op = 9;
	msg.u.done.result = HB_CHILD_TIMEOUT;
	msg.u.done.took_ms = 17;
	g_assert_true(hb_exec_msg_done(&msg, &event));
	g_assert_cmpint(event.type, ==, HB_EV_CHILD);
	g_assert_cmpuint(event.u.child.op, ==, 9);
	g_assert_cmpint(event.u.child.result, ==, HB_CHILD_TIMEOUT);
	g_assert_cmpuint(event.u.child.took_ms, ==, 17);
	msg.u.done.result = HB_CHILD_N;
	g_assert_false(hb_exec_msg_done(&msg, &event));
}

static void
test_open_carries_what_the_plugin_wants(void)
{
	hb_medium_want want = { .kind = HB_WANT_UDP, .family = 2, .port = 694, .device = "eth1",
	                        .address = "225.0.0.1", .reuse_port = 1 };
	HbChannelMsg msg;

	hb_exec_msg_open(&msg, 3, &want);
	g_assert_cmpuint(msg.type, ==, HB_CH_OPEN);
	g_assert_cmpuint(msg.u.open.medium, ==, 3);
	g_assert_cmpint(msg.u.open.kind, ==, HB_WANT_UDP);
	g_assert_cmpuint(msg.u.open.port, ==, 694);
	g_assert_cmpuint(msg.u.open.reuse_port, ==, 1);
	g_assert_cmpstr(msg.u.open.device, ==, "eth1");
	g_assert_cmpstr(msg.u.open.address, ==, "225.0.0.1");
}

static const char *
var(const HbChannelMsg *msg, const char *name)
{
	for (guint i = 0; i < msg->u.rc.n; i++)
		if (g_str_equal(msg->u.rc.var[i].name, name))
			return msg->u.rc.var[i].value;
	return NULL;
}

static void
test_rc_gets_only_fields_that_can_be_variables(void)
{
	g_autoptr(HbMsg) fields = hb_msg_new();
	g_autofree char *longest = g_strnfill(HB_RC_VALUE_MAX, 'x');
	g_autofree char *too_long = g_strnfill(HB_RC_VALUE_MAX + 1, 'x');
	HbChannelMsg msg;

	hb_msg_add_string(fields, "t", "Status");
	hb_msg_add_string(fields, "st", "dead");
	hb_msg_add_string(fields, "longest", longest);
	hb_msg_add_string(fields, "toolong", too_long);
	hb_msg_add_string(fields, "control", "a\nb");
	hb_msg_add_string(fields, "a b", "x");
	hb_msg_add_string(fields, "hb4g", "secret of ours");
	hb_msg_add_string(fields, "auth", "1 abc");
	hb_msg_add(fields, HB_FIELD_BINARY, "srcuuid", "0123456789abcdef", 16);
	g_assert_true(hb_exec_msg_rc(&msg, fields, HB_ST_ACTIVE));
	g_assert_cmpstr(msg.u.rc.type, ==, "status");
	g_assert_cmpstr(msg.u.rc.own_status, ==, "active");
	g_assert_cmpstr(var(&msg, "st"), ==, "dead");
	g_assert_cmpstr(var(&msg, "longest"), ==, longest);
	g_assert_cmpuint(msg.u.rc.n, ==, 3);
}

static void
test_rc_refuses_a_type_that_is_a_path(void)
{
	const char *const bad[] = { "../status", "a/b", "", "x y", NULL };

	for (guint i = 0; bad[i]; i++) {
		g_autoptr(HbMsg) fields = hb_msg_new();
		HbChannelMsg msg;

		hb_msg_add_string(fields, "t", bad[i]);
		g_assert_false(hb_exec_msg_rc(&msg, fields, HB_ST_ACTIVE));
	}
}

static void
test_rc_never_has_more_variables_than_fit(void)
{
	g_autoptr(HbMsg) fields = hb_msg_new();
	HbChannelMsg msg;

	hb_msg_add_string(fields, "t", "status");
	for (guint i = 0; i < 40; i++) {
		char name[8];

		g_snprintf(name, sizeof name, "f%u", i);
		hb_msg_add_string(fields, name, "v");
	}
	g_assert_true(hb_exec_msg_rc(&msg, fields, HB_ST_ACTIVE));
	g_assert_cmpuint(msg.u.rc.n, ==, HB_RC_VARS_MAX);
}

static void
test_held_groups_are_found_by_id_and_others_are_unknown(void)
{
	HbConfig config = fixture_config();
	HbChannelMsg msg = { .type = HB_CH_WELCOME };
	HbHeldGroup held[2];

	msg.u.welcome.n_held = 2;
	msg.u.welcome.held[0].group_id = 12345;
	msg.u.welcome.held[0].state = HB_HELD_UP;
	msg.u.welcome.held[1].group_id = config.groups[1].id;
	msg.u.welcome.held[1].state = HB_HELD_PARTIAL;
	msg.u.welcome.held[1].epoch = 8;
	msg.u.welcome.held[1].parked = 1;
	hb_exec_msg_held(&msg, &config, held);
	g_assert_cmpint(held[0].state, ==, HB_HELD_UNKNOWN);
	g_assert_cmpint(held[1].state, ==, HB_HELD_PARTIAL);
	g_assert_cmpuint(held[1].epoch, ==, 8);
	g_assert_true(held[1].parked);
}

static void
test_memory_keeps_numbers_and_groups(void)
{
	HbConfig config = fixture_config();
	HbHeldGroup held[2] = { { .state = HB_HELD_IDLE }, { .state = HB_HELD_UP, .epoch = 5 } };
	g_autoptr(GError) error = NULL;
	FILE *file = tmpfile();
	g_autofree HbGone *gone = NULL;
	HbMemory *memory;

	g_assert_null(hb_memory_map(fileno(file), &error));     /* too small */
	g_assert_nonnull(error);
	g_assert_cmpint(ftruncate(fileno(file), sizeof(HbMemory)), ==, 0);
	memory = hb_memory_map(fileno(file), NULL);
	g_assert_nonnull(memory);
	g_assert_false(hb_memory_is_of(memory, 7));
	hb_memory_fill(memory, 7, &config, held);
	g_assert_true(hb_memory_is_of(memory, 7));
	g_assert_false(hb_memory_is_of(memory, 8));
	hb_memory_set_next_seq(memory, 10);
	hb_memory_set_next_seq(memory, 9);      /* never back */
	g_assert_cmpuint(memory->next_seq, ==, 10);

	hb_memory_set_gone(memory, config.nodes[1].id, &(HbGone){ HB_FATE_LEFT, 6 });
	gone = hb_memory_gone(memory, &config);
	g_assert_cmpint(gone[0].fate, ==, HB_FATE_NONE);
	g_assert_cmpint(gone[1].fate, ==, HB_FATE_LEFT);
	g_assert_cmpuint(gone[1].generation, ==, 6);
	hb_memory_set_gone(memory, config.nodes[1].id, &(HbGone){ HB_FATE_NONE, 0 });
	g_assert_cmpuint(memory->gone[0].node_id, ==, 0);

	config.groups = &config.groups[1];      /* a reload without the first group */
	config.n_groups = 1;
	hb_memory_reorder(memory, &config);
	g_assert_cmpuint(memory->n_groups, ==, 1);
	g_assert_cmpuint(memory->group[0].state, ==, HB_HELD_UP);
	g_assert_cmpuint(memory->group[0].epoch, ==, 5);
	g_assert_cmpuint(memory->next_seq, ==, 10);
	g_assert_true(hb_memory_is_of(memory, 7));
	munmap(memory, sizeof *memory);
	(void)fclose(file);
}

static void
test_recorder_keeps_decisions_and_leaves_routine_out(void)
{
	g_autoptr(HbRecorder) recorder = hb_recorder_new();
	g_autofree HbEffects *effects = g_new0(HbEffects, 1);
	GString *out = g_string_new(NULL);
	HbTyped status = { .type = HB_MSG_STATUS, .src = "beta", .seq = 4 };
	HbEvent packet = { .type = HB_EV_PACKET, .now_ms = 100 };
	HbEvent child = { .type = HB_EV_CHILD, .now_ms = 200 };

	packet.u.packet.msg = &status;
	hb_recorder_note(recorder, &packet, effects);
	hb_recorder_print(recorder, out);
	g_assert_cmpstr(out->str, ==, "");
	child.u.child.op = 3;
	child.u.child.took_ms = 12;
	effects->n = 1;
	effects->item[0].type = HB_FX_RUN;
	effects->item[0].u.run.op = 4;
	effects->item[0].u.run.verb = HB_VERB_START;
	hb_recorder_note(recorder, &child, effects);
	hb_recorder_print(recorder, out);
	g_assert_cmpstr(out->str, ==, "         200 CHILD op 3 ok after 12 ms\n"
	                "         200     -> RUN op 4 start group 0 resource 0\n");
	g_string_free(out, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/exec-msg/run", test_run_carries_all_numbers);
	g_test_add_func("/exec-msg/done", test_done_becomes_child_and_a_wrong_result_is_refused);
	g_test_add_func("/exec-msg/open", test_open_carries_what_the_plugin_wants);
	g_test_add_func("/exec-msg/rc", test_rc_gets_only_fields_that_can_be_variables);
	g_test_add_func("/exec-msg/rc-path", test_rc_refuses_a_type_that_is_a_path);
	g_test_add_func("/exec-msg/rc-many", test_rc_never_has_more_variables_than_fit);
	g_test_add_func("/exec-msg/held", test_held_groups_are_found_by_id_and_others_are_unknown);
	g_test_add_func("/memory/keeps", test_memory_keeps_numbers_and_groups);
	g_test_add_func("/recorder/keeps", test_recorder_keeps_decisions_and_leaves_routine_out);
	return g_test_run();
}
