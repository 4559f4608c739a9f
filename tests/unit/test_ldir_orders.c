/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Orders of operators: which servers they mean. */
#include "ldir_director_fixture.h"
#include "util/banned.h"

#define SERVICES \
	"virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate\n\treal=10.0.0.3:8080 gate\n" \
	"virtual=10.0.0.1:443\n\treal=10.0.0.2:443 masq\n\treal=10.0.0.2:444 masq\n" \
	"virtual=10.0.0.1:80\n\tprotocol=udp\n\tchecktype=on\n\treal=10.0.0.2:80 gate\n" \
	"virtual=7\n\treal=10.0.0.2 gate\n\treal=10.0.0.3:8080 gate\n" \
	"virtual6=[fe80::1]:80\n\treal6=[fe80::2]:80 gate\n\treal6=[fe80::2:2]:80 gate\n"

static void
test_servers_are_found_by_any_of_their_names(void)
{
	static const struct {
		const char *server, *service;
		guint n;
	} rows[] = {
		{ "10.0.0.2", NULL, 5 },
		{ "10.0.0.2:80", NULL, 2 },
		{ "10.0.0.2:443", NULL, 1 },
		{ "10.0.0.2:444", NULL, 1 },
		{ "10.0.0.2:445", NULL, 0 },
		{ "10.0.0.2:80", "tcp:10.0.0.1:80", 1 },
		{ "10.0.0.2:80", "udp:10.0.0.1:80", 1 },
		{ "10.0.0.2:80", "10.0.0.1:80", 2 },            /* of both protocols */
		{ "10.0.0.2", "10.0.0.1:443", 2 },
		{ "10.0.0.2", "10.0.0.1", 0 },
		{ "10.0.0.2", "10.0.0.1:81", 0 },
		{ "10.0.0.2", "7", 1 },
		{ "10.0.0.2", "fwm:7", 1 },
		{ "10.0.0.2", "fwm6:7", 0 },
		/* the port of the file, and that of the table */
		{ "10.0.0.3:8080", NULL, 2 },
		{ "10.0.0.3:80", NULL, 1 },
		/* IPv6 as anybody writes it */
		{ "[fe80::2]", NULL, 1 },
		{ "[fe80::2]:80", NULL, 1 },
		{ "fe80::2", NULL, 1 },
		{ "[FE80:0::2]:80", NULL, 1 },
		{ "[fe80::2]:81", NULL, 0 },
		{ "fe80::2:2", NULL, 1 },
		{ "[fe80::2]", "[FE80:0:0:0::1]:80", 1 },
		{ "[fe80::2]", "tcp:[fe80:0::1]:80", 1 },
		{ "[fe80::2]", "udp:[fe80:0::1]:80", 0 },
		/* nobody */
		{ "", NULL, 0 },
		{ "web", NULL, 0 },
		{ "10.0.0.2:", NULL, 0 },
		{ "10.0.0.2:80x", NULL, 0 },
		{ "[fe80::2", NULL, 0 },
		{ "10.2", NULL, 0 },
		{ "10.0.0.2", "", 0 },
	};
	Fixture f;

	fixture_init(&f, "", SERVICES);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		guint n = ldir_director_set_weight(f.director, rows[i].server, rows[i].service, (gint64)i);

		if (n != rows[i].n)
			g_error("%s in %s: %u", rows[i].server, rows[i].service, n);
	}
	g_assert_true(ldir_director_has_service(f.director, "udp:10.0.0.1:80"));
	g_assert_false(ldir_director_has_service(f.director, "udp:10.0.0.1:81"));
	fixture_done(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/orders/names", test_servers_are_found_by_any_of_their_names);
	return g_test_run();
}
