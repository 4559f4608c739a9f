/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ldir_answers.c - the files of tests/ldirectord/answers, a configuration a row: taken or refused, at which line, with what
 * words, and what would be set up and checked, all as Debian's ldirectord was seen to do (tests/ldirectord/README.md).
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "ldirectord/conf/conf.h"
#include "ldirectord/ipvs/ipvs_text.h"
#include "ldirectord/run/monitor.h"
#include "ldirectord/director/service.h"
#include "util/banned.h"

#define BASE "virtual=10.0.0.1:80\n\treal=127.0.0.2:80 gate\n"
#define AS_USUAL "0 usual\n"
#define LOG_DIR "/var/log"

/* ---- names and ports as the original found them ---- */

static gboolean
answer_host(const char *name, int family, LdirAddress *ret_addr)
{
	static const char *const hosts[][2] = {
		{ "localhost", "127.0.0.1" }, { "www.example.com", "192.0.2.80" }, { "db-3.example.com", "192.0.2.83" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(hosts); i++)
		if (g_ascii_strcasecmp(hosts[i][0], name) == 0)
			return ldir_address_parse(hosts[i][1], family, ret_addr);
	return FALSE;
}

static gboolean
answer_port(const char *name, const char *protocol, guint16 *ret_port)
{
	static const struct {
		const char *name, *protocol;
		guint16 port;
	} ports[] = {
		{ "ftp", "tcp", 21 }, { "smtp", "tcp", 25 }, { "domain", "tcp", 53 }, { "domain", "udp", 53 }, { "tftp", "udp", 69 },
		{ "http", "tcp", 80 }, { "www", "tcp", 80 }, { "https", "tcp", 443 }, { "https", "udp", 443 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(ports); i++)
		if (strcmp(ports[i].name, name) == 0 && (protocol == NULL || strcmp(ports[i].protocol, protocol) == 0)) {
			*ret_port = ports[i].port;
			return TRUE;
		}
	return FALSE;
}

/* ---- what a configuration comes to, in the words of the original ---- */

static gint
by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
add_step(GPtrArray *lines, LdirIpvsVerb verb, const LdirIpvsVirtual *wanted, const LdirIpvsDest *dest)
{
	LdirIpvsOp op = { .verb = verb, .vs = *wanted };

	if (dest != NULL)
		op.dest = *dest;
	g_ptr_array_add(lines, ldir_ipvs_op_print(&op));
}

/* As recorded: what is no printable ASCII as "xNN", without backslashes, without blanks at the end (transfer full) */
static char *
plain_name(const LdirVirtual *vs, const LdirReal *real)
{
	g_autofree char *name = ldir_monitor_name(vs, real);
	GString *out = g_string_new(NULL);

	for (const char *p = name; *p != '\0'; p++)
		if ((guchar)*p >= 0x7f)
			g_string_append_printf(out, "x%02x", (guchar)*p);
		else if (*p != '\\')
			g_string_append_c(out, *p);
	return g_strchomp(g_string_free(out, FALSE));
}

/* The table with all servers and the fallback, and how the servers are checked. */
static void
add_service(GPtrArray *lines, const LdirConfig *config, const LdirVirtual *vs)
{
	const LdirIpvsVirtual wanted = ldir_ipvs_want_virtual(vs);
	g_autoptr(LdirRun) run = ldir_run_new(config, vs);

	add_step(lines, LDIR_IPVS_SERVICE_NEW, &wanted, NULL);
	if (ldir_run_fallback(run) != NULL) {
		const LdirIpvsDest fallback = ldir_ipvs_want_fallback(vs, ldir_run_fallback(run));

		add_step(lines, LDIR_IPVS_DEST_NEW, &wanted, &fallback);
	}
	for (guint i = 0; i < vs->reals->len; i++) {
		const LdirReal *real = vs->reals->pdata[i];
		const LdirIpvsDest dest = ldir_ipvs_want_real(real, real->weight);

		add_step(lines, LDIR_IPVS_DEST_NEW, &wanted, &dest);
		g_ptr_array_add(lines, plain_name(vs, real));
	}
}

static char *
outcome(const LdirConfig *config)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	GString *out = g_string_new("0\n");

	for (guint i = 0; i < config->virtuals->len; i++)
		add_service(lines, config, config->virtuals->pdata[i]);
	g_ptr_array_sort(lines, by_text);
	for (guint i = 0; i < lines->len; i++)
		if (i == 0 || strcmp(lines->pdata[i], lines->pdata[i - 1]) != 0)
			g_string_append_printf(out, "%s\n", (const char *)lines->pdata[i]);
	return g_string_free(out, FALSE);
}

static char *
refusal(const GPtrArray *problems)
{
	const LdirProblem *problem = NULL;
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < problems->len && problem == NULL; i++)
		if (((const LdirProblem *)problems->pdata[i])->kind == LDIR_ERROR)
			problem = problems->pdata[i];
	g_assert(problem != NULL);
	g_string_printf(out, "2 %u ", problem->line);
	for (const char *p = problem->text; *p != '\0'; p++)
		if ((guchar)*p >= 0x80)
			g_string_append_printf(out, "\\x%02x", (guchar)*p);
		else
			g_string_append_c(out, *p);
	while (out->len > 0 && strchr(" \t", out->str[out->len - 1]) != NULL)
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
	return g_string_free(out, FALSE);
}

static char *
answer(const char *text, gsize len)
{
	static const LdirLookup lookup = { answer_host, answer_port };
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(GBytes) bytes = g_bytes_new(text, len);
	g_autoptr(LdirConfig) config = ldir_conf_parse(&(LdirConfInput){ .bytes = bytes, .lookup = &lookup, .with_system = TRUE }, problems);

	return config != NULL ? outcome(config) : refusal(problems);
}

/* ---- the rows ---- */

static void
append_escape(GString *out, const char **p)
{
	static const char from[] = "ntrfv\\", to[] = "\n\t\r\f\v\\";
	const char *at = strchr(from, **p);

	if (**p == 'x') {
		g_string_append_c(out, (char)(g_ascii_xdigit_value((*p)[1]) << 4 | g_ascii_xdigit_value((*p)[2])));
		*p += 3;
		return;
	}
	g_assert_true(**p != '\0' && at != NULL);
	g_string_append_c(out, to[at - from]);
	++*p;
}

/* "{300*x}": x, 300 times */
static gboolean
append_repeated(GString *out, const char **p)
{
	g_autoptr(GRegex) shape = g_regex_new("^\\{([0-9]+)\\*([^}]*)\\}", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *times = NULL;
	g_autofree char *text = NULL;
	int end;

	if (!g_regex_match(shape, *p, 0, &match))
		return FALSE;
	times = g_match_info_fetch(match, 1);
	text = g_match_info_fetch(match, 2);
	for (guint64 i = g_ascii_strtoull(times, NULL, 10); i > 0; i--)
		for (const char *q = text; *q != '\0';)
			if (*q == '\\' && *++q != '\0')
				append_escape(out, &q);
			else
				g_string_append_c(out, *q++);
	g_match_info_fetch_pos(match, 0, NULL, &end);
	*p += end;
	return TRUE;
}

/* The file that @title, "KIND TEXT", is about */
static GString *
file_of(const char *title)
{
	gboolean is_section = g_str_has_prefix(title, "sec");
	gboolean is_whole = g_str_has_prefix(title, "cf");
	GString *out = g_string_new(is_section ? BASE : "");
	const char *p = strchr(title, ' ');

	p = p != NULL ? p + 1 : "";
	while (*p != '\0') {
		if (*p == '{' && append_repeated(out, &p))
			continue;
		if (*p == '\\') {
			p++;
			append_escape(out, &p);
		} else {
			g_string_append_c(out, *p++);
		}
	}
	if (!is_whole)
		g_string_append_c(out, '\n');
	if (!is_whole && !is_section)
		g_string_append(out, BASE);
	return out;
}

static char *log_dir;   /* in place of LOG_DIR, which not everybody may write */

static char *
put_in_place(const char *text, const char *from, const char *to)
{
	g_auto(GStrv) parts = g_strsplit(text, from, -1);

	return g_strjoinv(to, parts);
}

static char *
answer_to(const char *title)
{
	g_autofree char *own_title = put_in_place(title, LOG_DIR, log_dir);
	GString *file = file_of(own_title);
	g_autofree char *said = answer(file->str, file->len);

	g_string_free(file, TRUE);
	return put_in_place(said, log_dir, LOG_DIR);
}

/* What the row expects of us: where ours are not theirs, the first word says why. */
static char *
expected(const char *theirs, const char *ours)
{
	const char *end = strchr(ours, '\n');

	return g_strdup(end != NULL ? end + 1 : theirs);
}

static void
show(char sign, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
		printf("# %c %s\n", sign, lines[i]);
}

/* TRUE: as expected */
static gboolean
try_row(const char *place, const char *title, const char *theirs, const char *ours)
{
	g_autofree char *usual = answer_to("top");
	g_autofree char *said = answer_to(title);
	g_autofree char *wanted = expected(theirs, ours);

	if (strcmp(said, usual) == 0) {
		g_free(said);
		said = g_strdup(AS_USUAL);
	}
	if (strcmp(said, wanted) == 0)
		return TRUE;
	printf("# %s: %s\n", place, title);
	show('>', said);
	show('<', wanted);
	return FALSE;
}

typedef struct {
	char *place, *title;
	GString *theirs, *ours;
	guint n, n_bad;
} Row;

static void
end_row(Row *row)
{
	if (row->title != NULL) {
		row->n++;
		row->n_bad += !try_row(row->place, row->title, row->theirs->str, row->ours->str);
	}
	g_clear_pointer(&row->title, g_free);
	g_clear_pointer(&row->place, g_free);
	g_string_truncate(row->theirs, 0);
	g_string_truncate(row->ours, 0);
}

static void
test_file(gconstpointer data)
{
	const char *file = data;
	const char *top = g_getenv("HB_SRCDIR");
	g_autofree char *path = g_build_filename(top != NULL ? top : ".", "tests", "ldirectord", "answers", file, NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	Row row = { .theirs = g_string_new(NULL), .ours = g_string_new(NULL) };

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		if (g_str_has_prefix(lines[i], "? ")) {
			end_row(&row);
			row.place = g_strdup_printf("%s:%u", file, i + 1);
			row.title = g_strdup(lines[i] + 2);
		} else if (g_str_has_prefix(lines[i], "< ")) {
			g_string_append_printf(row.theirs, "%s\n", lines[i] + 2);
		} else if (g_str_has_prefix(lines[i], "> ")) {
			g_string_append_printf(row.ours, "%s\n", lines[i] + 2);
		}
	}
	end_row(&row);
	g_string_free(row.theirs, TRUE);
	g_string_free(row.ours, TRUE);
	g_test_message("%u rows", row.n);
	g_assert_cmpuint(row.n, >, 0);
	g_assert_cmpuint(row.n_bad, ==, 0);
}

int
main(int argc, char **argv)
{
	static const char *const files[] = { "lines", "number", "global", "section", "virtual", "real", "service", "whole", "published",
	                                     "world", "values", "chance" };
	int code;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	log_dir = g_dir_make_tmp("ldir-XXXXXX", NULL);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *name = g_strdup_printf("/ldir/answers/%s", files[i]);

		g_test_add_data_func(name, files[i], test_file);
	}
	code = g_test_run();
	g_assert_cmpint(rmdir(log_dir), ==, 0);         /* no row has written there */
	g_free(log_dir);
	return code;
}
