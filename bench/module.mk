# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += bench/README.md bench/run bench/failover bench/cost bench/classic bench/ldirectord bench/rigbench.py
noinst_PROGRAMS += bench/ldchecks bench/ldworld bench/ipaddr
bench_ipaddr_SOURCES = bench/ipaddr.c
bench_ipaddr_LDADD = $(GLIB_LIBS)
bench_ldchecks_SOURCES = bench/ldchecks.c
bench_ldchecks_LDADD = libldirconf.la $(GLIB_LIBS)
bench_ldworld_SOURCES = bench/ldworld.c
bench_ldworld_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
