/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/ipvs/ipvs_text.h"
#include "util/banned.h"

static const char verbs[] = {
	[LDIR_IPVS_SERVICE_NEW] = 'A', [LDIR_IPVS_SERVICE_SET] = 'E', [LDIR_IPVS_SERVICE_DELETE] = 'D',
	[LDIR_IPVS_DEST_NEW] = 'a', [LDIR_IPVS_DEST_SET] = 'e', [LDIR_IPVS_DEST_DELETE] = 'd',
};

static const char forwards[] = { [LDIR_FORWARD_GATE] = 'g', [LDIR_FORWARD_MASQ] = 'm', [LDIR_FORWARD_IPIP] = 'i' };

static const struct {
	const char *scheduler;  /* "": any other */
	const char *name;
	guint32 flag;
} flag_names[] = {
	{ "sh", "sh-fallback", LDIR_IPVS_FLAG_1 }, { "sh", "sh-port", LDIR_IPVS_FLAG_2 },
	{ "mh", "mh-fallback", LDIR_IPVS_FLAG_1 }, { "mh", "mh-port", LDIR_IPVS_FLAG_2 },
	{ "", "flag-1", LDIR_IPVS_FLAG_1 }, { "", "flag-2", LDIR_IPVS_FLAG_2 }, { "", "flag-3", LDIR_IPVS_FLAG_3 },
};

/* ---- out */

static void
print_options(GString *out, const LdirIpvsVirtual *vs)
{
	guint32 left = vs->flags & (LDIR_IPVS_FLAG_1 | LDIR_IPVS_FLAG_2 | LDIR_IPVS_FLAG_3);
	const char *parting = " -b ";

	if ((vs->flags & LDIR_IPVS_ONE_PACKET) != 0)
		g_string_append(out, " -o");
	g_string_append_printf(out, " -s %s", vs->scheduler);
	if ((vs->flags & LDIR_IPVS_PERSISTENT) != 0) {
		g_string_append_printf(out, " -p %u", vs->timeout_s);
		if (vs->key.family == AF_INET6 && vs->netmask != 128)
			g_string_append_printf(out, " -M %u", vs->netmask);
		else if (vs->key.family == AF_INET && vs->netmask != G_MAXUINT32)
			g_string_append_printf(out, " -M %u.%u.%u.%u", vs->netmask >> 24, (vs->netmask >> 16) & 0xff,
			                       (vs->netmask >> 8) & 0xff, vs->netmask & 0xff);
	}
	for (guint i = 0; i < G_N_ELEMENTS(flag_names); i++)
		if ((left & flag_names[i].flag) != 0 &&
		    (flag_names[i].scheduler[0] == '\0' || strcmp(flag_names[i].scheduler, vs->scheduler) == 0)) {
			g_string_append_printf(out, "%s%s", parting, flag_names[i].name);
			left &= ~flag_names[i].flag;
			parting = ",";
		}
}

char *
ldir_ipvs_op_print(const LdirIpvsOp *op)
{
	GString *out = g_string_new(NULL);
	g_autofree char *service = ldir_ipvs_key_text(&op->vs.key);
	const LdirIpvsKey *key = &op->vs.key;

	g_string_append_printf(out, "-%c -%c %s", verbs[op->verb], key->is_mark ? 'f' : key->is_udp ? 'u' : 't', service);
	if (key->is_mark && key->family == AF_INET6)
		g_string_append(out, " -6");
	if (op->verb == LDIR_IPVS_SERVICE_NEW || op->verb == LDIR_IPVS_SERVICE_SET)
		print_options(out, &op->vs);
	if (op->verb == LDIR_IPVS_DEST_NEW || op->verb == LDIR_IPVS_DEST_SET)
		g_string_append_printf(out, " -x %u -y %u", op->dest.upper, op->dest.lower);
	if (op->verb >= LDIR_IPVS_DEST_NEW) {
		g_autofree char *server = ldir_ipvs_dest_text(&op->dest);

		g_string_append_printf(out, " -r %s", server);
	}
	if (op->verb == LDIR_IPVS_DEST_NEW || op->verb == LDIR_IPVS_DEST_SET)
		g_string_append_printf(out, " -%c -w %u", forwards[op->dest.forward], op->dest.weight);
	return g_string_free(out, FALSE);
}

char *
ldir_ipvs_table_print(const LdirIpvsTable *table)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < table->services->len; i++) {
		const LdirIpvsService *service = table->services->pdata[i];
		LdirIpvsOp op = { .verb = LDIR_IPVS_SERVICE_NEW, .vs = service->vs };
		char *line = ldir_ipvs_op_print(&op);

		g_string_append_printf(out, "%s\n", line);
		g_free(line);
		op.verb = LDIR_IPVS_DEST_NEW;
		for (guint j = 0; j < service->dests->len; j++) {
			op.dest = *(const LdirIpvsDest *)service->dests->pdata[j];
			line = ldir_ipvs_op_print(&op);
			g_string_append_printf(out, "%s\n", line);
			g_free(line);
		}
	}
	return g_string_free(out, FALSE);
}

/* ---- in */

static gboolean
number(const char *text, guint64 max, guint32 *ret_number)
{
	guint64 value;

	if (!g_ascii_string_to_unsigned(text, 10, 0, max, &value, NULL))
		return FALSE;
	*ret_number = (guint32)value;
	return TRUE;
}

/* "10.0.0.1:80", "[fe80::1]:80" */
static gboolean
parse_place(const char *text, LdirAddress *ret_addr, guint16 *ret_port)
{
	const char *colon = strrchr(text, ':');
	gboolean is_six = text[0] == '[';
	g_autofree char *host = NULL;
	guint32 port;

	if (colon == NULL || !number(colon + 1, G_MAXUINT16, &port) || (is_six && (colon - text < 3 || colon[-1] != ']')))
		return FALSE;
	host = is_six ? g_strndup(text + 1, (gsize)(colon - text) - 2) : g_strndup(text, (gsize)(colon - text));
	if (!ldir_address_parse(host, is_six ? AF_INET6 : AF_INET, ret_addr))
		return FALSE;
	*ret_port = (guint16)port;
	return TRUE;
}

static gboolean
parse_service(LdirIpvsKey *key, char kind, const char *text)
{
	key->is_mark = kind == 'f';
	key->is_udp = kind == 'u';
	if (key->is_mark)
		return number(text, G_MAXUINT32, &key->mark) && key->mark > 0;
	if (!parse_place(text, &key->addr, &key->port))
		return FALSE;
	key->family = key->addr.family;
	return TRUE;
}

static gboolean
parse_flags(LdirIpvsVirtual *vs, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, ",", -1);

	for (guint i = 0; words[i] != NULL; i++) {
		guint row = 0;

		while (row < G_N_ELEMENTS(flag_names) && strcmp(flag_names[row].name, words[i]) != 0)
			row++;
		if (row == G_N_ELEMENTS(flag_names))
			return FALSE;
		vs->flags |= flag_names[row].flag;
	}
	return TRUE;
}

static gboolean
parse_netmask(LdirIpvsVirtual *vs, const char *text)
{
	LdirAddress mask;

	if (number(text, 128, &vs->netmask))
		return vs->netmask > 0;
	if (!ldir_address_parse(text, AF_INET, &mask))
		return FALSE;
	vs->netmask = ldir_address_number(&mask);
	return TRUE;
}

/* An option with a value */
static gboolean
parse_valued(LdirIpvsOp *op, char option, const char *value)
{
	switch (option) {
	case 't': case 'u': case 'f':
		return parse_service(&op->vs.key, option, value);
	case 's':
		return value[0] != '\0' && strlen(value) < sizeof op->vs.scheduler &&
		       g_strlcpy(op->vs.scheduler, value, sizeof op->vs.scheduler) > 0;
	case 'p':
		op->vs.flags |= LDIR_IPVS_PERSISTENT;
		return number(value, G_MAXINT32, &op->vs.timeout_s);
	case 'M':
		return parse_netmask(&op->vs, value);
	case 'b':
		return parse_flags(&op->vs, value);
	case 'r':
		return parse_place(value, &op->dest.addr, &op->dest.port);
	case 'w':
		return number(value, G_MAXINT32, &op->dest.weight);
	case 'x':
		return number(value, G_MAXINT32, &op->dest.upper);
	case 'y':
		return number(value, G_MAXINT32, &op->dest.lower);
	default:
		return FALSE;
	}
}

/* One without; FALSE: it is none of these */
static gboolean
parse_bare(LdirIpvsOp *op, char option)
{
	switch (option) {
	case '6': op->vs.key.family = AF_INET6; return TRUE;
	case 'o': op->vs.flags |= LDIR_IPVS_ONE_PACKET; return TRUE;
	case 'g': op->dest.forward = LDIR_FORWARD_GATE; return TRUE;
	case 'm': op->dest.forward = LDIR_FORWARD_MASQ; return TRUE;
	case 'i': op->dest.forward = LDIR_FORWARD_IPIP; return TRUE;
	default: return FALSE;
	}
}

static gboolean
is_complete(LdirIpvsOp *op)
{
	LdirIpvsKey *key = &op->vs.key;

	if (key->is_mark && key->family == 0)
		key->family = AF_INET;
	if (key->family == 0 || (!key->is_mark && key->family != key->addr.family))
		return FALSE;
	if (op->vs.netmask == 0)
		op->vs.netmask = key->family == AF_INET6 ? 128 : G_MAXUINT32;
	if ((op->verb == LDIR_IPVS_SERVICE_NEW || op->verb == LDIR_IPVS_SERVICE_SET) && op->vs.scheduler[0] == '\0')
		g_strlcpy(op->vs.scheduler, "wlc", sizeof op->vs.scheduler);
	return op->verb < LDIR_IPVS_DEST_NEW || op->dest.addr.family == key->family;
}

static gboolean
parse_words(char **words, LdirIpvsOp *op)
{
	const char *verb = words[0] != NULL && words[0][0] == '-' && strlen(words[0]) == 2 ? strchr("AEDaed", words[0][1]) : NULL;

	if (verb == NULL || *verb == '\0')
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (verbs[i] == *verb)
			op->verb = (LdirIpvsVerb)i;
	for (guint i = 1; words[i] != NULL; i++) {
		if (words[i][0] == '\0')
			continue;
		if (words[i][0] != '-' || strlen(words[i]) != 2)
			return FALSE;
		if (parse_bare(op, words[i][1]))
			continue;
		if (words[i + 1] == NULL || !parse_valued(op, words[i][1], words[i + 1]))
			return FALSE;
		i++;
	}
	return is_complete(op);
}

gboolean
ldir_ipvs_op_parse(const char *line, LdirIpvsOp *ret_op, GError **error)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	LdirIpvsOp op = { .dest.weight = 1, .dest.forward = LDIR_FORWARD_GATE };

	if (!parse_words(words, &op)) {
		g_autofree char *shown = g_strescape(line, NULL);

		g_set_error(error, LDIR_IPVS_ERROR, EINVAL, "no line of ipvsadm: %.200s", shown);
		return FALSE;
	}
	*ret_op = op;
	return TRUE;
}

LdirIpvsTable *
ldir_ipvs_table_parse(const char *text, GError **error)
{
	g_autoptr(LdirIpvsTable) table = ldir_ipvs_table_new();
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		LdirIpvsOp op;
		int result;

		if (lines[i][0] == '\0' || lines[i][0] == '#')
			continue;
		if (!ldir_ipvs_op_parse(lines[i], &op, error)) {
			g_prefix_error(error, "line %u: ", i + 1);
			return NULL;
		}
		result = ldir_ipvs_table_apply(table, &op);
		if (result != 0) {
			g_set_error(error, LDIR_IPVS_ERROR, result, "line %u: %s", i + 1, ldir_ipvs_strerror(op.verb, result));
			return NULL;
		}
	}
	return g_steal_pointer(&table);
}

/* ---- the kernel's part */

int
ldir_ipvs_table_apply(LdirIpvsTable *table, const LdirIpvsOp *op)
{
	LdirIpvsService *service = ldir_ipvs_table_find(table, &op->vs.key);
	gboolean is_there;

	if (op->verb == LDIR_IPVS_SERVICE_NEW && service != NULL)
		return EEXIST;
	if (op->verb != LDIR_IPVS_SERVICE_NEW && service == NULL)
		return ESRCH;
	switch (op->verb) {
	case LDIR_IPVS_SERVICE_NEW:
	case LDIR_IPVS_SERVICE_SET:
		(void)ldir_ipvs_table_set(table, &op->vs);
		return 0;
	case LDIR_IPVS_SERVICE_DELETE:
		ldir_ipvs_table_remove(table, &op->vs.key);
		return 0;
	case LDIR_IPVS_DEST_NEW:
	case LDIR_IPVS_DEST_SET:
	case LDIR_IPVS_DEST_DELETE:
		break;
	}
	is_there = ldir_ipvs_service_find(service, &op->dest.addr, op->dest.port) != NULL;
	if (is_there && op->verb == LDIR_IPVS_DEST_NEW)
		return EEXIST;
	if (!is_there && op->verb != LDIR_IPVS_DEST_NEW)
		return ENOENT;
	if (op->verb == LDIR_IPVS_DEST_DELETE)
		ldir_ipvs_service_remove(service, &op->dest.addr, op->dest.port);
	else
		(void)ldir_ipvs_service_set(service, &op->dest);
	return 0;
}
