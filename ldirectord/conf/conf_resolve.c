/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_resolve.c - names and ports become addresses, ranges become servers, once a section is complete.
 */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/conf_parts.h"
#include "util/banned.h"

#define RANGE_MAX 65536         /* servers of one line */

gboolean
ldir_resolve_host(const LdirReader *reader, const char *host, int family, LdirAddress *ret_addr)
{
	gsize len = strlen(host);

	if (family == AF_INET6) {       /* names of IPv6 servers are not known to 4.12 */
		g_autofree char *inner = NULL;

		if (len < 3 || host[0] != '[' || host[len - 1] != ']')
			return FALSE;
		inner = g_strndup(host + 1, len - 2);
		return ldir_address_parse(inner, family, ret_addr);
	}
	if (host[0] == '[' || host[0] == '\0')
		return FALSE;
	if (ldir_address_parse(host, family, ret_addr))
		return TRUE;
	/* digits and dots alone are an address that is wrong, and no name to ask the network for */
	return strspn(host, "0123456789.") < len && reader->input->lookup->host(host, family, ret_addr);
}

gboolean
ldir_resolve_port(const LdirReader *reader, const char *text, const char *protocol, guint16 *ret_port)
{
	guint64 number;

	if (strspn(text, "0123456789") < strlen(text))
		return reader->input->lookup->port(text, protocol, ret_port);
	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT16, &number, NULL))
		return FALSE;
	*ret_port = (guint16)number;
	return TRUE;
}

void
ldir_resolve_fallback(LdirReader *reader, LdirFallback *fallback, int family, const LdirVirtual *vs)
{
	static const char *const protocols[] = { "tcp", "udp" };
	guint16 port;

	if (fallback->host == NULL)
		return;
	if (!ldir_resolve_host(reader, fallback->host, family, &fallback->addr))
		ldir_problem_add(reader->problems, LDIR_ERROR, fallback->line, "write an address, IPv6 in brackets, and one port",
		                 "invalid %s address or could not resolve for fallback server: %s",
		                 family == AF_INET6 ? "IPv6" : "IPv4", fallback->host);
	if (fallback->port_text == NULL)
		return;
	/* that of the whole file serves both: a name that one of them knows will do */
	for (guint i = 0; i < G_N_ELEMENTS(protocols); i++)
		if ((vs == NULL || i == (guint)ldir_virtual_protocol(vs) || vs->is_mark) &&
		    ldir_resolve_port(reader, fallback->port_text, protocols[i], &port)) {
			fallback->port = port;
			return;
		}
	ldir_problem_add(reader->problems, LDIR_ERROR, fallback->line, "write the port as a number", "invalid port for fallback server");
}

/* TRUE: @ret_last is how many addresses the line means beyond its first. */
static gboolean
resolve_range(LdirReader *reader, const LdirRealLine *line, const LdirAddress *first, guint32 *ret_last)
{
	g_autofree char *from_text = ldir_address_text(first);
	g_autofree char *end_text = NULL;
	LdirAddress end;

	*ret_last = 0;
	if (line->end_host == NULL)
		return TRUE;
	if (first->family == AF_INET6) {
		ldir_error(reader, "write a line for each address", "Address range for IPv6 is not supported yet");
		return FALSE;
	}
	if (!ldir_resolve_host(reader, line->end_host, first->family, &end)) {
		ldir_error(reader, NULL, "invalid address (%s) for real server (could not resolve end host)", line->end_host);
		return FALSE;
	}
	end_text = ldir_address_text(&end);
	if (ldir_address_number(&end) < ldir_address_number(first)) {
		ldir_error(reader, "write the lower address first",
		           "Invalid Range: %s-%s: First value must be greater than or equal to the second value", from_text, end_text);
		return FALSE;
	}
	*ret_last = ldir_address_number(&end) - ldir_address_number(first);
	if (*ret_last >= RANGE_MAX)
		ldir_error(reader, NULL, "Invalid Range: %s-%s: more than %d servers", from_text, end_text, RANGE_MAX);
	return *ret_last < RANGE_MAX;
}

static guint16
check_port_of(const LdirVirtual *vs, guint16 port)
{
	if (vs->own.checkport != LDIR_UNSET)
		return (guint16)vs->own.checkport;
	return port > 0 ? port : ldir_service_port(ldir_virtual_service(vs));
}

/* IPVS passes packets on for gate and ipip as they are, so the port of the service stays. */
static guint16
ipvs_port_of(const LdirVirtual *vs, const LdirRealLine *line, guint16 port)
{
	if (vs->is_mark || line->forward == LDIR_FORWARD_MASQ)
		return port;
	return vs->port;
}

static void
add_real(LdirReader *reader, LdirRealLine *line, const LdirAddress *addr, guint16 port)
{
	LdirVirtual *vs = reader->section;
	LdirReal *real = g_new0(LdirReal, 1);

	real->line = line->line;
	real->addr = *addr;
	real->port = port;
	real->ipvs_port = ipvs_port_of(vs, line, port);
	real->check_port = check_port_of(vs, port);
	real->forward = line->forward;
	real->weight = line->weight;
	real->lower = line->lower;
	real->upper = line->upper;
	real->request = g_strdup(line->request);
	real->receive = g_strdup(line->receive);
	if (line->pattern != NULL)
		real->pattern = ldir_pattern_ref(line->pattern);
	g_ptr_array_add(vs->reals, real);
}

/* Where the servers of a line are: @last addresses beyond @first. */
typedef struct {
	LdirAddress first;
	guint16 port;
	guint32 last;
} Place;

static gboolean
resolve_place(LdirReader *reader, const LdirRealLine *line, Place *ret)
{
	int family = reader->section->family;

	*ret = (Place){ .port = 0 };
	if (!ldir_resolve_host(reader, line->host, family, &ret->first)) {
		ldir_error(reader, family == AF_INET6 ? "write the address in brackets" : NULL,
		           "invalid address (%s) for real server (could not resolve host)", line->host);
		return FALSE;
	}
	if (line->port_text != NULL && !ldir_resolve_port(reader, line->port_text, NULL, &ret->port)) {
		ldir_error(reader, "write a number from 0 to 65535, or a name of /etc/services",
		           "invalid port (%s) for real server (could not resolve port)", line->port_text);
		return FALSE;
	}
	return resolve_range(reader, line, &ret->first, &ret->last);
}

static void
add_reals(LdirReader *reader, LdirRealLine *line, const Place *place)
{
	const LdirVirtual *vs = reader->section;
	guint16 port = place->port;

	if (ldir_address_is_impossible(&place->first)) {
		ldir_error(reader, NULL, "invalid address (%s) for real server: the kernel refuses it", line->host);
		return;
	}
	if (!vs->is_mark && line->forward != LDIR_FORWARD_MASQ && port != 0 && port != vs->port)
		ldir_warn(reader, "write the port of the virtual service, and checkport= for the check",
		          "%s cannot change ports: packets go to port %u, checks to port %u", ldir_forward_name(line->forward),
		          vs->port, check_port_of(vs, port));
	for (guint32 i = 0; i <= place->last; i++) {
		LdirAddress addr = place->last > 0 ? ldir_address_above(&place->first, i) : place->first;

		add_real(reader, line, &addr, port);
	}
}

void
ldir_resolve_reals(LdirReader *reader)
{
	guint saved = reader->line;

	for (guint i = 0; i < reader->real_lines->len; i++) {
		LdirRealLine *line = reader->real_lines->pdata[i];
		Place place;

		reader->line = line->line;
		if (ldir_real_parse_place(reader, line) && (reader->is_broken || resolve_place(reader, line, &place)) &&
		    ldir_real_parse_tail(reader, line) && !reader->is_broken)
			add_reals(reader, line, &place);
	}
	reader->line = saved;
}
