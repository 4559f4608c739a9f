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
	resource.d/ip/rtnl.c resource.d/ip/rtnl.h resource.d/ip/rtnl_address.c resource.d/ip/rtnl_parts.h resource.d/ip/rtnl_talk.c \
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

# A command with a time limit, and OCF agents as resources.
halibexec_PROGRAMS += resource.d/limit/hb-limit resource.d/ocf/hb-ocf
noinst_LTLIBRARIES += libhbocf.la
dist_man_MANS += doc/hb-ocf.8
EXTRA_DIST += doc/resource-scripts.md

resource_d_limit_hb_limit_SOURCES = \
	resource.d/limit/limited.c resource.d/limit/limited.h \
	resource.d/limit/main.c
resource_d_limit_hb_limit_LDFLAGS = $(AM_LDFLAGS) -Wl,--as-needed

# what runs nothing: shared with the tests
libhbocf_la_SOURCES = \
	resource.d/ocf/args.c resource.d/ocf/args.h \
	resource.d/ocf/meta.c resource.d/ocf/meta.h
libhbocf_la_CFLAGS = $(AM_CFLAGS) $(LIBXML_CFLAGS)

resource_d_ocf_hb_ocf_SOURCES = \
	resource.d/limit/limited.c resource.d/limit/limited.h \
	resource.d/ocf/agent.c resource.d/ocf/agent.h \
	resource.d/ocf/main.c
resource_d_ocf_hb_ocf_LDADD = libhbocf.la $(GLIB_LIBS) $(LIBXML_LIBS)

# The scripts, small and in sh; what they share is lib.sh.
dist_resource_SCRIPTS = \
	resource.d/Delay resource.d/Filesystem resource.d/IPsrcaddr resource.d/LVM resource.d/LVSSyncDaemonSwap \
	resource.d/MailTo resource.d/OCF resource.d/Raid1 resource.d/Xinetd resource.d/apache \
	resource.d/drbddisk resource.d/drbdupper resource.d/lvsrs resource.d/ocf-agent resource.d/portblock
dist_resource_DATA = resource.d/lib.sh resource.d/hto-mapfuncs

HB_OCF_AGENT_NAMES = AudibleAlarm ICP LinuxSCSI ServeRAID WAS WinPopup db2 ids
INSTALL_DATA_HOOKS += install-ocf-agent-names
UNINSTALL_HOOKS += uninstall-ocf-agent-names

.PHONY: install-ocf-agent-names uninstall-ocf-agent-names
install-ocf-agent-names:
	$(MKDIR_P) '$(DESTDIR)$(resourcedir)'
	for name in $(HB_OCF_AGENT_NAMES); do \
		ln -sf ocf-agent '$(DESTDIR)$(resourcedir)'/$$name || exit 1; \
	done
uninstall-ocf-agent-names:
	for name in $(HB_OCF_AGENT_NAMES); do rm -f '$(DESTDIR)$(resourcedir)'/$$name; done
