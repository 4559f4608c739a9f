/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ldir_hostile.c - each protocol beside each hostility, in each phase of its conversation, all at once: whoever is hostile is
 * down, and costs only its own check; who is well meanwhile is up.
 */
#define _GNU_SOURCE     /* unshare() */
#include <signal.h>

#include "ldir_check_fixture.h"
#include "ldirectord/check/checker_parts.h"
#include "util/banned.h"

#define SOON      "\tnegotiatetimeout=500ms\n\tchecktimeout=500ms\n"
#define PATIENT   "\tnegotiatetimeout=50\n\tchecktimeout=50\n"
#define HEADERS   70000         /* octets of one that no server has */
#define NEVER     100           /* steps after which it would be good */

/* A conversation, step by step; from step .n_good on the verdict may be a good one. */
typedef struct {
	const char *section, *script;
	guint n_good;
	const char *welcome;    /* a hostility that is what it has to say; NULL: none */
} Dialogue;

#define BLANK_LINES ">\\r\\n\\r\\n\\r\\n hang"
#define OK_PAGE ">HTTP/1.1_200_OK\\r\\n >Content-Length:_6\\r\\n\\r\\n >needle"
#define BOUND   "=300c02010161070a010004000400"
#define ENTRY   "=300d02010264080404" "64633d78" "3000"
#define DONE    "=300c02010265070a010004000400"

/* HTTP/2: the client's preface, and frames */
#define HTTP2    "\tservice=http\n\thttpversion=2\n\treceive=\"needle\"\n"
#define PREFACE  "<SM\\r\\n\\r\\n "
#define SETTINGS "=000000040000000000 "
#define HEAD     "=00000101040000000188 "

static const Dialogue dialogues[] = {
	{ "\tservice=http\n\treceive=\"needle\"\n", "<\\r\\n\\r\\n " OK_PAGE, 4, NULL },
	{ HTTP2, PREFACE SETTINGS HEAD "=0000060001000000016e6565646c65", 4, NULL },
	{ "\tservice=http_proxy\n\trequest=\"http://www.example.com/\"\n\treceive=\"needle\"\n", "<\\r\\n\\r\\n " OK_PAGE, 4, NULL },
	{ "\tservice=ftp\n\trequest=\"f\"\n",
	  ">220_hi\\r\\n <USER >331_pw\\r\\n <PASS >230_in\\r\\n <TYPE >200_ok\\r\\n <EPSV >229_(|||9|)\\r\\n", NEVER, NULL },
	{ "\tservice=smtp\n", ">220_hi\\r\\n <EHLO >250-a\\r\\n >250_ok\\r\\n", 4, NULL },
	{ "\tservice=submission\n", ">220_hi\\r\\n <EHLO >250-a\\r\\n >250_ok\\r\\n", 4, NULL },
	{ "\tservice=smtp\n\tstarttls=yes\n", ">220_hi\\r\\n <EHLO >250_ok\\r\\n <STARTTLS >220_go\\r\\n =160303007a02000076", NEVER, NULL },
	{ "\tservice=pop\n\tlogin=\"joe\"\n\tpasswd=\"pw\"\n", ">+OK\\r\\n <USER >+OK\\r\\n <PASS >+OK\\r\\n", 5, NULL },
	{ "\tservice=imap\n\tlogin=\"joe\"\n\tpasswd=\"pw\"\n", ">*_OK\\r\\n <LOGIN >a1_OK\\r\\n", 3, NULL },
	{ "\tservice=nntp\n", ">200_hi\\r\\n", 1, "lines" },
	{ "\tservice=ldap\n\trequest=\"dc=x\"\n\treceive=\"dc=x\"\n", BOUND " " ENTRY " " DONE, 3, NULL },
	{ "\tservice=simpletcp\n\trequest=\"ask\\n\"\n\treceive=\"^two$\"\n", "<ask\\n >one\\n >two\\n", 3, NULL },
	{ "\tservice=sip\n\tprotocol=tcp\n", "<\\r\\n\\r\\n >SIP/2.0_200_OK\\r\\n >\\r\\n", 3, BLANK_LINES },
	{ "\tservice=agent\n", ">75%_up\\n", 1, NULL },
	{ "\tservice=dns\n\tprotocol=tcp\n\trequest=\"a.bc\"\n", "=ffff =00000000", NEVER, NULL },
	/* TLS that is none: nothing, an alert, the beginning of a greeting, more than there may be */
	{ "\tservice=https\n", "=15030300020228", NEVER, NULL },
	{ "\tservice=https\n", "=160303007a02000076 =0303", NEVER, NULL },
	{ "\tservice=https\n", "=1603034001", NEVER, NULL },
	{ "\tservice=imaps\n", "=160303007a02000076 =0303", NEVER, NULL },
	{ "\tservice=pops\n", "=160303007a02000076 =0303", NEVER, NULL },
	{ "\tservice=ldaps\n", "=160303007a02000076 =0303", NEVER, NULL },
};

/* What a server does instead of the next step: words of the fixture. */
static const char *const hostilities[] = {
	"hang", "close", "reset", "half hang", "drip", "flood", "lines", "=00000000 hang", "=fffefdfcfb hang", BLANK_LINES,
};

/* Those that need an answer of their own. */
static const struct {
	const char *section, *before, *octet, *after;   /* @octet HEADERS times in between */
} giants[] = {
	{ "\tservice=http\n\treceive=\"needle\"\n", "<\\r\\n\\r\\n >HTTP/1.1_200_OK\\r\\nX:_", "a",
	  ">\\r\\nContent-Length:_6\\r\\n\\r\\nneedle hang" },
	{ "\tservice=http\n\treceive=\"needle\"\n", "<\\r\\n\\r\\n >HTTP/1.1_", "2", "hang" },
	{ "\tservice=http\n", "<\\r\\n\\r\\n >HTTP/1.1_200_OK\\r\\nTransfer-Encoding:_chunked\\r\\n\\r\\n", "f", "hang" },
	/* one header of 80 octets, meant by each octet that follows */
	{ HTTP2, PREFACE SETTINGS "=0030000104000000018840017850767676767676767676767676767676767676767676767676767676767676767676767676767"
	  "6767676767676767676767676767676767676767676767676767676767676767676767676767676767676", "be", "hang" },
	{ "\tservice=http\n\treceive=\"^(a+)+$\"\n", "<\\r\\n\\r\\n >HTTP/1.1_200_OK\\r\\n\\r\\n", "a", ">! close" },
	{ "\tservice=simpletcp\n\treceive=\"^(a+)+$\"\n", ">", "a", ">!\\n close" },
	{ "\tservice=simpletcp\n\treceive=\"(.*a){20}x\"\n", ">a\\n", "a", ">!\\n close" },
	{ "\tservice=smtp\n", ">220_", "a", ">\\r\\n hang" },
	{ "\tservice=imap\n", ">*_OK_", "a", ">\\r\\n hang" },
	{ "\tservice=pop\n", ">+OK_", "a", ">\\r\\n hang" },
	{ "\tservice=nntp\n", ">500_", "a", ">\\r\\n hang" },
	{ "\tservice=ftp\n", ">220_", "a", ">\\r\\n hang" },
	{ "\tservice=sip\n\tprotocol=tcp\n", "<\\r\\n\\r\\n >SIP/2.0_200_OK\\r\\nVia:_", "a", ">\\r\\n\\r\\n hang" },
	{ "\tservice=agent\n", ">", "a", ">\\n hang" },
};

/* Frames of HTTP/2 that each may come, without end. */
static const char *const floods[] = {
	PREFACE "*000000040000000000", PREFACE SETTINGS "*0000080600000000000102030405060708", PREFACE SETTINGS "*00000408000000000000000001",
	PREFACE SETTINGS "=000000010000000001 *000000090000000001", PREFACE SETTINGS "*0000050104000000010803313033",
	PREFACE SETTINGS "*000005020000000001" "0000000000", PREFACE SETTINGS "*000000ee0000000001",
	PREFACE SETTINGS "*0000080700000000000000000100000000", PREFACE SETTINGS HEAD "*000000000000000001",
	PREFACE SETTINGS HEAD "*00000800080000000107" "00000000000000", PREFACE SETTINGS HEAD "*00000300000000000178" "7878",
	PREFACE SETTINGS "=0000080700000000000000000100000000 hang", PREFACE SETTINGS HEAD "=0000040300000000010000000b hang",
	PREFACE "=000006040000000000000400000000 hang",
};

typedef struct {
	CheckServer server;
	char *name;             /* for who reads a failure */
	gboolean is_well;
	guint n_verdicts;
	gboolean is_good;
	char *why;
} Row;

static GPtrArray *all;          /* Row */
static GString *text;           /* a service for each */

static void
row_free(gpointer data)
{
	Row *row = data;

	server_stop(&row->server);
	g_free(row->name);
	g_free(row->why);
	g_free(row);
}

static void
add_row(const char *section, const char *script, gboolean is_well)
{
	Row *row = g_new0(Row, 1);

	server_start(&row->server, script);
	row->is_well = is_well;
	row->name = g_strdup_printf("%s%.100s", section, script);
	g_string_append_printf(text, "virtual=10.0.%u.%u:80\n\treal=127.0.0.1:%u masq\n%s%s", all->len / 250, all->len % 250 + 1,
	                       row->server.port, section, is_well ? PATIENT : SOON);
	g_ptr_array_add(all, row);
}

/* The first @n steps of @script, and then @last. (transfer full) */
static char *
cut(const char *script, guint n, const char *last)
{
	g_auto(GStrv) words = g_strsplit(script, " ", -1);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < n && words[i] != NULL; i++)
		g_string_append_printf(out, "%s ", words[i]);
	g_string_append(out, last);
	return g_string_free(out, FALSE);
}

static guint
n_steps(const char *script)
{
	g_auto(GStrv) words = g_strsplit(script, " ", -1);

	return g_strv_length(words);
}

static void
add_dialogue(const Dialogue *dialogue)
{
	guint n_cuts = MIN(dialogue->n_good, n_steps(dialogue->script) + 1);

	for (guint at = 0; at < n_cuts; at++)
		for (guint i = 0; i < G_N_ELEMENTS(hostilities); i++) {
			g_autofree char *script = cut(dialogue->script, at, hostilities[i]);

			if (g_strcmp0(hostilities[i], dialogue->welcome) != 0)
				add_row(dialogue->section, script, FALSE);
		}
	if (dialogue->n_good != NEVER) {
		g_autofree char *script = cut(dialogue->script, NEVER, "hang");

		add_row(dialogue->section, script, TRUE);
	}
}

static void
add_giants(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(giants); i++) {
		g_autoptr(GString) script = g_string_new(giants[i].before);

		for (guint j = 0; j < HEADERS; j++)
			g_string_append(script, giants[i].octet);
		g_string_append_printf(script, " %s", giants[i].after);
		add_row(giants[i].section, script->str, FALSE);
	}
}

static void
on_verdict(guint64 id, gboolean is_good, const char *why, gpointer user)
{
	Row *row = all->pdata[id];

	row->n_verdicts++;
	row->is_good = is_good;
	g_free(row->why);
	row->why = g_strdup(why);
	(*(guint *)user)++;
}

/* TRUE: all of them. */
static gboolean
check_all(const LdirConfig *config)
{
	guint n_done = 0;
	g_autoptr(LdirChecker) checker = ldir_checker_new(on_verdict, &n_done);
	gint64 end_ms = hb_time_now_ms() + 2 * FIXTURE_LIMIT_MS;

	for (guint i = 0; i < all->len; i++) {
		const LdirVirtual *vs = config->virtuals->pdata[i];

		ldir_checker_start(checker, i, config, vs, vs->reals->pdata[0], LDIR_CHECK_NEGOTIATE, "up");
	}
	while (n_done < all->len && hb_time_now_ms() < end_ms)
		check_turn(checker);
	return n_done == all->len;
}

static void
test_who_is_hostile_costs_only_his_own_check(void)
{
	g_autoptr(LdirConfig) config = NULL;
	guint n_bad = 0;

	all = g_ptr_array_new_with_free_func(row_free);
	text = g_string_new(NULL);
	for (guint i = 0; i < G_N_ELEMENTS(dialogues); i++)
		add_dialogue(&dialogues[i]);
	add_giants();
	for (guint i = 0; i < G_N_ELEMENTS(floods); i++)
		add_row(HTTP2, floods[i], FALSE);
	config = check_config(text->str);
	g_assert_true(check_all(config));
	for (guint i = 0; i < all->len; i++) {
		Row *row = all->pdata[i];

		if (row->n_verdicts == 1 && row->is_good == row->is_well)
			continue;
		n_bad++;
		g_test_message("%s: %u verdicts, %s: %s", row->name, row->n_verdicts, row->is_good ? "good" : "bad", row->why);
	}
	g_test_message("%u checks", all->len);
	for (guint i = 0; i < all->len; i++)
		g_atomic_int_set(&((Row *)all->pdata[i])->server.is_over, 1);
	g_ptr_array_unref(all);
	g_string_free(text, TRUE);
	g_assert_cmpuint(n_bad, ==, 0);
}

/* ---- answers that are costly to search ---- */

#define BITS 2000       /* 14 that fit and one that does not, for which there are 2^14 ways each */

static char *
costly_script(void)
{
	GString *script = g_string_new("<\\r\\n\\r\\n >HTTP/1.1_200_OK\\r\\n\\r\\n");

	for (guint i = 0; i < BITS; i++)
		g_string_append(script, "aaaaaaaaaaaaaa!");
	g_string_append(script, " close");
	return g_string_free(script, FALSE);
}

/* A check until its answer is searched. */
static void
begin_costly(const CheckFixture *f)
{
	const LdirVirtual *vs = f->config->virtuals->pdata[0];

	ldir_checker_start(f->checker, 1, f->config, vs, vs->reals->pdata[0], LDIR_CHECK_NEGOTIATE, NULL);
	while (f->checker->thinking.length == 0)
		check_turn(f->checker);
}

static void
test_a_costly_answer_is_searched_while_others_are_heard(void)
{
	g_autofree char *script = costly_script();
	g_autofree char *section = NULL;
	CheckServer server;
	CheckFixture f = { 0 };
	guint n_turns = 0;

	server_start(&server, script);
	section = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.1:%u masq\n\tservice=http\n\treceive=\"(a+)+$\"\n", server.port);
	f.config = check_config(section);
	f.checker = ldir_checker_new(check_verdict, &f);
	begin_costly(&f);
	ldir_checker_cancel(f.checker, 1);
	g_assert_cmpint(ldir_checker_deadline_ms(f.checker), ==, G_MAXINT64);
	begin_costly(&f);
	g_assert_cmpuint(f.n_verdicts, ==, 0);
	for (; f.n_verdicts == 0; n_turns++)
		check_turn(f.checker);
	g_assert_false(f.is_good);
	g_assert_cmpstr(f.why, ==, "receive= is too costly to search in this answer");
	g_assert_cmpuint(n_turns, >, 1);
	f.n_verdicts = 0;       /* whose answer has come is not late, however long others have been searched */
	begin_costly(&f);
	ldir_checker_run(f.checker, hb_time_now_ms() + HB_MS_PER_S * 3600);
	while (f.n_verdicts == 0)
		check_turn(f.checker);
	g_assert_cmpstr(f.why, ==, "receive= is too costly to search in this answer");
	begin_costly(&f);       /* and one that is in the middle of it at the end is no leak */
	check_done(&f);
	server_stop(&server);
}

/* ---- UDP ---- */

typedef struct {
	CheckServer base;
	gsize len;              /* of each answer; 0: the question itself */
	guint n;                /* answers to each question */
	guint8 octet;
} Noise;

static gpointer
noise_thread(gpointer data)
{
	static guint8 octets[60000];
	Noise *noise = data;

	memset(octets, noise->octet, noise->len);
	while (g_atomic_int_get(&noise->base.is_over) == 0) {
		struct pollfd poll_fd = { noise->base.fd, POLLIN, 0 };
		struct sockaddr_in from;
		socklen_t from_len = sizeof from;
		guint8 question[2048];
		ssize_t got;

		if (poll(&poll_fd, 1, 20) <= 0)
			continue;
		got = recvfrom(noise->base.fd, question, sizeof question, 0, (struct sockaddr *)&from, &from_len);
		for (guint i = 0; got >= 0 && i < noise->n; i++)
			(void)sendto(noise->base.fd, noise->len > 0 ? octets : question, noise->len > 0 ? noise->len : (gsize)got, 0,
			             (struct sockaddr *)&from, from_len);
	}
	return NULL;
}

static void
test_noise_is_no_answer(void)
{
	static const char *const sections[] = {
		"\tservice=dns\n\tprotocol=udp\n\trequest=\"a.bc\"\n" SOON,
		"\tservice=radius\n\tprotocol=udp\n\tlogin=\"a\"\n\tpasswd=\"b\"\n\tsecret=\"c\"\n" SOON,
		"\tservice=sip\n\tprotocol=udp\n" SOON,
	};
	static const struct {
		gsize len;
		guint n;
		guint8 octet;
	} noises[] = { { 1, 1, 0 }, { 12, 1, 0 }, { 20, 2000, 2 }, { 60000, 20, 'S' }, { 0, 1, 0 } };

	for (guint i = 0; i < G_N_ELEMENTS(sections); i++)
		for (guint j = 0; j < G_N_ELEMENTS(noises); j++) {
			Noise noise = { .len = noises[j].len, .n = noises[j].n, .octet = noises[j].octet };
			struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
			socklen_t addr_len = sizeof addr;

			noise.base.heard = g_string_new(NULL);
			noise.base.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
			g_assert_cmpint(bind(noise.base.fd, (struct sockaddr *)&addr, sizeof addr), ==, 0);
			g_assert_cmpint(getsockname(noise.base.fd, (struct sockaddr *)&addr, &addr_len), ==, 0);
			noise.base.thread = g_thread_new("noise", noise_thread, &noise);
			check_expect_port(ntohs(addr.sin_port), sections[i], FALSE, NULL);
			server_stop(&noise.base);
		}
}

int
main(int argc, char **argv)
{
	if (!check_network())
		return EXIT_SKIPPED;
	(void)signal(SIGPIPE, SIG_IGN);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir_hostile/who_is_hostile_costs_only_his_own_check", test_who_is_hostile_costs_only_his_own_check);
	g_test_add_func("/ldir_hostile/a_costly_answer_is_searched_while_others_are_heard",
	                test_a_costly_answer_is_searched_while_others_are_heard);
	g_test_add_func("/ldir_hostile/noise_is_no_answer", test_noise_is_no_answer);
	return g_test_run();
}
