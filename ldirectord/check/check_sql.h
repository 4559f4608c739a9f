/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_sql.h - which program asks a database.
 */
#ifndef LDIR_CHECK_SQL_H
#define LDIR_CHECK_SQL_H

#include "ldirectord/conf/config.h"

/* Its name, and what has to be installed; NULL: @service is no database. */
const char *ldir_sql_program(LdirService service, const char **ret_package);

#endif
