# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += bench/README.md bench/run bench/failover bench/cost bench/classic bench/rigbench.py
noinst_PROGRAMS += bench/ldchecks
bench_ldchecks_SOURCES = bench/ldchecks.c
bench_ldchecks_LDADD = libldirconf.la $(GLIB_LIBS)
