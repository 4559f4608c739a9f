# SPDX-License-Identifier: GPL-2.0-or-later
# What is called in the path, and what is below ha.d; all are made from a template of theirs.
HB_VERBS = hb_standby hb_takeover hb_addnode hb_delnode hb_setweight hb_setsite
HB_PLAIN = ResourceManager mach_down req_resource ha_propagate functions
HB_HA_D = harc shellfuncs
HB_RC_D = ask_resources hb_takeover ip-request ip-request-resp status

hadata_SCRIPTS += $(HB_VERBS:%=%D%/%) $(HB_PLAIN:%=%D%/%)
rcdir = $(hadir)/rc.d
ha_SCRIPTS = $(HB_HA_D:%=%D%/%)
rc_SCRIPTS = $(HB_RC_D:%=%D%/rc.d/%)
EXTRA_DIST += %D%/ask.in %D%/nodes.in %D%/property.in $(HB_PLAIN:%=%D%/%.in) $(HB_HA_D:%=%D%/%.in) \
	$(HB_RC_D:%=%D%/rc.d/%.in)
CLEANFILES += $(HB_VERBS:%=%D%/%) $(HB_PLAIN:%=%D%/%) $(ha_SCRIPTS) $(rc_SCRIPTS)

SCRIPT_SUBST = $(SED) -e 's,[@]statedir[@],$(localstatedir)/lib/heartbeat,g' -e 's,[@]halibexecdir[@],$(halibexecdir),g' \
	-e 's,[@]hadatadir[@],$(hadatadir),g' -e 's,[@]hadir[@],$(hadir),g' -e 's,[@]rundir[@],$(rundir),g' \
	-e 's,[@]bindir[@],$(bindir),g' -e 's,[@]sbindir[@],$(sbindir),g' -e 's,[@]initdir[@],$(initdir),g' \
	-e 's,[@]docdir[@],$(docdir),g'

%D%/hb_standby: %D%/ask.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && $(SCRIPT_SUBST) -e 's,[@]verb[@],hb_standby,g' \
		-e 's,[@]does[@],give resource groups to other nodes,' -e 's,[@]type[@],ask_resources,' \
		-e 's,[@]info[@],info=me\\n,' \
		-e 's,^[@]say[@]$$,echo "$$(date "+%b %d %H:%M:%S") Going standby [$$what]." >\&2,' \
		$(srcdir)/%D%/ask.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@

%D%/hb_takeover: %D%/ask.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && $(SCRIPT_SUBST) -e 's,[@]verb[@],hb_takeover,g' \
		-e 's,[@]does[@],take resource groups from other nodes,' -e 's,[@]type[@],hb_takeover,' \
		-e 's,[@]info[@],,' -e '/^[@]say[@]$$/d' \
		$(srcdir)/%D%/ask.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@

%D%/hb_addnode: %D%/nodes.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && $(SCRIPT_SUBST) -e 's,[@]verb[@],hb_addnode,g' -e 's,[@]type[@],addnode,g' \
		-e 's,[@]does[@],takes nodes into the cluster,' $(srcdir)/%D%/nodes.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@

%D%/hb_delnode: %D%/nodes.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && $(SCRIPT_SUBST) -e 's,[@]verb[@],hb_delnode,g' -e 's,[@]type[@],delnode,g' \
		-e 's,[@]does[@],removes dead nodes from the cluster,' $(srcdir)/%D%/nodes.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@

%D%/hb_setweight: %D%/property.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && $(SCRIPT_SUBST) -e 's,[@]verb[@],hb_setweight,g' -e 's,[@]type[@],setweight,g' \
		-e 's,[@]what[@],weight,g' -e 's,[@]bad[@],*[!0-9]*,g' $(srcdir)/%D%/property.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@

%D%/hb_setsite: %D%/property.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && $(SCRIPT_SUBST) -e 's,[@]verb[@],hb_setsite,g' -e 's,[@]type[@],setsite,g' \
		-e 's,[@]what[@],site,g' -e 's,[@]bad[@],*[!A-Za-z0-9._-]*,g' $(srcdir)/%D%/property.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@

$(HB_PLAIN:%=%D%/%) $(ha_SCRIPTS) $(rc_SCRIPTS): Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(SCRIPT_SUBST) $(srcdir)/$@.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@

%D%/ResourceManager: %D%/ResourceManager.in
%D%/mach_down: %D%/mach_down.in
%D%/req_resource: %D%/req_resource.in
%D%/ha_propagate: %D%/ha_propagate.in
%D%/functions: %D%/functions.in
%D%/harc: %D%/harc.in
%D%/shellfuncs: %D%/shellfuncs.in
%D%/rc.d/ask_resources: %D%/rc.d/ask_resources.in
%D%/rc.d/hb_takeover: %D%/rc.d/hb_takeover.in
%D%/rc.d/ip-request: %D%/rc.d/ip-request.in
%D%/rc.d/ip-request-resp: %D%/rc.d/ip-request-resp.in
%D%/rc.d/status: %D%/rc.d/status.in

dist_man_MANS += doc/ResourceManager.8 doc/mach_down.8 doc/req_resource.8 doc/harc.8 doc/hb_standby.8 doc/hb_takeover.8 \
	doc/hb_addnode.8 doc/hb_delnode.8 doc/hb_setweight.8 doc/hb_setsite.8 doc/ha_propagate.8
