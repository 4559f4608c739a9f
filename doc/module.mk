# SPDX-License-Identifier: GPL-2.0-or-later
dist_man_MANS += doc/heartbeat.8
EXTRA_DIST += doc/upgrade-from-3.0.6.md doc/classic-stack.md
EXTRA_DIST += README.md CONTRIBUTING.md NEWS doc/design.md doc/layout.md doc/house-style.md \
	doc/resource-manager.md doc/client-api.md doc/stonith.md doc/decisions.md doc/ownership.md quickstart packaging/make-users

# hb-node needs its user; a package makes it from sysusers.d
if MAKE_USERS
INSTALL_DATA_HOOKS += install-users
endif
.PHONY: install-users
install-users:
	@if test -z "$(DESTDIR)" && test "`id -u`" = 0; then \
		sh $(srcdir)/packaging/make-users $(HB_USER) $(HB_GROUP); fi
