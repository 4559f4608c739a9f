/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cross.c - what can be judged only when all of ha.cf is read: defaults, times against each other,
 * who we are, is there a medium, where do messages go.
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/value.h"
#include "util/banned.h"
#include "util/time.h"

#define INITDEAD_ADVISED_MS (5 * HB_MS_PER_S)
#define INITDEAD_SMALL_MS   (12 * HB_MS_PER_S)

/* Makes reports speak of directive @id where it stands; of the file as a whole when nobody wrote it. */
static const char *
speak_of(HbDraft *draft, HbDirectiveId id)
{
	const HbSeen *seen = &draft->seen[id];

	draft->at.directive = hb_directives[id].name;
	draft->at.line = 0;
	if (seen->file != NULL && !seen->defaulted) {
		draft->at.file = seen->file;
		draft->at.line = seen->line;
	}
	return seen->text;
}

static void
speak_of_file(HbDraft *draft, const char *file)
{
	draft->at.file = file;
	draft->at.line = 0;
	draft->at.directive = NULL;
}

static gboolean
was_written(const HbDraft *draft, HbDirectiveId id)
{
	return (draft->seen[id].times > 0 && !draft->seen[id].defaulted) || draft->seen[id].refused;
}

static void
fill_fixed_defaults(HbDraft *draft)
{
	g_autoptr(GPtrArray) nobody_asked = hb_problems_new();
	GPtrArray *problems = draft->at.problems;

	draft->at.problems = nobody_asked;
	for (int id = 0; id < HB_HACF_N; id++) {
		HbSeen *seen = &draft->seen[id];

		if (seen->times > 0 || !hb_directive_has_fixed_default(&hb_directives[id]))
			continue;
		seen->defaulted = TRUE;
		hb_hacf_apply(draft, (HbDirectiveId)id, hb_directives[id].fallback);
	}
	g_assert(!hb_problems_have_error(nobody_asked));
	draft->at.problems = problems;
}

static void
compute_time(HbDraft *draft, HbDirectiveId id, guint32 *target, guint32 ms)
{
	HbSeen *seen = &draft->seen[id];

	if (seen->times > 0)
		return;
	*target = ms;
	seen->defaulted = TRUE;
	seen->times = 1;
	seen->text = g_strdup_printf("%ums", ms);
}

static guint32
usual_initdead_ms(guint32 deadtime_ms)
{
	if (deadtime_ms > 10 * HB_MS_PER_S)
		return deadtime_ms;
	return deadtime_ms >= 6 * HB_MS_PER_S ? 2 * deadtime_ms : INITDEAD_SMALL_MS;
}

static void
fill_computed_defaults(HbDraft *draft)
{
	HbConfig *config = draft->config;

	compute_time(draft, HB_HACF_WARNTIME, &config->warntime_ms, MAX(config->deadtime_ms / 2, 1));
	compute_time(draft, HB_HACF_INITDEAD, &config->initdead_ms, usual_initdead_ms(config->deadtime_ms));
	compute_time(draft, HB_HACF_DEADPING, &config->deadping_ms, config->deadtime_ms);
}

/* A pacemaker line and a crm line are the same directive. */
static void
check_pacemaker(HbDraft *draft)
{
	HbSeen *crm = &draft->seen[HB_HACF_CRM];
	HbSeen *pacemaker = &draft->seen[HB_HACF_PACEMAKER];

	if (crm->times == 0)
		return;
	if (pacemaker->times > 0) {
		const char *value = speak_of(draft, HB_HACF_CRM);

		hb_draft_error(draft, value, "is the same as pacemaker in line %u; delete one", pacemaker->line);
		return;
	}
	pacemaker->times = 1;
	pacemaker->file = crm->file;
	pacemaker->line = crm->line;
	pacemaker->text = g_strdup(crm->text);
}

static void
check_against_keepalive(HbDraft *draft, HbDirectiveId id, guint32 ms)
{
	guint32 keepalive_ms = draft->config->keepalive_ms;
	g_autofree char *better = hb_value_time_text(3 * (gint64)keepalive_ms);

	if (draft->seen[id].refused || draft->seen[HB_HACF_KEEPALIVE].refused || ms > 2 * keepalive_ms)
		return;
	hb_draft_error(draft, speak_of(draft, id), "must be more than 2 x keepalive (%ums); write %s %s",
	               keepalive_ms, hb_directives[id].name, better);
}

static void
check_warntime(HbDraft *draft)
{
	const HbConfig *config = draft->config;
	const char *value = speak_of(draft, HB_HACF_WARNTIME);

	if (!was_written(draft, HB_HACF_WARNTIME) || draft->seen[HB_HACF_WARNTIME].refused)
		return;
	if (config->warntime_ms >= config->deadtime_ms)
		hb_draft_warn(draft, value, "is not less than deadtime (%ums): nobody is warned before a node is "
		              "declared dead", config->deadtime_ms);
	else if (config->warntime_ms < config->keepalive_ms)
		hb_draft_warn(draft, value, "is less than keepalive (%ums): every packet will be called late",
		              config->keepalive_ms);
}

static void
check_initdead(HbDraft *draft)
{
	const HbConfig *config = draft->config;
	g_autofree char *better = hb_value_time_text(2 * (gint64)config->deadtime_ms);
	const char *value = speak_of(draft, HB_HACF_INITDEAD);

	if (draft->seen[HB_HACF_INITDEAD].refused || draft->seen[HB_HACF_DEADTIME].refused)
		return;
	if (config->initdead_ms < config->deadtime_ms)
		hb_draft_error(draft, value, "must not be less than deadtime (%ums); write initdead %s",
		               config->deadtime_ms, better);
	else if (config->initdead_ms < INITDEAD_ADVISED_MS)
		hb_draft_warn(draft, value, "is short: network cards and switches may need longer after a boot, "
		              "and a node that hears nobody takes everything");
}

static void
check_times(HbDraft *draft)
{
	const HbConfig *config = draft->config;

	check_against_keepalive(draft, HB_HACF_DEADTIME, config->deadtime_ms);
	check_warntime(draft);
	check_initdead(draft);
	if (was_written(draft, HB_HACF_DEADPING))
		check_against_keepalive(draft, HB_HACF_DEADPING, config->deadping_ms);
	if (!draft->seen[HB_HACF_DEADTIME].refused && config->deadtime_ms > 2 * config->keepalive_ms &&
	    config->deadtime_ms < 4 * config->keepalive_ms)
		hb_draft_warn(draft, speak_of(draft, HB_HACF_DEADTIME), "is less than 4 x keepalive (%ums): a few "
		              "lost packets are taken for a death", config->keepalive_ms);
}

gboolean
hb_hacf_is_short_form(const char *a, const char *b)
{
	gsize len = strcspn(a, ".");

	return len > 0 && len == strcspn(b, ".") && strncmp(a, b, len) == 0 &&
	       (a[len] == '\0' || b[len] == '\0');
}

static void
check_autojoin(HbDraft *draft)
{
	const char *value;

	if (draft->config->autojoin == HB_AUTOJOIN_NONE)
		return;
	value = speak_of(draft, HB_HACF_AUTOJOIN);
	hb_draft_warn(draft, value, "heartbeat 3.0.6 refuses it beside haresources")->blocks_306 = TRUE;
}

static void
find_self(HbDraft *draft, const char *file)
{
	g_autofree char *name = g_ascii_strdown(draft->input->node_name, -1);
	int found = -1;
	guint matches = 0;

	speak_of_file(draft, file);
	if (draft->config->autojoin == HB_AUTOJOIN_ANY)
		hb_nodes_add_self(draft, name);
	if (draft->nodes->len == 0) {
		hb_draft_error(draft, NULL, "no node is given; write node with the names of all nodes, as uname "
		               "-n says them");
		return;
	}
	for (guint i = 0; i < draft->nodes->len; i++) {
		const char *other = g_array_index(draft->nodes, HbNodeConf, i).name;

		if (strcmp(other, name) == 0) {
			draft->config->self = i;
			return;
		}
		if (hb_hacf_is_short_form(other, name)) {
			found = (int)i;
			matches++;
		}
	}
	(void)speak_of(draft, HB_HACF_NODE);
	if (matches == 1) {
		draft->config->self = (guint)found;
		hb_draft_warn(draft, g_array_index(draft->nodes, HbNodeConf, found).name,
		              "is taken for this machine, which calls itself %s; heartbeat 3.0.6 wants both the "
		              "same", name)->blocks_306 = TRUE;
	} else if (matches > 1) {
		hb_draft_error(draft, NULL, "several of the names could be this machine, which calls itself %s; "
		               "write that name", name);
	} else {
		hb_draft_error(draft, NULL, "this machine calls itself %s, and no node is called that; write "
		               "node %s, or give the machine the right name", name, name);
	}
}

/* Both processes must come to the same port, so the services database is not asked for it, as 3.0.6 does. */
static void
check_port(HbDraft *draft, const char *file)
{
	guint16 port = draft->input->with_system ? hb_system_cluster_port() : HB_CLUSTER_PORT;

	speak_of_file(draft, file);
	if (!was_written(draft, HB_HACF_UDPPORT) && port != HB_CLUSTER_PORT)
		hb_draft_warn(draft, NULL, "/etc/services says that ha-cluster is port %u, which heartbeat 3.0.6 "
		              "would use; port %u is used here: write udpport with the one you want", port,
		              HB_CLUSTER_PORT);
}

/* Is there any way for heartbeats? */
static void
check_media(HbDraft *draft, const char *file)
{
	const char *fault = NULL;

	if (draft->media->len == 0)
		fault = "no heartbeat medium is given; write for example bcast eth0";
	else if (draft->n_heartbeat_media == 0)
		fault = "a ping line carries no heartbeats, and there is no other medium: each node would take "
		        "the other for dead; write for example bcast eth0";
	else if (draft->input->with_system && !draft->input->strict_media && draft->n_usable_media == 0)
		fault = "no medium can be used now: none of the interfaces is on this machine";
	speak_of_file(draft, file);
	if (fault != NULL && !draft->medium_refused)
		hb_draft_error(draft, NULL, "%s", fault);
}

static void
check_ping_nodes(HbDraft *draft, const char *file)
{
	speak_of_file(draft, file);
	for (guint i = 0; i < draft->ping_nodes->len; i++) {
		const char *name = draft->ping_nodes->pdata[i];

		for (guint n = 0; n < draft->nodes->len; n++)
			if (g_ascii_strcasecmp(g_array_index(draft->nodes, HbNodeConf, n).name, name) == 0)
				hb_draft_warn(draft, name, "is a node and a ping node at once; ping a router "
				              "instead");
	}
}

static void
check_failback(HbDraft *draft, const char *file)
{
	const char *value;

	if (was_written(draft, HB_HACF_NICE_FAILBACK))
		return;
	if (!was_written(draft, HB_HACF_AUTO_FAILBACK)) {
		speak_of_file(draft, file);
		hb_draft_warn(draft, NULL, "auto_failback is not given, and legacy is used: there are no "
		              "hand-over commands; write auto_failback on or auto_failback off");
		return;
	}
	value = speak_of(draft, HB_HACF_AUTO_FAILBACK);
	if (draft->config->failback == HB_FAILBACK_LEGACY && !draft->seen[HB_HACF_AUTO_FAILBACK].refused)
		hb_draft_warn(draft, value, "is obsolete: there are no hand-over commands; write auto_failback on "
		              "or auto_failback off");
}

static void
check_coreroot(HbDraft *draft)
{
	const char *path = draft->config->coreroot;

	if (path != NULL && path[0] != '/')
		hb_draft_error(draft, speak_of(draft, HB_HACF_COREROOT), "must be given with its full path, as in "
		               "/var/lib/heartbeat/cores");
}

/* As with a medium, a machine whose device is missing must still come up: 3.0.6 did. */
static void
check_watchdog(HbDraft *draft)
{
	const char *path = draft->config->watchdog;
	const char *fault = path != NULL && draft->input->with_system ? hb_system_device_fault(path) : NULL;

	if (fault == NULL)
		return;
	(void)speak_of(draft, HB_HACF_WATCHDOG);
	if (draft->input->strict_media)
		hb_draft_error(draft, path, "%s; load a driver for it, as in modprobe softdog, or delete the line", fault);
	else
		hb_draft_warn(draft, path, "%s: this node runs WITHOUT a watchdog; load a driver for it, as in modprobe softdog",
		              fault);
}

/* What is said where nobody can write is lost without a word. */
static void
check_log_file(HbDraft *draft, HbDirectiveId id, const char *path)
{
	const char *fault = path != NULL && draft->input->with_system ? hb_system_log_fault(path) : NULL;

	if (fault == NULL)
		return;
	(void)speak_of(draft, id);
	hb_draft_warn(draft, path, "%s; write for example logfile /var/log/ha-log", fault);
}

/* doc/config.md 2.6, the rule at its end. */
static void
check_log(HbDraft *draft, const char *file)
{
	HbConfig *config = draft->config;
	HbSeen *use_logd = &draft->seen[HB_HACF_USE_LOGD];
	gboolean has_target = config->logfile != NULL || config->debugfile != NULL ||
	                      config->logfacility != NULL || draft->seen[HB_HACF_LOGFACILITY].refused;

	check_log_file(draft, HB_HACF_LOGFILE, config->logfile);
	check_log_file(draft, HB_HACF_DEBUGFILE, config->debugfile);
	if (has_target && use_logd->times > 0 && config->use_logd)
		hb_draft_warn(draft, speak_of(draft, HB_HACF_USE_LOGD), "is given beside a log file or facility; "
		              "these are used only while the log daemon does not answer");
	if (has_target || use_logd->refused)
		return;
	if (use_logd->times > 0 && !config->use_logd) {
		hb_draft_error(draft, speak_of(draft, HB_HACF_USE_LOGD), "leaves no place for messages; write "
		               "logfacility local0, or logfile /var/log/ha-log");
		return;
	}
	if (use_logd->times > 0)
		return;
	speak_of_file(draft, file);
	hb_draft_warn(draft, NULL, "nothing says where messages go, and use_logd yes is assumed; write "
	              "logfacility local0, or logfile /var/log/ha-log");
	use_logd->times = 1;
	use_logd->defaulted = TRUE;
	use_logd->text = g_strdup("yes");
	config->use_logd = TRUE;
}

void
hb_hacf_finish(HbDraft *draft)
{
	const char *file = draft->at.file;

	check_pacemaker(draft);
	fill_fixed_defaults(draft);
	fill_computed_defaults(draft);
	check_autojoin(draft);
	find_self(draft, file);
	hb_hacf_fence_finish(draft);
	check_media(draft, file);
	check_ping_nodes(draft, file);
	check_watchdog(draft);
	check_coreroot(draft);
	check_port(draft, file);
	check_times(draft);
	check_failback(draft, file);
	check_log(draft, file);
	speak_of_file(draft, file);
}
