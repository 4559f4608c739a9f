/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of IPVS: in the words of ipvsadm, on the wire, in files; steps from one table to another. */
#include <errno.h>
#include <sys/socket.h>
#include <linux/genetlink.h>

#include "ldir_fixture.h"
#include "ldir_ipvs_fixture.h"
#include "ldirectord/ipvs/ipvs_wire.h"
#include "ldirectord/ipvs/sync.h"
#include "util/banned.h"

#define WEB "-A -t 10.0.0.1:80 -s wrr\n"
#define ONE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 1\n"
#define TWO "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 1\n"
#define TWO_0 "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 0\n"

/* ---- words */

static void
test_lines_read_as_they_are_written(void)
{
	static const char *const lines[] = {
		"-A -t 10.0.0.1:80 -s wrr",
		"-E -u 10.0.0.1:53 -o -s rr",
		"-A -f 7 -6 -s wlc -p 30 -M 64",
		"-A -t [fe80::1]:80 -s wlc -p 300",
		"-A -t 10.0.0.1:80 -s sh -p 60 -M 255.255.255.0 -b sh-fallback,sh-port",
		"-A -t 10.0.0.1:80 -s mh -b mh-port",
		"-A -f 7 -s lc -b flag-1,flag-3",
		"-D -f 4294967295",
		"-a -t 10.0.0.1:80 -x 9 -y 3 -r 192.168.5.5:8080 -m -w 5",
		"-e -f 7 -6 -x 0 -y 0 -r [fe80::2]:0 -i -w 0",
		"-d -u 10.0.0.1:53 -r 10.0.0.2:53",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		LdirIpvsOp op;
		g_autofree char *again = NULL;

		g_assert_true(ldir_ipvs_op_parse(lines[i], &op, NULL));
		again = ldir_ipvs_op_print(&op);
		g_assert_cmpstr(again, ==, lines[i]);
	}
}

static void
test_what_is_no_line_is_refused(void)
{
	static const char *const lines[] = {
		"", "-A", "-Z -t 10.0.0.1:80", "-A -t 10.0.0.1", "-A -t 10.0.0.1:99999 -s rr", "-A -f 0 -s rr", "-A -t [::1:80 -s rr",
		"-a -t 10.0.0.1:80 -r [::1]:80 -g -w 1", "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w",
		"-A -t 10.0.0.1:80 -s 12345678901234567",
		"-A -t 10.0.0.1:80 -b nonsense", "-a -t 10.0.0.1:80 -r 10.0.0.2:80 -w -1", "-d -t 10.0.0.1:80", "AAA -t 10.0.0.1:80",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		LdirIpvsOp op;
		g_autoptr(GError) error = NULL;

		g_assert_false(ldir_ipvs_op_parse(lines[i], &op, &error));
		g_assert_nonnull(error);
	}
}

/* ---- what a configuration wants */

static void
expect_wanted(const char *section, const char *service, const char *first)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = fixture_parse(section, strlen(section), problems);
	const LdirVirtual *vs;
	LdirIpvsOp op = { .verb = LDIR_IPVS_SERVICE_NEW };
	g_autofree char *line = NULL;
	g_autofree char *server = NULL;

	g_assert_nonnull(config);
	vs = config->virtuals->pdata[0];
	op.vs = ldir_ipvs_want_virtual(vs);
	line = ldir_ipvs_op_print(&op);
	g_assert_cmpstr(line, ==, service);
	op.verb = LDIR_IPVS_DEST_NEW;
	op.dest = ldir_ipvs_want_real(vs->reals->pdata[0], ((const LdirReal *)vs->reals->pdata[0])->weight);
	server = ldir_ipvs_op_print(&op);
	g_assert_cmpstr(server, ==, first);
}

static void
test_configurations_want(void)
{
	expect_wanted("virtual=10.0.0.1:80\n\treal=10.0.0.2:8080 gate 5\n", "-A -t 10.0.0.1:80 -s wrr",
	              "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 5");
	expect_wanted("virtual=10.0.0.1:80\n\treal=10.0.0.2:8080 masq 5 l:3 u:9\n\tscheduler=wlc\n\tpersistent=300\n\tnetmask=255.255.255.0\n",
	              "-A -t 10.0.0.1:80 -s wlc -p 300 -M 255.255.255.0", "-a -t 10.0.0.1:80 -x 9 -y 3 -r 10.0.0.2:8080 -m -w 5");
	expect_wanted("virtual=7\n\treal=10.0.0.2 ipip\n", "-A -f 7 -s wrr", "-a -f 7 -x 0 -y 0 -r 10.0.0.2:0 -i -w 1");
	expect_wanted("virtual6=7\n\treal6=[fe80::2] gate\n\tpersistent=30\n\tnetmask=64\n", "-A -f 7 -6 -s wrr -p 30 -M 64",
	              "-a -f 7 -6 -x 0 -y 0 -r [fe80::2]:0 -g -w 1");
	expect_wanted("virtual=10.0.0.1:53\n\treal=10.0.0.2:53 gate\n\tops=yes\n\tprotocol=udp\n", "-A -u 10.0.0.1:53 -o -s wrr",
	              "-a -u 10.0.0.1:53 -x 0 -y 0 -r 10.0.0.2:53 -g -w 1");
	expect_wanted("virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate\n\tscheduler=sh\n\tschedflags=sh-port\n",
	              "-A -t 10.0.0.1:80 -s sh -b sh-port",
	              "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 1");
}

/* ---- from table to table */

static void
expect_steps(const char *there_text, const char *wanted_text, LdirDiffMode mode, const char *steps)
{
	g_autoptr(LdirIpvsTable) there = ipvs_table(there_text);
	g_autoptr(LdirIpvsTable) wanted = ipvs_table(wanted_text);
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();
	g_autofree char *got = NULL;

	ldir_ipvs_diff(there, wanted, mode, NULL, NULL, ops, NULL);
	got = ipvs_ops_text(ops);
	g_assert_cmpstr(got, ==, steps);
	/* and they lead there */
	for (guint i = 0; i < ops->len; i++)
		g_assert_cmpint(ldir_ipvs_table_apply(there, &g_array_index(ops, LdirIpvsOp, i)), ==, 0);
	g_array_set_size(ops, 0);
	ldir_ipvs_diff(there, wanted, mode, NULL, NULL, ops, NULL);
	g_assert_cmpuint(ops->len, ==, 0);
}

static void
test_steps_between_tables(void)
{
	expect_steps("", WEB ONE, LDIR_DIFF_MAKE, WEB ONE);
	expect_steps(WEB ONE, WEB ONE, LDIR_DIFF_MAKE, "");
	expect_steps("-A -t 10.0.0.9:80 -s rr\n", WEB, LDIR_DIFF_MAKE, WEB);
	expect_steps("-A -t 10.0.0.1:80 -s rr\n" ONE, WEB ONE, LDIR_DIFF_MAKE, "-E -t 10.0.0.1:80 -s wrr\n");
	expect_steps(WEB ONE, WEB TWO, LDIR_DIFF_MAKE, TWO "-d -t 10.0.0.1:80 -r 10.0.0.2:80\n");
	expect_steps(WEB TWO ONE, WEB TWO_0 "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.4:80 -g -w 1\n", LDIR_DIFF_MAKE,
	             "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.4:80 -g -w 1\n-e -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 0\n"
	             "-d -t 10.0.0.1:80 -r 10.0.0.2:80\n");
	expect_steps(WEB ONE, WEB "-a -t 10.0.0.1:80 -x 5 -y 0 -r 10.0.0.2:80 -m -w 1\n", LDIR_DIFF_MAKE,
	             "-e -t 10.0.0.1:80 -x 5 -y 0 -r 10.0.0.2:80 -m -w 1\n");
}

static void
test_repair_respects_people(void)
{
	expect_steps("", WEB ONE, LDIR_DIFF_REPAIR, WEB ONE);
	expect_steps(WEB, WEB ONE, LDIR_DIFF_REPAIR, ONE);
	expect_steps(WEB ONE TWO, WEB ONE, LDIR_DIFF_REPAIR, "");
	expect_steps(WEB TWO_0, WEB TWO, LDIR_DIFF_REPAIR, "");
	expect_steps(WEB "-a -t 10.0.0.1:80 -x 5 -y 0 -r 10.0.0.3:80 -g -w 7\n", WEB TWO, LDIR_DIFF_REPAIR,
	             "-e -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 7\n");
}

static void
test_repair_tells_what_it_found(void)
{
	g_autoptr(LdirIpvsTable) there = ipvs_table(WEB ONE TWO_0);
	g_autoptr(LdirIpvsTable) wanted = ipvs_table(WEB TWO "-a -t 10.0.0.1:80 -r 10.0.0.4:80 -g -w 1\n-A -f 7 -s rr\n");
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();
	g_autoptr(GArray) founds = g_array_new(FALSE, TRUE, sizeof(LdirFound));

	ldir_ipvs_diff(there, wanted, LDIR_DIFF_REPAIR, NULL, NULL, ops, founds);
	g_assert_cmpuint(founds->len, ==, 4);
	g_assert_cmpint(g_array_index(founds, LdirFound, 0).kind, ==, LDIR_FOUND_WEIGHT);
	g_assert_cmpint(g_array_index(founds, LdirFound, 1).kind, ==, LDIR_FOUND_MISSING);
	g_assert_cmpuint(g_array_index(founds, LdirFound, 0).wanted_weight, ==, 1);
	g_assert_cmpint(g_array_index(founds, LdirFound, 2).kind, ==, LDIR_FOUND_FOREIGN);
	g_assert_cmpint(g_array_index(founds, LdirFound, 3).kind, ==, LDIR_FOUND_MISSING);
	g_assert_cmpint(g_array_index(founds, LdirFound, 3).dest.addr.family, ==, 0);
}

static LdirIpvsTable *
table_by_chance(GRand *rand)
{
	g_autoptr(GString) text = g_string_new(WEB);

	for (int i = 2; i < 6; i++)
		if (g_rand_boolean(rand))
			g_string_append_printf(text, "-a -t 10.0.0.1:80 -r 10.0.0.%d:80 -g -w %d\n", i, g_rand_int_range(rand, 0, 3));
	return ipvs_table(text->str);
}

/* A thousand pairs by chance: the steps lead from the one to the other, and nobody who has a server before and after is
 * without one in between. */
static void
test_no_moment_without_a_server(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);

	for (int round = 0; round < 1000; round++) {
		g_autoptr(LdirIpvsTable) there = table_by_chance(rand);
		g_autoptr(LdirIpvsTable) wanted = table_by_chance(rand);
		g_autoptr(GArray) ops = ldir_ipvs_ops_new();
		gboolean is_to_be_served = ipvs_is_served(there) && ipvs_is_served(wanted);

		ldir_ipvs_diff(there, wanted, LDIR_DIFF_MAKE, NULL, NULL, ops, NULL);
		for (guint i = 0; i < ops->len; i++) {
			g_assert_cmpint(ldir_ipvs_table_apply(there, &g_array_index(ops, LdirIpvsOp, i)), ==, 0);
			g_assert_true(!is_to_be_served || ipvs_is_served(there));
		}
	}
}

/* ---- files */

static void
test_a_table_in_files_behaves_as_the_kernel(void)
{
	g_autofree char *dir = g_dir_make_tmp("ldir-XXXXXX", NULL);
	g_autoptr(LdirIpvs) ipvs = ldir_ipvs_dry_new(dir, NULL);
	g_autoptr(GArray) ops = ipvs_ops("-D -t 10.0.0.1:80\n" WEB WEB ONE ONE "-e -t 10.0.0.1:80 -r 10.0.0.9:80 -g -w 1\n");
	static const int wanted[] = { ESRCH, 0, EEXIST, 0, EEXIST, ENOENT };
	g_autofree char *calls = NULL;
	g_autofree char *table = NULL;

	ipvs->back_end->apply(ipvs, ops);
	for (guint i = 0; i < ops->len; i++)
		g_assert_cmpint(g_array_index(ops, LdirIpvsOp, i).error, ==, wanted[i]);
	calls = ipvs_dry_read(dir, "calls");
	g_assert_nonnull(strstr(calls, "-D -t 10.0.0.1:80 = No such service\n"));
	table = ipvs_dry_read(dir, "table");
	g_assert_cmpstr(table, ==, WEB ONE);
	ipvs_dry_remove(dir);
}

static void
test_a_world_that_has_changed_is_no_error(void)
{
	g_autofree char *dir = g_dir_make_tmp("ldir-XXXXXX", NULL);
	g_autoptr(LdirIpvs) ipvs = ldir_ipvs_dry_new(dir, NULL);
	g_autoptr(GArray) ops = ipvs_ops("-E -t 10.0.0.1:80 -s wrr\n-e -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1\n"
	                                 "-d -t 10.0.0.1:80 -r 10.0.0.7:80\n");
	g_autoptr(GArray) modest = ipvs_ops("-e -t 10.0.0.1:80 -r 10.0.0.3:80 -g -w 0\n");
	g_autoptr(GArray) alone = ipvs_ops("-a -t 10.0.0.8:80 -r 10.0.0.2:80 -g -w 1\n");
	g_autofree char *table = NULL;

	g_assert_false(ldir_ipvs_make(ipvs, ops));  /* the service was gone: look at the whole */
	g_array_set_size(ops, 2);
	g_assert_true(ldir_ipvs_make(ipvs, ops));
	g_array_index(modest, LdirIpvsOp, 0).is_modest = TRUE;
	g_assert_true(ldir_ipvs_make(ipvs, modest));
	table = ipvs_dry_read(dir, "table");
	g_assert_cmpstr(table, ==, WEB ONE);
	g_assert_cmpint(g_array_index(ops, LdirIpvsOp, 0).error, ==, 0);
	g_assert_cmpint(g_array_index(ops, LdirIpvsOp, 1).error, ==, 0);
	g_assert_false(ldir_ipvs_make(ipvs, alone));
	ipvs_dry_remove(dir);
}

static void
test_a_missing_directory_is_a_missing_kernel(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(ldir_ipvs_dry_new("/nonexistent/table", &error));
	g_assert_nonnull(strstr(error->message, "/nonexistent/table"));
}

/* ---- wire */

static void
expect_bytes(const char *line, guint8 command, const char *hex)
{
	LdirIpvsOp op;
	struct nl_msg *msg;
	const struct nlmsghdr *header;
	const struct genlmsghdr *generic;
	g_autoptr(GString) out = g_string_new(NULL);

	g_assert_true(ldir_ipvs_op_parse(line, &op, NULL));
	msg = ldir_wire_op_request(25, &op);
	header = nlmsg_hdr(msg);
	generic = NLMSG_DATA(header);
	g_assert_cmpuint(header->nlmsg_type, ==, 25);
	g_assert_cmpuint(generic->cmd, ==, command);
	g_assert_cmpuint(generic->version, ==, 1);
	for (guint i = NLMSG_HDRLEN + GENL_HDRLEN; i < header->nlmsg_len; i++)
		g_string_append_printf(out, "%02x", ((const guint8 *)header)[i]);
	g_assert_cmpstr(out->str, ==, hex);
	nlmsg_free(msg);
}

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define AF      "06000100" "02000000"
#define TCP     "06000200" "06000000"
#define ADDR    "14000300" "0a000001" "000000000000000000000000"
#define PORT    "06000400" "00500000"
/* As ipvsadm 1.31 sends them (doc/ldirectord.md 4.9). */
static void
test_requests_are_those_of_ipvsadm(void)
{
	expect_bytes("-A -t 10.0.0.1:80 -s wrr", 1,
	             "54000180" AF TCP ADDR PORT "08000600" "77727200" "0c000700" "00000000ffffffff" "08000800" "00000000"
	             "08000900" "ffffffff");
	expect_bytes("-A -f 7 -6 -s wlc -p 30 -M 64", 1,
	             "38000180" "06000100" "0a000000" "08000500" "07000000" "08000600" "776c6300" "0c000700" "01000000ffffffff"
	             "08000800" "1e000000" "08000900" "40000000");
	expect_bytes("-D -t 10.0.0.1:80", 3, "30000180" AF TCP ADDR PORT);
	expect_bytes("-a -t 10.0.0.1:80 -x 9 -y 3 -r 192.168.5.5:80 -g -w 5", 5,
	             "30000180" AF TCP ADDR PORT "48000280" "06000b00" "02000000" "14000100" "c0a80505" "000000000000000000000000"
	             "06000200" "00500000" "08000300" "03000000" "08000400" "05000000" "08000500" "09000000" "08000600" "03000000");
	expect_bytes("-d -t 10.0.0.1:80 -r 192.168.5.5:80", 7,
	             "30000180" AF TCP ADDR PORT "28000280" "06000b00" "02000000" "14000100" "c0a80505" "000000000000000000000000"
	             "06000200" "00500000");
}
#endif

/* The kernel's answers have the shape of the requests that make the same. */
static void
test_answers_read_back(void)
{
	LdirIpvsOp op;
	LdirIpvsVirtual vs;
	LdirIpvsDest dest;
	struct nl_msg *msg;

	g_assert_true(ldir_ipvs_op_parse("-A -u [fe80::1]:53 -o -s wlc -p 60 -M 64", &op, NULL));
	msg = ldir_wire_op_request(25, &op);
	g_assert_true(ldir_wire_service_reply(nlmsg_hdr(msg), &vs));
	g_assert_true(ldir_ipvs_virtual_equal(&vs, &op.vs));
	g_assert_true(vs.key.is_udp && vs.key.port == 53 && ldir_address_equal(&vs.key.addr, &op.vs.key.addr));
	g_assert_false(ldir_wire_dest_reply(nlmsg_hdr(msg), AF_INET6, &dest));
	nlmsg_free(msg);

	g_assert_true(ldir_ipvs_op_parse("-a -t 10.0.0.1:80 -x 9 -y 3 -r 192.168.5.5:8080 -m -w 5", &op, NULL));
	msg = ldir_wire_op_request(25, &op);
	g_assert_true(ldir_wire_dest_reply(nlmsg_hdr(msg), AF_INET, &dest));
	g_assert_true(ldir_ipvs_dest_alike(&dest, &op.dest) && dest.weight == 5 && dest.port == 8080);
	g_assert_false(ldir_wire_service_reply(nlmsg_hdr(msg), &vs));
	nlmsg_free(msg);
}

static void
test_sync_daemons_on_the_wire(void)
{
	static const LdirIpvsSync eth = { .is_on = TRUE, .interface = "eth0", .id = 5 };
	struct nl_msg *msg = ldir_wire_sync_request(25, LDIR_ROLE_BACKUP, TRUE, &eth);
	LdirIpvsRole role = LDIR_ROLE_NONE;
	LdirIpvsSync sync;

	/* the kernel answers with what it is asked for */
	g_assert_true(ldir_wire_sync_reply(nlmsg_hdr(msg), &role, &sync));
	g_assert_cmpint(role, ==, LDIR_ROLE_BACKUP);
	g_assert_cmpstr(sync.interface, ==, "eth0");
	g_assert_cmpuint(sync.id, ==, 5);
	nlmsg_free(msg);
	msg = ldir_wire_sync_request(25, LDIR_ROLE_MASTER, FALSE, &eth);
	g_assert_false(ldir_wire_sync_reply(nlmsg_hdr(msg), &role, &sync));
	nlmsg_free(msg);
}

/* What is done for "eth0,5" with @there in @role, "+m -b" and "foreign". */
static void
expect_sync(const char *there, LdirIpvsRole role, const char *wanted)
{
	static const LdirIpvsSync ours = { .is_on = TRUE, .interface = "eth0", .id = 5 }, other = { .is_on = TRUE, .interface = "eth1" };
	LdirIpvsSync syncs[LDIR_N_ROLES] = { 0 };
	LdirSyncStep steps[LDIR_SYNC_STEPS_MAX];
	g_autoptr(GString) out = g_string_new(NULL);
	gboolean is_foreign;
	guint n;

	for (const char *p = there; *p != '\0'; p++)
		syncs[*p == 'm' || *p == 'M' ? LDIR_ROLE_MASTER : LDIR_ROLE_BACKUP] = g_ascii_islower(*p) ? ours : other;
	n = ldir_sync_steps(syncs, &ours, role, steps, &is_foreign);
	for (guint i = 0; i < n; i++)
		g_string_append_printf(out, "%c%c ", steps[i].is_start ? '+' : '-', ldir_ipvs_role_name(steps[i].role)[0]);
	if (is_foreign)
		g_string_append(out, "foreign");
	g_assert_cmpstr(out->str, ==, wanted);
}

static void
test_a_sync_daemon_of_somebody_else_is_left_alone(void)
{
	expect_sync("", LDIR_ROLE_MASTER, "+m ");
	expect_sync("b", LDIR_ROLE_MASTER, "-b +m ");
	expect_sync("m", LDIR_ROLE_MASTER, "");
	expect_sync("m", LDIR_ROLE_BACKUP, "-m +b ");
	expect_sync("mb", LDIR_ROLE_BACKUP, "-m ");
	expect_sync("mb", LDIR_ROLE_NONE, "-m -b ");
	/* capital letters: of others */
	expect_sync("M", LDIR_ROLE_MASTER, "foreign");
	expect_sync("M", LDIR_ROLE_BACKUP, "+b ");
	expect_sync("MB", LDIR_ROLE_NONE, "");
	expect_sync("Mb", LDIR_ROLE_MASTER, "-b foreign");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/ipvs/lines", test_lines_read_as_they_are_written);
	g_test_add_func("/ldir/ipvs/no-lines", test_what_is_no_line_is_refused);
	g_test_add_func("/ldir/ipvs/wanted", test_configurations_want);
	g_test_add_func("/ldir/ipvs/steps", test_steps_between_tables);
	g_test_add_func("/ldir/ipvs/repair", test_repair_respects_people);
	g_test_add_func("/ldir/ipvs/founds", test_repair_tells_what_it_found);
	g_test_add_func("/ldir/ipvs/no-hole", test_no_moment_without_a_server);
	g_test_add_func("/ldir/ipvs/files", test_a_table_in_files_behaves_as_the_kernel);
	g_test_add_func("/ldir/ipvs/changed", test_a_world_that_has_changed_is_no_error);
	g_test_add_func("/ldir/ipvs/no-kernel", test_a_missing_directory_is_a_missing_kernel);
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
	g_test_add_func("/ldir/ipvs/requests", test_requests_are_those_of_ipvsadm);
#endif
	g_test_add_func("/ldir/ipvs/answers", test_answers_read_back);
	g_test_add_func("/ldir/ipvs/sync-wire", test_sync_daemons_on_the_wire);
	g_test_add_func("/ldir/ipvs/sync-steps", test_a_sync_daemon_of_somebody_else_is_left_alone);
	return g_test_run();
}
