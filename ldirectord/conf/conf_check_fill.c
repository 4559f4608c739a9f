/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_check_fill.c - the lines check= of a section that is complete: what they take over from it, which ports they ask, what is wrong
 * with them (doc/ldirectord.md 3.8).
 */
#include <string.h>

#include "ldirectord/conf/check_key.h"
#include "ldirectord/conf/conf_parts.h"
#include "util/banned.h"

/* ---- settings */

/* What says something else makes these say nothing. */
static gboolean
is_replaced(const LdirCheckLine *line, const char *name)
{
	static const char *const pairs[][2] = {
		{ "negotiatetimeout", "checktimeout" }, { "checktimeout", "negotiatetimeout" },
		{ "passwd", "login" }, { "sslkey", "sslcert" },
	};

	if (ldir_check_says(line, name))
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
		if (strcmp(pairs[i][0], name) == 0 && ldir_check_says(line, pairs[i][1]))
			return TRUE;
	return FALSE;
}

static void
copy_headers(const LdirSettings *from, LdirSettings *to)
{
	for (guint i = 0; i < from->httpheaders->len; i++)
		g_ptr_array_add(to->httpheaders, g_strdup(from->httpheaders->pdata[i]));
}

static void
take_over(const LdirDirective *directive, const LdirSettings *from, LdirSettings *to)
{
	if (directive->kind == LDIR_KIND_HEADER)
		copy_headers(from, to);
	else if (directive->kind == LDIR_KIND_QUOTED || directive->kind == LDIR_KIND_UNQUOTED)
		G_STRUCT_MEMBER(char *, to, directive->target) = g_strdup(G_STRUCT_MEMBER(char *, from, directive->target));
	else
		G_STRUCT_MEMBER(gint64, to, directive->target) = G_STRUCT_MEMBER(gint64, from, directive->target);
}

static gboolean
is_same_service(const LdirVirtual *section, const LdirVirtual *as)
{
	return as->own.service == LDIR_UNSET || (LdirService)as->own.service == ldir_virtual_service(section);
}

static void
fill(const LdirVirtual *section, LdirCheckLine *line)
{
	LdirVirtual *as = line->as;
	LdirCheck type = ldir_virtual_check(as);
	gboolean is_same = is_same_service(section, as);

	as->addr = section->addr;
	as->port = section->port;
	as->port_text = g_strdup(section->port_text);
	for (guint i = 0; i < ldir_n_check_words; i++) {
		const LdirCheckWord *word = &ldir_check_words[i];

		if ((word->types & (1u << type)) != 0 && !is_replaced(line, word->name) &&
		    (word->take == LDIR_TAKE_SECTION || (word->take == LDIR_TAKE_SAME && is_same)))
			take_over(ldir_directive_find(word->name), &section->own, &as->own);
	}
	if (type == LDIR_CHECK_CONNECT)
		as->own.protocol = LDIR_PROTOCOL_TCP;   /* whoever wants an echo may write check=ping */
	else if (type != LDIR_CHECK_NEGOTIATE)
		as->own.protocol = section->own.protocol;       /* a program is told what its service is called */
}

/* ---- servers */

/* A service beside that of the section is where it always is, unless the section's is not known. */
static guint16
port_of(const LdirVirtual *section, const LdirVirtual *as, const LdirReal *real)
{
	LdirService service = ldir_virtual_service(as);

	if (as->own.checkport != LDIR_UNSET)
		return (guint16)as->own.checkport;
	if (ldir_virtual_check(as) == LDIR_CHECK_NEGOTIATE && service != ldir_virtual_service(section) &&
	    (ldir_virtual_service(section) != LDIR_SERVICE_NONE || real->check_port == 0))
		return ldir_service_port(service);
	return real->check_port;
}

static LdirReal *
add_server(const LdirVirtual *section, const LdirVirtual *as, LdirReal *real)
{
	LdirReal *more = g_new(LdirReal, 1);

	*more = *real;
	more->request = more->receive = NULL;   /* those are what checktype= asks */
	more->pattern = NULL;
	more->more = NULL;
	more->check_port = port_of(section, as, real);
	if (real->more == NULL)
		real->more = g_ptr_array_new_with_free_func(ldir_real_free);
	g_ptr_array_add(real->more, more);
	return more;
}

/* ---- what is wrong */

static void
judge_ports(LdirReader *reader, const LdirVirtual *as, guint n_without)
{
	LdirCheck type = ldir_virtual_check(as);
	gboolean is_asking = type == LDIR_CHECK_CONNECT || type == LDIR_CHECK_NEGOTIATE;

	if (type == LDIR_CHECK_NEGOTIATE && ldir_virtual_service(as) == LDIR_SERVICE_NONE)
		ldir_problem_add(reader->problems, LDIR_ERROR, as->line, "add service=http, or another one",
		                 "check: negotiate with service none asks nothing");
	else if (is_asking && n_without > 0)
		ldir_problem_add(reader->problems, LDIR_ERROR, as->line, "add checkport=N", "check: no port is known");
}

static void
judge_line(LdirReader *reader, LdirVirtual *as)
{
	LdirVirtual *section = reader->section;
	LdirCheck type = ldir_virtual_check(as);

	if ((type == LDIR_CHECK_EXTERNAL || type == LDIR_CHECK_EXTERNAL_PERL) && as->own.checkcommand == NULL)
		ldir_problem_add(reader->problems, LDIR_ERROR, as->line, "add checkcommand=PROGRAM", "check: %s without a program",
		                 ldir_check_name(type));
	if (type != LDIR_CHECK_NEGOTIATE)
		return;
	reader->section = as;
	ldir_negotiate_judge(reader);
	reader->section = section;
}

/* Notes what is asked of the first server, which is what is asked of all, and says whether a line before has done so. */
static void
judge_one(LdirReader *reader, GHashTable *lines, const LdirVirtual *as, const LdirReal *real)
{
	g_autoptr(GString) key = g_string_new(NULL);
	g_autoptr(GBytes) bytes = NULL;
	guint before;

	ldir_check_key(key, reader->config, as, real, ldir_virtual_check(as));
	bytes = g_bytes_new(key->str, key->len);
	before = GPOINTER_TO_UINT(g_hash_table_lookup(lines, bytes));
	if (before == reader->section->line)
		ldir_problem_add(reader->problems, LDIR_WARNING, as->line, "leave the line out",
		                 "check: checktype= of the section asks the same");
	else if (before > 0)
		ldir_problem_add(reader->problems, LDIR_WARNING, as->line, "one of the lines may go", "check: line %u asks the same", before);
	g_hash_table_insert(lines, g_steal_pointer(&bytes), GUINT_TO_POINTER(as->line));
}

static void
judge_repeated(LdirReader *reader)
{
	const LdirVirtual *section = reader->section;
	const LdirReal *real = section->reals->len > 0 ? section->reals->pdata[0] : NULL;
	g_autoptr(GHashTable) lines = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);

	if (real == NULL || section->own.checks->len == 0)
		return;
	judge_one(reader, lines, section, real);
	for (guint i = 0; i < section->own.checks->len; i++) {
		const LdirCheckLine *line = section->own.checks->pdata[i];

		if (!line->is_broken)
			judge_one(reader, lines, line->as, real->more->pdata[i]);
	}
}

void
ldir_checks_finish(LdirReader *reader)
{
	const LdirVirtual *section = reader->section;
	const GPtrArray *lines = section->own.checks;

	for (guint i = 0; i < lines->len; i++) {
		LdirCheckLine *line = lines->pdata[i];
		guint n_without = 0;

		fill(section, line);
		for (guint j = 0; j < section->reals->len; j++)
			n_without += add_server(section, line->as, section->reals->pdata[j])->check_port == 0;
		if (line->is_broken)
			continue;
		judge_ports(reader, line->as, n_without);
		judge_line(reader, line->as);
		if (section->own.checktype == LDIR_CHECK_OFF)
			ldir_problem_add(reader->problems, LDIR_WARNING, line->as->line, "leave one of them out",
			                 "check: with checktype=off no check is made");
	}
	judge_repeated(reader);
}
