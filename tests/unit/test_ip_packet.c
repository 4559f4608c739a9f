/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ip_packet.c - the bytes that ask for an address and announce it. */
#include <glib.h>
#include <linux/if_ether.h>

#include "resource.d/ip/packet.h"
#include "util/banned.h"

static const guint8 mac[HB_IP_MAC_LEN] = { 0x02, 0x00, 0x5e, 0x10, 0x20, 0x30 };
static const guint8 other_mac[HB_IP_MAC_LEN] = { 0x02, 0, 0, 0, 0, 0x0b };

static HbIpAddr
address(const char *text)
{
	HbIpAddr addr;

	g_assert_true(hb_ip_addr_parse(text, &addr));
	return addr;
}

static void
assert_frame(const HbIpFrame *frame, guint16 protocol, const char *dest_hex, const char *data_hex)
{
	g_autoptr(GString) dest = g_string_new(NULL);
	g_autoptr(GString) data = g_string_new(NULL);

	for (gsize i = 0; i < HB_IP_MAC_LEN; i++)
		g_string_append_printf(dest, "%02x", frame->dest[i]);
	for (gsize i = 0; i < frame->len; i++)
		g_string_append_printf(data, "%02x", frame->data[i]);
	g_assert_cmpuint(frame->protocol, ==, protocol);
	g_assert_cmpstr(dest->str, ==, dest_hex);
	g_assert_cmpstr(data->str, ==, data_hex);
}

/* RFC 5227 2.1.1: sender address zero, target MAC zero. */
static void
test_an_arp_probe_has_no_sender_address(void)
{
	HbIpAddr addr = address("10.77.0.100");
	HbIpFrame frame;

	hb_ip_packet_probe(&addr, mac, &frame);
	assert_frame(&frame, ETH_P_ARP, "ffffffffffff",
	             "0001" "0800" "06" "04" "0001" "02005e102030" "00000000" "000000000000" "0a4d0064");
}

/* RFC 5227 2.3, and the reply form with the same MAC twice. */
static void
test_an_arp_announcement_comes_as_request_and_as_reply(void)
{
	HbIpAddr addr = address("10.77.0.100");
	HbIpFrame frame;

	g_assert_cmpint(hb_ip_packet_announce(&addr, mac, false, 0, &frame), ==, 2);
	assert_frame(&frame, ETH_P_ARP, "ffffffffffff",
	             "0001" "0800" "06" "04" "0001" "02005e102030" "0a4d0064" "000000000000" "0a4d0064");
	g_assert_cmpint(hb_ip_packet_announce(&addr, mac, false, 1, &frame), ==, 2);
	assert_frame(&frame, ETH_P_ARP, "ffffffffffff",
	             "0001" "0800" "06" "04" "0002" "02005e102030" "0a4d0064" "02005e102030" "0a4d0064");
}

/* RFC 4861 4.3: to the solicited-node group, from the unspecified address, no option. */
static void
test_a_neighbour_solicitation_has_no_sender_address(void)
{
	HbIpAddr addr = address("fd00::12:3456");
	HbIpFrame frame;

	hb_ip_packet_probe(&addr, mac, &frame);
	assert_frame(&frame, ETH_P_IPV6, "3333ff123456",
	             "60000000" "0018" "3a" "ff" "00000000000000000000000000000000"
	             "ff0200000000000000000001ff123456" "870014d7" "00000000"
	             "fd000000000000000000000000123456");
}

/* RFC 4861 4.4: override, to all nodes, with our MAC as the target's. */
static void
test_a_neighbour_advertisement_overrides(void)
{
	HbIpAddr addr = address("fd00::64");
	HbIpFrame frame;

	g_assert_cmpint(hb_ip_packet_announce(&addr, mac, false, 0, &frame), ==, 1);
	assert_frame(&frame, ETH_P_IPV6, "333300000001",
	             "60000000" "0020" "3a" "ff" "fd000000000000000000000000000064"
	             "ff020000000000000000000000000001" "8800db95" "20000000"
	             "fd000000000000000000000000000064" "0201" "02005e102030");
	hb_ip_packet_announce(&addr, mac, true, 0, &frame);
	g_assert_cmphex(frame.data[44], ==, 0xa0);
}

/* An answer of another machine, as the tests below then damage it. */
static HbIpFrame
claim(const char *text)
{
	HbIpAddr addr = address(text);
	HbIpFrame frame;

	hb_ip_packet_announce(&addr, other_mac, false, 0, &frame);
	return frame;
}

static gboolean
is_claim(const HbIpFrame *frame, gsize len, const char *text, guint8 *ret_mac)
{
	HbIpAddr addr = address(text);
	/* exactly as long as it is, so that a sanitizer sees a read behind the end */
	g_autofree guint8 *data = g_memdup2(frame->data, MAX(len, 1));

	return hb_ip_packet_is_claim(data, len, &addr, other_mac, mac, ret_mac);
}

static void
test_the_answer_of_another_machine_is_a_claim(void)
{
	static const char *const texts[] = { "10.77.0.100", "fd00::64" };

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		HbIpFrame frame = claim(texts[i]);
		guint8 who[HB_IP_MAC_LEN] = { 0 };

		g_assert_true(is_claim(&frame, frame.len, texts[i], who));
		g_assert_cmpmem(who, sizeof who, other_mac, sizeof other_mac);
	}
}

static void
test_no_part_of_an_answer_is_a_claim(void)
{
	HbIpFrame arp = claim("10.77.0.100");
	HbIpFrame na = claim("fd00::64");
	guint8 who[HB_IP_MAC_LEN];

	for (gsize len = 0; len < arp.len; len++)
		g_assert_false(is_claim(&arp, len, "10.77.0.100", who));
	/* the option may be missing: then the frame's sender is the claimant */
	for (gsize len = 0; len < na.len; len++)
		g_assert_cmpint(is_claim(&na, len, "fd00::64", who), ==, len >= 64);
}

static void
test_our_own_words_are_no_claim(void)
{
	HbIpAddr addr = address("10.77.0.100");
	HbIpFrame frame;
	guint8 who[HB_IP_MAC_LEN];

	hb_ip_packet_announce(&addr, mac, false, 1, &frame);
	g_assert_false(hb_ip_packet_is_claim(frame.data, frame.len, &addr, mac, mac, who));
}

static void
test_a_probe_of_another_machine_is_no_claim(void)
{
	static const char *const texts[] = { "10.77.0.100", "fd00::64" };

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		HbIpAddr addr = address(texts[i]);
		HbIpFrame frame;
		guint8 who[HB_IP_MAC_LEN];

		hb_ip_packet_probe(&addr, other_mac, &frame);
		g_assert_false(is_claim(&frame, frame.len, texts[i], who));
	}
}

static void
test_a_claim_of_another_address_is_not_ours(void)
{
	HbIpFrame arp = claim("10.77.0.101");
	HbIpFrame na = claim("fd00::65");
	guint8 who[HB_IP_MAC_LEN];

	g_assert_false(is_claim(&arp, arp.len, "10.77.0.100", who));
	g_assert_false(is_claim(&na, na.len, "fd00::64", who));
}

/* RFC 4861 7.1.2: whoever is not on the link cannot send with hop limit 255. */
static void
test_an_advertisement_from_afar_is_no_claim(void)
{
	HbIpFrame frame = claim("fd00::64");
	guint8 who[HB_IP_MAC_LEN];

	frame.data[7] = 254;
	g_assert_false(is_claim(&frame, frame.len, "fd00::64", who));
}

int
main(int argc, char *argv[])
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/ip_packet/" #name, test_##name)
	ADD(an_arp_probe_has_no_sender_address);
	ADD(an_arp_announcement_comes_as_request_and_as_reply);
	ADD(a_neighbour_solicitation_has_no_sender_address);
	ADD(a_neighbour_advertisement_overrides);
	ADD(the_answer_of_another_machine_is_a_claim);
	ADD(no_part_of_an_answer_is_a_claim);
	ADD(our_own_words_are_no_claim);
	ADD(a_probe_of_another_machine_is_no_claim);
	ADD(a_claim_of_another_address_is_not_ours);
	ADD(an_advertisement_from_afar_is_no_claim);
	return g_test_run();
}
