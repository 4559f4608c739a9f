/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ip_args.c - what a command line of the address scripts means, and what is refused. */
#include <glib.h>

#include "resource.d/ip/args.h"
#include "util/banned.h"

/* Splits @line at blanks; "''" stands for an empty word. */
static bool
parse(const char *line, HbIpArgs *args, HbIpFail *fail)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	for (char **word = words; *word != NULL; word++) {
		if (strcmp(*word, "''") == 0)
			**word = '\0';
	}
	*fail = (HbIpFail){ .code = HB_IP_EXIT_SUCCESS };
	return hb_ip_args_parse((int)g_strv_length(words), words, args, fail);
}

/* The forms of the table in spec/config 3.2, and ours. */
static const struct {
	const char *line;
	const char *addr;
	int prefix_len;
	const char *nic;
	const char *label;
	const char *broadcast;          /* NULL: none */
} accepted[] = {
	{ "IPaddr 10.0.0.1 start",                  "10.0.0.1", -1, "", "", NULL },
	{ "IPaddr2 10.0.0.1/24 start",              "10.0.0.1", 24, "", "", NULL },
	{ "IPaddr2 10.0.0.1/24/eth0 start",         "10.0.0.1", 24, "eth0", "", NULL },
	{ "IPaddr 10.0.0.1/24/eth0/10.0.0.255 stop", "10.0.0.1", 24, "eth0", "", "10.0.0.255" },
	{ "IPaddr 10.0.0.1/24/10.0.0.255 stop",     "10.0.0.1", 24, "", "", "10.0.0.255" },
	{ "IPaddr 10.0.0.1/255.255.255.0/eth0 stop", "10.0.0.1", 24, "eth0", "", NULL },
	{ "IPaddr 10.0.0.1/24/eth0:3 status",       "10.0.0.1", 24, "eth0", "eth0:3", NULL },
	{ "IPaddr 10.0.0.1/24/10.0.0.255/eth0 status", "10.0.0.1", 24, "", "", "10.0.0.255" },
	{ "IPaddr 10.0.0.1//eth0 status",           "10.0.0.1", -1, "eth0", "", NULL },
	{ "IPaddr 10.0.0.1/24/ status",             "10.0.0.1", 24, "", "", NULL },
	{ "IPaddr 10.0.0.1/24//10.0.0.255 status",  "10.0.0.1", 24, "", "", "10.0.0.255" },
	{ "IPaddr 10.0.0.1/255.255.255.255 status", "10.0.0.1", 32, "", "", NULL },
	{ "IPaddr 10.0.0.1/128.0.0.0 status",       "10.0.0.1", 1, "", "", NULL },
	{ "IPaddr 10.0.0.1/032 status",             "10.0.0.1", 32, "", "", NULL },
	{ "IPv6addr fd00::1/64/eth0 start",         "fd00::1", 64, "eth0", "", NULL },
	{ "IPv6addr [fd00::1]/64/eth0 start",       "fd00::1", 64, "eth0", "", NULL },
	{ "IPv6addr [fd00::1] start",               "fd00::1", -1, "", "", NULL },
	{ "IPaddr fd00:0:0:0:0:0:0:1 start",        "fd00::1", -1, "", "", NULL },
	{ "IPaddr2 fe80::1/128/1nic start",         "fe80::1", 128, "1nic", "", NULL },
	{ "IPv6addr fe80 1/64/eth0 start",          "fe80::1", 64, "eth0", "", NULL },
	{ "IPv6addr fe80 /64/eth0 start",           "fe80::", 64, "eth0", "", NULL },
	{ "SendArp 10.0.0.1/eth0 start",            "10.0.0.1", -1, "eth0", "", NULL },
	{ "SendArp 10.0.0.1 start",                 "10.0.0.1", -1, "", "", NULL },
	{ "SendArp [fd00::1]/eth0 start",           "fd00::1", -1, "eth0", "", NULL },
	{ "/etc/x/IPaddr 10.0.0.1/24/abcdefghijklmno start", "10.0.0.1", 24, "abcdefghijklmno", "", NULL },
};

static void
test_each_form_of_an_argument_means_what_it_says(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(accepted); i++) {
		char text[HB_IP_ADDR_TEXT];
		HbIpArgs args;
		HbIpFail fail;

		g_test_message("%s", accepted[i].line);
		g_assert_true(parse(accepted[i].line, &args, &fail));
		g_assert_cmpstr(hb_ip_addr_text(&args.addr, text), ==, accepted[i].addr);
		g_assert_cmpint(args.prefix_len, ==, accepted[i].prefix_len);
		g_assert_cmpstr(args.nic, ==, accepted[i].nic);
		g_assert_cmpstr(args.label, ==, accepted[i].label);
		g_assert_cmpint(args.has_broadcast, ==, accepted[i].broadcast != NULL);
		if (accepted[i].broadcast != NULL)
			g_assert_cmpstr(hb_ip_addr_text(&args.broadcast, text), ==, accepted[i].broadcast);
	}
}

static void
test_an_interface_behind_the_broadcast_address_is_dropped_and_said(void)
{
	HbIpArgs args;
	HbIpFail fail;

	g_assert_true(parse("IPaddr 10.0.0.1/24/10.0.0.255/eth0 start", &args, &fail));
	g_assert_true(args.nic_dropped);
	g_assert_true(parse("IPaddr 10.0.0.1/24/eth0/10.0.0.255 start", &args, &fail));
	g_assert_false(args.nic_dropped);
}

static const struct {
	const char *line;
	HbIpExit code;
	bool usage;
	const char *says;
} refused[] = {
	{ "IPaddr",                                 1, true,  "missing" },
	{ "IPaddr start",                           1, true,  "address is missing" },
	{ "IPaddr '' start",                        1, true,  "address is missing" },
	{ "IPaddr 10.0.0.1",                        1, true,  "Unknown operation: 10.0.0.1" },
	{ "IPaddr 10.0.0.1 START",                  1, true,  "Unknown operation: START" },
	{ "IPaddr 10.0.0.1 ''",                     1, true,  "Unknown operation" },
	{ "IPaddr a b c start",                     1, true,  "more than one" },
	{ "IPaddr 10.0.0.1 10.0.0.2 start",         6, false, "10.0.0.1::10.0.0.2" },
	{ "IPaddr 10.0.0.300 start",                6, false, "10.0.0.300" },
	{ "IPaddr 10.0.0 start",                    6, false, "not an address" },
	{ "IPaddr 010.0.0.1 start",                 6, false, "not an address" },
	{ "IPaddr 0.0.0.0 start",                   6, false, "not an address" },
	{ "IPaddr 224.0.0.1 start",                 6, false, "not an address" },
	{ "IPaddr 255.255.255.255 start",           6, false, "not an address" },
	{ "IPaddr /24/eth0 start",                  6, false, "not an address" },
	{ "IPaddr [10.0.0.1]/24 start",             6, false, "not an address" },
	{ "IPaddr [fd00::1/64 start",               6, false, "not an address" },
	{ "IPaddr fe80::1%eth0/64 start",           6, false, "not an address" },
	{ "IPaddr ff02::1/64 start",                6, false, "not an address" },
	{ "IPaddr :: start",                        6, false, "not an address" },
	{ "IPaddr ::ffff:10.0.0.1 start",           6, false, "not an address" },
	{ "IPv6addr 10.0.0.1/24 start",             6, false, "not an IPv6 address" },
	{ "IPaddr 10.0.0.1/0 start",                6, false, "netmask" },
	{ "IPaddr 10.0.0.1/33 start",               6, false, "netmask" },
	{ "IPaddr 10.0.0.1/+8 start",               6, false, "netmask" },
	{ "IPaddr 10.0.0.1/4294967320 start",       6, false, "netmask" },
	{ "IPaddr 10.0.0.1/255.0.255.0 start",      6, false, "netmask" },
	{ "IPaddr 10.0.0.1/0.0.0.0 start",          6, false, "netmask" },
	{ "IPaddr 10.0.0.1/eth0 start",             6, false, "netmask" },
	{ "IPaddr fd00::1/129 start",               6, false, "netmask" },
	{ "IPaddr fd00::1/255.255.255.0 start",     6, false, "netmask" },
	{ "IPaddr 10.0.0.1/24/abcdefghijklmnop start", 6, false, "interface" },
	{ "IPaddr 10.0.0.1/24/eth0: start",         6, false, "interface" },
	{ "IPaddr 10.0.0.1/24/:1 start",            6, false, "interface" },
	{ "IPaddr 10.0.0.1/24/eth0:1:2 start",      6, false, "interface" },
	{ "IPaddr 10.0.0.1/24/.. start",            6, false, "interface" },
	{ "IPaddr 10.0.0.1/24/1eth start",          6, false, "broadcast" },
	{ "IPaddr 10.0.0.1/24/eth0/eth1 start",     6, false, "broadcast" },
	{ "IPaddr fd00::1/64/eth0/10.0.0.255 start", 6, false, "no broadcast" },
	{ "IPaddr 10.0.0.1/24/eth0/10.0.0.255/ start", 6, false, "too many parts" },
	{ "SendArp 10.0.0.1/24/eth0 start",         6, false, "too many parts" },
};

static void
test_each_nonsense_is_refused_with_its_code_and_reason(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
		HbIpArgs args;
		HbIpFail fail;

		g_test_message("%s", refused[i].line);
		g_assert_false(parse(refused[i].line, &args, &fail));
		g_assert_cmpint(fail.code, ==, refused[i].code);
		g_assert_cmpint(fail.usage, ==, refused[i].usage);
		g_assert_nonnull(strstr(fail.text, refused[i].says));
	}
}

static void
test_a_long_argument_is_refused(void)
{
	g_autofree char *many = g_strnfill(100000, '1');
	char *argv[] = { (char *)"IPaddr", many, (char *)"start", NULL };
	HbIpArgs args;
	HbIpFail fail;

	g_assert_false(hb_ip_args_parse(3, argv, &args, &fail));
	g_assert_cmpint(fail.code, ==, HB_IP_EXIT_CONFIGURED);
	g_assert_nonnull(strstr(fail.text, "longer"));
	argv[2] = many;
	g_assert_false(hb_ip_args_parse(3, argv, &args, &fail));
	g_assert_true(fail.usage);
	g_assert_false(hb_ip_args_parse(0, argv, &args, &fail));
	g_assert_true(fail.usage);
}

static void
test_a_message_is_one_line_of_plain_characters(void)
{
	char *argv[] = { (char *)"IPaddr", (char *)"1\n2\033[31m\xc3\xa4", (char *)"start", NULL };
	HbIpArgs args;
	HbIpFail fail;

	g_assert_false(hb_ip_args_parse(3, argv, &args, &fail));
	for (const char *c = fail.text; *c != '\0'; c++)
		g_assert_true(g_ascii_isprint(*c));
	g_assert_nonnull(strstr(fail.text, "1?2?[31m??"));
}

static void
test_the_name_decides_what_is_done(void)
{
	HbIpArgs args;
	HbIpFail fail;

	g_assert_true(parse("./SendArp 10.0.0.1/eth0 start", &args, &fail));
	g_assert_true(args.announce_only);
	g_assert_true(parse("SendArp2 10.0.0.1 start", &args, &fail));
	g_assert_false(args.announce_only);
	g_assert_cmpstr(args.name, ==, "hb-ip");
	g_assert_cmpstr(hb_ip_args_name(NULL), ==, "hb-ip");
	g_assert_cmpstr(hb_ip_args_name("/a/IPv6addr"), ==, "IPv6addr");
}

static void
test_each_operation_is_understood(void)
{
	static const struct {
		const char *line;
		HbIpVerb verb;
	} rows[] = {
		{ "IPaddr 10.0.0.1 start",   HB_IP_VERB_START  },
		{ "IPaddr 10.0.0.1 stop",    HB_IP_VERB_STOP   },
		{ "IPaddr 10.0.0.1 status",  HB_IP_VERB_STATUS },
		{ "IPaddr 10.0.0.1 monitor", HB_IP_VERB_STATUS },
		{ "IPaddr usage",            HB_IP_VERB_USAGE  },
		{ "IPaddr nonsense help",    HB_IP_VERB_USAGE  },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		HbIpArgs args;
		HbIpFail fail;

		g_assert_true(parse(rows[i].line, &args, &fail));
		g_assert_cmpint(args.verb, ==, rows[i].verb);
	}
}

static void
test_the_broadcast_address_ends_its_network(void)
{
	static const struct {
		const char *addr;
		int prefix_len;
		const char *broadcast;
	} rows[] = {
		{ "10.0.0.1", 24, "10.0.0.255" },
		{ "10.0.5.1", 22, "10.0.7.255" },
		{ "10.0.0.1", 30, "10.0.0.3" },
		{ "10.0.0.1", 1, "127.255.255.255" },
		{ "10.0.0.1", 31, NULL },
		{ "10.0.0.1", 32, NULL },
		{ "fd00::1", 16, NULL },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		char text[HB_IP_ADDR_TEXT];
		HbIpAddr addr, broadcast;

		g_assert_true(hb_ip_addr_parse(rows[i].addr, &addr));
		g_assert_cmpint(hb_ip_addr_broadcast(&addr, rows[i].prefix_len, &broadcast), ==,
		                rows[i].broadcast != NULL);
		if (rows[i].broadcast != NULL)
			g_assert_cmpstr(hb_ip_addr_text(&broadcast, text), ==, rows[i].broadcast);
	}
}

static void
test_a_network_is_compared_to_its_last_bit(void)
{
	HbIpAddr a, b;

	g_assert_true(hb_ip_addr_parse("10.0.4.1", &a));
	g_assert_true(hb_ip_addr_parse("10.0.7.9", &b));
	g_assert_true(hb_ip_addr_same_net(&a, &b, 22));
	g_assert_false(hb_ip_addr_same_net(&a, &b, 23));
	g_assert_false(hb_ip_addr_same_net(&a, &b, 32));
	g_assert_true(hb_ip_addr_parse("fd00::1", &b));
	g_assert_false(hb_ip_addr_same_net(&a, &b, 1));
}

int
main(int argc, char *argv[])
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/ip_args/" #name, test_##name)
	ADD(each_form_of_an_argument_means_what_it_says);
	ADD(an_interface_behind_the_broadcast_address_is_dropped_and_said);
	ADD(each_nonsense_is_refused_with_its_code_and_reason);
	ADD(a_long_argument_is_refused);
	ADD(a_message_is_one_line_of_plain_characters);
	ADD(the_name_decides_what_is_done);
	ADD(each_operation_is_understood);
	ADD(the_broadcast_address_ends_its_network);
	ADD(a_network_is_compared_to_its_last_bit);
	return g_test_run();
}
