/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload.c - SIGHUP: haresources and authkeys anew, log files opened anew.
 *
 * A changed ha.cf is put in force by a new root process, which goes on where this one ends (again.c); the list of nodes,
 * who this node is, and a watchdog that is open stay as they are until a restart. What has been changed is named.
 * The files are judged by another process first: judging may take its time (names are looked up),
 * and this one has hb-node to answer.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "conf/print.h"
#include "exec/boot.h"
#include "exec/bytes_fd.h"
#include "exec/check.h"
#include "exec/dirs.h"
#include "exec/nodes.h"
#include "exec/notify.h"
#include "exec/store.h"
#include "exec/supervisor.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define CHECK_LIMIT_MS (120 * HB_MS_PER_S)

static void
reopen(int *fd, const char *path, gid_t gid)
{
	g_autoptr(GError) error = NULL;
	int fresh = hb_dirs_log(path, gid, &error);

	if (error != NULL) {
		hb_log(HB_LOG_ERR, "%s", error->message);
		return;
	}
	if (*fd >= 0)
		hb_fd_close(*fd);
	*fd = fresh;
}

void
hb_reload_debug(HbSupervisor *sup)
{
	const HbExec *ex = sup->ex;
	const HbChannelMsg msg = { .type = HB_CH_DEBUG, .u.debug.level = ex->debug };

	hb_boot_log_setup(ex);
	if (sup->link != NULL && sup->greeted)
		hb_node_link_send(sup->link, &msg, NULL, 0);
}

static void
reopen_logs(HbSupervisor *sup)
{
	HbExec *ex = sup->ex;

	reopen(&ex->logfile_fd, ex->config->logfile, ex->node_gid);
	reopen(&ex->debugfile_fd, ex->config->debugfile, ex->node_gid);
	hb_log_link_renew(ex);
}

void
hb_reload_begin(HbSupervisor *sup)
{
	g_autofree char *check = g_strconcat("--check-start=", sup->ex->options.dir, NULL);
	const char *const argv[] = { sup->ex->program, check, sup->ex->options.no_resources ? "-M" : NULL, NULL };

	reopen_logs(sup);
	/* 3.0.6 has this from the process that sends the signal: there are tools that look for it. */
	hb_log(HB_LOG_INFO, "Signalling heartbeat pid %d to reread config files", (int)getpid());
	if (sup->shutdown) {
		hb_log(HB_LOG_WARN, "reload: not now: stopping");
		return;
	}
	/* The one before may have read the files before they were changed. */
	if (sup->checking || sup->new_config != NULL || sup->phase != HB_PHASE_RUNNING) {
		sup->reload_again = TRUE;
		return;
	}
	hb_notify_systemd("RELOADING=1");
	sup->checking = TRUE;
	hb_runner_program(sup->runner, HB_OP_CHECK, "reload", (char *const *)argv, CHECK_LIMIT_MS, sup->env);
}

void
hb_reload_next(HbSupervisor *sup)
{
	gboolean again = sup->reload_again;

	sup->reload_again = FALSE;
	if (again)
		hb_reload_begin(sup);
}

static void
over(HbSupervisor *sup)
{
	sup->checking = FALSE;
	g_clear_pointer(&sup->new_bundle, hb_bundle_free);
	g_clear_pointer(&sup->new_config, hb_config_free);
	hb_notify_systemd("READY=1");
	hb_nodes_next(sup);
	hb_reload_next(sup);
}

/* What was read together is not taken in parts. */
static void
not_taken(HbSupervisor *sup)
{
	g_clear_pointer(&sup->again, g_bytes_unref);
	over(sup);
}

static const char *
recorded(const HbConfig *config, const char *name)
{
	for (guint i = 0; i < config->n_recorded; i++)
		if (strcmp(config->recorded[i].name, name) == 0)
			return config->recorded[i].value;
	return NULL;
}

static gboolean
same_media(const HbConfig *a, const HbConfig *b)
{
	if (a->n_media != b->n_media)
		return FALSE;
	for (guint i = 0; i < a->n_media; i++)
		if (strcmp(a->media[i].kind, b->media[i].kind) != 0 || strcmp(a->media[i].words, b->media[i].words) != 0)
			return FALSE;
	return TRUE;
}

static gboolean
same_nodes(const HbConfig *a, const HbConfig *b)
{
	if (a->n_nodes != b->n_nodes)
		return FALSE;
	for (guint i = 0; i < a->n_nodes; i++)
		if (a->nodes[i].id != b->nodes[i].id)
			return FALSE;
	return TRUE;
}

/* The lines of @text that begin with @name (transfer full) */
static char *
lines_of(const char *text, const char *name)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *start = g_strconcat(name, " ", NULL);
	GString *found = g_string_new(NULL);

	for (guint i = 0; lines[i] != NULL; i++)
		if (g_str_has_prefix(lines[i], start))
			g_string_append_printf(found, "%s\n", lines[i]);
	return g_string_free(found, FALSE);
}

/* What is not one value, but as many lines as there are. */
static void
compare_lines(const HbConfig *old, const HbConfig *edited, GString *names)
{
	static const char *const kinds[] = { "stonith", "stonith_host", "respawn", "failfast", "apiauth", "env" };
	g_autofree char *old_text = hb_print_hacf(old);
	g_autofree char *text = hb_print_hacf(edited);

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *before = lines_of(old_text, kinds[i]);
		g_autofree char *now = lines_of(text, kinds[i]);

		if (strcmp(before, now) != 0)
			g_string_append_printf(names, " %s", kinds[i]);
	}
}

/* The directives of ha.cf that have been changed, a blank before each (transfer full). */
static char *
changed(const HbConfig *old, const HbConfig *edited)
{
	g_autoptr(GString) names = g_string_new(NULL);

	if (!same_media(old, edited))
		g_string_append(names, " (media)");
	for (guint i = 0; i < edited->n_recorded; i++) {
		const HbRecordedConf *now = &edited->recorded[i];

		if (g_strcmp0(recorded(old, now->name), now->value) != 0)
			g_string_append_printf(names, " %s", now->name);
	}
	for (guint i = 0; i < old->n_recorded; i++)
		if (recorded(edited, old->recorded[i].name) == NULL)
			g_string_append_printf(names, " %s", old->recorded[i].name);
	compare_lines(old, edited, names);
	return g_string_free(g_steal_pointer(&names), FALSE);
}

/* A watchdog that nobody feeds any more, and nobody has stopped, reboots the machine. */
static gboolean
keeps_watchdog(const HbExec *ex, const HbConfig *edited)
{
	return ex->watchdog_fd < 0 || g_strcmp0(ex->config->watchdog, edited->watchdog) == 0;
}

gboolean
hb_reload_is_touched(HbSupervisor *sup)
{
	g_autofree char *path = g_build_filename(sup->ex->options.dir, "ha.cf", NULL);
	gint64 before_s = sup->hacf_s;
	struct stat st;

	if (stat(path, &st) == 0)
		sup->hacf_s = (gint64)st.st_mtime;
	return sup->hacf_s != before_s;
}

/* What the next root process is to put in force, into sup->again. */
static void
keep_for_the_next(HbSupervisor *sup, const HbBundle *edited_bundle, const HbConfig *edited)
{
	const HbConfig *old = sup->ex->config;
	g_autofree char *names = changed(old, edited);
	gboolean is_touched = hb_reload_is_touched(sup);
	gboolean keeps_who = same_nodes(old, edited) && old->uuid_from_name == edited->uuid_from_name;

	g_clear_pointer(&sup->again, g_bytes_unref);
	if (!keeps_who || !keeps_watchdog(sup->ex, edited) || (*names != '\0' && !hb_again_is_possible(sup))) {
		hb_log(HB_LOG_WARN, "reload: changed in ha.cf, in force after a restart only:%s%s", names,
		       keeps_who ? "" : " node");
		return;
	}
	if (*names == '\0') {
		if (is_touched)         /* 3.0.6 would, and there are tools that wait for it */
			hb_log(HB_LOG_INFO, "reload: ha.cf says what it said before: it needs no restart exec");
		return;
	}
	hb_log(HB_LOG_INFO, "reload: changed in ha.cf:%s", names);
	sup->again = hb_bundle_pack(edited_bundle);
}

/* Puts the ha.cf files of @from in the place of those of @to. */
static void
replace_hacf(HbBundle *to, const HbBundle *from)
{
	guint at = 0;

	for (guint i = to->files->len; i-- > 0;)
		if (((HbFile *)g_ptr_array_index(to->files, i))->kind == HB_FILE_HACF)
			g_ptr_array_remove_index(to->files, i);
	for (guint i = 0; i < from->files->len; i++) {
		const HbFile *file = g_ptr_array_index(from->files, i);
		HbFile *copy;

		if (file->kind != HB_FILE_HACF)
			continue;
		copy = g_new0(HbFile, 1);
		copy->kind = file->kind;
		copy->path = g_strdup(file->path);
		copy->bytes = g_bytes_ref(file->bytes);
		g_ptr_array_insert(to->files, (gint)at++, copy);
	}
}

static void
log_problems(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		const HbProblem *problem = g_ptr_array_index(problems, i);
		g_autofree char *text = hb_problem_text(problem);

		hb_log(problem->kind == HB_PROBLEM_ERROR ? HB_LOG_ERR : HB_LOG_WARN, "reload: %s", text);
	}
}

/* The old ha.cf with the new other files, into sup->new_...; FALSE: logged. */
static gboolean
compose(HbSupervisor *sup)
{
	HbExec *ex = sup->ex;
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) edited_bundle = hb_check_read(&ex->options, problems);
	g_autoptr(HbConfig) edited = NULL;

	hb_nodes_carry_over(edited_bundle, ex->bundle);
	edited = hb_check_parse(edited_bundle, ex->node_name, problems);
	if (edited == NULL) {
		log_problems(problems);
		return FALSE;
	}
	keep_for_the_next(sup, edited_bundle, edited);
	sup->new_bundle = g_steal_pointer(&edited_bundle);
	replace_hacf(sup->new_bundle, ex->bundle);
	g_ptr_array_set_size(problems, 0);
	sup->new_config = hb_check_parse(sup->new_bundle, ex->node_name, problems);
	if (sup->new_config == NULL)
		log_problems(problems);
	return sup->new_config != NULL;
}

void
hb_reload_checked(HbSupervisor *sup, HbChildResult result)
{
	const HbChannelMsg msg = { .type = HB_CH_RELOAD };
	g_autoptr(GBytes) packed = NULL;
	g_auto(HbFd) fd = -1;

	sup->checking = FALSE;
	if (result != HB_CHILD_OK) {
		hb_log(HB_LOG_ERR, "reload: the configuration is not valid: nothing is changed");
		over(sup);
		return;
	}
	if (sup->phase != HB_PHASE_RUNNING || !compose(sup)) {
		hb_log(HB_LOG_ERR, "reload: nothing is changed");
		not_taken(sup);
		return;
	}
	packed = hb_bundle_pack(sup->new_bundle);
	fd = hb_bytes_fd_new("heartbeat-config", packed);
	if (fd < 0 || !hb_node_link_send(sup->link, &msg, &fd, 1)) {
		hb_log(HB_LOG_ERR, "reload: hb-node cannot be told: nothing is changed");
		not_taken(sup);
	}
}

void
hb_reload_answered(HbSupervisor *sup, gboolean taken, const char *why_not)
{
	g_autoptr(GBytes) packed = NULL;
	g_autoptr(GError) error = NULL;
	gboolean of_nodes = sup->nodes_change;
	gsize len;
	const void *data;

	if (!taken) {
		hb_log(HB_LOG_ERR, "%s: nothing is changed: %s", of_nodes ? "list of nodes" : "reload", why_not);
		hb_nodes_answered(sup, FALSE);
		(of_nodes ? over : not_taken)(sup);
		return;
	}
	packed = hb_bundle_pack(sup->new_bundle);
	data = g_bytes_get_data(packed, &len);
	hb_supervisor_set_config(sup, g_steal_pointer(&sup->new_bundle), g_steal_pointer(&sup->new_config));
	if (!hb_store_write(HB_RUN_DIR, HB_BUNDLE_NAME, data, len, 0600, &error))
		hb_log(HB_LOG_ERR, "reload: %s", error->message);
	if (of_nodes)
		hb_nodes_answered(sup, TRUE);
	else
		hb_log(HB_LOG_INFO, "reload: haresources and authkeys are in force as they are now");
	over(sup);
	/* What waits for its turn to be put in force was read with the old list of nodes. */
	if (of_nodes && sup->again != NULL)
		hb_reload_begin(sup);
	else
		hb_again_begin(sup);
}

void
hb_reload_node_gone(HbSupervisor *sup)
{
	gboolean of_nodes = sup->nodes_change;

	if (sup->new_config == NULL)
		return;
	hb_log(HB_LOG_ERR, "reload: hb-node ended before it had answered: nothing is changed");
	sup->nodes_change = FALSE;
	(of_nodes ? over : not_taken)(sup);
}
