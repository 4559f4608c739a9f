/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as an answer of IPVS on generic netlink, and as a table in the words of ipvsadm: what is taken is whole, and a
 * table reads back from its own text. */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/ipvs/ipvs_text.h"
#include "ldirectord/ipvs/ipvs_wire.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

static void
answer(const guint8 *data, size_t len)
{
	g_autofree struct nlmsghdr *header = g_malloc0(NLMSG_HDRLEN + len);
	LdirIpvsVirtual vs;
	LdirIpvsDest dest;
	LdirIpvsSync sync;
	LdirIpvsRole role;
	guint16 family_id;

	header->nlmsg_len = (guint32)(NLMSG_HDRLEN + len);
	memcpy((guint8 *)header + NLMSG_HDRLEN, data, len);
	(void)ldir_wire_family_reply(header, &family_id);
	if (ldir_wire_service_reply(header, &vs))
		g_assert_true(vs.key.family == AF_INET || vs.key.family == AF_INET6);
	if (ldir_wire_sync_reply(header, &role, &sync))
		g_assert_true(role < LDIR_N_ROLES && memchr(sync.interface, '\0', sizeof sync.interface) != NULL);
	if (ldir_wire_dest_reply(header, AF_INET, &dest))
		g_assert_true(dest.forward <= LDIR_FORWARD_IPIP);
}

static void
table(const guint8 *data, size_t len)
{
	g_autofree char *text = g_strndup((const char *)data, len);
	g_autoptr(LdirIpvsTable) once = ldir_ipvs_table_parse(text, NULL);
	g_autoptr(LdirIpvsTable) twice = NULL;
	g_autofree char *printed = NULL;
	g_autofree char *again = NULL;

	if (once == NULL)
		return;
	printed = ldir_ipvs_table_print(once);
	twice = ldir_ipvs_table_parse(printed, NULL);
	g_assert_nonnull(twice);
	again = ldir_ipvs_table_print(twice);
	g_assert_cmpstr(printed, ==, again);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	if (len > 0 && data[0] < 0x20)
		answer(data + 1, len - 1);
	else
		table(data, len);
	return 0;
}
