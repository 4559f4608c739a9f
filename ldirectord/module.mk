# SPDX-License-Identifier: GPL-2.0-or-later
# The director daemon: libldirconf reads the configuration, decides and checks; libldirrun talks to the kernel and the machine.
noinst_LTLIBRARIES += libldirconf.la libldirrun.la
sbin_PROGRAMS += ldirectord/ldirectord
dist_man_MANS += doc/ldirectord.8
EXTRA_DIST += doc/ldirectord.md ha.d-examples/lvs-dr/authkeys ha.d-examples/lvs-dr/ha.cf ha.d-examples/lvs-dr/haresources \
	ha.d-examples/lvs-dr/ldirectord.cf

libldirconf_la_SOURCES = \
	ldirectord/address.c ldirectord/address.h \
	ldirectord/check_ask.c ldirectord/check_connect.c ldirectord/check_datagram.c ldirectord/check_exec.c ldirectord/check_none.c \
	ldirectord/check_ping.c ldirectord/check_ping.h ldirectord/check_sql.c ldirectord/check_sql.h \
	ldirectord/check_talk.c ldirectord/check_talk.h \
	ldirectord/checker.c ldirectord/checker.h ldirectord/checker_parts.h ldirectord/checker_watch.c \
	ldirectord/child.c ldirectord/child.h \
	ldirectord/checks.def ldirectord/directives.def ldirectord/services.def \
	ldirectord/conf.c ldirectord/conf.h ldirectord/conf_parts.h \
	ldirectord/conf_real.c ldirectord/conf_resolve.c ldirectord/conf_value.c \
	ldirectord/conf_virtual.c ldirectord/conf_words.c \
	ldirectord/config.c ldirectord/config.h \
	ldirectord/effects.c ldirectord/effects.h \
	ldirectord/icmp_echo.c ldirectord/icmp_echo.h \
	ldirectord/lines.c ldirectord/lines.h \
	ldirectord/name.c ldirectord/name.h \
	ldirectord/pattern.c ldirectord/pattern.h \
	ldirectord/print.c \
	ldirectord/problem.c ldirectord/problem.h \
	ldirectord/quorum.c ldirectord/quorum.h \
	ldirectord/schedule.c ldirectord/schedule.h \
	ldirectord/schedule_key.c ldirectord/schedule_key.h \
	ldirectord/service.c ldirectord/service.h ldirectord/service_parts.h \
	ldirectord/service_start.c ldirectord/service_table.c ldirectord/service_weight.c \
	ldirectord/stream.c ldirectord/stream.h \
	ldirectord/talk.c ldirectord/talk.h ldirectord/talk_agent.c ldirectord/talk_dns.c ldirectord/talk_ftp.c ldirectord/talk_http.c \
	ldirectord/talk_ldap.c ldirectord/talk_mail.c ldirectord/talk_radius.c ldirectord/talk_text.c \
	ldirectord/timers.c ldirectord/timers.h \
	ldirectord/tls.c ldirectord/tls.h \
	ldirectord/url.c ldirectord/url.h
libldirconf_la_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS) $(OPENSSL_CFLAGS)
libldirconf_la_LIBADD = $(GLIB_LIBS) $(PCRE2_LIBS) $(OPENSSL_LIBS)

libldirrun_la_SOURCES = \
	ldirectord/alert.c ldirectord/alert.h \
	ldirectord/answers.c \
	ldirectord/commands.c ldirectord/commands.h ldirectord/commands_check.c \
	ldirectord/control.c ldirectord/control.h \
	ldirectord/daemon.c ldirectord/daemon.h ldirectord/daemon_parts.h ldirectord/daemon_calls.c \
	ldirectord/daemon_standby.c ldirectord/daemon_sync.c \
	ldirectord/director.c ldirectord/director.h ldirectord/director_parts.h \
	ldirectord/dirwatch.c ldirectord/dirwatch.h \
	ldirectord/instance.c ldirectord/instance.h \
	ldirectord/ipvs.c ldirectord/ipvs.h \
	ldirectord/ipvs_diff.c ldirectord/ipvs_diff.h \
	ldirectord/ipvs_dry.c ldirectord/ipvs_netlink.c \
	ldirectord/ipvs_table.c ldirectord/ipvs_table.h \
	ldirectord/ipvs_text.c ldirectord/ipvs_text.h \
	ldirectord/ipvs_wire.c ldirectord/ipvs_wire.h \
	ldirectord/jobs.c ldirectord/jobs.h \
	ldirectord/load.c ldirectord/load.h \
	ldirectord/loader.c ldirectord/loader.h \
	ldirectord/logfile.c ldirectord/logfile.h \
	ldirectord/maintenance.c ldirectord/maintenance.h \
	ldirectord/make.c \
	ldirectord/monitor.c ldirectord/monitor.h \
	ldirectord/orders.c \
	ldirectord/probes.c ldirectord/probes.h \
	ldirectord/repair.c \
	ldirectord/report.c ldirectord/report.h \
	ldirectord/reverse.c ldirectord/reverse.h \
	ldirectord/served.c \
	ldirectord/smtp.c ldirectord/smtp.h \
	ldirectord/standby.c \
	ldirectord/startup.c ldirectord/startup.h \
	ldirectord/sync.c ldirectord/sync.h \
	ldirectord/turns.c
libldirrun_la_CFLAGS = $(AM_CFLAGS) $(LIBNL_CFLAGS)
libldirrun_la_LIBADD = libldirconf.la libhblog.la $(GLIB_LIBS) $(LIBNL_LIBS)

ldirectord_ldirectord_SOURCES = ldirectord/main.c
ldirectord_ldirectord_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)

# heartbeat calls the program itself, as an OCF agent it has a wrapper.
INSTALL_EXEC_HOOKS += install-ldirectord-names
UNINSTALL_HOOKS += uninstall-ldirectord-names
.PHONY: install-ldirectord-names uninstall-ldirectord-names
install-ldirectord-names:
	$(MKDIR_P) '$(DESTDIR)$(resourcedir)'
	ln -sf '$(sbindir)/ldirectord' '$(DESTDIR)$(resourcedir)/ldirectord'
uninstall-ldirectord-names:
	rm -f '$(DESTDIR)$(resourcedir)/ldirectord'

ocfagentdir = $(prefix)/lib/ocf/resource.d/heartbeat
ocfagent_SCRIPTS = ldirectord/ocf/ldirectord
EXTRA_DIST += ldirectord/ocf-agent.in
CLEANFILES += ldirectord/ocf/ldirectord
ldirectord/ocf/ldirectord: ldirectord/ocf-agent.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PACKAGING_SUBST) $(srcdir)/ldirectord/ocf-agent.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@
