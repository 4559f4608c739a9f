/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * coredumps.h - where this program leaves its core file.
 */
#ifndef HB_COREDUMPS_H
#define HB_COREDUMPS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Where core files are to go; below it one directory per user. 0, or -1 with errno. */
int cl_set_corerootdir(const char *dir);
/* Changes to the directory of this user there. 0, or -1 with errno. */
int cl_cdtocoredir(void);
/* May this process leave a core file? 0, or -1 with errno. */
int cl_enable_coredumps(int truefalse);

#ifdef __cplusplus
}
#endif

#endif
