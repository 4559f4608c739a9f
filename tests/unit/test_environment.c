/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_environment.c - scripts find what they found under heartbeat 3.0.6, and nothing of whoever started us. */
#include <string.h>

#include <glib.h>

#include "exec/environment.h"

#include "util/banned.h"

static HbNodeConf nodes[] = { { .name = (char *)"node1", .id = 1 } };
static HbRecordedConf recorded[] = {
	{ (char *)"deadtime", (char *)"3" }, { (char *)"deadping", (char *)"3000ms" },
};
static char *env_lines[] = { (char *)"COLOUR=blue", (char *)"deadtime=mine", (char *)"broken", NULL };

static HbConfig
config(void)
{
	return (HbConfig){
		.n_nodes = 1, .nodes = nodes, .n_recorded = G_N_ELEMENTS(recorded), .recorded = recorded,
		.env = env_lines, .logfacility = (char *)"local0", .failback = HB_FAILBACK_ON,
	};
}

static void
assert_env(char **env, const char *name, const char *value)
{
	g_assert_cmpstr(g_environ_getenv(env, name), ==, value);
}

static void
test_directives_and_env_lines_are_there(void)
{
	HbConfig c = config();
	g_auto(GStrv) env = hb_environment_new(&c);

	assert_env(env, "HA_CURHOST", "node1");
	assert_env(env, "HA_deadping", "3000ms");
	assert_env(env, "HA_COLOUR", "blue");
	assert_env(env, "HA_deadtime", "mine");         /* the line of the administrator counts */
	assert_env(env, "HA_broken", NULL);
	assert_env(env, "LC_ALL", "C");
	assert_env(env, "OCF_ROOT", "/usr/lib/ocf");
}

static void
test_log_variables_are_those_of_a_facility_alone(void)
{
	HbConfig c = config();
	g_auto(GStrv) env = hb_environment_new(&c);

	assert_env(env, "HA_LOGFILE", "");
	assert_env(env, "HA_DEBUGLOG", "/dev/null");
	assert_env(env, "HA_LOGFACILITY", "local0");
}

static void
test_a_log_file_alone_is_no_log_for_debugging(void)
{
	HbConfig c = config();
	g_auto(GStrv) env = NULL;

	c.logfacility = NULL;
	c.logfile = (char *)"/var/log/ha-log";
	env = hb_environment_new(&c);
	assert_env(env, "HA_LOGFILE", "/var/log/ha-log");
	assert_env(env, "HA_DEBUGLOG", "/dev/null");    /* else lines of ha_log have the form that they have there */
	assert_env(env, "HA_LOGFACILITY", NULL);
}

static void
test_nothing_of_our_own_environment_is_passed_on(void)
{
	HbConfig c = config();
	g_auto(GStrv) env = NULL;

	g_setenv("LD_PRELOAD_OF_TEST", "1", TRUE);
	env = hb_environment_new(&c);
	assert_env(env, "LD_PRELOAD_OF_TEST", NULL);
	g_assert_true(g_str_has_prefix(g_environ_getenv(env, "PATH"), HB_BIN_DIR ":"));
}

static void
test_rc_scripts_get_the_fields(void)
{
	HbConfig c = config();
	g_auto(GStrv) base = hb_environment_new(&c);
	HbChannelMsg msg = { .type = HB_CH_NOTIFY_RC };
	g_auto(GStrv) env = NULL;

	msg.u.rc.n = 9;
	g_strlcpy(msg.u.rc.var[5].name, "backup_of", sizeof msg.u.rc.var[5].name);
	g_strlcpy(msg.u.rc.var[5].value, "db1", sizeof msg.u.rc.var[5].value);
	g_strlcpy(msg.u.rc.var[6].name, "resource_timeout", sizeof msg.u.rc.var[6].name);
	g_strlcpy(msg.u.rc.var[6].value, "1", sizeof msg.u.rc.var[6].value);
	g_strlcpy(msg.u.rc.var[7].name, "hb4_probed", sizeof msg.u.rc.var[7].name);
	g_strlcpy(msg.u.rc.var[7].value, "1", sizeof msg.u.rc.var[7].value);
	g_strlcpy(msg.u.rc.var[8].name, "Bin", sizeof msg.u.rc.var[8].name);
	g_strlcpy(msg.u.rc.var[8].value, "/tmp", sizeof msg.u.rc.var[8].value);
	g_strlcpy(msg.u.rc.own_status, "active", sizeof msg.u.rc.own_status);
	g_strlcpy(msg.u.rc.var[3].name, "SBIN_DIR", sizeof msg.u.rc.var[3].name);
	g_strlcpy(msg.u.rc.var[3].value, "/tmp/mine", sizeof msg.u.rc.var[3].value);
	g_strlcpy(msg.u.rc.var[4].name, "info", sizeof msg.u.rc.var[4].name);
	g_strlcpy(msg.u.rc.var[4].value, "why", sizeof msg.u.rc.var[4].value);
	g_strlcpy(msg.u.rc.var[2].name, "FUNCS", sizeof msg.u.rc.var[2].name);
	g_strlcpy(msg.u.rc.var[2].value, "/tmp/mine", sizeof msg.u.rc.var[2].value);
	g_strlcpy(msg.u.rc.var[0].name, "st", sizeof msg.u.rc.var[0].name);
	g_strlcpy(msg.u.rc.var[0].value, "dead", sizeof msg.u.rc.var[0].value);
	/* A field cannot take the place of what a shell or loader reads. */
	g_strlcpy(msg.u.rc.var[1].name, "PATH", sizeof msg.u.rc.var[1].name);
	g_strlcpy(msg.u.rc.var[1].value, "/tmp", sizeof msg.u.rc.var[1].value);
	env = hb_environment_for_rc(base, &c, &msg);
	assert_env(env, "HA_st", "dead");
	assert_env(env, "HA_OSTATUS", "active");
	assert_env(env, "HA_PATH", NULL);
	assert_env(env, "HA_SBIN_DIR", NULL);
	assert_env(env, "HA_info", "why");
	assert_env(env, "HA_backup_of", "db1");
	assert_env(env, "HA_resource_timeout", g_environ_getenv(base, "HA_resource_timeout"));
	assert_env(env, "HA_hb4_probed", NULL);
	assert_env(env, "HA_Bin", NULL);
	g_assert_cmpstr(g_environ_getenv(env, "PATH"), ==, g_environ_getenv(base, "PATH"));
	g_assert_cmpstr(g_environ_getenv(env, "HA_FUNCS"), ==, g_environ_getenv(base, "HA_FUNCS"));
	assert_env(env, "HA_NICEFAILBACK", "yes");
	assert_env(base, "HA_NICEFAILBACK", NULL);
}

#define ADD(func) g_test_add_func("/environment/" #func, test_##func)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(directives_and_env_lines_are_there);
	ADD(log_variables_are_those_of_a_facility_alone);
	ADD(a_log_file_alone_is_no_log_for_debugging);
	ADD(nothing_of_our_own_environment_is_passed_on);
	ADD(rc_scripts_get_the_fields);
	return g_test_run();
}
