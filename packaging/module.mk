# SPDX-License-Identifier: GPL-2.0-or-later
logrotatedir = $(sysconfdir)/logrotate.d
tmpfilesdir = $(prefix)/lib/tmpfiles.d
sysusersdir = $(prefix)/lib/sysusers.d

init_SCRIPTS += packaging/init/heartbeat packaging/init/ldirectord
systemdsystemunit_DATA = packaging/systemd/heartbeat.service packaging/systemd/ldirectord.service \
	packaging/systemd/ldirectord-standby@.service
tmpfiles_DATA = packaging/tmpfiles.d/heartbeat.conf
sysusers_DATA = packaging/sysusers.d/heartbeat.conf
dist_logrotate_DATA = packaging/logrotate.d/heartbeat packaging/logrotate.d/ldirectord

PACKAGING_MADE = packaging/init/heartbeat packaging/systemd/heartbeat.service \
	packaging/init/ldirectord packaging/systemd/ldirectord.service packaging/systemd/ldirectord-standby@.service \
	packaging/tmpfiles.d/heartbeat.conf packaging/sysusers.d/heartbeat.conf
EXTRA_DIST += packaging/init/heartbeat.in packaging/systemd/heartbeat.service.in \
	packaging/init/ldirectord.in packaging/systemd/ldirectord.service.in packaging/systemd/ldirectord-standby@.service.in \
	packaging/tmpfiles.d/heartbeat.conf.in packaging/sysusers.d/heartbeat.conf.in
CLEANFILES += $(PACKAGING_MADE)

PACKAGING_SUBST = $(SED) -e 's,[@]hadir[@],$(hadir),g' -e 's,[@]halibexecdir[@],$(halibexecdir),g' \
	-e 's,[@]hadatadir[@],$(hadatadir),g' -e 's,[@]rundir[@],$(rundir),g' -e 's,[@]sbindir[@],$(sbindir),g' \
	-e 's,[@]HB_USER[@],$(HB_USER),g' -e 's,[@]HB_GROUP[@],$(HB_GROUP),g'

packaging/init/heartbeat: packaging/init/heartbeat.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PACKAGING_SUBST) $(srcdir)/$@.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@
packaging/init/ldirectord: packaging/init/ldirectord.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PACKAGING_SUBST) $(srcdir)/$@.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@
packaging/systemd/ldirectord.service: packaging/systemd/ldirectord.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PACKAGING_SUBST) $(srcdir)/$@.in > $@.tmp && mv $@.tmp $@
packaging/systemd/ldirectord-standby@.service: packaging/systemd/ldirectord-standby@.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PACKAGING_SUBST) $(srcdir)/$@.in > $@.tmp && mv $@.tmp $@
packaging/systemd/heartbeat.service: packaging/systemd/heartbeat.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PACKAGING_SUBST) $(srcdir)/$@.in > $@.tmp && mv $@.tmp $@
packaging/tmpfiles.d/heartbeat.conf: packaging/tmpfiles.d/heartbeat.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PACKAGING_SUBST) $(srcdir)/$@.in > $@.tmp && mv $@.tmp $@
packaging/sysusers.d/heartbeat.conf: packaging/sysusers.d/heartbeat.conf.in Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PACKAGING_SUBST) $(srcdir)/$@.in > $@.tmp && mv $@.tmp $@

# A plugin is loaded by its own name; what libtool notes about it is of no use where it is installed.
INSTALL_DATA_HOOKS += drop-la-files
UNINSTALL_HOOKS += uninstall-plugins
.PHONY: drop-la-files uninstall-plugins
drop-la-files:
	@for la in $(comm_LTLIBRARIES); do rm -f '$(DESTDIR)$(commdir)'/`basename $$la`; done
	@for la in $(auth_LTLIBRARIES); do rm -f '$(DESTDIR)$(authdir)'/`basename $$la`; done
	@for la in $(stonith_LTLIBRARIES); do rm -f '$(DESTDIR)$(stonithdir)'/`basename $$la`; done
uninstall-plugins:
	for so in $(comm_LTLIBRARIES:.la=.so); do rm -f '$(DESTDIR)$(commdir)'/`basename $$so`; done
	for so in $(auth_LTLIBRARIES:.la=.so); do rm -f '$(DESTDIR)$(authdir)'/`basename $$so`; done
	for so in $(stonith_LTLIBRARIES:.la=.so); do rm -f '$(DESTDIR)$(stonithdir)'/`basename $$so`; done
