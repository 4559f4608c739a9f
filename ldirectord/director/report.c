/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/director/director_parts.h"
#include "ldirectord/director/report.h"
#include "util/banned.h"
#include "util/time.h"

const char *
ldir_report_state(LdirRealState state)
{
	static const char *const words[] = {
		[LDIR_REAL_UNPROVEN] = "unproven", [LDIR_REAL_ADOPTED] = "adopted", [LDIR_REAL_UP] = "up", [LDIR_REAL_DOWN] = "down",
	};

	return words[state];
}

/* @text within quotes; what is no printable ASCII is a question mark. */
static void
quote(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (const char *p = text; *p != '\0'; p++)
		if (*p == '"' || *p == '\\')
			g_string_append_printf(out, "\\%c", *p);
		else
			g_string_append_c(out, *p >= 0x20 && *p < 0x7f ? *p : '?');
	g_string_append_c(out, '"');
}

/* What the kernel has of server @i, or NULL */
static const LdirIpvsDest *
there_of(const LdirReportInput *input, const LdirServed *served, guint i)
{
	const LdirIpvsService *service = input->there != NULL ? ldir_ipvs_table_find(input->there, &served->want.key) : NULL;
	LdirIpvsDest want = ldir_served_real(served, i, 0);

	return service != NULL ? ldir_ipvs_service_find(service, &want.addr, want.port) : NULL;
}

static void
json_real(GString *out, const LdirReportInput *input, const LdirServed *served, guint i)
{
	const LdirReal *real = served->vs->reals->pdata[i];
	const LdirIpvsDest *there = there_of(input, served, i);
	LdirIpvsDest want = ldir_served_real(served, i, 0);
	g_autofree char *place = ldir_ipvs_dest_text(&want);
	const LdirSeen *seen = &served->seen[i];
	gint64 days, ordered;

	g_string_append(out, "{\"server\":");
	quote(out, place);
	g_string_append_printf(out, ",\"state\":\"%s\",\"weight\":%" G_GINT64_FORMAT ",\"configured_weight\":%u,\"forward\":\"%s\"",
	                       ldir_report_state(ldir_run_real_state(served->run, i)), there != NULL ? (gint64)there->weight : -1, real->weight,
	                       ldir_forward_name(real->forward));
	if (ldir_run_is_disabled(served->run, i))
		g_string_append(out, ",\"disabled\":true");
	if (ldir_run_ordered_weight(served->run, i, &ordered))
		g_string_append_printf(out, ",\"ordered_weight\":%" G_GINT64_FORMAT, ordered);
	if (ldir_run_is_flapping(served->run, i))
		g_string_append(out, ",\"flapping\":true");
	if (ldir_run_is_drained(served->run, i))
		g_string_append(out, ",\"drained\":true");
	if (ldir_run_certificate_days(served->run, i, &days))
		g_string_append_printf(out, ",\"certificate_days\":%" G_GINT64_FORMAT, days);
	if (there != NULL)
		g_string_append_printf(out, ",\"active\":%u,\"inactive\":%u", there->active, there->inactive);
	g_string_append_printf(out, ",\"checks\":%" G_GUINT64_FORMAT ",\"failed\":%" G_GUINT64_FORMAT, seen->n_checks, seen->n_bad);
	if (seen->since_ms > 0)
		g_string_append_printf(out, ",\"since_s\":%" G_GINT64_FORMAT, (input->now_ms - seen->since_ms) / HB_MS_PER_S);
	if (seen->why != NULL) {
		g_string_append(out, ",\"last\":");
		quote(out, seen->why);
	}
	g_string_append_c(out, '}');
}

static void
json_quorum(GString *out, const LdirServed *served)
{
	const LdirQuorum *quorum = ldir_run_quorum(served->run);

	if (quorum->state != LDIR_QUORUM_OFF)
		g_string_append_printf(out, ",\"quorum\":{\"state\":\"%s\",\"weight\":%" G_GINT64_FORMAT ",\"live\":%" G_GINT64_FORMAT "}",
		                       ldir_quorum_name(quorum->state), quorum->weight, ldir_run_live_weight(served->run));
}

static void
json_service(GString *out, const LdirReportInput *input, const LdirServed *served)
{
	static const LdirIpvsDest none;

	g_string_append(out, "{\"service\":");
	quote(out, served->id);
	g_string_append_printf(out, ",\"scheduler\":\"%s\",\"fallback\":%s", served->want.scheduler,
	                       ldir_run_has_fallback(served->run) ? "true" : "false");
	if (served->vs->fallbacks->len > 1) {
		g_autofree char *place = ldir_run_fallback_place(served->run, ldir_run_fallback_number(served->run));

		g_string_append(out, ",\"fallback_server\":");
		quote(out, place);
	}
	if (ldir_director_is_refused(input->director, &served->want.key, &none))
		g_string_append(out, ",\"refused\":true");
	json_quorum(out, served);
	g_string_append(out, ",\"servers\":[");
	for (guint i = 0; i < served->vs->reals->len; i++) {
		g_string_append(out, i > 0 ? ",\n  " : "\n  ");
		json_real(out, input, served, i);
	}
	g_string_append(out, "]}");
}

char *
ldir_report_json(const LdirReportInput *input)
{
	const GPtrArray *services = input->director->services;
	GString *out = g_string_new("{\"config\":");

	quote(out, input->config);
	g_string_append_printf(out, ",\"pid\":%u,\"status\":\"%s\"", input->pid, input->status);
	if (input->sync != NULL)
		g_string_append_printf(out, ",\"syncdaemon\":\"%s\"", input->sync);
	g_string_append(out, ",\"services\":[");
	for (guint i = 0; i < services->len; i++) {
		g_string_append(out, i > 0 ? ",\n " : "\n ");
		json_service(out, input, services->pdata[i]);
	}
	g_string_append(out, "]}\n");
	return g_string_free(out, FALSE);
}

/* ---- Prometheus */

typedef gint64 Figure(const LdirReportInput *input, const LdirServed *served, guint i);

static gint64 figure_up(const LdirReportInput *input, const LdirServed *served, guint i)
{
	LdirRealState state = ldir_run_real_state(served->run, i);

	(void)input;
	return state == LDIR_REAL_UP || state == LDIR_REAL_ADOPTED;
}

static gint64 figure_weight(const LdirReportInput *input, const LdirServed *served, guint i)
{
	const LdirIpvsDest *there = there_of(input, served, i);

	return there != NULL ? (gint64)there->weight : 0;
}

static gint64 figure_active(const LdirReportInput *input, const LdirServed *served, guint i)
{
	const LdirIpvsDest *there = there_of(input, served, i);

	return there != NULL ? (gint64)there->active : 0;
}

static gint64 figure_checks(const LdirReportInput *input, const LdirServed *served, guint i)
{
	(void)input;
	return (gint64)served->seen[i].n_checks;
}

static gint64 figure_bad(const LdirReportInput *input, const LdirServed *served, guint i)
{
	(void)input;
	return (gint64)served->seen[i].n_bad;
}

static gint64 figure_flapping(const LdirReportInput *input, const LdirServed *served, guint i)
{
	(void)input;
	return ldir_run_is_flapping(served->run, i);
}

static const struct {
	const char *name, *type, *help;
	Figure *figure;
} figures[] = {
	{ "up", "gauge", "The server is in service.", figure_up },
	{ "flapping", "gauge", "The server went down too often for flapmax=, and has not been good for long enough since.", figure_flapping },
	{ "weight", "gauge", "Weight of the server in the table of IPVS, 0 where it is not there.", figure_weight },
	{ "active_connections", "gauge", "Active connections of the server.", figure_active },
	{ "checks_total", "counter", "Checks of the server that have ended.", figure_checks },
	{ "failed_checks_total", "counter", "Those of them that were bad.", figure_bad },
};

static void
metric_head(GString *out, const char *name, const char *type, const char *help)
{
	g_string_append_printf(out, "# HELP ldirectord_%s %s\n# TYPE ldirectord_%s %s\n", name, help, name, type);
}

static void
metric_of_servers(GString *out, const LdirReportInput *input, guint f)
{
	const GPtrArray *services = input->director->services;

	metric_head(out, figures[f].name, figures[f].type, figures[f].help);
	for (guint i = 0; i < services->len; i++) {
		const LdirServed *served = services->pdata[i];

		for (guint j = 0; j < served->vs->reals->len; j++) {
			LdirIpvsDest want = ldir_served_real(served, j, 0);
			g_autofree char *place = ldir_ipvs_dest_text(&want);

			g_string_append_printf(out, "ldirectord_%s{service=\"%s\",server=\"%s\"} ", figures[f].name, served->id, place);
			g_string_append_printf(out, "%" G_GINT64_FORMAT "\n", figures[f].figure(input, served, j));
		}
	}
}

static void
metric_of_certificates(GString *out, const LdirReportInput *input)
{
	const GPtrArray *services = input->director->services;

	metric_head(out, "certificate_days", "gauge", "Days until the certificate of the server ends; only where one was seen.");
	for (guint i = 0; i < services->len; i++) {
		const LdirServed *served = services->pdata[i];
		gint64 days;

		for (guint j = 0; j < served->vs->reals->len; j++) {
			LdirIpvsDest want = ldir_served_real(served, j, 0);
			g_autofree char *place = ldir_ipvs_dest_text(&want);

			if (ldir_run_certificate_days(served->run, j, &days))
				g_string_append_printf(out, "ldirectord_certificate_days{service=\"%s\",server=\"%s\"} %" G_GINT64_FORMAT "\n",
				                       served->id, place, days);
		}
	}
}

static void
metric_of_services(GString *out, const LdirReportInput *input)
{
	const GPtrArray *services = input->director->services;

	metric_head(out, "live_weight", "gauge", "Weight of the servers of a service that are up.");
	for (guint i = 0; i < services->len; i++) {
		const LdirServed *served = services->pdata[i];

		g_string_append_printf(out, "ldirectord_live_weight{service=\"%s\"} %" G_GINT64_FORMAT "\n", served->id,
		                       ldir_run_live_weight(served->run));
	}
	metric_head(out, "quorum", "gauge", "The live weight is enough; only of services with quorum=.");
	for (guint i = 0; i < services->len; i++) {
		const LdirServed *served = services->pdata[i];
		LdirQuorumState state = ldir_run_quorum(served->run)->state;

		if (state != LDIR_QUORUM_OFF)
			g_string_append_printf(out, "ldirectord_quorum{service=\"%s\"} %d\n", served->id, state == LDIR_QUORUM_THERE);
	}
}

char *
ldir_report_metrics(const LdirReportInput *input)
{
	GString *out = g_string_new(NULL);

	for (guint f = 0; f < G_N_ELEMENTS(figures); f++)
		metric_of_servers(out, input, f);
	metric_of_certificates(out, input);
	metric_of_services(out, input);
	return g_string_free(out, FALSE);
}
