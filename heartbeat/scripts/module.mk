# SPDX-License-Identifier: GPL-2.0-or-later
hadata_SCRIPTS += %D%/hb_standby %D%/hb_takeover
EXTRA_DIST += %D%/ask.in
CLEANFILES += %D%/hb_standby %D%/hb_takeover

ASK_SUBST = $(SED) -e 's,[@]statedir[@],$(localstatedir)/lib/heartbeat,g' -e 's,[@]halibexecdir[@],$(halibexecdir),g'

%D%/hb_standby: %D%/ask.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && $(ASK_SUBST) -e 's,[@]verb[@],hb_standby,g' \
		-e 's,[@]does[@],give resource groups to other nodes,' -e 's,[@]type[@],ask_resources,' \
		-e 's,[@]info[@],info=me\\n,' -e 's,^[@]say[@]$$,echo "Going standby [$$what].",' \
		$(srcdir)/%D%/ask.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@

%D%/hb_takeover: %D%/ask.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && $(ASK_SUBST) -e 's,[@]verb[@],hb_takeover,g' \
		-e 's,[@]does[@],take resource groups from other nodes,' -e 's,[@]type[@],hb_takeover,' \
		-e 's,[@]info[@],,' -e '/^[@]say[@]$$/d' \
		$(srcdir)/%D%/ask.in > $@.tmp && chmod +x $@.tmp && mv $@.tmp $@
