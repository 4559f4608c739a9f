/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/address.h"
#include "util/banned.h"

#define ENTRY_BYTES 4096        /* of the list of services, with all names */

gboolean
ldir_address_parse(const char *text, int family, LdirAddress *ret_addr)
{
	LdirAddress addr = { .family = family };

	if (family == AF_INET6) {
		if (strpbrk(text, ".%") != NULL || inet_pton(AF_INET6, text, addr.bytes) != 1)
			return FALSE;
	} else {
		struct in_addr in;

		if (inet_aton(text, &in) == 0)
			return FALSE;
		memcpy(addr.bytes, &in, sizeof in);
	}
	*ret_addr = addr;
	return TRUE;
}

gboolean
ldir_address_parse_place(const char *text, LdirAddress *ret_addr, int *ret_port)
{
	gboolean is_six = text[0] == '[';
	const char *end = is_six ? strchr(text, ']') : text + strcspn(text, ":");
	g_autofree char *host = NULL;
	g_autofree char *full = NULL;
	guint64 port = 0;

	if (end == NULL)
		return FALSE;
	host = is_six ? g_strndup(text + 1, (gsize)(end - text - 1)) : g_strndup(text, (gsize)(end - text));
	if (is_six)
		end++;
	if (!ldir_address_parse(host, is_six ? AF_INET6 : AF_INET, ret_addr))
		return FALSE;
	if (end[0] != '\0' && (end[0] != ':' || !g_ascii_string_to_unsigned(end + 1, 10, 0, G_MAXUINT16, &port, NULL)))
		return FALSE;
	*ret_port = end[0] != '\0' ? (int)port : -1;
	full = ldir_address_text(ret_addr);
	return is_six || strcmp(full, host) == 0;       /* short forms as "10.1" are typing errors */
}

guint32
ldir_address_number(const LdirAddress *addr)
{
	guint32 raw;

	g_assert(addr->family == AF_INET);
	memcpy(&raw, addr->bytes, sizeof raw);
	return ntohl(raw);
}

LdirAddress
ldir_address_above(const LdirAddress *addr, guint32 n)
{
	LdirAddress above = *addr;
	guint32 raw = htonl(ldir_address_number(addr) + n);

	memcpy(above.bytes, &raw, sizeof raw);
	return above;
}

gboolean
ldir_address_equal(const LdirAddress *a, const LdirAddress *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

gboolean
ldir_address_is_impossible(const LdirAddress *addr)
{
	static const guint8 zero[16];

	if (memcmp(addr->bytes, zero, sizeof zero) == 0)
		return TRUE;
	if (addr->family == AF_INET)
		return (addr->bytes[0] & 0xf0) == 0xe0 || ldir_address_number(addr) == G_MAXUINT32;
	return addr->bytes[0] == 0xff;
}

char *
ldir_address_text(const LdirAddress *addr)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(addr->family, addr->bytes, text, sizeof text);
	return addr->family == AF_INET6 ? g_strdup_printf("[%s]", text) : g_strdup(text);
}

char *
ldir_address_bare(const LdirAddress *addr)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(addr->family, addr->bytes, text, sizeof text);
	return g_strdup(text);
}

static gboolean
system_host(const char *name, int family, LdirAddress *ret_addr)
{
	const struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM };
	struct addrinfo *first = NULL;
	LdirAddress addr = { .family = family };

	if (getaddrinfo(name, NULL, &hints, &first) != 0)
		return FALSE;
	if (family == AF_INET)
		memcpy(addr.bytes, &((const struct sockaddr_in *)(const void *)first->ai_addr)->sin_addr, 4);
	else
		memcpy(addr.bytes, &((const struct sockaddr_in6 *)(const void *)first->ai_addr)->sin6_addr, 16);
	freeaddrinfo(first);
	*ret_addr = addr;
	return TRUE;
}

static gboolean
system_port(const char *name, const char *protocol, guint16 *ret_port)
{
	/* a reload asks in a thread */
	struct servent entry, *found = NULL;
	char buffer[ENTRY_BYTES];

	if (getservbyname_r(name, protocol, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL)
		return FALSE;
	*ret_port = ntohs((guint16)entry.s_port);
	return TRUE;
}

const LdirLookup ldir_lookup_system = { system_host, system_port };

static gboolean
made_up_host(const char *name, int family, LdirAddress *ret_addr)
{
	guint32 raw = htonl(0xf0000000 | (g_str_hash(name) & 0x0fffffff));

	*ret_addr = (LdirAddress){ .family = family };
	memcpy(ret_addr->bytes, &raw, sizeof raw);
	return TRUE;
}

const LdirLookup ldir_lookup_none = { made_up_host, system_port };
