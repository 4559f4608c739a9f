/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipvs_dry.c - a kernel made of two files, for tests and for a look at what would be done (LDIRECTORD_IPVS=dry:DIR).
 *
 * DIR/table is the table as "ipvsadm -S -n" prints it. It is looked at before and replaced after each change, so that it may be
 * changed by others in between, as the kernel's may. It need not outlive a crash of the machine, as the kernel's does not.
 * DIR/calls gets a line of arguments for each step, and behind those that fail " = TEXT". DIR/syncs are the daemons that pass
 * connections on. DIR has to be there: it stands for the kernel's module.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "ldirectord/ipvs/ipvs_text.h"
#include "util/banned.h"
#include "util/fd.h"

typedef struct {
	LdirIpvs base;
	char *table, *calls, *lock, *syncs;
	LdirIpvsTable *written; /* what is in the file while it is the one that we wrote; NULL: unknown */
	struct stat of;         /* of that */
} Dry;

static void
dry_free(LdirIpvs *ipvs)
{
	Dry *dry = (Dry *)ipvs;

	ldir_ipvs_table_free(dry->written);
	g_free(dry->table);
	g_free(dry->calls);
	g_free(dry->lock);
	g_free(dry->syncs);
	g_free(dry);
}

static LdirIpvsTable *
dry_dump(LdirIpvs *ipvs, GError **error)
{
	Dry *dry = (Dry *)ipvs;
	g_autofree char *text = NULL;
	g_autoptr(GError) why = NULL;
	LdirIpvsTable *table;

	if (!g_file_get_contents(dry->table, &text, NULL, &why)) {
		if (g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			return ldir_ipvs_table_new();
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	table = ldir_ipvs_table_parse(text, error);
	if (table == NULL)
		g_prefix_error(error, "%s: ", dry->table);
	return table;
}

static void
note_text(const Dry *dry, const GString *out)
{
	g_auto(HbFd) fd = open(dry->calls, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);

	if (fd >= 0)
		(void)!write(fd, out->str, out->len);
}

static void
note(const Dry *dry, const GArray *ops)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < ops->len; i++) {
		const LdirIpvsOp *op = &g_array_index(ops, LdirIpvsOp, i);
		g_autofree char *line = ldir_ipvs_op_print(op);

		g_string_append(out, line);
		if (op->error != 0)
			g_string_append_printf(out, " = %s", ldir_ipvs_strerror(op->verb, op->error));
		g_string_append_c(out, '\n');
	}
	note_text(dry, out);
}

static gboolean
is_ours(const Dry *dry)
{
	struct stat now;

	return dry->written != NULL && stat(dry->table, &now) == 0 && now.st_ino == dry->of.st_ino && now.st_size == dry->of.st_size &&
	       now.st_mtim.tv_sec == dry->of.st_mtim.tv_sec && now.st_mtim.tv_nsec == dry->of.st_mtim.tv_nsec;
}

/* FALSE: the file cannot be replaced. */
static gboolean
write_table(Dry *dry, const LdirIpvsTable *table)
{
	g_autofree char *text = ldir_ipvs_table_print(table);
	g_autofree char *new = g_strconcat(dry->table, ".new", NULL);
	g_auto(HbFd) fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	gsize len = strlen(text);

	return fd >= 0 && write(fd, text, len) == (gssize)len && rename(new, dry->table) == 0 && fstat(fd, &dry->of) == 0;
}

static void
dry_apply(LdirIpvs *ipvs, GArray *ops)
{
	Dry *dry = (Dry *)ipvs;
	g_auto(HbFd) lock = open(dry->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	g_autoptr(LdirIpvsTable) table = NULL;
	gboolean is_written;

	if (lock >= 0)
		(void)flock(lock, LOCK_EX);
	table = is_ours(dry) ? g_steal_pointer(&dry->written) : dry_dump(ipvs, NULL);
	for (guint i = 0; i < ops->len; i++) {
		LdirIpvsOp *op = &g_array_index(ops, LdirIpvsOp, i);

		op->error = table != NULL ? ldir_ipvs_table_apply(table, op) : EIO;
	}
	is_written = table != NULL && write_table(dry, table);
	for (guint i = 0; !is_written && i < ops->len; i++)
		g_array_index(ops, LdirIpvsOp, i).error = EIO;
	g_clear_pointer(&dry->written, ldir_ipvs_table_free);
	if (is_written)
		dry->written = g_steal_pointer(&table);
	note(dry, ops);
}

/* DIR/syncs: a line "master eth0 5" for each that runs. */
static int
dry_sync_read(LdirIpvs *ipvs, LdirIpvsSync ret[LDIR_N_ROLES])
{
	Dry *dry = (Dry *)ipvs;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(dry->syncs, &text, NULL, NULL))
		return 0;
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) words = g_strsplit(lines[i], " ", -1);
		guint64 id;

		if (g_strv_length(words) != 3 || !g_ascii_string_to_unsigned(words[2], 10, 0, G_MAXUINT32, &id, NULL))
			continue;
		for (LdirIpvsRole role = LDIR_ROLE_MASTER; role < LDIR_N_ROLES; role++)
			if (strcmp(words[0], ldir_ipvs_role_name(role)) == 0) {
				ret[role] = (LdirIpvsSync){ .is_on = TRUE, .id = (guint32)id };
				g_strlcpy(ret[role].interface, words[1], sizeof ret[role].interface);
			}
	}
	return 0;
}

static int
dry_sync_set(LdirIpvs *ipvs, LdirIpvsRole role, gboolean is_start, const LdirIpvsSync *sync)
{
	Dry *dry = (Dry *)ipvs;
	g_autoptr(GString) call = g_string_new(NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	LdirIpvsSync syncs[LDIR_N_ROLES] = { 0 };
	int error;

	(void)dry_sync_read(ipvs, syncs);
	error = is_start == syncs[role].is_on ? (is_start ? EEXIST : ESRCH) : 0;
	if (error == 0)
		syncs[role] = is_start ? *sync : (LdirIpvsSync){ .is_on = FALSE };
	for (LdirIpvsRole i = LDIR_ROLE_MASTER; i < LDIR_N_ROLES; i++)
		if (syncs[i].is_on)
			g_string_append_printf(out, "%s %s %u\n", ldir_ipvs_role_name(i), syncs[i].interface, syncs[i].id);
	if (!g_file_set_contents(dry->syncs, out->str, -1, NULL))
		return EIO;
	g_string_append_printf(call, "--%s-daemon %s", is_start ? "start" : "stop", ldir_ipvs_role_name(role));
	if (is_start)
		g_string_append_printf(call, " --mcast-interface %s --syncid %u", sync->interface, sync->id);
	g_string_append(call, error != 0 ? " = failed\n" : "\n");
	note_text(dry, call);
	return error;
}

LdirIpvs *
ldir_ipvs_dry_new(const char *dir, GError **error)
{
	static const LdirIpvsBackEnd back_end = { dry_free, dry_dump, dry_apply, dry_sync_read, dry_sync_set };
	Dry *dry;

	if (!g_file_test(dir, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, LDIR_IPVS_ERROR, ENOENT, "no directory %s for a table in files", dir);
		return NULL;
	}
	dry = g_new0(Dry, 1);
	dry->base.back_end = &back_end;
	dry->table = g_build_filename(dir, "table", NULL);
	dry->calls = g_build_filename(dir, "calls", NULL);
	dry->syncs = g_build_filename(dir, "syncs", NULL);
	dry->lock = g_build_filename(dir, "lock", NULL);
	return &dry->base;
}
