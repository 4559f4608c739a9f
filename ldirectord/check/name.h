/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * name.h - the address of a name, looked up without waiting: by "getent ahosts", a process that can be ended.
 */
#ifndef LDIR_NAME_H
#define LDIR_NAME_H

#include "ldirectord/check/child.h"

typedef struct LdirName LdirName;

/* @addr NULL: not known. */
typedef void (*LdirNameKnown)(gpointer user, const LdirAddress *addr);

/* @known is called once, unless cancelled; never from here. NULL: nothing can be looked up, errno tells. */
LdirName *ldir_name_look_up(LdirChecker *checker, const char *name, int family, LdirNameKnown known, gpointer user);
void ldir_name_cancel(LdirName *name);

/* The first address of @family in what getent says. FALSE: there is none. */
gboolean ldir_name_read(const char *output, gsize len, int family, LdirAddress *ret_addr);

#endif
