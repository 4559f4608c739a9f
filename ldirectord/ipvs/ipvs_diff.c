/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/ipvs/ipvs_diff.h"
#include "util/banned.h"

typedef struct {
	LdirDiffMode mode;
	LdirDiffKept *is_kept;
	gpointer data;
	GArray *ops, *founds;
} Diff;

static void
found(Diff *diff, LdirFoundKind kind, const LdirIpvsKey *key, const LdirIpvsDest *dest, guint32 wanted_weight)
{
	LdirFound what = { .kind = kind, .key = *key, .wanted_weight = wanted_weight };

	if (diff->founds == NULL)
		return;
	if (dest != NULL)
		what.dest = *dest;
	g_array_append_val(diff->founds, what);
}

/* Servers that are new, or get another weight than none. */
static gboolean
comes_in(const LdirIpvsDest *was, const LdirIpvsDest *want)
{
	return want->weight > 0 && (was == NULL || was->weight == 0);
}

/* What there is to do about @want, if it is in this half of the steps. */
static void
one_dest(Diff *diff, const LdirIpvsService *there, const LdirIpvsVirtual *vs, const LdirIpvsDest *want, gboolean is_in)
{
	const LdirIpvsDest *was = there != NULL ? ldir_ipvs_service_find(there, &want->addr, want->port) : NULL;

	if (comes_in(was, want) != is_in)
		return;
	if (was == NULL) {
		/* with its service gone nobody chose this server */
		if (there != NULL && diff->is_kept != NULL && diff->is_kept(&vs->key, want, diff->data))
			return;
		ldir_ipvs_op_dest(diff->ops, LDIR_IPVS_DEST_NEW, vs, want);
		if (diff->mode == LDIR_DIFF_REPAIR && there != NULL)
			found(diff, LDIR_FOUND_MISSING, &vs->key, want, want->weight);
		return;
	}
	if (was->weight != want->weight && diff->mode == LDIR_DIFF_REPAIR) {
		LdirIpvsDest as_is = *want;

		found(diff, LDIR_FOUND_WEIGHT, &vs->key, was, want->weight);
		as_is.weight = was->weight;
		if (!ldir_ipvs_dest_alike(was, want))
			ldir_ipvs_op_dest(diff->ops, LDIR_IPVS_DEST_SET, vs, &as_is);
		return;
	}
	if (was->weight != want->weight || !ldir_ipvs_dest_alike(was, want))
		ldir_ipvs_op_dest(diff->ops, LDIR_IPVS_DEST_SET, vs, want);
}

static void
all_dests(Diff *diff, const LdirIpvsService *there, const LdirIpvsService *want, gboolean is_in)
{
	for (guint i = 0; i < want->dests->len; i++)
		one_dest(diff, there, &want->vs, want->dests->pdata[i], is_in);
}

static void
foreign_dests(Diff *diff, const LdirIpvsService *there, const LdirIpvsService *want)
{
	for (guint i = 0; i < there->dests->len; i++) {
		const LdirIpvsDest *dest = there->dests->pdata[i];

		if (ldir_ipvs_service_find(want, &dest->addr, dest->port) != NULL)
			continue;
		found(diff, LDIR_FOUND_FOREIGN, &want->vs.key, dest, 0);
		if (diff->mode == LDIR_DIFF_MAKE)
			ldir_ipvs_op_dest(diff->ops, LDIR_IPVS_DEST_DELETE, &want->vs, dest);
	}
}

static void
one_service(Diff *diff, const LdirIpvsService *there, const LdirIpvsService *want)
{
	if (there == NULL) {
		ldir_ipvs_op_service(diff->ops, LDIR_IPVS_SERVICE_NEW, &want->vs);
		if (diff->mode == LDIR_DIFF_REPAIR)
			found(diff, LDIR_FOUND_MISSING, &want->vs.key, NULL, 0);
	} else if (!ldir_ipvs_virtual_equal(&there->vs, &want->vs)) {
		ldir_ipvs_op_service(diff->ops, LDIR_IPVS_SERVICE_SET, &want->vs);
	}
	all_dests(diff, there, want, TRUE);
	all_dests(diff, there, want, FALSE);
	if (there != NULL)
		foreign_dests(diff, there, want);
}

void
ldir_ipvs_diff(const LdirIpvsTable *there, const LdirIpvsTable *wanted, LdirDiffMode mode,
               LdirDiffKept *is_kept, gpointer data, GArray *ops, GArray *founds)
{
	Diff diff = { .mode = mode, .is_kept = is_kept, .data = data, .ops = ops, .founds = founds };

	for (guint i = 0; i < wanted->services->len; i++) {
		const LdirIpvsService *want = wanted->services->pdata[i];

		one_service(&diff, ldir_ipvs_table_find(there, &want->vs.key), want);
	}
}
