/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <string.h>

#include <glib.h>

#include "conf/token.h"
#include "conf/value.h"
#include "util/banned.h"

/* The shell pattern [0-9]*.[0-9]*.[0-9]*.[0-9]* with which 3.0.6 knows a bare address. */
static gboolean
is_bare_address(const char *token)
{
	const char *p = token;

	if (!g_ascii_isdigit(*p))
		return FALSE;
	/* After each dot that a digit follows one more part is found; "*" swallows the rest. */
	for (int part = 1; part < 4; part++) {
		do
			p = strchr(p + 1, '.');
		while (p != NULL && !g_ascii_isdigit(p[1]));
		if (p == NULL)
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_ipv6(const char *text, gsize len)
{
	g_autofree char *copy = g_strndup(text, len);
	struct in6_addr addr;

	return inet_pton(AF_INET6, copy, &addr) == 1;
}

/* Length of "[ADDR]" at @p when ADDR is an IPv6 address, else 0. */
static gsize
bracketed_len(const char *p)
{
	const char *end = *p == '[' ? strchr(p, ']') : NULL;

	return end != NULL && is_ipv6(p + 1, (gsize)(end - p - 1)) ? (gsize)(end - p) + 1 : 0;
}

/* One argument at @p up to the next "::" outside of brackets; moves @p behind it. (transfer full) */
static char *
take_part(const char **p, guint *remarks)
{
	gsize brackets = bracketed_len(*p);
	const char *end = strstr(*p + brackets, "::");
	const char *next = end != NULL ? end + 2 : *p + strlen(*p);
	gsize len = (gsize)((end != NULL ? end : next) - *p);
	GString *part = g_string_new_len(*p, (gssize)len);

	if (brackets > 0) {
		*remarks |= HB_TOKEN_BRACKETS;
		g_string_erase(part, (gssize)brackets - 1, 1);
		g_string_erase(part, 0, 1);
	}
	*p = next;
	return g_string_free(part, FALSE);
}

static gboolean
is_address_script(const char *name)
{
	static const char *const names[] = { "IPaddr", "IPaddr2", "IPv6addr", NULL };

	return g_strv_contains(names, name);
}

/* IPv6addr::fe80::1/64: what stands behind the name is an address that "::" has cut. */
static gboolean
is_cut_address(const char *token)
{
	const char *arg = strstr(token, "::");
	const char *address = arg != NULL ? arg + 2 : NULL;
	g_autofree char *name = g_strndup(token, arg != NULL ? (gsize)(arg - token) : 0);

	if (address == NULL || !is_address_script(name) || strstr(address, "::") == NULL)
		return FALSE;
	return is_ipv6(address, strcspn(address, "/"));
}

gboolean
hb_token_parse(const char *token, HbResourceConf *ret_resource, guint *ret_remarks)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
	guint remarks = 0;

	if (is_bare_address(token))
		g_ptr_array_add(parts, g_strdup("IPaddr"));
	else if (is_cut_address(token))
		remarks |= HB_TOKEN_CUT_ADDRESS;
	for (const char *p = token; *p != '\0';) {
		g_autofree char *part = take_part(&p, &remarks);

		if (*part != '\0')
			g_ptr_array_add(parts, g_steal_pointer(&part));
		else
			remarks |= HB_TOKEN_EMPTY_ARG;
	}
	if (g_str_has_suffix(token, "::"))
		remarks |= HB_TOKEN_EMPTY_ARG;
	if (parts->len == 0)
		return FALSE;

	ret_resource->name = g_ptr_array_steal_index(parts, 0);
	ret_resource->n_args = parts->len;
	g_ptr_array_add(parts, NULL);
	ret_resource->args = (char **)g_ptr_array_steal(parts, NULL);
	ret_resource->token = g_strdup(token);
	*ret_remarks = remarks;
	return TRUE;
}

void
hb_token_clear(HbResourceConf *resource)
{
	g_free(resource->name);
	g_strfreev(resource->args);
	g_free(resource->token);
	*resource = (HbResourceConf){ 0 };
}

char *
hb_token_full(const HbResourceConf *resource)
{
	g_autofree char *args = g_strjoinv("::", resource->args);

	return resource->n_args == 0 ? g_strdup(resource->name)
	                             : g_strconcat(resource->name, "::", args, NULL);
}

char *
hb_token_address(const HbResourceConf *resource)
{
	if (!is_address_script(resource->name) || resource->n_args == 0)
		return NULL;
	return g_strndup(resource->args[0], strcspn(resource->args[0], "/"));
}

/* "24" or "255.255.255.0" as a number of bits; 0: neither. */
static guint
mask_bits(const char *text, gboolean is_v6)
{
	struct in_addr mask;
	guint64 bits;
	guint32 holes;

	if (g_ascii_string_to_unsigned(text, 10, 1, is_v6 ? 128 : 32, &bits, NULL))
		return (guint)bits;
	if (is_v6 || inet_pton(AF_INET, text, &mask) != 1)
		return 0;
	holes = ~g_ntohl(mask.s_addr);
	return (holes & (holes + 1)) == 0 ? 32 - (guint)__builtin_popcount(holes) : 0;
}

const char *
hb_token_ip_fault(const HbResourceConf *resource)
{
	g_autofree char *address = hb_token_address(resource);

	return address != NULL ? hb_value_address_fault(address) : NULL;
}

/* What makes a usable IPv4 address doubtful as one of the net of @bits (0: not said); static text, or NULL. */
static const char *
doubt_in_net(struct in_addr addr, guint bits)
{
	guint32 host = bits > 0 && bits < 31 ? ~0u >> bits : 0;
	guint32 value = g_ntohl(addr.s_addr);

	if (value >> 24 == 127)
		return "is an address of each machine for itself: nobody else can reach it";
	if (host != 0 && (value & host) == 0)
		return "is the address of the net itself, which other machines may not send to: is the netmask right?";
	if (host != 0 && (value & host) == host)
		return "is the broadcast address of its net, with which nobody can connect: is the netmask right?";
	return NULL;
}

char *
hb_token_ip_doubt(const HbResourceConf *resource)
{
	g_autofree char *address = hb_token_address(resource);
	g_auto(GStrv) part = NULL;
	struct in_addr v4;
	struct in6_addr v6;
	const char *doubt;
	gboolean is_v6;
	guint bits;

	if (!is_address_script(resource->name))
		return NULL;
	if (address == NULL)
		return g_strdup_printf("names no address; write %s::192.0.2.1/24/eth0", resource->name);
	is_v6 = inet_pton(AF_INET6, address, &v6) == 1;
	if (!is_v6 && inet_pton(AF_INET, address, &v4) != 1)
		return g_strdup_printf("%s is not an IP address", address);
	part = g_strsplit(resource->args[0], "/", -1);
	bits = part[1] != NULL ? mask_bits(part[1], is_v6) : 0;
	if (part[1] != NULL && bits == 0)
		return g_strdup_printf("%s is not a netmask: it stands behind the first slash, as in "
		                       "192.0.2.1/24/eth0", part[1]);
	doubt = is_v6 ? NULL : doubt_in_net(v4, bits);
	if (is_v6 && IN6_IS_ADDR_LOOPBACK(&v6))
		doubt = "is an address of each machine for itself: nobody else can reach it";
	if (doubt != NULL)
		return g_strdup_printf("%s %s", part[0], doubt);
	/* doc/config.md 3.2: the third part is told by its first character, what follows a broadcast is lost. */
	if (part[1] != NULL && part[2] != NULL && g_ascii_isdigit(part[2][0]) && part[3] != NULL)
		return g_strdup_printf("the interface %s behind the broadcast address is not used; "
		                       "write %s/%s/%s/%s", part[3], part[0], part[1], part[3], part[2]);
	return NULL;
}
