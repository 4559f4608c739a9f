/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "ldirectord/conf/config.h"
#include "ldirectord/ipvs/sync.h"
#include "util/banned.h"

static gboolean
is_ours(const LdirIpvsSync *there, const LdirIpvsSync *ours)
{
	return strcmp(there->interface, ours->interface) == 0 && there->id == ours->id;
}

guint
ldir_sync_steps(const LdirIpvsSync there[LDIR_N_ROLES], const LdirIpvsSync *ours, LdirIpvsRole role,
                LdirSyncStep steps[LDIR_SYNC_STEPS_MAX], gboolean *ret_foreign)
{
	guint n = 0;

	*ret_foreign = role != LDIR_ROLE_NONE && there[role].is_on && !is_ours(&there[role], ours);
	for (LdirIpvsRole other = LDIR_ROLE_MASTER; other < LDIR_N_ROLES; other++)
		if (other != role && there[other].is_on && is_ours(&there[other], ours))
			steps[n++] = (LdirSyncStep){ FALSE, other };
	if (role != LDIR_ROLE_NONE && !there[role].is_on)
		steps[n++] = (LdirSyncStep){ TRUE, role };
	return n;
}

gboolean
ldir_sync_apply(LdirIpvs *ipvs, const char *words, LdirIpvsRole role, char **ret_text)
{
	LdirIpvsSync there[LDIR_N_ROLES], ours;
	LdirSyncStep steps[LDIR_SYNC_STEPS_MAX];
	gboolean is_foreign;
	guint n;
	int error;

	*ret_text = NULL;
	ours = (LdirIpvsSync){ .is_on = TRUE };
	if (words == NULL || !ldir_sync_words(words, ours.interface, &ours.id))
		return TRUE;
	error = ldir_ipvs_sync_read(ipvs, there);
	if (error != 0) {
		*ret_text = g_strdup_printf("cannot ask for the sync daemon: %s", g_strerror(error));
		return FALSE;
	}
	n = ldir_sync_steps(there, &ours, role, steps, &is_foreign);
	if (is_foreign)
		*ret_text = g_strdup_printf("sync daemon %s runs on %s with syncid %u already: left alone", ldir_ipvs_role_name(role),
		                            there[role].interface, there[role].id);
	for (guint i = 0; i < n; i++) {
		error = ldir_ipvs_sync_set(ipvs, steps[i].role, steps[i].is_start, &ours);
		/* somebody was faster */
		if (error == 0 || error == (steps[i].is_start ? EEXIST : ESRCH))
			continue;
		g_free(*ret_text);
		*ret_text = g_strdup_printf("cannot %s the sync daemon %s on %s: %s", steps[i].is_start ? "start" : "stop",
		                            ldir_ipvs_role_name(steps[i].role), ours.interface, g_strerror(error));
		return FALSE;
	}
	if (n > 0 && *ret_text == NULL && role != LDIR_ROLE_NONE)
		*ret_text = g_strdup_printf("sync daemon %s on %s with syncid %u", ldir_ipvs_role_name(role), ours.interface, ours.id);
	return TRUE;
}
