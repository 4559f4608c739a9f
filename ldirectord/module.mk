# SPDX-License-Identifier: GPL-2.0-or-later
# The director daemon: libldirconf reads the configuration, decides and checks; libldirrun talks to the kernel and the machine.
noinst_LTLIBRARIES += libldirconf.la libldirrun.la
sbin_PROGRAMS += ldirectord/ldirectord
dist_man_MANS += doc/ldirectord.8 doc/ldirectord.cf.5
EXTRA_DIST += doc/ldirectord.md ha.d-examples/lvs-dr/authkeys ha.d-examples/lvs-dr/ha.cf ha.d-examples/lvs-dr/haresources \
	ha.d-examples/lvs-dr/ldirectord.cf

libldirconf_la_SOURCES = \
	ldirectord/check/check_ask.c ldirectord/check/check_connect.c ldirectord/check/check_connect.h \
	ldirectord/check/check_datagram.c ldirectord/check/check_exec.c \
	ldirectord/check/check_none.c ldirectord/check/check_ping.c ldirectord/check/check_ping.h ldirectord/check/check_sql.c \
	ldirectord/check/check_sql.h ldirectord/check/check_talk.c ldirectord/check/check_talk.h ldirectord/check/checker.c \
	ldirectord/check/checker.h ldirectord/check/checker_parts.h ldirectord/check/checker_watch.c ldirectord/check/child.c \
	ldirectord/check/child.h ldirectord/check/http_answer.c ldirectord/check/http_answer.h \
	ldirectord/check/http_request.c ldirectord/check/http_request.h ldirectord/check/icmp_echo.c ldirectord/check/icmp_echo.h ldirectord/check/name.c \
	ldirectord/check/name.h ldirectord/check/round.c ldirectord/check/round.h ldirectord/check/schedule.c ldirectord/check/schedule.h ldirectord/check/schedule_key.c \
	ldirectord/check/schedule_key.h ldirectord/check/schedule_make.c ldirectord/check/schedule_parts.h ldirectord/check/stream.c \
	ldirectord/check/stream.h ldirectord/check/talk.c \
	ldirectord/check/talk.h ldirectord/check/talk_agent.c ldirectord/check/talk_dns.c ldirectord/check/talk_ftp.c \
	ldirectord/check/talk_http.c ldirectord/check/talk_http2.c ldirectord/check/talk_judge.c ldirectord/check/talk_ldap.c ldirectord/check/talk_mail.c \
	ldirectord/check/talk_radius.c \
	ldirectord/check/talk_text.c ldirectord/check/timers.c ldirectord/check/timers.h ldirectord/check/tls.c ldirectord/check/tls.h \
	ldirectord/conf/address.c ldirectord/conf/address.h ldirectord/conf/check_key.c ldirectord/conf/check_key.h ldirectord/conf/checks.def ldirectord/conf/conf.c ldirectord/conf/conf.h \
	ldirectord/conf/conf_ask.c ldirectord/conf/conf_check.c ldirectord/conf/conf_check_fill.c ldirectord/conf/conf_fallback.c ldirectord/conf/conf_parts.h ldirectord/conf/conf_real.c \
	ldirectord/conf/conf_resolve.c ldirectord/conf/conf_value.c \
	ldirectord/conf/conf_virtual.c ldirectord/conf/conf_words.c ldirectord/conf/config.c ldirectord/conf/config.h \
	ldirectord/conf/directives.def ldirectord/conf/lines.c ldirectord/conf/lines.h ldirectord/conf/pattern.c \
	ldirectord/conf/pattern.h ldirectord/conf/print.c ldirectord/conf/problem.c ldirectord/conf/problem.h \
	ldirectord/conf/weights.c ldirectord/conf/weights.h ldirectord/conf/services.def ldirectord/conf/url.c ldirectord/conf/url.h \
	ldirectord/director/effects.c ldirectord/director/effects.h ldirectord/director/quorum.c ldirectord/director/quorum.h \
	ldirectord/director/service.c ldirectord/director/service.h ldirectord/director/service_parts.h \
	ldirectord/director/service_fallback.c ldirectord/director/service_flap.c ldirectord/director/service_memory.c \
	ldirectord/director/service_memory.h ldirectord/director/service_notes.c ldirectord/director/service_start.c \
	ldirectord/director/service_table.c ldirectord/director/service_weight.c
libldirconf_la_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS) $(OPENSSL_CFLAGS) $(NGHTTP2_CFLAGS)
libldirconf_la_LIBADD = $(GLIB_LIBS) $(PCRE2_LIBS) $(OPENSSL_LIBS) $(NGHTTP2_LIBS)

libldirrun_la_SOURCES = \
	ldirectord/check/probes.c ldirectord/check/probes.h ldirectord/check/reverse.c ldirectord/check/reverse.h \
	ldirectord/conf/load.c ldirectord/conf/load.h \
	ldirectord/director/configure.c ldirectord/director/director.c ldirectord/director/director.h \
	ldirectord/director/director_parts.h ldirectord/director/handover.c ldirectord/director/handover.h ldirectord/director/make.c \
	ldirectord/director/orders.c ldirectord/director/repair.c ldirectord/director/report.c ldirectord/director/report.h \
	ldirectord/director/served.c ldirectord/director/standby.c \
	ldirectord/ipvs/ipvs.c ldirectord/ipvs/ipvs.h ldirectord/ipvs/ipvs_diff.c ldirectord/ipvs/ipvs_diff.h \
	ldirectord/ipvs/ipvs_dry.c ldirectord/ipvs/ipvs_netlink.c ldirectord/ipvs/ipvs_table.c ldirectord/ipvs/ipvs_table.h \
	ldirectord/ipvs/ipvs_text.c ldirectord/ipvs/ipvs_text.h ldirectord/ipvs/ipvs_wire.c ldirectord/ipvs/ipvs_wire.h \
	ldirectord/ipvs/sync.c ldirectord/ipvs/sync.h \
	ldirectord/run/alert.c ldirectord/run/alert.h ldirectord/run/answers.c ldirectord/run/commands.c ldirectord/run/commands.h \
	ldirectord/run/commands_ask.c ldirectord/run/commands_check.c ldirectord/run/commands_parts.h ldirectord/run/control.c \
	ldirectord/run/control.h ldirectord/run/daemon.c \
	ldirectord/run/daemon.h ldirectord/run/daemon_calls.c ldirectord/run/daemon_handover.c ldirectord/run/daemon_maintenance.c ldirectord/run/daemon_parts.h ldirectord/run/daemon_standby.c \
	ldirectord/run/daemon_weights.c ldirectord/run/daemon_sync.c ldirectord/run/dirwatch.c ldirectord/run/dirwatch.h ldirectord/run/instance.c \
	ldirectord/run/instance.h ldirectord/run/jobs.c ldirectord/run/jobs.h ldirectord/run/loader.c ldirectord/run/loader.h \
	ldirectord/run/logfile.c ldirectord/run/logfile.h ldirectord/run/maintenance.c ldirectord/run/maintenance.h \
	ldirectord/run/monitor.c ldirectord/run/monitor.h ldirectord/run/smtp.c ldirectord/run/smtp.h ldirectord/run/startup.c \
	ldirectord/run/startup.h ldirectord/run/turns.c
libldirrun_la_CFLAGS = $(AM_CFLAGS) $(LIBNL_CFLAGS)
libldirrun_la_LIBADD = libldirconf.la libhblog.la $(GLIB_LIBS) $(LIBNL_LIBS)

ldirectord_ldirectord_SOURCES = ldirectord/run/main.c
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
