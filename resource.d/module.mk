# SPDX-License-Identifier: GPL-2.0-or-later
# The address agents: one program under the names that haresources knows.
halibexec_PROGRAMS += resource.d/ip/hb-ip
noinst_LTLIBRARIES += libhbip.la
dist_man_MANS += doc/hb-ip.8
EXTRA_DIST += tests/cluster/3000-ipaddr.t

# what needs no network: shared with the tests
libhbip_la_SOURCES = \
	resource.d/ip/addr.c resource.d/ip/addr.h \
	resource.d/ip/args.c resource.d/ip/args.h \
	resource.d/ip/fail.c resource.d/ip/fail.h \
	resource.d/ip/packet.c resource.d/ip/packet.h

resource_d_ip_hb_ip_SOURCES = \
	resource.d/ip/lan.c resource.d/ip/lan.h \
	resource.d/ip/later.c \
	resource.d/ip/main.c \
	resource.d/ip/rtnl.c resource.d/ip/rtnl.h \
	resource.d/ip/verbs.c resource.d/ip/verbs.h
resource_d_ip_hb_ip_CFLAGS = $(HB_CFLAGS) $(HB_HARDEN) $(LIBNL_CFLAGS)
# a takeover waits for its start: what it does not need is not loaded
resource_d_ip_hb_ip_LDFLAGS = $(AM_LDFLAGS) -Wl,-O1 -Wl,--as-needed
resource_d_ip_hb_ip_LDADD = libhbip.la $(LIBNL_LIBS)

HB_IP_NAMES = IPaddr IPaddr2 IPv6addr SendArp
INSTALL_EXEC_HOOKS += install-hb-ip-names
UNINSTALL_HOOKS += uninstall-hb-ip-names

.PHONY: install-hb-ip-names uninstall-hb-ip-names
install-hb-ip-names:
	$(MKDIR_P) '$(DESTDIR)$(resourcedir)'
	for name in $(HB_IP_NAMES); do \
		ln -sf '$(halibexecdir)/hb-ip' '$(DESTDIR)$(resourcedir)'/$$name || exit 1; \
	done
uninstall-hb-ip-names:
	for name in $(HB_IP_NAMES); do rm -f '$(DESTDIR)$(resourcedir)'/$$name; done
