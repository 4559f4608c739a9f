/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_address.c - which address a resource puts on this machine */
#include <string.h>

#include "node/address.h"

static const struct {
	const char *token;      /* words apart by '|' */
	const char *expect;     /* address and interface, "" for none */
} rows[] = {
	{ "IPaddr|10.0.0.1/24/eth0", "10.0.0.1 eth0" },
	{ "IPaddr2|10.0.0.1/24/eth0:3/10.0.0.255", "10.0.0.1 eth0" },
	{ "IPaddr2|10.0.0.1", "10.0.0.1 " },
	{ "IPv6addr|fd00|1/64/eth1", "fd00::1 eth1" },
	{ "IPv6addr|10.0.0.1", "" },
	{ "SendArp|10.0.0.1/eth0", "" },
	{ "Filesystem|/dev/sda|/mnt", "" },
	{ "IPaddr|junk", "" },
	{ "ocf:heartbeat:IPaddr2|ip=10.0.0.1", "10.0.0.1 " },
	{ "ocf:heartbeat:IPaddr2|nic=eth0|cidr_netmask=24|ip=10.0.0.1", "10.0.0.1 eth0" },
	{ "ocf:heartbeat:IPaddr2|ip=fd00|1|nic=eth0:1", "fd00::1 eth0" },
	{ "ocf:heartbeat:IPaddr|ip=10.0.0.1|nic=eth0", "10.0.0.1 eth0" },
	{ "ocf:heartbeat:IPv6addr|ipv6addr=fd00|1|nic=eth0", "fd00::1 eth0" },
	{ "ocf:heartbeat:IPv6addr|ip=fd00|1", "" },
	{ "ocf:heartbeat:IPaddr2|ip=10.0.0.1/24", "" },
	{ "ocf:heartbeat:IPaddr2|ip=10.0.0.1|nic=a/b", "" },
	{ "ocf:heartbeat:IPaddr2|ip=10.0.0.1|network_namespace=x", "" },
	{ "ocf:heartbeat:IPaddr2|ip=10.0.0.1|unique_clone_address=true", "" },
	{ "ocf:heartbeat:IPaddr2", "" },
	{ "ocf:heartbeat:IPaddr2|ip", "" },
	{ "ocf:acme:IPaddr2|ip=10.0.0.1", "" },
	{ "ocf:heartbeat:IPsrcaddr|ip=10.0.0.1", "" },
	{ "ocf:", "" },
};

static void
test_rows(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(GStrv) words = g_strsplit(rows[i].token, "|", -1);
		HbResourceConf resource = { .name = words[0], .args = words + 1, .n_args = g_strv_length(words) - 1 };
		char nic[IFNAMSIZ], text[HB_IP_ADDR_TEXT];
		g_autofree char *seen = NULL;
		HbIpAddr addr;

		if (hb_address_of(&resource, &addr, nic))
			seen = g_strdup_printf("%s %s", hb_ip_addr_text(&addr, text), nic);
		g_test_message("%s", rows[i].token);
		g_assert_cmpstr(seen != NULL ? seen : "", ==, rows[i].expect);
	}
}

int
main(int argc, char *argv[])
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/address/of", test_rows);
	return g_test_run();
}
