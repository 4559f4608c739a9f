/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "util/id.h"
#include "wire/text.h"
#include "wire/typedio.h"

#include "util/banned.h"

#define ENVELOPE "src=n1\nseq=2a\nhg=6b014c2f\nts=6b014c2e\nld=0 0\nttl=3\n"
#define UNNUMBERED "src=n1\nhg=6b014c2f\nts=6b014c2e\nttl=3\n"
#define STATUS "t=status\nst=active\ndt=3e8\nprotocol=1\n"

/* (transfer full) */
static HbMsg *
msg_of(const char *lines)
{
	g_autofree char *text = g_strconcat(">>>\n", lines, "<<<\n", NULL);
	HbMsg *msg = hb_text_decode((const guint8 *)text, strlen(text), NULL);

	g_test_message("%s", lines);
	g_assert_nonnull(msg);
	return msg;
}

static HbTypedVerdict
verdict_of(const char *lines)
{
	g_autoptr(HbMsg) msg = msg_of(lines);
	HbTyped typed;

	return hb_typed_parse(msg, &typed);
}

static HbTypedVerdict
fifo_verdict_of(const char *lines)
{
	g_autoptr(HbMsg) msg = msg_of(lines);
	HbTyped typed;

	return hb_typed_parse_fifo(msg, &typed);
}

static void
parse(const char *lines, HbTyped *typed)
{
	g_autoptr(HbMsg) msg = msg_of(lines);

	g_assert_cmpint(hb_typed_parse(msg, typed), ==, HB_TYPED_OK);
	g_assert_true(typed->raw == msg);
	typed->raw = NULL;
}

/* (transfer full) The lines of the message made from @typed. */
static char *
lines_of(const HbTyped *typed)
{
	HbEnvelope envelope = { .src = "n1", .generation = 0x10, .ts = 0x20, .load = "0 0", .ttl = 3 };
	g_autoptr(HbMsg) msg = hb_typed_build(typed, &envelope);
	g_autoptr(GByteArray) text = NULL;

	g_assert_nonnull(msg);
	text = hb_text_encode(msg);
	return g_strndup((const char *)text->data + 4, text->len - 8);
}

static void
test_envelope_is_read(void)
{
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);

	parse(STATUS "dest=n2\n(1)destuuid=AAAAAAAAAAAAAAAAAAAAAA==\n"
	      "(1)srcuuid=AAECAwQFBgcICQoLDA0ODw==\n" ENVELOPE, typed);
	g_assert_cmpint(typed->type, ==, HB_MSG_STATUS);
	g_assert_cmpstr(typed->src, ==, "n1");
	g_assert_cmpstr(typed->dest, ==, "n2");
	g_assert_cmpuint(typed->seq, ==, 42);
	g_assert_cmpuint(typed->generation, ==, 0x6b014c2f);
	g_assert_cmpuint(typed->ts, ==, 0x6b014c2e);
	g_assert_true(typed->has_src_uuid);
	g_assert_cmpint(typed->src_uuid[15], ==, 15);
	g_assert_false(typed->has_dest_uuid);   /* zero means unknown */
	g_assert_cmpint(typed->u.status.st, ==, HB_ST_ACTIVE);
	g_assert_cmpuint(typed->u.status.deadtime_ms, ==, 1000);
	g_assert_cmpuint(typed->u.status.protocol, ==, 1);
	g_assert_false(typed->u.status.ext.present);
}

static void
test_bad_envelopes_are_refused(void)
{
	static const char *const lines[] = {
		"",
		"t=\n" ENVELOPE,
		"(1)t=YQ==\n" ENVELOPE,
		"st=active\n" ENVELOPE,
		STATUS "seq=1\nhg=1\nts=1\n",
		STATUS "src=\nseq=1\nhg=1\nts=1\n",
		STATUS "src=a b\nseq=1\nhg=1\nts=1\n",
		STATUS "src=../x\nseq=1\nhg=1\nts=1\n",
		STATUS "src=a:b\nseq=1\nhg=1\nts=1\n",
		STATUS "src=n1\nhg=1\nts=1\n",
		STATUS "src=n1\nseq=0\nhg=1\nts=1\n",
		STATUS "src=n1\nseq=-1\nhg=1\nts=1\n",
		STATUS "src=n1\nseq=0x1\nhg=1\nts=1\n",
		STATUS "src=n1\nseq=01\nhg=1\nts=1\n",
		STATUS "src=n1\nseq=A\nhg=1\nts=1\n",
		STATUS "src=n1\nseq=8000000000000000\nhg=1\nts=1\n",
		STATUS "src=n1\nseq=11111111111111111\nhg=1\nts=1\n",
		STATUS "src=n1\nseq=1\nts=1\n",
		STATUS "src=n1\nseq=1\nhg=0\nts=1\n",
		STATUS "src=n1\nseq=1\nhg=\nts=1\n",
		STATUS "src=n1\nseq=1\nhg=1\n",
		STATUS "src=n1\nseq=1\nhg=1\nts=0\n",
		STATUS "src=n1\nseq=1\nhg=1\nts=100000000\n",
		STATUS "dest=\n" ENVELOPE,
		STATUS "dest=a/b\n" ENVELOPE,
		STATUS "(1)srcuuid=AAEC\n" ENVELOPE,
		STATUS "srcuuid=AAECAwQFBgcICQoL\n" ENVELOPE,
		STATUS "(1)destuuid=AAEC\n" ENVELOPE,
		"t=NS_ackmsg\ndest=n2\nackseq=1\n" ENVELOPE,    /* numbered */
		"t=other\n" UNNUMBERED,                          /* not numbered */
	};
	g_autofree char *name = g_strnfill(100, 'n');
	g_autofree char *long_src = g_strdup_printf(STATUS "src=%s\nseq=1\nhg=1\nts=1\n", name);

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
		g_assert_cmpint(verdict_of(lines[i]), ==, HB_TYPED_BAD_ENVELOPE);
	g_assert_cmpint(verdict_of(long_src), ==, HB_TYPED_BAD_ENVELOPE);
}

static void
test_fields_out_of_range_are_refused(void)
{
	static const char *const lines[] = {
		"t=status\ndt=3e8\n" ENVELOPE,
		"t=status\nst=ping\ndt=3e8\n" ENVELOPE,
		"t=status\nst=Active\ndt=3e8\n" ENVELOPE,
		"t=status\nst=active\n" ENVELOPE,
		"t=status\nst=active\ndt=0\n" ENVELOPE,
		"t=status\nst=active\ndt=80000000\n" ENVELOPE,
		"t=status\nst=active\ndt=3e8\nprotocol=x\n" ENVELOPE,
		"t=NS_st\nst=active\ninfo=ping\nsrc=10.0.0.1\nts=1\n",
		"t=NS_st\nst=ping\nsrc=10.0.0.1\nts=1\n",
		"t=NS_ackmsg\ndest=n2\n" UNNUMBERED,
		"t=NS_ackmsg\nackseq=1\n" UNNUMBERED,
		"t=NS_ackmsg\ndest=n2\nackseq=0\n" UNNUMBERED,
		"t=NS_rexmit\ndest=n2\nfirstseq=c\nlastseq=c\n" UNNUMBERED,
		"t=NS_rexmit\ndest=n2\nfirstseq=2\nlastseq=1\n" UNNUMBERED,
		"t=NS_rexmit\ndest=n2\nfirstseq=0\nlastseq=1\n" UNNUMBERED,
		"t=NS_rexmit\ndest=n2\nfirstseq=1\n" UNNUMBERED,
		"t=NS_rexmit\nfirstseq=1\nlastseq=1\n" UNNUMBERED,
		"t=NS_nak_rexmit\ndest=n2\n" UNNUMBERED,
		"t=reqnodes\n" ENVELOPE,
		"t=repnodes\ndest=n2\n" ENVELOPE,
		"t=repnodes\ndest=n2\nnodelist=n1 n/2 \ndelnodelist= \n" ENVELOPE,
		"t=resource\n" ENVELOPE,
		"t=resource\nrsc_hold=\n" ENVELOPE,
		"t=resource\nrsc_hold=failback\n" ENVELOPE,
		"t=resource\nrsc_hold=all\nrtype=half\n" ENVELOPE,
		"t=resource\nrsc_hold=all\nisstable=2\n" ENVELOPE,
		"t=ask_resources\nrsc_hold=all\n" ENVELOPE,
		"t=ask_resources\nrsc_hold=all\ninfo=please\n" ENVELOPE,
		"t=ask_resources\nrsc_hold=none\ninfo=me\n" ENVELOPE,
		"t=ask_resources\ninfo=me\nhb4group=0000000\n" ENVELOPE,
		"t=ask_resources\ninfo=me\nhb4group=00000000\n" ENVELOPE,
		"t=ask_resources\ninfo=me\nhb4group=0000000G\n" ENVELOPE,
		"t=ask_resources\ninfo=me\nhb4group=0000000A\n" ENVELOPE,
		"t=hb_takeover\nrsc_hold=some\n" ENVELOPE,
		"t=hb_takeover\nhb4force=yes\n" ENVELOPE,
		"t=shutdone\n" ENVELOPE,
		"t=shutdone\nst=active\n" ENVELOPE,
		"t=stonith\nnode=n2\n" ENVELOPE,
		"t=stonith\nresult=OK\n" ENVELOPE,
		"t=stonith\nnode=n 2\nresult=OK\n" ENVELOPE,
		"t=stonith\nnode=n2\nresult=1234567890123456\n" ENVELOPE,
		"t=ip-request\n" ENVELOPE,
		"t=ip-request\nipaddr=a b\n" ENVELOPE,
		"t=ip-request-resp\nipaddr=a\nweown=yes\nok=OK\n" ENVELOPE,
		"t=ip-request-resp\ndest=n1\nipaddr=a\nweown=perhaps\nok=OK\n" ENVELOPE,
	};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
		g_assert_cmpint(verdict_of(lines[i]), ==, HB_TYPED_BAD_FIELD);
}

static void
test_retransmit_requests_are_decimal_and_refusals_hexadecimal(void)
{
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);
	g_autofree char *lines = NULL;

	parse("t=NS_rexmit\ndest=n2\nfirstseq=20\nlastseq=32\n" UNNUMBERED, typed);
	g_assert_cmpuint(typed->u.range.first_seq, ==, 20);
	g_assert_cmpuint(typed->u.range.last_seq, ==, 32);
	lines = lines_of(typed);
	g_assert_cmpstr(lines, ==, "t=NS_rexmit\ndest=n2\nfirstseq=20\nlastseq=32\nsrc=n1\nhg=10\nts=20\nttl=3\n");
	parse("t=NS_nak_rexmit\nfirstseq=20\ndest=n2\ninfo=seqno not found\n" UNNUMBERED, typed);
	g_assert_cmpuint(typed->u.range.first_seq, ==, 32);
	parse("t=NS_ackmsg\ndest=n2\nackseq=20\n" UNNUMBERED, typed);
	g_assert_cmpuint(typed->u.range.last_seq, ==, 32);
}

static void
test_ping_nodes_may_be_addresses(void)
{
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);

	parse("t=NS_st\nst=ping\ninfo=ping\nsrc=fe80::1%eth0\nts=6b014f89\n", typed);
	g_assert_cmpstr(typed->src, ==, "fe80::1%eth0");
	g_assert_cmpint(typed->u.status.st, ==, HB_ST_PING);
	g_assert_false(typed->u.status.ping_group);
	g_assert_cmpuint(typed->generation, ==, 0);
	parse("t=NS_st\nst=ping\ninfo=ping_group\nsrc=grp1\nts=6b014f89\n", typed);
	g_assert_true(typed->u.status.ping_group);
}

static void
test_resource_words_are_read(void)
{
	static const struct {
		const char *lines;
		HbMsgResource expected;
	} cases[] = {
		{ "rsc_hold=none\n", { HB_HOLD_NONE, FALSE, HB_STABLE_UNSAID, HB_INFO_NONE } },
		{ "rsc_hold=local\nrtype=full\nisstable=0\n", { HB_HOLD_LOCAL, TRUE, HB_STABLE_NO, HB_INFO_NONE } },
		{ "rsc_hold=foreign\ninfo=mach_down\n",
		  { HB_HOLD_FOREIGN, FALSE, HB_STABLE_UNSAID, HB_INFO_MACH_DOWN } },
		{ "rsc_hold=all\nrtype=full\nisstable=1\ninfo=req_our_resources()\n",
		  { HB_HOLD_ALL, TRUE, HB_STABLE_YES, HB_INFO_REQ_OUR } },
		{ "rsc_hold=none\nrtype=full\nisstable=0\ninfo=shutdown\n",
		  { HB_HOLD_NONE, TRUE, HB_STABLE_NO, HB_INFO_SHUTDOWN } },
		{ "rsc_hold=all\ninfo=some remark\n", { HB_HOLD_ALL, FALSE, HB_STABLE_UNSAID, HB_INFO_UNKNOWN } },
	};
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *lines = g_strconcat("t=resource\n", cases[i].lines, ENVELOPE, NULL);

		parse(lines, typed);
		g_assert_cmpint(typed->u.resource.hold, ==, cases[i].expected.hold);
		g_assert_cmpint(typed->u.resource.full, ==, cases[i].expected.full);
		g_assert_cmpint(typed->u.resource.stable, ==, cases[i].expected.stable);
		g_assert_cmpint(typed->u.resource.info, ==, cases[i].expected.info);
	}
}

static void
test_failback_means_what_the_speaker_means(void)
{
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);

	parse("t=ask_resources\nrsc_hold=failback\ninfo=me\n" ENVELOPE, typed);
	g_assert_cmpint(typed->u.ask.hold, ==, HB_HOLD_FOREIGN);
	g_assert_true(typed->u.ask.failback);
	parse("t=hb_takeover\nrsc_hold=failback\n" ENVELOPE, typed);
	g_assert_cmpint(typed->u.ask.hold, ==, HB_HOLD_LOCAL);
	g_assert_true(typed->u.ask.failback);
	parse("t=hb_takeover\n" ENVELOPE, typed);
	g_assert_cmpint(typed->u.ask.hold, ==, HB_HOLD_ALL);
	g_assert_false(typed->u.ask.failback);
	parse("t=ask_resources\nrsc_hold=\ninfo=other\n" ENVELOPE, typed);
	g_assert_cmpint(typed->u.ask.hold, ==, HB_HOLD_ALL);
	g_assert_cmpint(typed->u.ask.info, ==, HB_INFO_OTHER);
}

static void
test_hand_over_of_one_group_travels(void)
{
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);
	g_autofree char *takeover = NULL;
	g_autofree char *ask = NULL;

	parse("t=hb_takeover\nrsc_hold=all\nhb4group=0000beef\nhb4force=1\n" ENVELOPE, typed);
	g_assert_cmpuint(typed->u.ask.group_id, ==, 0xbeef);
	g_assert_true(typed->u.ask.force);
	takeover = lines_of(typed);
	g_assert_cmpstr(takeover, ==, "t=hb_takeover\nrsc_hold=all\nhb4group=0000beef\nhb4force=1\n"
	                "src=n1\nseq=2a\nhg=10\nts=20\nld=0 0\nttl=3\n");
	typed->type = HB_MSG_ASK_RESOURCES;
	typed->u.ask.info = HB_INFO_ME;
	typed->u.ask.force = FALSE;
	ask = lines_of(typed);
	g_assert_cmpstr(ask, ==, "t=ask_resources\nrsc_hold=all\ninfo=me\nhb4group=0000beef\n"
	                "src=n1\nseq=2a\nhg=10\nts=20\nld=0 0\nttl=3\n");
}

static void
test_extension_is_read_and_written_the_same(void)
{
	static const char ext[] = "hb4=1\nhb4l=1\nhb4u=1\nhb4s=1\nhb4g=0000beef:h:1f:deadbeef.00000001:u:0:0\n"
	                          "hb4h=0000cafe:12:1f.0000babe:-:0\n"
	                          "hb4d=0000babe:l:65a3.0000f00d:w:0\nhb4f=0000babe.0000cafe\nhb4t=0000babe:0000cafe\nhb4k=00000001:0000cafe\n";
	g_autofree char *lines = g_strconcat(STATUS, ext, ENVELOPE, NULL);
	g_autofree char *expected = g_strconcat(STATUS, ext, "src=n1\nseq=2a\nhg=10\nts=20\nld=0 0\nttl=3\n", NULL);
	g_autofree char *out = NULL;
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);
	const HbExtension *read = &typed->u.status.ext;

	parse(lines, typed);
	g_assert_true(read->present);
	g_assert_true(read->leaving);
	g_assert_true(read->barred);
	g_assert_true(read->settling);
	g_assert_cmpuint(read->n_groups, ==, 2);
	g_assert_cmpuint(read->groups[0].group_id, ==, 0xbeef);
	g_assert_cmpint(read->groups[0].claim, ==, HB_CLAIM_HELD);
	g_assert_cmpuint(read->groups[0].epoch, ==, 0x1f);
	g_assert_cmpuint(read->groups[0].grant_id, ==, 0xdeadbeef);
	g_assert_cmpint(read->groups[1].claim, ==, HB_CLAIM_UNKNOWN);
	g_assert_cmpuint(read->groups[1].grant_id, ==, HB_ID_NONE);
	g_assert_cmpuint(read->groups[0].keeper_id, ==, HB_ID_NONE);
	g_assert_cmpuint(read->groups[1].keeper_id, ==, 0xcafe);
	g_assert_cmpuint(read->n_heard, ==, 2);
	g_assert_cmpint(read->heard[0].age_ms, ==, 12);
	g_assert_cmpuint(read->heard[0].stamp, ==, 0x1f);
	g_assert_cmpint(read->heard[1].age_ms, ==, -1);
	g_assert_cmpuint(read->heard[1].stamp, ==, 0);
	g_assert_cmpuint(read->n_fates, ==, 2);
	g_assert_cmpuint(read->fates[0].node_id, ==, 0xbabe);
	g_assert_cmpint(read->fates[0].fate, ==, HB_FATE_LEFT);
	g_assert_cmpuint(read->fates[0].generation, ==, 0x65a3);
	g_assert_cmpint(read->fates[1].fate, ==, HB_FATE_LOST);
	g_assert_cmpuint(read->fates[1].generation, ==, 0);
	g_assert_cmpuint(read->n_armed, ==, 2);
	g_assert_cmpuint(read->armed[1], ==, 0xcafe);
	g_assert_cmpuint(read->n_takers, ==, 1);
	g_assert_cmpuint(read->takers[0].node_id, ==, 0xbabe);
	g_assert_cmpuint(read->takers[0].taker_id, ==, 0xcafe);
	out = lines_of(typed);
	g_assert_cmpstr(out, ==, expected);
}

static void
test_largest_extension_survives(void)
{
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);
	g_autofree HbTyped *back = g_new0(HbTyped, 1);
	HbExtension *ext = &typed->u.status.ext;
	g_autofree char *lines = NULL;

	typed->type = HB_MSG_STATUS;
	typed->seq = 1;
	typed->u.status.st = HB_ST_ACTIVE;
	typed->u.status.deadtime_ms = 1;
	ext->present = TRUE;
	ext->protocol = 1;
	ext->n_groups = HB_GROUPS_MAX;
	ext->n_heard = HB_NODES_MAX;
	for (guint i = 0; i < HB_GROUPS_MAX; i++)
		ext->groups[i] = (HbGroupWord){ G_MAXUINT32 - i, (HbClaim)(i % HB_CLAIM_N), G_MAXUINT32, G_MAXUINT32,
			                      G_MAXUINT32 };
	for (guint i = 0; i < HB_NODES_MAX; i++)
		ext->heard[i] = (HbHeardWord){ G_MAXUINT32 - i, G_MAXINT32, G_MAXUINT64 };
	ext->n_fates = HB_NODES_MAX;
	for (guint i = 0; i < HB_NODES_MAX; i++)
		ext->fates[i] = (HbFateWord){ G_MAXUINT32 - i, (HbFate)(1 + i % (HB_FATE_N - 1)), G_MAXUINT64 };
	ext->n_takers = HB_NODES_MAX;
	for (guint i = 0; i < HB_NODES_MAX; i++)
		ext->takers[i] = (HbTakerWord){ G_MAXUINT32 - i, 1 + i };
	ext->n_armed = HB_NODES_MAX;
	for (guint i = 0; i < HB_NODES_MAX; i++)
		ext->armed[i] = G_MAXUINT32 - i;
	lines = lines_of(typed);
	parse(lines, back);
	g_assert_cmpmem(ext, sizeof *ext, &back->u.status.ext, sizeof *ext);
}

static void
test_every_claim_has_its_letter(void)
{
	static const char letters[] = "unpfcshdrb";
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);

	g_assert_cmpuint(strlen(letters), ==, HB_CLAIM_N);
	for (guint i = 0; i < HB_CLAIM_N; i++) {
		g_autofree char *lines = g_strdup_printf(STATUS "hb4=1\nhb4g=00000001:%c:0:0\n" ENVELOPE, letters[i]);

		parse(lines, typed);
		g_assert_cmpuint(typed->u.status.ext.groups[0].claim, ==, i);
	}
}

static void
test_every_fate_has_its_letter(void)
{
	static const char letters[] = "lfwpx";
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);

	g_assert_cmpuint(strlen(letters), ==, HB_FATE_N - 1);
	for (guint i = 1; i < HB_FATE_N; i++) {
		g_autofree char *lines = g_strdup_printf(STATUS "hb4=1\nhb4d=00000001:%c:0\n" ENVELOPE, letters[i - 1]);

		parse(lines, typed);
		g_assert_cmpuint(typed->u.status.ext.fates[0].fate, ==, i);
	}
}

static void
test_malformed_extensions_are_refused(void)
{
	static const char *const lines[] = {
		"hb4=0\n", "hb4=\n", "hb4=01\n", "hb4=x\n", "hb4l=1\n", "hb4=1\nhb4l=0\n", "hb4=1\nhb4l=\n",
		"hb4g=00000001:h:0:0\n", "hb4h=00000001:0:0\n", "hb4=1\nhb4g=\n", "hb4=1\nhb4h=\n",
		"hb4=1\nhb4g=00000001\n", "hb4=1\nhb4g=00000001:h\n", "hb4=1\nhb4g=00000001:h:0\n",
		"hb4=1\nhb4g=00000001:h:0:\n", "hb4=1\nhb4g=00000001:h::0\n", "hb4=1\nhb4g=00000001::0:0\n",
		"hb4=1\nhb4g=:h:0:0\n", "hb4=1\nhb4g=00000000:h:0:0\n", "hb4=1\nhb4g=0000001:h:0:0\n",
		"hb4=1\nhb4g=00000001:x:0:0\n", "hb4=1\nhb4g=00000001:?:0:0\n", "hb4=1\nhb4g=00000001:hh:0:0\n",
		"hb4=1\nhb4g=00000001:h:01:0\n", "hb4=1\nhb4g=00000001:h:100000000:0\n",
		"hb4=1\nhb4g=00000001:h:0:1\n", "hb4=1\nhb4g=00000001:h:0:00000000\n",
		"hb4=1\nhb4g=00000001:h:0:0:0\n", "hb4=1\nhb4g=00000001:h:0:0.\n", "hb4=1\nhb4g=.00000001:h:0:0\n",
		"hb4=1\nhb4g=00000001:h:0:0.00000001:n:0:0\n", "hb4=1\nhb4g=0000000A:h:0:0\n",
		"hb4=1\nhb4h=00000001\n", "hb4=1\nhb4h=00000001:\n", "hb4=1\nhb4h=00000001:a:0\n",
		"hb4=1\nhb4h=00000001:1\n", "hb4=1\nhb4h=00000001:1:\n", "hb4=1\nhb4h=00000001:1:01\n",
		"hb4=1\nhb4h=00000001:1:g\n", "hb4=1\nhb4h=00000001:1:10000000000000000\n",
		"hb4=1\nhb4h=00000001:1:0:0\n",
		"hb4=1\nhb4h=00000001:-1:0\n", "hb4=1\nhb4h=00000001:01:0\n", "hb4=1\nhb4h=00000001:2147483648:0\n",
		"hb4=1\nhb4h=00000001:1:0.00000001:1:0\n", "hb4=1\nhb4h=00000000:1:0\n",
		"hb4u=1\n", "hb4=1\nhb4u=0\n", "hb4s=1\n", "hb4=1\nhb4s=2\n",
		"hb4k=00000001:00000002\n", "hb4=1\nhb4k=\n", "hb4=1\nhb4k=00000001:00000002\n",
		"hb4=1\nhb4g=00000001:n:0:0\nhb4k=00000001\n", "hb4=1\nhb4g=00000001:n:0:0\nhb4k=00000001:0\n",
		"hb4=1\nhb4g=00000001:n:0:0\nhb4k=00000001:00000002.00000001:00000003\n",
		"hb4=1\nhb4g=00000001:n:0:0\nhb4k=00000001:00000002:0\n",
		"hb4f=00000001\n", "hb4=1\nhb4f=\n", "hb4=1\nhb4f=0\n", "hb4=1\nhb4f=00000000\n", "hb4=1\nhb4f=00000001.\n",
		"hb4=1\nhb4f=00000001.00000001\n", "hb4=1\nhb4f=00000001:1\n",
		"hb4t=00000001:00000002\n", "hb4=1\nhb4t=\n", "hb4=1\nhb4t=00000001\n", "hb4=1\nhb4t=00000001:\n",
		"hb4=1\nhb4t=00000001:0\n", "hb4=1\nhb4t=00000000:00000001\n", "hb4=1\nhb4t=00000001:00000002.\n",
		"hb4=1\nhb4t=00000001:00000002:0\n", "hb4=1\nhb4t=00000001:00000002.00000001:00000003\n",
		"hb4d=00000001:l:0\n", "hb4=1\nhb4d=\n", "hb4=1\nhb4d=00000001\n", "hb4=1\nhb4d=00000001:l\n",
		"hb4=1\nhb4d=00000001:l:\n", "hb4=1\nhb4d=00000001::0\n", "hb4=1\nhb4d=00000001:q:0\n",
		"hb4=1\nhb4d=00000001:ll:0\n", "hb4=1\nhb4d=00000001:l:01\n", "hb4=1\nhb4d=00000001:l:-1\n",
		"hb4=1\nhb4d=00000001:l:0:0\n", "hb4=1\nhb4d=00000000:l:0\n", "hb4=1\nhb4d=00000001:l:0.\n",
		"hb4=1\nhb4d=00000001:l:0.00000001:f:0\n", "hb4=1\nhb4d=00000001:l:10000000000000000\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *text = g_strconcat(STATUS, lines[i], ENVELOPE, NULL);

		g_assert_cmpint(verdict_of(text), ==, HB_TYPED_BAD_FIELD);
	}
}

static void
test_more_words_than_fit_are_refused(void)
{
	g_autoptr(GString) groups = g_string_new(STATUS "hb4=1\nhb4g=");
	g_autoptr(GString) heard = g_string_new(STATUS "hb4=1\nhb4h=");
	g_autoptr(GString) fates = g_string_new(STATUS "hb4=1\nhb4d=");

	for (guint i = 1; i <= HB_GROUPS_MAX + 1; i++)
		g_string_append_printf(groups, "%s%08x:n:0:0", i > 1 ? "." : "", i);
	for (guint i = 1; i <= HB_NODES_MAX + 1; i++)
		g_string_append_printf(heard, "%s%08x:1:0", i > 1 ? "." : "", i);
	g_string_append(groups, "\n" ENVELOPE);
	g_string_append(heard, "\n" ENVELOPE);
	for (guint i = 1; i <= HB_NODES_MAX + 1; i++)
		g_string_append_printf(fates, "%s%08x:l:0", i > 1 ? "." : "", i);
	g_string_append(fates, "\n" ENVELOPE);
	g_assert_cmpint(verdict_of(fates->str), ==, HB_TYPED_BAD_FIELD);
	g_assert_cmpint(verdict_of(groups->str), ==, HB_TYPED_BAD_FIELD);
	g_assert_cmpint(verdict_of(heard->str), ==, HB_TYPED_BAD_FIELD);
}

static void
test_extra_fields_of_unknown_name_are_no_harm(void)
{
	g_assert_cmpint(verdict_of(STATUS "hb4x=1\nfuture=yes\n" ENVELOPE), ==, HB_TYPED_OK);
	g_assert_cmpint(verdict_of("t=whatever\nrsc_hold=nonsense\n" ENVELOPE), ==, HB_TYPED_OK);
	g_assert_cmpint(verdict_of("t=NS_whatever\n" UNNUMBERED), ==, HB_TYPED_OK);
}

static void
test_resource_types_are_known_in_any_case_and_others_are_not(void)
{
	g_autofree HbTyped *typed = g_new0(HbTyped, 1);

	parse("t=Resource\nrsc_hold=all\n" ENVELOPE, typed);
	g_assert_cmpint(typed->type, ==, HB_MSG_RESOURCE);
	parse("t=Status\n" ENVELOPE, typed);
	g_assert_cmpint(typed->type, ==, HB_MSG_OTHER);
}

static void
test_fifo_messages_need_no_envelope(void)
{
	g_assert_cmpint(fifo_verdict_of("t=ask_resources\nrsc_hold=all\ninfo=me\n"), ==, HB_TYPED_OK);
	g_assert_cmpint(fifo_verdict_of("t=hb_takeover\nrsc_hold=local\n"), ==, HB_TYPED_OK);
	g_assert_cmpint(fifo_verdict_of("t=setweight\nnode=n2\nweight=50\n"), ==, HB_TYPED_OK);
	g_assert_cmpint(fifo_verdict_of("rsc_hold=local\n"), ==, HB_TYPED_BAD_ENVELOPE);
	g_assert_cmpint(fifo_verdict_of("t=x\ndest=a/b\n"), ==, HB_TYPED_BAD_ENVELOPE);
	g_assert_cmpint(fifo_verdict_of("t=ask_resources\nrsc_hold=all\n"), ==, HB_TYPED_BAD_FIELD);
}

static void
test_a_bad_envelope_leaves_the_result_untouched(void)
{
	g_autoptr(HbMsg) msg = msg_of(STATUS);
	HbTyped typed = { .type = HB_MSG_STARTING };

	g_assert_cmpint(hb_typed_parse(msg, &typed), ==, HB_TYPED_BAD_ENVELOPE);
	g_assert_cmpint(typed.type, ==, HB_MSG_STARTING);
}

static void
test_a_bad_field_leaves_the_number_of_the_message(void)
{
	g_autoptr(HbMsg) msg = msg_of("t=resource\nrsc_hold=all\nisstable=1\nrtype=half\n" ENVELOPE);
	static const HbMsgResource nothing;
	HbTyped typed;

	g_assert_cmpint(hb_typed_parse(msg, &typed), ==, HB_TYPED_BAD_FIELD);
	g_assert_cmpint(typed.type, ==, HB_MSG_INVALID);
	g_assert_cmpstr(typed.src, ==, "n1");
	g_assert_cmpuint(typed.seq, ==, 42);
	g_assert_cmpuint(typed.generation, ==, 0x6b014c2f);
	g_assert_cmpmem(&typed.u.resource, sizeof nothing, &nothing, sizeof nothing);
}

static void
test_client_messages_keep_their_fields_but_not_a_false_sender(void)
{
	g_autoptr(HbMsg) raw = msg_of("t=num_ping_nodes\nsrc=liar\nnum_ping=1\ndest=n2\nx=1\nx=2\nseq=9\n"
	                              "hg=9\nauth=1 00\nhb4hmac=1:00\nto_id=ipfail\n");
	HbTyped typed = { .type = HB_MSG_OTHER, .seq = 5, .dest = "n2", .raw = raw };
	g_autofree char *lines = lines_of(&typed);

	g_assert_cmpstr(lines, ==, "t=num_ping_nodes\nsrc=n1\nnum_ping=1\ndest=n2\nx=1\nx=2\nto_id=ipfail\n"
	                "seq=5\nhg=10\nts=20\nld=0 0\nttl=3\n");
}

static void
test_repnodes_name_all_nodes(void)
{
	static const char *const names[] = { "n1", "n2", "n3" };
	HbTyped typed = { .type = HB_MSG_REPNODES, .seq = 5, .dest = "n2", .names = names, .n_names = 3 };
	g_autofree char *lines = lines_of(&typed);

	g_assert_cmpstr(lines, ==, "dest=n2\nt=repnodes\nnodelist=n1 n2 n3 \ndelnodelist= \n"
	                "src=n1\nseq=5\nhg=10\nts=20\nld=0 0\nttl=3\n");
}

static void
test_names_of_enumerators_are_the_words_of_the_wire(void)
{
	g_assert_cmpstr(hb_msgtype_name(HB_MSG_STATUS), ==, "status");
	g_assert_cmpstr(hb_msgtype_name(HB_MSG_NS_NAK_REXMIT), ==, "NS_nak_rexmit");
	g_assert_null(hb_msgtype_name(HB_MSG_OTHER));
	g_assert_cmpstr(hb_node_st_name(HB_ST_ACTIVE), ==, "active");
	g_assert_cmpstr(hb_node_st_name(HB_ST_PING), ==, "ping");
	g_assert_cmpstr(hb_hold_name(HB_HOLD_FOREIGN), ==, "foreign");
	g_assert_cmpstr(hb_hold_name(HB_HOLD_NONE), ==, "none");
}

#define ADD(name) g_test_add_func("/typed/" #name, test_##name)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(envelope_is_read);
	ADD(bad_envelopes_are_refused);
	ADD(fields_out_of_range_are_refused);
	ADD(retransmit_requests_are_decimal_and_refusals_hexadecimal);
	ADD(ping_nodes_may_be_addresses);
	ADD(resource_words_are_read);
	ADD(failback_means_what_the_speaker_means);
	ADD(hand_over_of_one_group_travels);
	ADD(extension_is_read_and_written_the_same);
	ADD(largest_extension_survives);
	ADD(every_claim_has_its_letter);
	ADD(every_fate_has_its_letter);
	ADD(malformed_extensions_are_refused);
	ADD(more_words_than_fit_are_refused);
	ADD(extra_fields_of_unknown_name_are_no_harm);
	ADD(resource_types_are_known_in_any_case_and_others_are_not);
	ADD(fifo_messages_need_no_envelope);
	ADD(a_bad_envelope_leaves_the_result_untouched);
	ADD(a_bad_field_leaves_the_number_of_the_message);
	ADD(client_messages_keep_their_fields_but_not_a_false_sender);
	ADD(repnodes_name_all_nodes);
	ADD(names_of_enumerators_are_the_words_of_the_wire);
	return g_test_run();
}
