/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * listen.c - the listening end, and who may connect (include/heartbeat/clplumbing/ipc.h).
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include <clplumbing/ipc.h>

#include "compat-plumb/channel.h"
#include "ipc/ipc.h"
#include "util/fd.h"

#include "util/banned.h"

#define MODE_DEFAULT 0777
#define BACKLOG      128

static void
op_destroy(IPC_WaitConnection *wait_conn)
{
	hb_fd_close(GPOINTER_TO_INT(wait_conn->ch_private));
	g_free(wait_conn);
}

static int
op_get_select_fd(IPC_WaitConnection *wait_conn)
{
	return GPOINTER_TO_INT(wait_conn->ch_private);
}

static IPC_Channel *
op_accept_connection(IPC_WaitConnection *wait_conn, IPC_Auth *auth)
{
	int fd = hb_ipc_accept(GPOINTER_TO_INT(wait_conn->ch_private));
	IPC_Channel *ch;

	if (fd < 0)
		return NULL;
	ch = hb_channel_from_fd(fd, IPC_SERVER);
	if (ch->ops->verify_auth(ch, auth) == IPC_OK)
		return ch;
	ch->ops->destroy(ch);
	errno = EACCES;
	return NULL;
}

static IPC_WaitOps wait_ops = {
	.destroy = op_destroy,
	.get_select_fd = op_get_select_fd,
	.accept_connection = op_accept_connection,
};

IPC_WaitConnection *
ipc_wait_conn_constructor(const char *ch_type, GHashTable *ch_attrs)
{
	const char *path = ch_attrs == NULL ? NULL : g_hash_table_lookup(ch_attrs, IPC_PATH_ATTR);
	const char *mode = ch_attrs == NULL ? NULL : g_hash_table_lookup(ch_attrs, IPC_MODE_ATTR);
	IPC_WaitConnection *wait_conn;
	int fd;

	errno = EINVAL;
	if (path == NULL || ch_type == NULL ||
	    (strcmp(ch_type, IPC_DOMAIN_SOCKET) != 0 && strcmp(ch_type, IPC_UDS_CRED) != 0))
		return NULL;
	fd = hb_ipc_listen(path, mode == NULL ? MODE_DEFAULT : (mode_t)strtoul(mode, NULL, 8), BACKLOG);
	if (fd < 0)
		return NULL;
	wait_conn = g_new0(IPC_WaitConnection, 1);
	wait_conn->ch_status = IPC_WAIT;
	wait_conn->ch_private = GINT_TO_POINTER(fd);
	wait_conn->ops = &wait_ops;
	return wait_conn;
}

/* ---- who may ---- */

IPC_Auth *
ipc_set_auth(uid_t *a_uid, gid_t *a_gid, int num_uid, int num_gid)
{
	IPC_Auth *auth = g_new0(IPC_Auth, 1);

	if (a_uid != NULL && num_uid > 0)
		auth->uid = g_hash_table_new(NULL, NULL);
	if (a_gid != NULL && num_gid > 0)
		auth->gid = g_hash_table_new(NULL, NULL);
	for (int i = 0; auth->uid != NULL && i < num_uid; i++)
		g_hash_table_add(auth->uid, GUINT_TO_POINTER(a_uid[i]));
	for (int i = 0; auth->gid != NULL && i < num_gid; i++)
		g_hash_table_add(auth->gid, GUINT_TO_POINTER(a_gid[i]));
	return auth;
}

static gboolean
user_by_name(const char *name, guint64 *ret_id)
{
	struct passwd *user = getpwnam(name);

	if (user != NULL)
		*ret_id = user->pw_uid;
	return user != NULL;
}

static gboolean
group_by_name(const char *name, guint64 *ret_id)
{
	struct group *group = getgrnam(name);

	if (group != NULL)
		*ret_id = group->gr_gid;
	return group != NULL;
}

/* FALSE: a word is neither a number nor known. No list is a list of none. */
static gboolean
read_ids(const char *list, int len, gboolean (*by_name)(const char *, guint64 *), GArray *ids)
{
	g_autofree char *text = list == NULL || len <= 0 ? NULL : g_strndup(list, (gsize)len);
	g_auto(GStrv) words = text == NULL ? NULL : g_strsplit(text, ",", -1);

	for (guint i = 0; words != NULL && words[i] != NULL; i++) {
		guint64 id;
		guint32 id32;

		if (!g_ascii_string_to_unsigned(words[i], 10, 0, G_MAXUINT32 - 1, &id, NULL) && !by_name(words[i], &id))
			return FALSE;
		id32 = (guint32)id;
		g_array_append_val(ids, id32);
	}
	return TRUE;
}

IPC_Auth *
ipc_str_to_auth(const char *uidlist, int uidlen, const char *gidlist, int gidlen)
{
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(GArray) gids = g_array_new(FALSE, FALSE, sizeof(guint32));

	if (!read_ids(uidlist, uidlen, user_by_name, uids) || !read_ids(gidlist, gidlen, group_by_name, gids))
		return NULL;
	return ipc_set_auth((uid_t *)(void *)uids->data, (gid_t *)(void *)gids->data, (int)uids->len, (int)gids->len);
}

void
ipc_destroy_auth(IPC_Auth *auth)
{
	if (auth == NULL)
		return;
	g_clear_pointer(&auth->uid, g_hash_table_unref);
	g_clear_pointer(&auth->gid, g_hash_table_unref);
	g_free(auth);
}
