/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of tests/ldirectord: what each is worth here, and the exit code of ldirectord --check. */
#include <sys/wait.h>

#include <glib.h>

#include "ldir_fixture.h"
#include "ldirectord/conf/conf_parts.h"
#include "util/banned.h"

static const struct {
	const char *file;
	guint errors, warnings;
	const char *says;       /* NULL: nothing */
} samples[] = {
	{ "n01-port-missing.cf", 1, 0, "Error reading file F at line 2: invalid address for virtual server: port missing" },
	{ "n02-blank-in-section.cf", 1, 0,
	  "Error reading file F at line 5: Unknown command \tscheduler=rr; line 4 ends the section of line 2" },
	{ "n03-three-spaces.cf", 1, 0, "at line 3: Unknown command    real=127.0.0.1:80 gate; must be indented by 4 spaces or a tab" },
	{ "n04-hash-in-quotes.cf", 0, 1, "Warning reading file F at line 3: '#' within quotes counts here" },
	{ "n05-slash-request.cf", 0, 1, "at line 3: request \"/a\" and receive \"OK\" of this server count" },
	{ "n06-double-colon.cf", 1, 0, "at line 3: invalid address for real server (two colons)" },
	{ "n07-bad-regex.cf", 1, 0, "at line 4: receive is not a regular expression" },
	{ "n08-two-on-a-line.cf", 0, 1, "at line 4: checktype: of \"negotiate checkport=80\" only \"80\" counts" },
	{ "n09-gate-other-port.cf", 0, 1, "at line 4: gate cannot change ports: packets go to port 8080, checks to port 80" },
	{ "n10-bare-virtual.cf", 0, 1, "at line 3: virtual service without real servers" },
	{ "n11-fwmark.cf", 0, 0, NULL },
	{ "n12-range-ops.cf", 0, 0, NULL },
	{ "s000-web-dr.cf", 0, 0, NULL },
	{ "s001-as-published.cf", 0, 2, "no virtual services" },
	{ "s001-dr-quiescent.cf", 0, 0, NULL },
	{ "s002-as-published.cf", 10, 0, "must be indented by 4 spaces or a tab: real belongs to the virtual= of line 9" },
	{ "s002-dr-http.cf", 0, 0, NULL },
	{ "s002-trailing-comments.cf", 0, 0, NULL },
};

static char *
path_of(const char *file)
{
	const char *top = g_getenv("HB_SRCDIR");

	return g_build_filename(top != NULL ? top : ".", "tests", "ldirectord", file, NULL);
}

static LdirConfig *
read_sample(const char *file, GPtrArray *problems)
{
	g_autofree char *path = path_of(file);
	g_autofree char *text = NULL;
	gsize len;

	g_assert_true(g_file_get_contents(path, &text, &len, NULL));
	return fixture_parse(text, len, problems);
}

static void
test_verdicts(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
		g_autoptr(GPtrArray) problems = ldir_problems_new();
		g_autoptr(LdirConfig) config = read_sample(samples[i].file, problems);
		g_autofree char *said = fixture_problems(problems);

		g_test_message("%s: %s", samples[i].file, said);
		g_assert_cmpuint(ldir_problems_count(problems, LDIR_ERROR), ==, samples[i].errors);
		g_assert_cmpuint(ldir_problems_count(problems, LDIR_WARNING), ==, samples[i].warnings);
		if (samples[i].says != NULL)
			g_assert_nonnull(strstr(said, samples[i].says));
		g_assert_true((config != NULL) == (samples[i].errors == 0));
		if (config != NULL)
			fixture_assert_normal(config);
	}
}

static void
test_published_file_keeps_its_first_value(void)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = read_sample("s001-as-published.cf", problems);

	g_assert_cmpint(config->global.checktimeout_ms, ==, 3000);
	g_assert_cmpint(config->global.checkinterval_ms, ==, LDIR_UNSET);
	g_assert_cmpuint(config->virtuals->len, ==, 0);
}

static void
test_trailing_comments_leave_no_blanks(void)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = read_sample("s002-trailing-comments.cf", problems);
	const LdirVirtual *vs = config->virtuals->pdata[0];

	g_assert_cmpstr(vs->own.virtualhost, ==, "www.gaojf.com");
	g_assert_cmpstr(vs->own.receive, ==, "ok");
	g_assert_cmpuint(vs->reals->len, ==, 2);
}

static void
test_range_crosses_an_octet(void)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = read_sample("n12-range-ops.cf", problems);
	const LdirVirtual *vs = config->virtuals->pdata[0];
	g_autofree char *last = NULL;

	g_assert_cmpint(ldir_virtual_protocol(vs), ==, LDIR_PROTOCOL_UDP);
	g_assert_cmpuint(vs->reals->len, ==, 4);
	last = ldir_address_text(&((const LdirReal *)vs->reals->pdata[3])->addr);
	g_assert_cmpstr(last, ==, "192.168.2.1");
}

static void
test_the_examples_are_without_fault(void)
{
	static const char *const names[] = { "lvs-directors", "lvs-dr" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *file = g_strdup_printf("../../ha.d-examples/%s/ldirectord.cf", names[i]);
		g_autoptr(GPtrArray) problems = ldir_problems_new();
		g_autoptr(LdirConfig) config = read_sample(file, problems);

		g_assert_cmpuint(problems->len, ==, 0);
		g_assert_cmpuint(((const LdirVirtual *)config->virtuals->pdata[0])->reals->len, ==, 2);
	}
}

static int
exit_code_of(const char *const *args, char **ret_out, char **ret_err)
{
	g_autoptr(GError) error = NULL;
	int status = -1;

	g_assert_true(g_spawn_sync(NULL, (char **)args, NULL, G_SPAWN_DEFAULT, NULL, NULL, ret_out, ret_err, &status, &error));
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
test_exit_codes(void)
{
	const char *build = g_getenv("HB_BUILDDIR");
	g_autofree char *program = g_build_filename(build != NULL ? build : ".", "ldirectord", "ldirectord", NULL);
	static const struct {
		const char *option, *file;
		int code;
	} rows[] = {
		{ "--check", "n11-fwmark.cf", 0 },
		{ "--check", "n10-bare-virtual.cf", 4 },
		{ "--check", "n01-port-missing.cf", 2 },
		{ "--check", "no-such-file.cf", 1 },
		{ "--dump-config", "n11-fwmark.cf", 0 },
		{ "--dump-config", "n01-port-missing.cf", 2 },
		{ "-z", "n11-fwmark.cf", 255 },
		{ "--help", NULL, 0 },
		{ "--version", NULL, 0 },
		{ NULL, NULL, 255 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = rows[i].file != NULL ? path_of(rows[i].file) : NULL;
		const char *const args[] = { program, rows[i].option, path, NULL };
		g_autofree char *out = NULL;
		g_autofree char *err = NULL;

		g_assert_cmpint(exit_code_of(args, &out, &err), ==, rows[i].code);
		g_assert_true((rows[i].code == 1) == (strstr(err, "not found\n") != NULL));
		g_assert_true((rows[i].code == 2) == (strstr(err, "Error reading file ") != NULL));
	}
}

/* "(file,\\ section,\\ default\\ 10;\\ new)", as roff wants it (transfer full) */
static char *
described(const LdirDirective *directive)
{
	static const char *const places[] = {
		[LDIR_IN_GLOBAL] = "file", [LDIR_IN_SECTION] = "section", [LDIR_IN_GLOBAL | LDIR_IN_SECTION] = "file,\\ section",
	};
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "\\fR\\ (%s", places[directive->where]);
	if (directive->otherwise != NULL)
		g_string_append_printf(out, ",\\ default\\ %s", directive->otherwise);
	g_string_append_printf(out, "%s)\n", (directive->flags & LDIR_FLAG_OURS) != 0 ? ";\\ new" : "");
	return g_string_free(out, FALSE);
}

static void
test_the_manual_has_each_directive(void)
{
	const char *top = g_getenv("HB_SRCDIR");
	g_autofree char *path = g_build_filename(top != NULL ? top : ".", "doc", "ldirectord.cf.5", NULL);
	g_autofree char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	for (guint i = 0; i < ldir_n_directives; i++) {
		g_autofree char *heading = g_strdup_printf("\n.BI %s= ", ldir_directives[i].name);
		g_autofree char *wanted = described(&ldir_directives[i]);
		const char *found = strstr(text, heading);
		g_autofree char *line = NULL;

		g_test_message("%s", ldir_directives[i].name);
		g_assert_nonnull(found);
		line = g_strndup(found + 1, strcspn(found + 1, "\n") + 1);
		g_assert_true(g_str_has_suffix(line, wanted));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/samples/verdicts", test_verdicts);
	g_test_add_func("/ldir/samples/published", test_published_file_keeps_its_first_value);
	g_test_add_func("/ldir/samples/comments", test_trailing_comments_leave_no_blanks);
	g_test_add_func("/ldir/samples/range", test_range_crosses_an_octet);
	g_test_add_func("/ldir/samples/example", test_the_examples_are_without_fault);
	g_test_add_func("/ldir/samples/manual", test_the_manual_has_each_directive);
	g_test_add_func("/ldir/samples/exit-codes", test_exit_codes);
	return g_test_run();
}
