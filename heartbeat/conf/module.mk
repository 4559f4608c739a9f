# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhbconf.la
libhbconf_la_SOURCES = \
	%D%/authkeys.c %D%/bundle.c %D%/check.c %D%/check.h %D%/clients.c %D%/config.c %D%/config.h \
	%D%/cross.c %D%/draft.h %D%/fence.c %D%/hacf.c %D%/hacf.def %D%/hacf.h %D%/hacf_value.c %D%/haresources.c %D%/lines.c \
	%D%/lines.h %D%/load.c %D%/load.h %D%/media.c %D%/nodes.c %D%/print.c %D%/print.h %D%/problem.c \
	%D%/report.h %D%/system.c %D%/testing.c %D%/token.c %D%/token.h %D%/value.c %D%/value.h
libhbconf_la_LIBADD = $(GLIB_LIBS)

EXTRA_DIST += doc/config.md
dist_man_MANS += doc/ha.cf.5 doc/haresources.5 doc/authkeys.5
examplesdir = $(docdir)
nobase_dist_examples_DATA = \
	ha.d-examples/simple-web/ha.cf ha.d-examples/simple-web/haresources ha.d-examples/simple-web/authkeys \
	ha.d-examples/drbd-mysql/ha.cf ha.d-examples/drbd-mysql/haresources ha.d-examples/drbd-mysql/authkeys \
	ha.d-examples/drbd-mysql/mysqldata.res ha.d-examples/drbd-mysql/mariadb.cnf \
	ha.d-examples/lvs-directors/ha.cf ha.d-examples/lvs-directors/haresources \
	ha.d-examples/lvs-directors/authkeys ha.d-examples/lvs-directors/ldirectord.cf \
	ha.d-examples/three-nodes/ha.cf \
	ha.d-examples/three-nodes/haresources ha.d-examples/three-nodes/authkeys
