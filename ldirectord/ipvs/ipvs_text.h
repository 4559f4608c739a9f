/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipvs_text.h - steps and tables in the words of ipvsadm: what the trace shows, and the file of the dry back end holds.
 *
 * Pure. A step is a line of arguments (doc/ldirectord.md 4.2), "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 1".
 * A table is the steps -A and -a that make it, as "ipvsadm -S -n" prints it and "ipvsadm -R" reads it.
 */
#ifndef LDIR_IPVS_TEXT_H
#define LDIR_IPVS_TEXT_H

#include "ldirectord/ipvs/ipvs.h"

/* Without the end of line (transfer full) */
char *ldir_ipvs_op_print(const LdirIpvsOp *op);
char *ldir_ipvs_table_print(const LdirIpvsTable *table);

/* Any line that ldir_ipvs_op_print() could have made, in any order of its options. */
gboolean ldir_ipvs_op_parse(const char *line, LdirIpvsOp *ret_op, GError **error);
/* (transfer full) Blank lines and those with '#' first do not count. */
LdirIpvsTable *ldir_ipvs_table_parse(const char *text, GError **error);

/* Does to @table what the kernel would do; 0, or its errno. */
int ldir_ipvs_table_apply(LdirIpvsTable *table, const LdirIpvsOp *op);

#endif
