/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_connect.h - checktype=connect: the port takes a connection. Its sockets are used again and again.
 */
#ifndef LDIR_CHECK_CONNECT_H
#define LDIR_CHECK_CONNECT_H

#include "ldirectord/check/checker_parts.h"

/* Sockets of one family that are kept: as many checks as run at a time, but for a start. */
#define LDIR_SPARE_SOCKETS_MAX 128

extern const LdirTaskOps ldir_check_connect;

void ldir_spare_sockets_free(LdirSpareSockets *spare);

#endif
