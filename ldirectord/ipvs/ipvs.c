/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "ldirectord/ipvs/ipvs_text.h"
#include "util/banned.h"

G_DEFINE_QUARK(ldir-ipvs-error-quark, ldir_ipvs_error)

LdirIpvs *
ldir_ipvs_open(GError **error)
{
	const char *how = g_getenv("LDIRECTORD_IPVS");

	if (how == NULL || how[0] == '\0')
		return ldir_ipvs_netlink_new(error);
	if (g_str_has_prefix(how, "dry:"))
		return ldir_ipvs_dry_new(how + strlen("dry:"), error);
	g_set_error(error, LDIR_IPVS_ERROR, EINVAL, "LDIRECTORD_IPVS=%s: must be dry:DIRECTORY", how);
	return NULL;
}

void
ldir_ipvs_free(LdirIpvs *ipvs)
{
	if (ipvs != NULL)
		ipvs->back_end->free(ipvs);
}

LdirIpvsTable *
ldir_ipvs_dump(LdirIpvs *ipvs, GError **error)
{
	return ipvs->back_end->dump(ipvs, error);
}

int
ldir_ipvs_sync_read(LdirIpvs *ipvs, LdirIpvsSync ret[LDIR_N_ROLES])
{
	for (guint i = 0; i < LDIR_N_ROLES; i++)
		ret[i] = (LdirIpvsSync){ .is_on = FALSE };
	return ipvs->back_end->sync_read(ipvs, ret);
}

int
ldir_ipvs_sync_set(LdirIpvs *ipvs, LdirIpvsRole role, gboolean is_start, const LdirIpvsSync *sync)
{
	return ipvs->back_end->sync_set(ipvs, role, is_start, sync);
}

const char *
ldir_ipvs_role_name(LdirIpvsRole role)
{
	static const char *const names[] = { [LDIR_ROLE_NONE] = "none", [LDIR_ROLE_MASTER] = "master", [LDIR_ROLE_BACKUP] = "backup" };

	g_assert(role < LDIR_N_ROLES);
	return names[role];
}

GArray *
ldir_ipvs_ops_new(void)
{
	return g_array_new(FALSE, TRUE, sizeof(LdirIpvsOp));
}

void
ldir_ipvs_op_service(GArray *ops, LdirIpvsVerb verb, const LdirIpvsVirtual *vs)
{
	LdirIpvsOp op = { .verb = verb, .vs = *vs };

	g_array_append_val(ops, op);
}

void
ldir_ipvs_op_dest(GArray *ops, LdirIpvsVerb verb, const LdirIpvsVirtual *vs, const LdirIpvsDest *dest)
{
	LdirIpvsOp op = { .verb = verb, .vs = *vs, .dest = *dest };

	g_array_append_val(ops, op);
}

static gboolean
is_dest(LdirIpvsVerb verb)
{
	return verb == LDIR_IPVS_DEST_NEW || verb == LDIR_IPVS_DEST_SET || verb == LDIR_IPVS_DEST_DELETE;
}

const char *
ldir_ipvs_strerror(LdirIpvsVerb verb, int error)
{
	switch (error) {
	case EEXIST:
		return is_dest(verb) ? "Destination already exists" : "Service already exists";
	case ESRCH:
		return "No such service";
	case ENOENT:
		return is_dest(verb) ? "No such destination" : "Scheduler or persistence engine not found";
	case EPERM:
		return "Operation not permitted (root of the machine, or of the network namespace, may do it)";
	default:
		return g_strerror(error);
	}
}

/* The same wish in the other words, where the table was not as we thought. FALSE: @op is no matter of that. */
static gboolean
turn(LdirIpvsOp *op)
{
	static const struct {
		LdirIpvsVerb verb;
		int error;
		LdirIpvsVerb instead;
	} rows[] = {
		{ LDIR_IPVS_SERVICE_NEW, EEXIST, LDIR_IPVS_SERVICE_SET },
		{ LDIR_IPVS_SERVICE_SET, ESRCH, LDIR_IPVS_SERVICE_NEW },
		{ LDIR_IPVS_DEST_NEW, EEXIST, LDIR_IPVS_DEST_SET },
		{ LDIR_IPVS_DEST_SET, ENOENT, LDIR_IPVS_DEST_NEW },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].verb == op->verb && rows[i].error == op->error) {
			op->verb = rows[i].instead;
			op->error = 0;
			return TRUE;
		}
	return FALSE;
}

/* What was to go is gone. */
static gboolean
is_well(const LdirIpvsOp *op)
{
	return op->error == 0 || (op->verb == LDIR_IPVS_SERVICE_DELETE && op->error == ESRCH) ||
	       (op->verb == LDIR_IPVS_DEST_DELETE && (op->error == ENOENT || op->error == ESRCH)) ||
	       (op->verb == LDIR_IPVS_DEST_SET && op->is_modest && op->error == ENOENT);
}

char *
ldir_ipvs_op_describe(const LdirIpvsOp *op)
{
	static const char *const words[] = {
		[LDIR_IPVS_SERVICE_NEW] = "add", [LDIR_IPVS_SERVICE_SET] = "change", [LDIR_IPVS_SERVICE_DELETE] = "remove",
		[LDIR_IPVS_DEST_NEW] = "add", [LDIR_IPVS_DEST_SET] = "change", [LDIR_IPVS_DEST_DELETE] = "remove",
	};
	g_autofree char *service = ldir_ipvs_key_text(&op->vs.key);
	g_autofree char *server = is_dest(op->verb) ? ldir_ipvs_dest_text(&op->dest) : NULL;

	if (server != NULL)
		return g_strdup_printf("%s real server %s (%s)", words[op->verb], server, service);
	return g_strdup_printf("%s virtual server %s", words[op->verb], service);
}

char *
ldir_ipvs_complaint(const LdirIpvsOp *op)
{
	g_autofree char *what = ldir_ipvs_op_describe(op);
	g_autofree char *line = NULL;

	if (op->error == ENOENT && !is_dest(op->verb))
		return g_strdup_printf("cannot %s: the kernel has no scheduler \"%s\" (module ip_vs_%s)", what, op->vs.scheduler,
		                       op->vs.scheduler);
	if (op->error != EINVAL)
		return g_strdup_printf("cannot %s: %s", what, ldir_ipvs_strerror(op->verb, op->error));
	/* something of it is wrong, and only the kernel knows what */
	line = ldir_ipvs_op_print(op);
	return g_strdup_printf("cannot %s: %s, asked for by \"%s\"", what, g_strerror(op->error), line);
}

/* Whether it was done nobody knows. */
static gboolean
is_unknown(const LdirIpvsOp *op)
{
	return op->error == EIO || op->error == ENOBUFS || op->error == ENOMEM || op->error == ETIMEDOUT || op->error == EBADMSG;
}

/* What @op says in other words, once more; @place: in @ops. */
typedef struct {
	GArray *ops;            /* LdirIpvsOp */
	GArray *places;         /* guint */
} Again;

static void
do_again(LdirIpvs *ipvs, const Again *again, GArray *ops)
{
	if (again->ops->len > 0)
		ipvs->back_end->apply(ipvs, again->ops);
	for (guint i = 0; i < again->ops->len; i++) {
		LdirIpvsOp *op = &g_array_index(again->ops, LdirIpvsOp, i);

		if (is_well(op))
			op->error = 0;
		g_array_index(ops, LdirIpvsOp, g_array_index(again->places, guint, i)) = *op;
	}
}

gboolean
ldir_ipvs_make(LdirIpvs *ipvs, GArray *ops)
{
	g_autoptr(GArray) again_ops = ldir_ipvs_ops_new();
	g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(guint));
	gboolean is_whole = TRUE;

	if (ops->len == 0)
		return TRUE;
	ipvs->back_end->apply(ipvs, ops);
	for (guint i = 0; i < ops->len; i++) {
		LdirIpvsOp *op = &g_array_index(ops, LdirIpvsOp, i);

		if (is_well(op)) {
			op->error = 0;
			continue;
		}
		/* its servers are gone with it, or never were there */
		if (op->error == ESRCH || is_unknown(op))
			is_whole = FALSE;
		if (turn(op)) {
			g_array_append_val(again_ops, *op);
			g_array_append_val(places, i);
		} else if (op->error == ESRCH) {
			op->error = 0;
		}
	}
	do_again(ipvs, &(Again){ again_ops, places }, ops);
	return is_whole;
}
