/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include <glib.h>

#include "exec/bytes_fd.h"
#include "exec/check.h"
#include "exec/nodes.h"
#include "exec/node_files.h"
#include "exec/policy.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define SAY_REMOVED_MS (60 * HB_MS_PER_S)
#define QUEUE_MAX 64            /* hb-node asks again for what is lost */

static const char signs[HB_NODE_OP_N] = { [HB_NODE_ADD] = '+', [HB_NODE_JOIN] = '+', [HB_NODE_DEL] = '-', [HB_NODE_UUID] = '=' };

static HbFile *
find_file(const HbBundle *bundle)
{
	for (guint i = 0; i < bundle->files->len; i++) {
		HbFile *file = g_ptr_array_index(bundle->files, i);

		if (file->kind == HB_FILE_NODES)
			return file;
	}
	return NULL;
}

static void
set_text(HbBundle *bundle, const char *text)
{
	HbFile *file = find_file(bundle);

	if (file == NULL) {
		file = g_new0(HbFile, 1);
		file->kind = HB_FILE_NODES;
		file->path = g_strdup("list of nodes");
		g_ptr_array_add(bundle->files, file);
	} else {
		g_bytes_unref(file->bytes);
	}
	file->bytes = g_bytes_new(text, strlen(text));
}

static char *
text_of(const HbBundle *bundle)
{
	const HbFile *file = find_file(bundle);
	gsize len = 0;
	const char *data = file != NULL ? g_bytes_get_data(file->bytes, &len) : NULL;

	return data != NULL ? g_strndup(data, len) : g_strdup("");
}

void
hb_nodes_carry_over(HbBundle *to, const HbBundle *from)
{
	g_autofree char *text = text_of(from);

	if (*text != '\0' || find_file(to) != NULL)
		set_text(to, text);
}

/* The list with one more change: the last word about a node counts, and a uuid is not forgotten. (transfer full) */
static char *
changed(const char *text, HbNodeOp op, const char *name, const char *uuid)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *known = g_strdup(uuid);
	char sign = signs[op];

	for (char **line = lines; *line != NULL; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 2);

		if (words[0] == NULL || words[0][0] == '\0')
			continue;
		if (strcmp(words[0] + 1, name) != 0) {
			g_string_append_printf(out, "%s\n", *line);
			continue;
		}
		if (op == HB_NODE_UUID)
			sign = words[0][0];
		if (known == NULL && words[1] != NULL)
			known = g_strdup(words[1]);
	}
	g_string_append_printf(out, "%c%s %s\n", sign, name, known != NULL ? known : HB_NODE_FILES_NO_UUID);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

void
hb_nodes_load(HbExec *ex)
{
	g_autofree char *text = NULL;
	g_autoptr(GPtrArray) problems = hb_problems_new();
	HbConfig *config;

	if (ex->config->autojoin == HB_AUTOJOIN_NONE || find_file(ex->bundle) != NULL)
		return;
	text = hb_node_files_read();
	if (*text == '\0')
		return;
	set_text(ex->bundle, text);
	config = hb_check_parse(ex->bundle, ex->node_name, problems);
	if (config == NULL) {
		hb_log(HB_LOG_ERR, "hostcache is left out: with it the configuration cannot be used");
		g_ptr_array_remove(ex->bundle->files, find_file(ex->bundle));
		return;
	}
	hb_config_free(ex->config);
	ex->config = config;
}

static HbBundle *
copy_of(const HbBundle *bundle)
{
	g_autoptr(GBytes) packed = hb_bundle_pack(bundle);

	return hb_bundle_unpack(packed);
}

static void
refuse(HbSupervisor *sup, const char *name, const char *why)
{
	hb_log(HB_LOG_ERR, "node %s: the list of nodes stays as it is: %s", name, why);
	g_clear_pointer(&sup->new_bundle, hb_bundle_free);
	g_clear_pointer(&sup->new_config, hb_config_free);
	sup->nodes_change = FALSE;
}

/* Asks hb-node to take the bundle with the new list. */
static void
change(HbSupervisor *sup, const char *name, const char *text)
{
	const HbChannelMsg msg = { .type = HB_CH_RELOAD };
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(GBytes) packed = NULL;
	g_auto(HbFd) fd = -1;

	sup->new_bundle = copy_of(sup->ex->bundle);
	set_text(sup->new_bundle, text);
	sup->new_config = hb_check_parse(sup->new_bundle, sup->ex->node_name, problems);
	if (sup->new_config == NULL) {
		refuse(sup, name, "haresources or ha.cf do not allow it");
		return;
	}
	packed = hb_bundle_pack(sup->new_bundle);
	fd = hb_bytes_fd_new("heartbeat-config", packed);
	sup->nodes_change = TRUE;
	if (fd < 0 || !hb_node_link_send(sup->link, &msg, &fd, 1))
		refuse(sup, name, "hb-node cannot be told");
}

static gboolean
was_removed(const char *text, const char *name)
{
	g_autofree char *line = g_strdup_printf("-%s ", name);
	g_autofree char *inner = g_strdup_printf("\n%s", line);

	return g_str_has_prefix(text, line) || strstr(text, inner) != NULL;
}

/* It goes on trying, several times a second. */
static void
say_removed(HbSupervisor *sup, const char *name)
{
	gint64 now_ms = hb_time_now_ms();

	if (sup->said_removed_ms != 0 && now_ms < sup->said_removed_ms + SAY_REMOVED_MS)
		return;
	sup->said_removed_ms = now_ms;
	hb_log(HB_LOG_WARN, "node %s was removed by hb_delnode and does not join by itself: hb_addnode %s", name, name);
}

static void
take(HbSupervisor *sup, const HbChannelMsg *msg)
{
	g_autofree char *before = text_of(sup->ex->bundle);
	g_autofree char *uuid = msg->u.node.has_uuid ? hb_node_files_uuid(msg->u.node.uuid) : NULL;
	g_autofree char *after = changed(before, (HbNodeOp)msg->u.node.op, msg->u.node.name, uuid);

	if (strcmp(before, after) == 0 || hb_policy_node_idle(sup->ex->config, before, msg) != NULL)
		return;
	if (msg->u.node.op == HB_NODE_JOIN && was_removed(before, msg->u.node.name)) {
		say_removed(sup, msg->u.node.name);
		return;
	}
	if (msg->u.node.op != HB_NODE_UUID) {
		change(sup, msg->u.node.name, after);
		return;
	}
	set_text(sup->ex->bundle, after);
	hb_node_files_write(sup);
}

static gboolean
is_busy(const HbSupervisor *sup)
{
	return sup->checking || sup->new_config != NULL || sup->phase != HB_PHASE_RUNNING || sup->link == NULL;
}

void
hb_nodes_take(HbSupervisor *sup, const HbChannelMsg *msg)
{
	if (is_busy(sup)) {
		if (g_queue_get_length(&sup->node_changes) < QUEUE_MAX)
			g_queue_push_tail(&sup->node_changes, g_memdup2(msg, sizeof *msg));
		return;
	}
	take(sup, msg);
}

void
hb_nodes_next(HbSupervisor *sup)
{
	while (!is_busy(sup) && !g_queue_is_empty(&sup->node_changes)) {
		g_autofree HbChannelMsg *msg = g_queue_pop_head(&sup->node_changes);

		take(sup, msg);
	}
}

void
hb_nodes_answered(HbSupervisor *sup, gboolean taken)
{
	sup->nodes_change = FALSE;
	if (taken)
		hb_node_files_write(sup);
}
