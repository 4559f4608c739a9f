/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a raw socket may give: a payload is inside the packet, and belongs to a reply with our identifier.
 */
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "media/icmp.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	static const int family[] = { AF_INET, AF_INET6 };
	guint16 id, seq;

	if (len < sizeof id)
		return 0;
	memcpy(&id, data, sizeof id);
	for (gsize i = 0; i < G_N_ELEMENTS(family); i++) {
		/* a copy of its own, so that a look behind its end is seen */
		g_autofree guint8 *pkt = g_memdup2(data + sizeof id, len - sizeof id);
		ssize_t at = hb_icmp_payload(family[i], id, pkt, len - sizeof id, &seq);

		if (at < 0)
			continue;
		g_assert_cmpint(at, >=, family[i] == AF_INET ? 28 : 8);
		g_assert_cmpint(at, <=, (ssize_t)(len - sizeof id));
		g_assert_cmpmem(pkt + at - 4, 2, &id, 2);
	}
	return 0;
}
