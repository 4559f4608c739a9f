/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows.h - the words of a story. keepalive 200 ms, deadtime 1 s, initdead 3 s; web lives on node-a, mail on node-b,
 * db on node-c (or node-a again), two resources each; a script takes up to 20 ms.
 */
#ifndef SIM_SCENARIOS_ROWS_H
#define SIM_SCENARIOS_ROWS_H

#include "sim/scenarios/story.h"

#define A 0
#define B 1
#define C 2
#define D 3
#define WEB 0
#define MAIL 1
#define AT(ms_, kind_, node_, ...) { .at_ms = (ms_), .kind = SIM_ACT_##kind_, .node = (node_), __VA_ARGS__ }

/* args of ASK, see admin.c */
#define STANDBY_ALL 0
#define STANDBY_LOCAL 2
#define STANDBY_FOREIGN 4
#define STANDBY_FAILBACK 6
#define TAKEOVER_ALL 1
#define TAKEOVER_BY_A_LIE (1 | 8 | 64)

#endif
