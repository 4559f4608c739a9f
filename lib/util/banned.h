/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * banned.h - calls that have no place here become build errors. Include it last.
 *
 * strcpy & co: no bound. atoi: no error. system, popen: a shell made from strings.
 * sleep, usleep: wait for the event instead. gmtime, localtime: shared static result.
 */
#ifndef HB_UTIL_BANNED_H
#define HB_UTIL_BANNED_H

#define HB_BANNED(func) sorry_##func##_is_a_banned_function

#undef strcpy
#define strcpy(d, s) HB_BANNED(strcpy)
#undef strcat
#define strcat(d, s) HB_BANNED(strcat)
#undef sprintf
#define sprintf(...) HB_BANNED(sprintf)
#undef strtok
#define strtok(s, d) HB_BANNED(strtok)
#undef gets
#define gets(s) HB_BANNED(gets)
#undef atoi
#define atoi(s) HB_BANNED(atoi)
#undef system
#define system(s) HB_BANNED(system)
#undef popen
#define popen(c, m) HB_BANNED(popen)
#undef sleep
#define sleep(s) HB_BANNED(sleep)
#undef usleep
#define usleep(s) HB_BANNED(usleep)
#undef gmtime
#define gmtime(t) HB_BANNED(gmtime)
#undef localtime
#define localtime(t) HB_BANNED(localtime)

#endif
