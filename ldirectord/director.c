/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/director.h"
#include "ldirectord/ipvs_diff.h"
#include "util/banned.h"

#define NEVER_MS      G_MAXINT64
#define ABSENT        (-1)
#define REPAIR_MS     60000     /* between two looks at a table that others may change */

typedef struct {
	const LdirVirtual *vs;
	LdirRun *run;
	LdirIpvsVirtual want;
	char *id;
	gint64 *weights;        /* of each server as wanted, ABSENT: not in the table */
	gboolean is_fallback_in;
	LdirIpvsDest fallback;
	int fallback_real;      /* the server that is the fallback too; -1: none */
} Served;

struct LdirDirector {
	LdirIpvs *ipvs;
	const LdirDirectorCalls *calls;
	gpointer user;
	LdirConfig *config;
	GPtrArray *services;    /* Served *, one for each of config->virtuals */
	LdirIpvsTable *wanted;
	gint64 repair_ms;
	gint64 mail_ms;         /* first deadline of a service */
	gboolean is_mail_known;
};

/* ---- one service */

static void
served_free(gpointer data)
{
	Served *served = data;

	ldir_run_free(served->run);
	g_free(served->id);
	g_free(served->weights);
	g_free(served);
}

static LdirIpvsDest
real_dest(const Served *served, guint i, guint32 weight)
{
	return ldir_ipvs_want_real(served->vs->reals->pdata[i], weight);
}

static void
find_fallback(Served *served)
{
	const LdirFallback *fallback = ldir_run_fallback(served->run);

	served->fallback_real = -1;
	if (fallback == NULL)
		return;
	served->fallback = ldir_ipvs_want_fallback(served->vs, fallback);
	for (guint i = 0; i < served->vs->reals->len; i++) {
		LdirIpvsDest dest = real_dest(served, i, 0);

		if (dest.port == served->fallback.port && ldir_address_equal(&dest.addr, &served->fallback.addr))
			served->fallback_real = (int)i;
	}
}

static Served *
served_new(const LdirConfig *config, const LdirVirtual *vs)
{
	Served *served = g_new0(Served, 1);

	served->vs = vs;
	served->run = ldir_run_new(config, vs);
	served->want = ldir_ipvs_want_virtual(vs);
	served->id = ldir_virtual_id(vs);
	served->weights = g_new(gint64, vs->reals->len);
	for (guint i = 0; i < vs->reals->len; i++)
		served->weights[i] = ABSENT;
	find_fallback(served);
	return served;
}

/* What is wanted at the place of server @i. FALSE: nothing. */
static gboolean
wanted_real(const Served *served, guint i, LdirIpvsDest *ret_dest)
{
	gint64 weight = served->weights[i];

	if (weight <= 0 && served->is_fallback_in && served->fallback_real == (int)i) {
		*ret_dest = served->fallback;
		return TRUE;
	}
	*ret_dest = real_dest(served, i, weight > 0 ? (guint32)weight : 0);
	return weight != ABSENT;
}

static gboolean
wanted_fallback(const Served *served, LdirIpvsDest *ret_dest)
{
	if (served->fallback_real >= 0)
		return wanted_real(served, (guint)served->fallback_real, ret_dest);
	*ret_dest = served->fallback;
	return served->is_fallback_in;
}

/* ---- effects */

static gboolean
readds_quiescent(const LdirDirector *director)
{
	return director->config->global.readdquiescent == 1;
}

/* Brings @wanted to what is wanted at one place; the step is added to @ops, unless that is NULL. */
static void
put(LdirDirector *director, const Served *served, gboolean is_wanted, const LdirIpvsDest *dest, GArray *ops)
{
	LdirIpvsService *service = ldir_ipvs_table_find(director->wanted, &served->want.key);
	gboolean was_wanted;

	if (service == NULL)
		return;
	was_wanted = ldir_ipvs_service_find(service, &dest->addr, dest->port) != NULL;
	if (is_wanted)
		(void)ldir_ipvs_service_set(service, dest);
	else
		ldir_ipvs_service_remove(service, &dest->addr, dest->port);
	if (ops == NULL || (!is_wanted && !was_wanted))
		return;
	ldir_ipvs_op_dest(ops, !is_wanted ? LDIR_IPVS_DEST_DELETE : was_wanted ? LDIR_IPVS_DEST_SET : LDIR_IPVS_DEST_NEW,
	                  &served->want, dest);
	if (is_wanted && was_wanted && dest->weight == 0)
		g_array_index(ops, LdirIpvsOp, ops->len - 1).is_modest = !readds_quiescent(director);
}

static void
effect_on_table(LdirDirector *director, Served *served, const LdirEffect *fx, GArray *ops)
{
	LdirIpvsDest dest;
	gboolean is_wanted;

	switch (fx->kind) {
	case LDIR_FX_SERVICE_SET:
		(void)ldir_ipvs_table_set(director->wanted, &served->want);
		break;
	case LDIR_FX_SERVICE_DELETE:
		ldir_ipvs_table_remove(director->wanted, &served->want.key);
		if (ops != NULL)
			ldir_ipvs_op_service(ops, LDIR_IPVS_SERVICE_DELETE, &served->want);
		break;
	case LDIR_FX_REAL_SET:
	case LDIR_FX_REAL_DELETE:
		served->weights[fx->real] = fx->kind == LDIR_FX_REAL_SET ? (gint64)fx->weight : ABSENT;
		is_wanted = wanted_real(served, fx->real, &dest);
		put(director, served, is_wanted, &dest, ops);
		break;
	case LDIR_FX_FALLBACK_SET:
	case LDIR_FX_FALLBACK_DELETE:
		served->is_fallback_in = fx->kind == LDIR_FX_FALLBACK_SET;
		is_wanted = wanted_fallback(served, &dest);
		put(director, served, is_wanted, &dest, ops);
		break;
	case LDIR_FX_COMMAND_START:
	case LDIR_FX_COMMAND_STOP:
	case LDIR_FX_LOG:
	case LDIR_FX_MAIL:
		break;
	}
}

static void
effect_for_caller(LdirDirector *director, const Served *served, const LdirEffect *fx)
{
	const LdirDirectorCalls *calls = director->calls;

	if (fx->kind == LDIR_FX_LOG)
		calls->log(fx->text, director->user);
	else if (fx->kind == LDIR_FX_MAIL)
		calls->mail(director->config, served->vs, fx->text, director->user);
	else if (fx->kind == LDIR_FX_COMMAND_START || fx->kind == LDIR_FX_COMMAND_STOP)
		calls->command(director->config, served->vs, fx->kind == LDIR_FX_COMMAND_START, director->user);
}

static void
make(LdirDirector *director, GArray *ops)
{
	g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
	gboolean is_whole = ldir_ipvs_make(director->ipvs, ops, complaints);

	for (guint i = 0; i < complaints->len; i++)
		director->calls->log(complaints->pdata[i], director->user);
	if (!is_whole)
		ldir_director_repair(director);
}

/* The table first: it is what is waited for. */
static void
carry_out(LdirDirector *director, Served *served, GPtrArray *effects)
{
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();

	if (effects->len == 0)
		return;
	director->is_mail_known = FALSE;
	for (guint i = 0; i < effects->len; i++)
		effect_on_table(director, served, effects->pdata[i], ops);
	if (ops->len > 0)
		make(director, ops);
	for (guint i = 0; i < effects->len; i++)
		effect_for_caller(director, served, effects->pdata[i]);
}

/* ---- configuration */

LdirDirector *
ldir_director_new(LdirIpvs *ipvs, const LdirDirectorCalls *calls, gpointer user)
{
	LdirDirector *director = g_new0(LdirDirector, 1);

	director->ipvs = ipvs;
	director->calls = calls;
	director->user = user;
	director->services = g_ptr_array_new_with_free_func(served_free);
	director->wanted = ldir_ipvs_table_new();
	director->repair_ms = NEVER_MS;
	return director;
}

void
ldir_director_free(LdirDirector *director)
{
	if (director == NULL)
		return;
	g_ptr_array_unref(director->services);
	ldir_ipvs_table_free(director->wanted);
	ldir_config_free(director->config);
	g_free(director);
}

/* What the kernel has for each server of @served (transfer full) */
static gint64 *
weights_there(const Served *served, const LdirIpvsService *there, gboolean *ret_fallback)
{
	gint64 *weights = g_new(gint64, served->vs->reals->len);

	for (guint i = 0; i < served->vs->reals->len; i++) {
		LdirIpvsDest want = real_dest(served, i, 0);
		const LdirIpvsDest *dest = ldir_ipvs_service_find(there, &want.addr, want.port);

		weights[i] = dest != NULL ? (gint64)dest->weight : ABSENT;
	}
	*ret_fallback = ldir_run_fallback(served->run) != NULL && served->fallback_real < 0 &&
	                ldir_ipvs_service_find(there, &served->fallback.addr, served->fallback.port) != NULL;
	return weights;
}

static void
begin(Served *served, const LdirIpvsTable *there, gint64 now_ms, GPtrArray *effects)
{
	const LdirIpvsService *service = ldir_ipvs_table_find(there, &served->want.key);
	g_autofree gint64 *weights = NULL;
	gboolean has_fallback = FALSE;

	if (service != NULL)
		weights = weights_there(served, service, &has_fallback);
	served->is_fallback_in = has_fallback;
	ldir_run_start(served->run, weights, has_fallback, now_ms, effects);
}

static Served *
find_served(const LdirDirector *director, const char *id, guint guess)
{
	guint n = director->services->len;

	for (guint i = 0; i < n; i++) {
		Served *served = director->services->pdata[(guess + i) % n];

		if (g_str_equal(served->id, id))
			return served;
	}
	return NULL;
}

/* A server that is up and has weight 0 there was drained by hand: that stays until it comes up the next time. */
static void
keep_drained(LdirDirector *director, const Served *served, const LdirIpvsTable *there)
{
	const LdirIpvsService *service = ldir_ipvs_table_find(there, &served->want.key);
	LdirIpvsService *wanted = ldir_ipvs_table_find(director->wanted, &served->want.key);

	for (guint i = 0; service != NULL && i < wanted->dests->len; i++) {
		LdirIpvsDest *want = wanted->dests->pdata[i];
		const LdirIpvsDest *dest = ldir_ipvs_service_find(service, &want->addr, want->port);

		if (dest != NULL && dest->weight == 0)
			want->weight = 0;
	}
}

static void
say_found(LdirDirector *director, const LdirFound *found, const char *format)
{
	g_autofree char *service = ldir_ipvs_key_text(&found->key);
	g_autofree char *server = found->dest.addr.family != 0 ? ldir_ipvs_dest_text(&found->dest) : NULL;
	g_autofree char *text = NULL;

	if (found->kind == LDIR_FOUND_WEIGHT)
		text = g_strdup_printf("real server %s (%s) has weight %u instead of %u: changed by hand, left as it is",
		                       server, service, found->dest.weight, found->wanted_weight);
	else if (server == NULL)
		text = g_strdup_printf("virtual server %s was removed by somebody: added again", service);
	else
		text = g_strdup_printf("%s: %s (%s)", format, server, service);
	director->calls->log(text, director->user);
}

/* Services of the old configuration that are not in the new one. */
static void
purge_old(LdirDirector *director, const GPtrArray *old, const LdirIpvsTable *there, GArray *ops, GPtrArray *texts)
{
	for (guint i = 0; i < old->len; i++) {
		const Served *served = old->pdata[i];
		g_autofree char *name = NULL;

		if (ldir_ipvs_table_find(director->wanted, &served->want.key) != NULL)
			continue;
		name = ldir_ipvs_key_text(&served->want.key);
		g_ptr_array_add(texts, g_strdup_printf("Purged virtual server (start): %s", name));
		if (ldir_ipvs_table_find(there, &served->want.key) != NULL)
			ldir_ipvs_op_service(ops, LDIR_IPVS_SERVICE_DELETE, &served->want);
	}
}

/* One service of @config, in the place of the one before it. */
static Served *
succeed(LdirDirector *director, const LdirConfig *config, guint i, const LdirIpvsTable *there, gint64 now_ms, GPtrArray *effects)
{
	Served *served = served_new(config, config->virtuals->pdata[i]);
	const Served *before = find_served(director, served->id, i);

	if (before != NULL)
		ldir_run_carry(served->run, before->run, effects);
	else
		begin(served, there, now_ms, effects);
	for (guint j = 0; j < effects->len; j++)
		effect_on_table(director, served, effects->pdata[j], NULL);
	if (before != NULL)
		keep_drained(director, served, there);
	else if (served->is_fallback_in)        /* found there, and asked for by no effect */
		effect_on_table(director, served, &(LdirEffect){ .kind = LDIR_FX_FALLBACK_SET }, NULL);
	return served;
}

/* Everything at once, from the table that is @there to the one that is wanted. */
static void
make_all(LdirDirector *director, const GPtrArray *old, const LdirIpvsTable *there)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();
	g_autoptr(GArray) founds = g_array_new(FALSE, TRUE, sizeof(LdirFound));

	ldir_ipvs_diff(there, director->wanted, LDIR_DIFF_MAKE, NULL, NULL, ops, founds);
	purge_old(director, old, there, ops, texts);
	make(director, ops);
	for (guint i = 0; i < founds->len; i++)
		say_found(director, &g_array_index(founds, LdirFound, i), "Purged real server (start)");
	for (guint i = 0; i < texts->len; i++)
		director->calls->log(texts->pdata[i], director->user);
}

void
ldir_director_configure(LdirDirector *director, LdirConfig *config, const LdirIpvsTable *there, gint64 now_ms)
{
	LdirConfig *old_config = director->config;
	g_autoptr(GPtrArray) old = director->services;
	g_autoptr(GPtrArray) effects = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	GPtrArray *services = g_ptr_array_new_with_free_func(served_free);

	ldir_ipvs_table_free(director->wanted);
	director->wanted = ldir_ipvs_table_new();
	for (guint i = 0; i < config->virtuals->len; i++) {
		GPtrArray *fx = ldir_effects_new();

		g_ptr_array_add(effects, fx);
		g_ptr_array_add(services, succeed(director, config, i, there, now_ms, fx));
	}
	director->config = config;
	director->services = services;
	director->repair_ms = now_ms + REPAIR_MS;
	director->is_mail_known = FALSE;
	make_all(director, old, there);
	for (guint i = 0; i < services->len; i++)
		for (guint j = 0; j < ((GPtrArray *)effects->pdata[i])->len; j++)
			effect_for_caller(director, services->pdata[i], ((GPtrArray *)effects->pdata[i])->pdata[j]);
	ldir_config_free(old_config);
}

const LdirConfig *
ldir_director_config(const LdirDirector *director)
{
	return director->config;
}

static Served *
served_of(const LdirDirector *director, guint service)
{
	g_assert(service < director->services->len);
	return director->services->pdata[service];
}

const LdirRun *
ldir_director_run(const LdirDirector *director, guint service)
{
	return served_of(director, service)->run;
}

/* ---- events */

void
ldir_director_verdict(LdirDirector *director, guint service, guint real, gboolean is_good, gint64 now_ms)
{
	Served *served = served_of(director, service);
	g_autoptr(GPtrArray) effects = ldir_effects_new();

	ldir_run_verdict(served->run, real, is_good, now_ms, effects);
	carry_out(director, served, effects);
}

void
ldir_director_maintain(LdirDirector *director, guint service, guint real, gboolean is_on, gint64 now_ms)
{
	Served *served = served_of(director, service);
	g_autoptr(GPtrArray) effects = ldir_effects_new();

	ldir_run_maintain(served->run, real, is_on, now_ms, effects);
	carry_out(director, served, effects);
}

void
ldir_director_time(LdirDirector *director, gint64 now_ms)
{
	if (now_ms < ldir_director_deadline_ms(director))
		return;
	for (guint i = 0; i < director->services->len; i++) {
		Served *served = director->services->pdata[i];

		if (ldir_run_deadline_ms(served->run) <= now_ms) {
			g_autoptr(GPtrArray) effects = ldir_effects_new();

			ldir_run_time(served->run, now_ms, effects);
			carry_out(director, served, effects);
		}
	}
	if (director->repair_ms <= now_ms) {
		director->repair_ms = now_ms + REPAIR_MS;
		ldir_director_repair(director);
	}
}

gint64
ldir_director_deadline_ms(LdirDirector *director)
{
	/* asked for in every turn, and changed by few of them */
	if (!director->is_mail_known) {
		director->mail_ms = NEVER_MS;
		for (guint i = 0; i < director->services->len; i++)
			director->mail_ms = MIN(director->mail_ms, ldir_run_deadline_ms(((const Served *)director->services->pdata[i])->run));
		director->is_mail_known = TRUE;
	}
	return MIN(director->repair_ms, director->mail_ms);
}

/* Quiescent servers may be removed by hand, to be rid of their clients. */
static gboolean
stays_away(const LdirIpvsKey *key, const LdirIpvsDest *wanted, gpointer data)
{
	(void)key;
	return wanted->weight == 0 && !readds_quiescent(data);
}

/* By its state the server has weight, and how much of it is somebody else's decision. */
static gboolean
may_have_weight(const LdirDirector *director, const LdirFound *found)
{
	for (guint i = 0; i < director->services->len; i++) {
		const Served *served = director->services->pdata[i];

		if (ldir_ipvs_table_find(director->wanted, &found->key) != ldir_ipvs_table_find(director->wanted, &served->want.key))
			continue;
		for (guint j = 0; j < served->vs->reals->len; j++) {
			LdirIpvsDest dest = real_dest(served, j, 0);

			if (dest.port == found->dest.port && ldir_address_equal(&dest.addr, &found->dest.addr))
				return served->weights[j] > 0;
		}
	}
	return FALSE;
}

/* A change by hand is told once, and left; but a server that is down gets no weight from anybody. */
static void
judge_weight(LdirDirector *director, const LdirFound *found, GArray *ops)
{
	LdirIpvsService *service = ldir_ipvs_table_find(director->wanted, &found->key);
	LdirIpvsDest *want = ldir_ipvs_service_find(service, &found->dest.addr, found->dest.port);

	if (may_have_weight(director, found)) {
		say_found(director, found, NULL);
		want->weight = found->dest.weight;
	} else {
		say_found(director, &(LdirFound){ .kind = LDIR_FOUND_FOREIGN, .key = found->key, .dest = *want },
		          "real server got weight from somebody while it is down, taken away");
		ldir_ipvs_op_dest(ops, LDIR_IPVS_DEST_SET, &service->vs, want);
	}
}

void
ldir_director_repair(LdirDirector *director)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(LdirIpvsTable) there = ldir_ipvs_dump(director->ipvs, &error);
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();
	g_autoptr(GArray) founds = g_array_new(FALSE, TRUE, sizeof(LdirFound));
	g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);

	if (there == NULL) {
		director->calls->log(error->message, director->user);
		return;
	}
	ldir_ipvs_diff(there, director->wanted, LDIR_DIFF_REPAIR, stays_away, director, ops, founds);
	for (guint i = 0; i < founds->len; i++) {
		const LdirFound *found = &g_array_index(founds, LdirFound, i);

		if (found->kind == LDIR_FOUND_WEIGHT)
			judge_weight(director, found, ops);
		else if (found->kind == LDIR_FOUND_MISSING)
			say_found(director, found, "real server was removed by somebody, added again");
	}
	/* what could not be made now is tried again at the next look */
	(void)ldir_ipvs_make(director->ipvs, ops, complaints);
	for (guint i = 0; i < complaints->len; i++)
		director->calls->log(complaints->pdata[i], director->user);
}

void
ldir_director_stop(LdirDirector *director)
{
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();

	for (guint i = 0; i < director->services->len; i++) {
		Served *served = director->services->pdata[i];
		g_autoptr(GPtrArray) effects = ldir_effects_new();

		ldir_run_stop(served->run, effects);
		for (guint j = 0; j < effects->len; j++) {
			effect_on_table(director, served, effects->pdata[j], ops);
			effect_for_caller(director, served, effects->pdata[j]);
		}
	}
	make(director, ops);
}
