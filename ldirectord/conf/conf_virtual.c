/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_virtual.c - the line virtual=, and what must hold for its section as a whole.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "ldirectord/check/check_sql.h"
#include "ldirectord/conf/conf_parts.h"
#include "ldirectord/conf/lines.h"
#include "util/banned.h"

#define DIGITS "0123456789"
#define HEX    DIGITS "ABCDEFabcdef"
#define WORD   DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
#define NAME   WORD ".+"

#define VIRTUAL_FORM "write virtual=ADDRESS:PORT, virtual6=[ADDRESS]:PORT, or a firewall mark, a number from 1"

/* "HOST:PORT" at the beginning of @value, which @ret_rest is behind. */
static gboolean
split_service(const char *value, gsize host_len, char **ret_host, char **ret_port, const char **ret_rest)
{
	gsize port_len;

	if (host_len == 0 || value[host_len] != ':')
		return FALSE;
	port_len = strspn(value + host_len + 1, WORD);
	if (port_len == 0)
		return FALSE;
	*ret_host = g_strndup(value, host_len);
	*ret_port = g_strndup(value + host_len + 1, port_len);
	*ret_rest = value + host_len + 1 + port_len;
	return TRUE;
}

static gsize
bracketed_len(const char *value)
{
	gsize len = value[0] == '[' ? strspn(value + 1, HEX ":") : 0;

	return len > 0 && value[1 + len] == ']' ? len + 2 : 0;
}

static gboolean
read_mark(LdirReader *reader, const char *value, const char **ret_rest)
{
	gsize len = strspn(value, DIGITS);
	g_autofree char *text = g_strndup(value, len);
	guint64 mark;

	*ret_rest = value + len;
	if ((*ret_rest)[0] == '.') {
		ldir_error(reader, "write virtual=ADDRESS:PORT; ldirectord 4.12 takes the first number for a firewall mark",
		           "invalid address for virtual server: port missing");
		return FALSE;
	}
	if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT32, &mark, NULL)) {
		ldir_error(reader, "a firewall mark is a number from 1 to 4294967295", "invalid address for virtual server: %s", text);
		return FALSE;
	}
	reader->section->is_mark = TRUE;
	reader->section->mark = (guint32)mark;
	return TRUE;
}

static gboolean
read_address(LdirReader *reader, const char *value, const char **ret_rest)
{
	LdirVirtual *vs = reader->section;

	if (split_service(value, strspn(value, NAME), &reader->section_host, &vs->port_text, ret_rest))
		return TRUE;
	if (g_ascii_isdigit(value[0]))
		return read_mark(reader, value, ret_rest);
	if (value[0] == '[' && !reader->is_six) {
		ldir_error(reader, NULL, "cannot specify an IPv6 address here. please use \"virtual6\" instead.");
		return FALSE;
	}
	if (reader->is_six && split_service(value, bracketed_len(value), &reader->section_host, &vs->port_text, ret_rest)) {
		if (ldir_resolve_host(reader, reader->section_host, AF_INET6, &vs->addr))
			return TRUE;
		ldir_error(reader, VIRTUAL_FORM, "invalid ipv6 address for virtual server");
		return FALSE;
	}
	ldir_error(reader, VIRTUAL_FORM, "invalid address for virtual server");
	return FALSE;
}

void
ldir_section_open(LdirReader *reader, gboolean is_six, const char *value)
{
	LdirVirtual *vs = ldir_virtual_new();
	const char *rest = "";

	reader->section = vs;
	reader->is_open = TRUE;
	reader->is_six = is_six;
	reader->end_place = G_MAXUINT;
	g_ptr_array_set_size(reader->real_lines, 0);
	vs->line = reader->line;
	vs->family = is_six ? AF_INET6 : AF_INET;
	reader->is_broken = !read_address(reader, value, &rest);
	if (!reader->is_broken && !ldir_line_is_blank(rest))
		ldir_warn(reader, "one directive a line", "text behind the address is ignored: %s", rest);
}

static gboolean
resolve_service(LdirReader *reader)
{
	LdirVirtual *vs = reader->section;

	if (vs->is_mark)
		return TRUE;
	if (!ldir_resolve_host(reader, reader->section_host, vs->family, &vs->addr)) {
		ldir_problem_add(reader->problems, LDIR_ERROR, vs->line, VIRTUAL_FORM, "invalid address for virtual service");
		return FALSE;
	}
	if (!ldir_resolve_port(reader, vs->port_text, ldir_protocol_name(ldir_virtual_protocol(vs)), &vs->port)) {
		ldir_problem_add(reader->problems, LDIR_ERROR, vs->line, "the port is a number up to 65535 or a name of /etc/services",
		                 "invalid address for virtual service");
		return FALSE;
	}
	if (vs->port == 0 && vs->own.persistent_ms == LDIR_UNSET) {
		ldir_problem_add(reader->problems, LDIR_ERROR, vs->line, "add persistent=, or write a port",
		                 "virtual service with port 0, which the kernel refuses");
		return FALSE;
	}
	return TRUE;
}

/* "10.0.0.2:80", as it is in the kernel's table (transfer full) */
static char *
place_of(const LdirReal *real)
{
	g_autofree char *addr = ldir_address_text(&real->addr);

	return g_strdup_printf("%s:%u", addr, real->ipvs_port);
}

static void
judge_twin(LdirReader *reader, const char *place, const LdirReal *first, const LdirReal *last)
{
	if (first->check_port == last->check_port)
		ldir_problem_add(reader->problems, LDIR_WARNING, last->line, "one of the lines may go",
		                 "real server %s is that of line %u already: only the last one counts", place, first->line);
	else
		ldir_problem_add(reader->problems, LDIR_ERROR, last->line, "gate and ipip cannot change a port: one of the lines must go",
		                 "duplicate real server: %s is that of line %u already", place, first->line);
}

/* Of each place only the server that @last has for it stays. */
static void
drop_twins(LdirVirtual *vs, GHashTable *last)
{
	g_autoptr(GPtrArray) dropped = g_ptr_array_new();
	guint n = 0;

	for (guint i = 0; i < vs->reals->len; i++) {
		g_autofree char *place = place_of(vs->reals->pdata[i]);

		if (g_hash_table_lookup(last, place) == vs->reals->pdata[i])
			vs->reals->pdata[n++] = vs->reals->pdata[i];
		else
			g_ptr_array_add(dropped, vs->reals->pdata[i]);
	}
	for (guint i = 0; i < dropped->len; i++)
		vs->reals->pdata[n + i] = dropped->pdata[i];
	g_ptr_array_set_size(vs->reals, (gint)n);
}

/* Servers that are one and the same in the kernel's table. Where that was written twice the last one counts, as in 4.12; where two ports
 * that are checked came to one nobody could say which of them serves. */
static void
judge_twins(LdirReader *reader)
{
	g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	LdirVirtual *vs = reader->section;
	guint told = 0;         /* line of the last twin that was: a range has many */

	for (guint i = 0; i < vs->reals->len; i++) {
		LdirReal *real = vs->reals->pdata[i];
		char *place = place_of(real);
		const LdirReal *twin = g_hash_table_lookup(last, place);

		if (twin != NULL && real->line != told) {
			judge_twin(reader, place, twin, real);
			told = real->line;
		}
		g_hash_table_replace(last, place, real);
	}
	if (told > 0)
		drop_twins(vs, last);
}

static void
judge_scheduler(LdirReader *reader)
{
	const LdirVirtual *vs = reader->section;
	const char *scheduler = ldir_virtual_scheduler(vs);
	g_auto(GStrv) flags = vs->own.schedflags != NULL ? g_strsplit(vs->own.schedflags, ",", -1) : NULL;

	for (guint i = 0; flags != NULL && flags[i] != NULL; i++)
		if ((g_str_has_prefix(flags[i], "sh-") && strcmp(scheduler, "sh") != 0) ||
		    (g_str_has_prefix(flags[i], "mh-") && strcmp(scheduler, "mh") != 0))
			ldir_problem_add(reader->problems, LDIR_ERROR, reader->flags_line, NULL,
			                 "invalid sched-flags: %s is for another scheduler than %s", flags[i], scheduler);
}

/* A database whose client is missing would be down for ever. */
static void
judge_client(LdirReader *reader)
{
	const LdirVirtual *vs = reader->section;
	LdirCheck check = ldir_virtual_check(vs);
	const char *package = NULL;
	const char *program = ldir_sql_program(ldir_virtual_service(vs), &package);
	g_autofree char *path = program != NULL ? g_find_program_in_path(program) : NULL;
	g_autofree char *advice = NULL;

	if (program == NULL || path != NULL || !reader->input->with_system ||
	    (check != LDIR_CHECK_NEGOTIATE && check != LDIR_CHECK_COMBINED))
		return;
	advice = g_strdup_printf("install %s", package);
	ldir_problem_add(reader->problems, LDIR_WARNING, vs->line, advice, "no program %s here: these checks would always fail", program);
}

static void
judge_file(LdirReader *reader, const char *name, const char *path)
{
	guint line = reader->section->line;

	if (path != NULL && reader->input->with_system && g_access(path, R_OK) < 0)
		ldir_problem_add(reader->problems, LDIR_WARNING, line, "these checks would always fail", "%s: cannot read %s: %s", name, path,
		                 g_strerror(errno));
}

static void
judge_tls_files(LdirReader *reader, LdirService service)
{
	const LdirVirtual *vs = reader->section;

	if (vs->own.starttls != 1 && service != LDIR_SERVICE_HTTPS && service != LDIR_SERVICE_IMAPS && service != LDIR_SERVICE_POPS &&
	    service != LDIR_SERVICE_LDAPS)
		return;
	if (ldir_virtual_verify(vs) != LDIR_VERIFY_NONE)
		judge_file(reader, "sslca", ldir_virtual_sslca(reader->config, vs));
	judge_file(reader, "sslcert", vs->own.sslcert);
	judge_file(reader, "sslkey", vs->own.sslkey);
}

/* What only some services know. */
static void
judge_tls(LdirReader *reader)
{
	const LdirVirtual *vs = reader->section;
	LdirService service = ldir_virtual_service(vs);
	gboolean can_start = service == LDIR_SERVICE_SMTP || service == LDIR_SERVICE_SUBMISSION || service == LDIR_SERVICE_POP ||
	                     service == LDIR_SERVICE_IMAP || service == LDIR_SERVICE_LDAP;

	if (vs->own.starttls == 1 && !can_start)
		ldir_problem_add(reader->problems, LDIR_ERROR, vs->line, "it is for smtp, submission, pop, imap and ldap",
		                 "starttls: service %s has none", ldir_service_name(service));
	judge_tls_files(reader, service);
	if (vs->own.sslkey != NULL && vs->own.sslcert == NULL)
		ldir_problem_add(reader->problems, LDIR_ERROR, vs->line, "add sslcert=", "sslkey without sslcert");
}

void
ldir_negotiate_judge(LdirReader *reader)
{
	judge_tls(reader);
	ldir_ask_judge(reader);
	judge_client(reader);
}

static void
judge_section(LdirReader *reader)
{
	const LdirVirtual *vs = reader->section;

	if (reader->real_lines->len == 0 && !reader->is_suspect)
		ldir_problem_add(reader->problems, LDIR_WARNING, vs->line, "add real=, indented by 4 spaces or a tab",
		                 "virtual service without real servers");
	if (vs->own.ops == 1 && ldir_virtual_protocol(vs) == LDIR_PROTOCOL_TCP)
		ldir_problem_add(reader->problems, LDIR_WARNING, vs->line, NULL, "ops=yes is for udp, and ignored");
	if (vs->own.netmask != NULL && vs->own.persistent_ms == LDIR_UNSET)
		ldir_problem_add(reader->problems, LDIR_WARNING, vs->line, NULL, "netmask without persistent is ignored");
	judge_scheduler(reader);
	ldir_negotiate_judge(reader);
	judge_twins(reader);
	ldir_checks_finish(reader);
}

static void
refuse_twin_service(LdirReader *reader)
{
	g_autofree char *id = ldir_virtual_id(reader->section);
	g_autofree char *advice = NULL;
	gpointer line = g_hash_table_lookup(reader->seen, id);

	if (line == NULL) {
		g_hash_table_insert(reader->seen, g_steal_pointer(&id), GUINT_TO_POINTER(reader->section->line));
		return;
	}
	advice = g_strdup_printf("%s of line %u is in line %u already", id, reader->section->line, GPOINTER_TO_UINT(line));
	ldir_problem_add(reader->problems, LDIR_ERROR, reader->end_line, advice, "duplicate virtual server");
}

/* In the order of 4.12, so that what it says is what is said first here. */
static void
resolve_section(LdirReader *reader)
{
	if (!reader->is_broken) {
		ldir_resolve_fallbacks(reader);
		reader->is_broken = !resolve_service(reader);
	}
	ldir_resolve_reals(reader);
	if (!reader->is_broken) {
		judge_section(reader);
		refuse_twin_service(reader);
	}
}

/* What is found when a section is complete stands where its end was, in front of what follows it; but for what was found in lines that
 * a blank one has cut off: they are no part of it. */
static void
finish_in_place(LdirReader *reader)
{
	GPtrArray *all = reader->problems;
	g_autoptr(GPtrArray) late = ldir_problems_new();
	guint place = MIN(reader->end_place, all->len);

	reader->is_suspect = ldir_problems_count(all, LDIR_ERROR) > 0;
	reader->problems = late;
	resolve_section(reader);
	reader->problems = all;
	for (guint i = 0; i < late->len; i++) {
		gboolean is_cut_off = ((LdirProblem *)late->pdata[i])->line > reader->end_line;

		g_ptr_array_insert(all, is_cut_off ? -1 : (gint)place++, late->pdata[i]);
	}
	g_ptr_array_set_free_func(late, NULL);
}

void
ldir_section_finish(LdirReader *reader)
{
	LdirVirtual *vs = reader->section;

	if (vs == NULL)
		return;
	finish_in_place(reader);
	g_ptr_array_add(reader->config->virtuals, vs);
	reader->section = NULL;
	reader->is_open = FALSE;
	g_clear_pointer(&reader->section_host, g_free);
	g_ptr_array_set_size(reader->real_lines, 0);
}
