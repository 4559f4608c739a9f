/* SPDX-License-Identifier: GPL-2.0-or-later */
/* haresources: groups, their keys and tokens, and what guides and 3.0.6 make of odd lines. */
#include <glib.h>
#include <glib/gstdio.h>

#include "conf/token.h"
#include "conf_fixture.h"
#include "util/banned.h"

#define HACF "node n1 n2 db.example.com\nbcast lo\nauto_failback on\nlogfacility local0\n"
#define KEYS "auth 1\n1 sha1 secret\n"

static HbConfig *
parse(const char *haresources, GPtrArray *problems)
{
	g_autoptr(HbBundle) bundle = fixture_bundle(HACF, haresources, KEYS);
	const HbConfInput input = { .files = bundle, .node_name = "n1" };

	return hb_config_parse(&input, problems);
}

typedef struct {
	const char *text;
	gboolean taken;
	const char *says;       /* NULL: says nothing */
	const char *groups;     /* when taken: "home:name,arg,arg name;home:..." */
} Case;

static const Case cases[] = {
	{ "", TRUE, NULL, "" },
	{ "# nothing\n\n", TRUE, NULL, "" },
	{ "n1 apache", TRUE, NULL, "n1:apache" },
	{ "N2\tapache  10.0.0.1\n", TRUE, NULL, "n2:apache IPaddr,10.0.0.1" },
	{ "n1 IPaddr2::10.0.0.1/24/eth0 a::b::c # comment\n", TRUE, NULL, "n1:IPaddr2,10.0.0.1/24/eth0 a,b,c" },
	{ "n1 a#b c\n", TRUE, NULL, "n1:a" },
	{ "n1 10.0.0.1/255.255.255.0/eth0\n", TRUE, NULL, "n1:IPaddr,10.0.0.1/255.255.255.0/eth0" },
	{ "n1 a \\\nb\\\n c\n", TRUE, NULL, "n1:a b c" },
	{ "n1 sp\\\nace\n", TRUE, NULL, "n1:space" },
	{ "n1 a\\", TRUE, NULL, "n1:a" },
	{ "n1 a\nn1 b\nn2 c\n", TRUE, NULL, "n1:a;n1:b;n2:c" },
	{ "n1 a::b \\\nc # note\n", TRUE, "a comment in a continued line", "n1:a,b c" },
	{ "n1 a # note \\\nn2 b\n", TRUE, "does not continue the line", "n1:a;n2:b" },
	{ "n1 a\r\nn2 b\r\n", TRUE, "CR LF", "n1:a;n2:b" },
	{ "n1 a::::b\n", TRUE, "an empty argument is not passed on", "n1:a,b" },
	{ "n1 a::\n", TRUE, "an empty argument is not passed on; a gets 0 arguments", "n1:a" },
	{ "n1 ::a\n", TRUE, "an empty argument", "n1:a" },
	{ "n1 ::\n", FALSE, "names no script", NULL },
	{ "n1 IPv6addr::fe80::1/64/eth0\n", TRUE, "write IPv6addr::[fe80::1]/64/eth0",
	  "n1:IPv6addr,fe80,1/64/eth0" },
	{ "n1 IPv6addr::[fe80::1]/64/eth0\n", TRUE, "does not know the brackets", "n1:IPv6addr,fe80::1/64/eth0" },
	{ "n1 IPv6addr::[fe80::1]/64/eth0::more\n", TRUE, "does not know the brackets",
	  "n1:IPv6addr,fe80::1/64/eth0,more" },
	{ "n1 x::[a::b]\n", TRUE, "does not know the brackets", "n1:x,a::b" },
	{ "n1 x::[y::z]\n", TRUE, NULL, "n1:x,[y,z]" },
	{ "n1 x::a[1]::b\n", TRUE, NULL, "n1:x,a[1],b" },
	{ "n1 IPaddr::10.0.0.300\n", TRUE, "10.0.0.300 is not an IP address", "n1:IPaddr,10.0.0.300" },
	{ "n1 10.0.0.1/33\n", TRUE, "33 is not a netmask", "n1:IPaddr,10.0.0.1/33" },
	{ "n1 10.0.0.1/24/10.0.0.255/eth0\n", TRUE, "write 10.0.0.1/24/eth0/10.0.0.255",
	  "n1:IPaddr,10.0.0.1/24/10.0.0.255/eth0" },
	{ "n1 IPaddr\n", TRUE, "names no address", "n1:IPaddr" },
	{ "n1\n", TRUE, "n1: no resource follows; the line is passed over", "" },
	{ "n1 a b a\n", TRUE, "stands in this group for the second time", "n1:a b a" },
	{ "n1 a\nn2 b a\n", TRUE, "names a group and stands in another (line 1)", "n1:a;n2:b a" },
	{ "n1 a 10.0.0.1\nn2 b IPaddr2::10.0.0.1/24\n", TRUE, "both groups may be up at once",
	  "n1:a IPaddr,10.0.0.1;n2:b IPaddr2,10.0.0.1/24" },
	{ "n3 a\n", FALSE, "haresources:1: error: n3: is not a node of ha.cf", NULL },
	{ "db a\n", FALSE, "did you mean db.example.com?", NULL },
	{ "n1 a \\ \nb\n", FALSE, "continues the line only when it is the very last character", NULL },
	{ "n1 a\nn1 a\n", FALSE, "haresources:2: error: a: is the first resource of line 1, too", NULL },
	{ "n1 ../x\n", FALSE, "without a directory", NULL },
	{ "n1 a/b::c\n", FALSE, "without a directory", NULL },
	{ "n1 .hidden\n", FALSE, "without a directory", NULL },
	{ "n1 a\x01\n", FALSE, "control character", NULL },
	{ "\xef\xbb\xbfn1 a\n", FALSE, "haresources:1: error: starts with a byte order mark: save as plain UTF-8 without it", NULL },
	{ "n1 caf\xe9\n", TRUE, NULL, "n1:caf\xe9" },
	{ "n1 a heartbeat\n", FALSE, "haresources:1: error: heartbeat: is what reads this file", NULL },
	{ "n1 systemd:heartbeat.service\n", FALSE, "is what reads this file", NULL },
	/* addresses that 3.0.6 cannot put up, or nobody reach */
	{ "n1 0.0.0.0/24/eth0\n", FALSE, "haresources:1: error: 0.0.0.0/24/eth0: is the address of no machine", NULL },
	{ "n1 IPaddr2::224.0.0.5/24/eth0\n", FALSE, "is a multicast address", NULL },
	{ "n1 IPaddr::255.255.255.255\n", FALSE, "is the address of no machine", NULL },
	{ "n1 IPv6addr::[ff02::1]/64\n", FALSE, "is a multicast address", NULL },
	{ "n1 IPv6addr::[::]/64\n", FALSE, "is the address of no machine", NULL },
	/* and those that 3.0.6 does put up */
	{ "n1 10.0.0.0/24/eth0\n", TRUE, "10.0.0.0 is the address of the net itself", "n1:IPaddr,10.0.0.0/24/eth0" },
	{ "n1 10.0.0.255/255.255.255.0\n", TRUE, "10.0.0.255 is the broadcast address of its net", "n1:IPaddr,10.0.0.255/255.255.255.0" },
	{ "n1 10.0.0.255\n", TRUE, NULL, "n1:IPaddr,10.0.0.255" },
	{ "n1 10.0.0.255/16\n", TRUE, NULL, "n1:IPaddr,10.0.0.255/16" },
	{ "n1 10.0.0.0/31\n", TRUE, NULL, "n1:IPaddr,10.0.0.0/31" },
	{ "n1 10.0.0.0/32\n", TRUE, NULL, "n1:IPaddr,10.0.0.0/32" },
	{ "n1 127.0.0.5/8/lo\n", TRUE, "nobody else can reach it", "n1:IPaddr,127.0.0.5/8/lo" },
	{ "n1 IPv6addr::[::1]/128\n", TRUE, "nobody else can reach it", "n1:IPv6addr,::1/128" },
	{ "n1 10.0.0.1/0\n", TRUE, "0 is not a netmask", "n1:IPaddr,10.0.0.1/0" },
	{ "n1 10.0.0.1/255.0.255.0\n", TRUE, "255.0.255.0 is not a netmask", "n1:IPaddr,10.0.0.1/255.0.255.0" },
	/* two words with the same 32 bit FNV-1a */
	{ "n1 costarring\nn2 liquid\n", FALSE, "by its short id", NULL },
};

static char *
as_text(const HbConfig *config)
{
	GString *out = g_string_new(NULL);

	for (guint g = 0; g < config->n_groups; g++) {
		const HbGroupConf *group = &config->groups[g];

		g_string_append_printf(out, "%s%s:", g > 0 ? ";" : "", config->nodes[group->home].name);
		for (guint r = 0; r < group->n_resources; r++) {
			g_string_append_printf(out, "%s%s", r > 0 ? " " : "", group->resources[r].name);
			for (guint a = 0; a < group->resources[r].n_args; a++)
				g_string_append_printf(out, ",%s", group->resources[r].args[a]);
		}
	}
	return g_string_free(out, FALSE);
}

static void
test_each_line_gets_its_verdict(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Case *c = &cases[i];
		g_autoptr(GPtrArray) problems = hb_problems_new();
		g_autoptr(HbConfig) config = parse(c->text, problems);
		g_autofree char *texts = fixture_texts(problems);
		g_autofree char *groups = config != NULL ? as_text(config) : NULL;

		if ((config != NULL) != c->taken || g_strcmp0(groups, c->groups) != 0 ||
		    (c->says == NULL && problems->len > 0) ||
		    (c->says != NULL && strstr(texts, c->says) == NULL)) {
			g_test_message("%s-- is %s, says --\n%s", c->text, groups, texts);
			g_test_fail();
		}
	}
}

static void
test_a_bare_address_is_known_by_the_pattern_of_the_shell(void)
{
	static const char *const bare[] = { "1.2.3.4", "1.2.3.4/24/eth0", "10x.20y.30.40z", "1.a.2.3.4" };
	static const char *const other[] = { "1.2.3", "a1.2.3.4", "1.2.3.x", "1..2.3" };

	for (gsize i = 0; i < G_N_ELEMENTS(bare) + G_N_ELEMENTS(other); i++) {
		gboolean is_bare = i < G_N_ELEMENTS(bare);
		HbResourceConf resource = { 0 };
		guint remarks;

		g_assert_true(hb_token_parse(is_bare ? bare[i] : other[i - G_N_ELEMENTS(bare)], &resource,
		                             &remarks));
		g_assert_true(g_str_equal(resource.name, "IPaddr") == is_bare);
		hb_token_clear(&resource);
	}
}

static void
test_a_group_is_found_by_key_token_and_address(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = parse("n1 10.0.0.1/24/eth0 apache\n"
	                                   "n2 IPaddr2::10.0.0.2/24 mysql apache Filesystem::/dev/sda::/mnt\n"
	                                   "n2 IPv6addr::[fe80::2]/64 mysql2\n", problems);

	g_assert_cmpint(hb_config_group_index(config, "10.0.0.1/24/eth0"), ==, 0);
	g_assert_cmpint(hb_config_group_index(config, "IPaddr::10.0.0.1/24/eth0"), ==, 0);
	g_assert_cmpint(hb_config_group_index(config, "10.0.0.1"), ==, 0);
	g_assert_cmpint(hb_config_group_index(config, "10.0.0.2"), ==, 1);
	g_assert_cmpint(hb_config_group_index(config, "mysql"), ==, 1);
	g_assert_cmpint(hb_config_group_index(config, "Filesystem::/dev/sda::/mnt"), ==, 1);
	g_assert_cmpint(hb_config_group_index(config, "FE80::2"), ==, 2);
	g_assert_cmpint(hb_config_group_index(config, "apache"), ==, -2);
	g_assert_cmpint(hb_config_group_index(config, "10.0.0"), ==, -1);
	g_assert_cmpint(hb_config_group_index(config, ""), ==, -1);
	g_assert_cmpint(hb_config_node_index(config, "N2"), ==, 1);
	g_assert_cmpint(hb_config_node_index(config, "n3"), ==, -1);
}

static gboolean
is_taken(const char *haresources)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = parse(haresources, problems);

	return config != NULL;
}

static void
test_limits_hold(void)
{
	for (guint extra = 0; extra < 2; extra++) {
		g_autoptr(GString) groups = g_string_new(NULL);
		g_autoptr(GString) resources = g_string_new("n1");
		g_autofree char *name = g_strnfill(HB_TOKEN_MAX + extra, 'x');
		g_autofree char *token = g_strconcat("n1 ", name, NULL);

		for (guint i = 0; i < HB_GROUPS_MAX + extra; i++)
			g_string_append_printf(groups, "n1 r%u\n", i);
		for (guint i = 0; i < HB_RESOURCES_MAX + extra; i++)
			g_string_append_printf(resources, " r%u", i);
		g_assert_true(is_taken(groups->str) == (extra == 0));
		g_assert_true(is_taken(resources->str) == (extra == 0));
		g_assert_true(is_taken(token) == (extra == 0));
	}
}

typedef struct {
	char *root;
	char *scripts;
} Machine;

static void
make_script(const char *dir, const char *name, const char *text, int mode)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void
make_file(const char *dir, const char *name, int mode)
{
	make_script(dir, name, "", mode);
}

/* Problems of one resource on a machine that has a few scripts and units (transfer full) */
static char *
report_on(const Machine *machine, const char *resource)
{
	g_autofree char *haresources = g_strconcat("n1 ", resource, NULL);
	g_autoptr(HbBundle) bundle = fixture_bundle(HACF, haresources, KEYS);
	const char *const dirs[] = { machine->scripts, NULL };
	const HbConfInput input = { .files = bundle, .node_name = "n1", .resource_dirs = dirs,
		                    .system_root = machine->root };
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = hb_config_parse(&input, problems);

	g_assert_nonnull(config);
	return fixture_texts(problems);
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	g_assert_cmpint(g_remove(path), ==, 0);
}

static void
test_a_missing_script_is_a_warning_that_names_what_there_is(void)
{
	g_autofree char *root = g_dir_make_tmp("hb-conf-XXXXXX", NULL);
	g_autofree char *scripts = g_build_filename(root, "init.d", NULL);
	g_autofree char *units = g_build_filename(root, "lib/systemd/system", NULL);
	g_autofree char *running = g_build_filename(root, "run/systemd/system", NULL);
	g_autofree char *not_a_file = g_build_filename(scripts, "dir", NULL);
	const Machine machine = { root, scripts };
	g_autofree char *unit_before = NULL;
	g_autofree char *unit_after = NULL;
	g_autofree char *found = NULL;
	g_autofree char *other_name = NULL;
	g_autofree char *near = NULL;
	g_autofree char *not_executable = NULL;
	g_autofree char *directory = NULL;
	g_autofree char *interpreter = NULL;
	g_autofree char *crlf = NULL;

	make_file(scripts, "mysql", 0755);
	make_file(scripts, "postfix", 0755);
	make_file(scripts, "data", 0644);
	make_file(not_a_file, "x", 0644);
	make_script(scripts, "old", "#! /nosuch/perl -w\n", 0755);
	make_script(scripts, "windows", "#!/bin/sh\r\n", 0755);
	make_file(units, "nginx.service", 0644);

	found = report_on(&machine, "mysql");
	g_assert_cmpstr(found, ==, "");
	other_name = report_on(&machine, "mysqld");
	g_assert_nonnull(strstr(other_name, "warning: mysqld: there is no resource script mysqld"));
	g_assert_nonnull(strstr(other_name, "; there is mysql\n"));
	near = report_on(&machine, "posfix");
	g_assert_nonnull(strstr(near, "; there is postfix\n"));
	not_executable = report_on(&machine, "data");
	g_assert_nonnull(strstr(not_executable, "/data is not executable; write chmod 755 "));
	directory = report_on(&machine, "dir");
	g_assert_nonnull(strstr(directory, "/dir is not a file: its group cannot start"));
	interpreter = report_on(&machine, "old");
	g_assert_nonnull(strstr(interpreter, "/old is for /nosuch/perl, which is not on this machine"));
	crlf = report_on(&machine, "windows");
	g_assert_nonnull(strstr(crlf, "/windows end with CR LF"));

	unit_before = report_on(&machine, "nginx");
	g_assert_nonnull(strstr(unit_before, "there is no resource script"));
	g_assert_cmpint(g_mkdir_with_parents(running, 0755), ==, 0);
	unit_after = report_on(&machine, "nginx");
	g_assert_nonnull(strstr(unit_after, "is a unit of systemd here"));
	remove_tree(root);
}

static void
test_agents_and_units_are_looked_for(void)
{
	static const struct {
		const char *token;
		const char *said;       /* NULL: nothing but that 3.0.6 does not know it */
	} rows[] = {
		{ "systemd:nginx", NULL }, { "systemd:nginx.service", NULL }, { "systemd:web@blue", NULL },
		{ "systemd:backup.timer", NULL },
		{ "systemd:ngin", "systemd has no unit ngin" }, { "systemd:web@blue.timer", "systemd has no unit" },
		{ "systemd:nginx::x", "takes no arguments" },
		{ "ocf:acme:Thing::a=b", NULL },
		{ "ocf:acme:Thin", "there is no OCF agent" }, { "ocf:acme", "there is no OCF agent" },
		{ "ocf::acme:Thing", "is written ocf:PROVIDER:AGENT" },
	};
	g_autofree char *root = g_dir_make_tmp("hb-conf-XXXXXX", NULL);
	g_autofree char *scripts = g_build_filename(root, "init.d", NULL);
	g_autofree char *units = g_build_filename(root, "lib/systemd/system", NULL);
	g_autofree char *running = g_build_filename(root, "run/systemd/system", NULL);
	g_autofree char *agents = g_build_filename(root, "usr/lib/ocf/resource.d/acme", NULL);
	const Machine machine = { root, scripts };

	make_file(units, "nginx.service", 0644);
	make_file(units, "web@.service", 0644);
	make_file(units, "backup.timer", 0644);
	make_file(agents, "Thing", 0755);
	g_assert_cmpint(g_mkdir_with_parents(running, 0755), ==, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *report = report_on(&machine, rows[i].token);

		if (rows[i].said != NULL)
			g_assert_nonnull(strstr(report, rows[i].said));
		else
			g_assert_null(strstr(report, "cannot start"));
		if (strcmp(rows[i].token, "ocf::acme:Thing") != 0)
			g_assert_nonnull(strstr(report, "heartbeat 3.0.6 knows scripts only"));
	}
	remove_tree(root);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/haresources/each-line-gets-its-verdict", test_each_line_gets_its_verdict);
	g_test_add_func("/haresources/bare-address", test_a_bare_address_is_known_by_the_pattern_of_the_shell);
	g_test_add_func("/haresources/group-is-found", test_a_group_is_found_by_key_token_and_address);
	g_test_add_func("/haresources/limits-hold", test_limits_hold);
	g_test_add_func("/haresources/missing-script",
	                test_a_missing_script_is_a_warning_that_names_what_there_is);
	g_test_add_func("/haresources/agents-and-units", test_agents_and_units_are_looked_for);
	return g_test_run();
}
