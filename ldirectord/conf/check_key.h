/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_key.h - when do two checks ask the same?
 */
#ifndef LDIR_CHECK_KEY_H
#define LDIR_CHECK_KEY_H

#include "ldirectord/conf/config.h"

/* Appends to @key what is equal for two checks exactly if one of them says all that the other would: a check of type @check of @real as @vs
 * has it made. */
void ldir_check_key(GString *key, const LdirConfig *config, const LdirVirtual *vs, const LdirReal *real, LdirCheck check);

#endif
