/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/check/name.h"
#include "util/banned.h"

struct LdirName {
	LdirChild *child;
	int family;
	LdirNameKnown known;
	gpointer user;
};

gboolean
ldir_name_read(const char *output, gsize len, int family, LdirAddress *ret_addr)
{
	g_autofree char *text = g_strndup(output, len);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		lines[i][strcspn(lines[i], " \t")] = '\0';
		if (lines[i][0] != '\0' && ldir_address_parse(lines[i], family, ret_addr))
			return TRUE;
	}
	return FALSE;
}

static void
done(gpointer user, int status, const char *output, gsize len)
{
	LdirName *name = user;
	LdirNameKnown known = name->known;
	gpointer known_user = name->user;
	LdirAddress addr;
	gboolean is_known = status == 0 && ldir_name_read(output, len, name->family, &addr);

	g_free(name);
	known(known_user, is_known ? &addr : NULL);
}

LdirName *
ldir_name_look_up(LdirChecker *checker, const char *name, int family, LdirNameKnown known, gpointer user)
{
	/* -A: whether this machine has such an address itself is not asked */
	const char *const argv[] = { "getent", "-A", family == AF_INET6 ? "ahostsv6" : "ahostsv4", "--", name, NULL };
	const LdirChildSpec spec = { .argv = argv, .wants_output = TRUE, .pool = LDIR_POOL_NAMES };
	LdirName *lookup = g_new(LdirName, 1);

	*lookup = (LdirName){ .family = family, .known = known, .user = user };
	lookup->child = ldir_child_start(checker, &spec, done, lookup);
	if (lookup->child == NULL)
		g_clear_pointer(&lookup, g_free);
	return lookup;
}

void
ldir_name_cancel(LdirName *name)
{
	if (name == NULL)
		return;
	ldir_child_abandon(name->child);
	g_free(name);
}
