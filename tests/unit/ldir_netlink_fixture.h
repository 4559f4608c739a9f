/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldir_netlink_fixture.h - a kernel with IPVS behind one end of a pair of sockets, which fails as it is told.
 *
 * It runs in a thread, and changes and counts only before its last answer: between two calls of the code under test all of it
 * may be read and set.
 */
#ifndef HB_LDIR_NETLINK_FIXTURE_H
#define HB_LDIR_NETLINK_FIXTURE_H

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/genetlink.h>

#include "ldir_ipvs_fixture.h"
#include "ldirectord/ipvs/ipvs_wire.h"

#define KERNEL_FAMILY 25
#define PIECE_MAX     65536

typedef struct {
	int fd;
	GThread *thread;
	LdirIpvsTable *table;
	/* what goes wrong */
	gboolean is_module_missing;
	const char *scheduler_missing;
	int step_error;                 /* of each server that is to be added or changed */
	guint n_torn;                   /* dumps still to be torn */
	guint n_dump_errors;            /* dumps still to end with .dump_error */
	int dump_error;
	gboolean is_mumbling;           /* answers to steps are none */
	/* what was asked */
	guint n_pieces, n_steps, n_answers;
} Kernel;

static inline void
kernel_send(Kernel *kernel, struct nlmsghdr *header, guint32 seq, guint16 flags)
{
	header->nlmsg_seq = seq;
	header->nlmsg_flags = flags;
	kernel->n_answers++;
	g_assert_cmpint(send(kernel->fd, header, header->nlmsg_len, 0), ==, (gssize)header->nlmsg_len);
}

/* NLMSG_ERROR or NLMSG_DONE: both begin with a number */
static inline void
kernel_say(Kernel *kernel, guint16 type, guint32 seq, int error)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr body;
	} answer = { .body.error = -error };

	answer.header.nlmsg_type = type;
	answer.header.nlmsg_len = type == NLMSG_ERROR ? sizeof answer : NLMSG_LENGTH(sizeof error);
	if (kernel->is_mumbling)
		answer.header.nlmsg_len = NLMSG_LENGTH(0);
	kernel_send(kernel, &answer.header, seq, 0);
}

static inline void
kernel_family(Kernel *kernel, const struct nlmsghdr *asked)
{
	struct nl_msg *msg;

	if (!kernel->is_module_missing) {
		struct genlmsghdr fixed = { .cmd = CTRL_CMD_NEWFAMILY, .version = 2 };

		msg = nlmsg_alloc_simple(GENL_ID_CTRL, 0);
		(void)nlmsg_append(msg, &fixed, sizeof fixed, NLMSG_ALIGNTO);
		(void)nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, KERNEL_FAMILY);
		kernel_send(kernel, nlmsg_hdr(msg), asked->nlmsg_seq, 0);
		nlmsg_free(msg);
	}
	kernel_say(kernel, NLMSG_ERROR, asked->nlmsg_seq, kernel->is_module_missing ? ENOENT : 0);
}

/* The words of an answer and of the request that makes the same are alike. */
static inline void
kernel_read(const struct nlmsghdr *asked, LdirIpvsOp *op)
{
	g_autofree struct nlmsghdr *copy = g_memdup2(asked, asked->nlmsg_len);
	struct genlmsghdr *generic = NLMSG_DATA(copy);

	generic->cmd = 1;
	g_assert_true(ldir_wire_service_reply(copy, &op->vs));
	generic->cmd = 5;
	(void)ldir_wire_dest_reply(copy, op->vs.key.family, &op->dest);
}

static inline void
kernel_step(Kernel *kernel, const struct nlmsghdr *asked, LdirIpvsVerb verb)
{
	LdirIpvsOp op = { .verb = verb };
	int error = 0;

	kernel->n_steps++;
	kernel_read(asked, &op);
	if (kernel->scheduler_missing != NULL && strcmp(op.vs.scheduler, kernel->scheduler_missing) == 0)
		error = ENOENT;
	if (kernel->step_error != 0 && (verb == LDIR_IPVS_DEST_NEW || verb == LDIR_IPVS_DEST_SET))
		error = kernel->step_error;
	if (error == 0)
		error = ldir_ipvs_table_apply(kernel->table, &op);
	if (error != 0 || (asked->nlmsg_flags & NLM_F_ACK) != 0)
		kernel_say(kernel, NLMSG_ERROR, asked->nlmsg_seq, error);
}

static inline void
kernel_dump_op(Kernel *kernel, const struct nlmsghdr *asked, LdirIpvsVerb verb, const LdirIpvsVirtual *vs, const LdirIpvsDest *dest)
{
	LdirIpvsOp op = { .verb = verb, .vs = *vs };
	struct nl_msg *msg;

	if (dest != NULL)
		op.dest = *dest;
	msg = ldir_wire_op_request(KERNEL_FAMILY, &op);
	kernel_send(kernel, nlmsg_hdr(msg), asked->nlmsg_seq, kernel->n_torn > 0 ? NLM_F_MULTI | NLM_F_DUMP_INTR : NLM_F_MULTI);
	nlmsg_free(msg);
}

static inline void
kernel_dump(Kernel *kernel, const struct nlmsghdr *asked, gboolean is_dests)
{
	LdirIpvsOp op = { .verb = LDIR_IPVS_SERVICE_NEW };
	const LdirIpvsService *service = NULL;
	int error = 0;

	if (is_dests) {
		kernel_read(asked, &op);
		service = ldir_ipvs_table_find(kernel->table, &op.vs.key);
	}
	for (guint i = 0; service != NULL && i < service->dests->len; i++)
		kernel_dump_op(kernel, asked, LDIR_IPVS_DEST_NEW, &service->vs, service->dests->pdata[i]);
	for (guint i = 0; !is_dests && i < kernel->table->services->len; i++)
		kernel_dump_op(kernel, asked, LDIR_IPVS_SERVICE_NEW, &((LdirIpvsService *)kernel->table->services->pdata[i])->vs, NULL);
	kernel->n_torn -= kernel->n_torn > 0;
	if (kernel->n_dump_errors > 0) {
		kernel->n_dump_errors--;
		error = kernel->dump_error;
	}
	kernel_say(kernel, NLMSG_DONE, asked->nlmsg_seq, error);
}

static inline void
kernel_answer(Kernel *kernel, const struct nlmsghdr *asked)
{
	guint8 command = ((const struct genlmsghdr *)NLMSG_DATA(asked))->cmd;

	if (asked->nlmsg_type == GENL_ID_CTRL)
		kernel_family(kernel, asked);
	else if (command == 4 || command == 8)
		kernel_dump(kernel, asked, command == 8);
	else
		kernel_step(kernel, asked, command < 4 ? LDIR_IPVS_SERVICE_NEW + (command - 1) : LDIR_IPVS_DEST_NEW + (command - 5));
}

static inline gpointer
kernel_run(gpointer data)
{
	Kernel *kernel = data;
	g_autofree char *piece = g_malloc(PIECE_MAX);
	gssize got;

	while ((got = recv(kernel->fd, piece, PIECE_MAX, 0)) > 0) {
		int len = (int)got;

		kernel->n_pieces++;
		for (struct nlmsghdr *h = (struct nlmsghdr *)(gpointer)piece; NLMSG_OK(h, (guint)len); h = NLMSG_NEXT(h, len))
			kernel_answer(kernel, h);
	}
	return NULL;
}

/* The end for the code under test */
static inline int
kernel_init(Kernel *kernel, const char *table)
{
	int ends[2];

	*kernel = (Kernel){ .table = ipvs_table(table) };
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
	kernel->fd = ends[1];
	kernel->thread = g_thread_new("kernel", kernel_run, kernel);
	return ends[0];
}

/* After the other end has been closed. */
static inline void
kernel_done(Kernel *kernel)
{
	(void)g_thread_join(kernel->thread);
	(void)close(kernel->fd);
	ldir_ipvs_table_free(kernel->table);
}

#endif
