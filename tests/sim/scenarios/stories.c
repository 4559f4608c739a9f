/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stories.c - the plain stories. keepalive 200 ms, deadtime 1 s, initdead 3 s; web lives on node-a, mail on node-b,
 * db on node-c (or node-a again), two resources each; a script takes up to 20 ms.
 */
#include "sim/scenarios/story.h"

#include "util/banned.h"

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

const Story stories[] = {
	{
		.name = "two nodes that start together run their own groups at once",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.line = {
			{ "node-b boots", 0, 0 },
			{ "runs start", 100, 0 },
		},
		.never = { "is dead", "runs stop" },
		.owner = { A, B },
	},
	{
		.name = "a node alone runs everything when initdead is over, not before",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.absent = 1 << B,
		.until_ms = 10000,
		.line = {
			{ "node-a boots", 0, 0 },
			{ "node node-b: is dead", 3001, 0 },
			{ "node-a: runs start web", 10, 0 },
		},
		.never = { "node-b: runs" },
		.owner = { A, A },
	},
	{
		.name = "the groups of a dead node run on the survivor right after its deadtime",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = { AT(10000, POWER, A, .ms = 60000) },
		.line = {
			{ "node-a loses power", 0, 0 },
			{ "node-b: \"node node-a: is dead\"", 1001, 0 },
			{ "node-b: runs start web", 5, 0 },
			{ "node-b: runs start web-fs", 0, 0 },
			{ "says web=held", 0, 0 },
		},
		.never = { "node-b: runs stop" },
		.owner = { B, B },
	},
	{
		.name = "a graceful stop gives the groups over without waiting for a deadtime",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = { AT(10000, SHUTDOWN, A, .ms = 60000) },
		.line = {
			{ "node-a is told to stop", 0, 0 },
			{ "node-a: runs stop web-fs", 5, 0 },
			{ "node-a: runs stop web,", 0, 0 },
			{ "node-b: runs start web,", 50, 0 },
			{ "heartbeat of node-a has ended", 0, 0 },
		},
		.never = { "node-a: is dead", "node-b: runs stop" },
		.owner = { B, B },
	},
	{
		.name = "a node that comes back gets its group with auto_failback on",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = { AT(10000, POWER, A, .ms = 5000) },
		.line = {
			{ "node-a loses power", 0, 0 },
			{ "node-b: runs start web,", 0, 0 },
			{ "node-a boots", 0, 0 },
			{ "node-b: runs stop web-fs", 0, 0 },
			{ "node-b: runs stop web,", 0, 0 },
			{ "node-a: runs start web,", 50, 0 },
		},
		.owner = { A, B },
	},
	{
		.name = "a node that comes back leaves the group where it is with auto_failback off",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_OFF,
		.action = { AT(10000, POWER, A, .ms = 5000) },
		.line = {
			{ "node-a loses power", 0, 0 },
			{ "node-b: runs start web,", 0, 0 },
			{ "node-a boots", 0, 0 },
		},
		.never = { "runs stop" },
		.owner = { B, B },
	},
	{
		.name = "hb_standby all gives everything to the other node, and it stays there",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = { AT(10000, ASK, A, .arg = STANDBY_ALL, .other = SIM_ALL) },
		.line = {
			{ "hb_standby all", 0, 0 },
			{ "node-a: runs stop web-fs", 5, 0 },
			{ "node-a: runs stop web,", 0, 0 },
			{ "node-b: runs start web,", 50, 0 },
		},
		.owner = { B, B },
	},
	{
		.name = "hb_standby local gives away what is at home here, foreign what is not",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(10000, ASK, A, .arg = STANDBY_LOCAL, .other = SIM_ALL),
			AT(15000, ASK, B, .arg = STANDBY_FOREIGN, .other = SIM_ALL),
		},
		.line = {
			{ "hb_standby local", 0, 0 },
			{ "node-b: runs start web,", 0, 0 },
			{ "hb_standby foreign", 0, 0 },
			{ "node-b: runs stop web-fs", 5, 0 },
			{ "node-a: runs start web,", 0, 0 },
		},
		.never = { "stop mail" },
		.owner = { A, B },
	},
	{
		.name = "hb_standby failback brings a group home",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(5000, POWER, A, .ms = 3000),
			AT(15000, ASK, B, .arg = STANDBY_FAILBACK, .other = SIM_ALL),
		},
		.line = {
			{ "node-b: runs start web,", 0, 0 },
			{ "hb_standby failback", 0, 0 },
			{ "node-b: runs stop web-fs", 5, 0 },
			{ "node-a: runs start web,", 0, 0 },
		},
		.owner = { A, B },
	},
	{
		.name = "hb_takeover brings everything here",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_OFF,
		.action = { AT(10000, ASK, B, .arg = TAKEOVER_ALL, .other = SIM_ALL) },
		.line = {
			{ "hb_takeover all", 0, 0 },
			{ "node-a: runs stop web-fs", 5, 0 },
			{ "node-b: runs start web,", 0, 0 },
		},
		.never = { "stop mail" },
		.owner = { B, B },
	},
	{
		.name = "hb_standby of one group moves that group alone",
		.n_nodes = 2, .n_groups = 3, .failback = HB_FAILBACK_OFF,
		.action = { AT(10000, ASK, A, .arg = STANDBY_ALL, .other = WEB) },
		.line = {
			{ "hb_standby web", 0, 0 },
			{ "node-a: runs stop web-fs", 5, 0 },
			{ "node-b: runs start web,", 0, 0 },
		},
		.never = { "stop mail", "stop db" },
		.owner = { B, B, A },
	},
	{
		.name = "a group that cannot be started here is started elsewhere, and nothing else moves",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = { AT(1, CURSE, A, .other = WEB, .arg = 0, .ms = 60000) },
		.line = {
			{ "node-a: start web: FAILED", 0, 0 },
			{ "node-a: runs stop web,", 0, 0 },
			{ "node-b: runs start web,", 0, 0 },
			{ "node-b: start web-fs: ok", 0, 0 },
		},
		.never = { "stop mail" },
		.owner = { B, B },
	},
	{
		.name = "a group that cannot be stopped stays, and nobody else starts it",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_OFF,
		.until_ms = 60000,
		.action = {
			AT(5000, CURSE, A, .other = WEB, .arg = 1, .ms = 120000),
			AT(10000, ASK, A, .arg = STANDBY_ALL, .other = SIM_ALL),
		},
		.line = {
			{ "node-a: runs stop web-fs", 0, 0 },
			{ "node-a: stop web-fs: FAILED", 0, 0 },
			{ "node-a: says web=stuck", 0, 0 },
		},
		.never = { "node-b: runs start web" },
		.owner = { A, B },
	},
	{
		.name = "after a cut one owner goes on without a gap, only the other stops",
		.n_nodes = 2, .n_groups = 1, .failback = HB_FAILBACK_OFF,
		.action = { AT(10000, CUT, A, .other = B, .medium = SIM_ALL, .ms = 5000) },
		.line = {
			{ "cut of node-a and node-b begins", 0, 0 },
			{ "node-b: runs start web,", 1010, 0 },
			{ "cut of node-a and node-b ends", 0, 0 },
			{ "node-b: runs stop web-fs", 250, 0 },
		},
		.never = { "node-a: runs stop" },
		.owner = { A },
	},
	{
		.name = "a frozen owner that wakes up lets go of what was taken over",
		.n_nodes = 2, .n_groups = 1, .failback = HB_FAILBACK_OFF,
		.action = { AT(10000, FREEZE, A, .ms = 5000, .arg = 1) },
		.line = {
			{ "node-a stands still", 0, 0 },
			{ "node-b: runs start web,", 1210, 0 },
			{ "node-a: runs stop web-fs", 0, 0 },
		},
		.never = { "node-b: runs stop" },
		.owner = { B },
	},
	{
		.name = "a node that was frozen for less than a deadtime keeps what it has",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = { AT(10000, FREEZE, A, .ms = 700, .arg = 1) },
		.line = { { "node-a stands still", 0, 0 } },
		.never = { "is dead", "runs stop" },
		.owner = { A, B },
	},
	{
		.name = "a replaced hb-node goes on as if nothing had been",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = { AT(10000, KILL, A, .ms = 20) },
		.line = {
			{ "hb-node of node-a is killed", 0, 0 },
			{ "hb-node of node-a is replaced", 21, 0 },
			{ "resumed: web=up/", 1, 0 },
		},
		.never = { "is dead", "runs stop", "restart on node" },
		.owner = { A, B },
	},
	{
		.name = "two whose files name another home settle it, whether each believes to be the home or the other one",
		.n_nodes = 3, .n_groups = 2, .failback = HB_FAILBACK_OFF,
		.absent = 1 << A | 1 << B,
		.action = {
			AT(8000, BOOT, A),
			AT(8000, BOOT, B),
			AT(9000, RELOAD, B, .arg = SIM_VARIANTS - 1),
			AT(12000, POWER, C, .ms = 60000),
		},
		.line = {
			{ "node-c loses power", 0, 0 },
			{ "this node both ask for group web", 3500, 0 },
			{ "runs start web,", 100, 0 },
			{ "runs start mail,", 6000, 0 },
		},
		.owner = { A, A },
	},
	{
		.name = "a home that starts a little later is waited for: its group moves once",
		.n_nodes = 3, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.absent = 1 << A | 1 << C,
		.until_ms = 10000,
		.action = { AT(700, BOOT, A) },
		.line = {
			{ "node-b: \"node node-c: is dead", 3001, 0 },
			{ "node-a: \"node node-c: is dead", 701, 0 },
			{ "node-a: runs start web,", 5, 0 },
		},
		.never = { "runs stop" },
		.owner = { A, B },
	},
	{
		.name = "of three nodes one alone takes what a dead one had",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON,
		.action = { AT(10000, POWER, A, .ms = 60000) },
		.line = {
			{ "node-a loses power", 0, 0 },
			{ "node-b: runs start web,", 1100, 0 },
			{ "node-b: start web-fs: ok", 0, 0 },
		},
		.never = { "node-c: runs start web", "runs stop", "fencing of" },
		.owner = { B, B, C },
	},
	{
		.name = "of three nodes one that was not heard from its start gets its group when it is, and it moves once",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON,
		.absent = 1 << B | 1 << C,
		.action = {
			AT(10, ONEWAY, C, .other = SIM_ALL, .medium = SIM_ALL, .ms = 15000),
			AT(20, BOOT, C),
			AT(50, BOOT, B),
		},
		.line = {
			{ "node-c: says web=free/0 mail=free/0 db=wanted/1", 0, 0 },
			{ "node-a: \"acquiring group db (epoch 1)", 0, 0 },
			{ "oneway of node-c and all ends", 0, 0 },
			{ "node-a: runs stop db-fs", 0, 0 },
			{ "node-c: runs start db,", 100, 0 },
		},
		.never = { "node-a: \"acquiring group db (epoch 2)" },
		.owner = { A, B, C },
	},
	{
		.name = "who gave leave for its own group when it was just heard is not taken for one that does not want it",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON,
		.absent = 1 << B | 1 << C,
		.action = {
			AT(10, ONEWAY, C, .other = SIM_ALL, .medium = SIM_ALL, .ms = 2990),
			AT(20, BOOT, C),
			AT(50, BOOT, B),
		},
		.line = {
			{ "node-a: says web=wanted/1 mail=free/0 db=wanted/1", 0, 0 },
			{ "node-a: \"node node-c speaks", 0, 0 },
			{ "node-a: runs start db,", 0, 0 },
			{ "node-a: runs stop db-fs", 0, 0 },
			{ "node-c: runs start db,", 100, 0 },
		},
		.owner = { A, B, C },
	},
	{
		.name = "a home that needs the leave of a node that does not hear it is not given its group",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON,
		.action = {
			AT(5000, POWER, A, .ms = 5000),
			AT(9000, ONEWAY, A, .other = C, .medium = SIM_ALL, .ms = 60000),
		},
		.line = {
			{ "node-b: runs start web,", 0, 0 },
			{ "node-a boots", 0, 0 },
			{ "node-a: \"Local status now set to: 'active'", 0, 0 },
			{ "barred", 1500, 0 },
		},
		.never = { "runs stop" },
		.owner = { B, B, C },
	},
	{
		.name = "a node that hears nobody takes nothing before initdead, and the others keep what they have until then",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(5000, POWER, A, .ms = 5000),
			AT(9000, ONEWAY, B, .other = A, .medium = SIM_ALL, .ms = 60000),
		},
		.line = {
			{ "node-b: runs start web,", 0, 0 },
			{ "node-a boots", 0, 0 },
			{ "node-b: runs stop", 2600, 2000 },
			{ "node-a: runs start", 0, 0 },
		},
		.owner = { A, A },
	},
	{
		.name = "a node that another member hears is not fenced, and nothing is taken from it",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON, .fencing = TRUE,
		.action = { AT(10000, CUT, A, .other = C, .medium = SIM_ALL, .ms = 10000) },
		.line = {
			{ "cut of node-a and node-c begins", 0, 0 },
			{ "node node-c: is dead", 0, 0 },
			{ "cut of node-a and node-c ends", 0, 0 },
		},
		.never = { "fences", "runs stop" },
		.owner = { A, B, C },
	},
	{
		.name = "of two that were in touch by a third one only, one goes on without it",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON, .fencing = TRUE,
		.action = {
			AT(10000, CUT, A, .other = C, .medium = SIM_ALL, .ms = 100000),
			AT(13000, POWER, B, .ms = 100000),
		},
		.line = {
			{ "node-b loses power", 0, 0 },
			{ "node-a: fences node-b", 0, 0 },
			{ "node-a: fences node-c", 0, 0 },
			{ "node-a: runs start", 0, 0 },
		},
		.never = { "node-c: fences node-a" },
		.until_ms = 60000,
		.owner = { A, A, A },
	},
	{
		.name = "a node that was stopped for work on it is not fenced by one that starts meanwhile",
		.n_nodes = 3, .n_groups = 2, .failback = HB_FAILBACK_ON, .fencing = TRUE,
		.action = {
			AT(8000, SHUTDOWN, C, .ms = 60000),
			AT(10000, KILLALL, A, .ms = 5000),
			AT(11500, KILL, B, .ms = 20),
		},
		.line = {
			{ "node-c is told to stop", 0, 0 },
			{ "heartbeat starts on node-a", 0, 0 },
			{ "node-a: \"node node-c is down, as node-b says", 0, 0 },
			{ "node-a: \"Local status now set to: 'active'", 500, 0 },
			{ "node-a: runs start web", 0, 0 },
		},
		.never = { "fences node-c" },
		.owner = { A, B },
	},
	{
		.name = "a replaced hb-node knows that the other node was stopped",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON, .fencing = TRUE,
		.action = {
			AT(8000, SHUTDOWN, B, .ms = 60000),
			AT(12000, KILL, A, .ms = 20),
			AT(16000, KILL, A, .ms = 20),
		},
		.line = { { "node-b is told to stop", 0, 0 }, { "hb-node of node-a is replaced", 0, 0 } },
		.never = { "fences", "node-a: runs stop" },
		.owner = { A, A },
	},
	{
		.name = "who was fenced is not fenced again by the others, and comes back",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_OFF, .fencing = TRUE,
		.action = { AT(10000, POWER, C, .ms = 20000) },
		.line = {
			{ "node-a: fences node-c", 0, 0 },
			{ "node-a: \"fencing of node-c: OK", 0, 0 },
			{ "node-b: \"node node-c is down, as node-a says", 0, 0 },
			{ "node-c boots", 0, 0 },
			{ "node-c: \"Local status now set to: 'active'", 0, 0 },
		},
		.never = { "node-b: fences" },
		.until_ms = 40000,
		.owner = { A, B, A },
	},
	{
		.name = "a node that left, and lives again where only another one hears it, is not taken for down when that one dies",
		.n_nodes = 3, .n_groups = 2, .failback = HB_FAILBACK_ON, .fencing = TRUE,
		.action = {
			AT(8000, SHUTDOWN, A, .ms = 4000),
			AT(9000, CUT, A, .other = C, .medium = SIM_ALL, .ms = 100000),
			AT(20000, POWER, B, .ms = 100000),
		},
		.line = {
			{ "node-a is told to stop", 0, 0 },
			{ "node-a: runs start web,", 0, 0 },
			{ "node-b loses power", 0, 0 },
			{ "node-a: fences node-b", 0, 0 },
		},
		.never = { "node-c: fences", "node-c: runs start" },
		.until_ms = 60000,
		.owner = { A, A },
	},
	{
		.name = "a member shoots for one that asks for a group and whose device fails",
		.n_nodes = 4, .n_groups = 2, .failback = HB_FAILBACK_ON, .fencing = TRUE, .broken = 1 << C,
		.action = { AT(10000, POWER, A, .ms = 60000), AT(10000, POWER, B, .ms = 60000) },
		.line = {
			{ "node-c: fences node-a", 0, 0 },
			{ "node-d: fences node-a", 0, 0 },
			{ "node-c: \"node node-a is down, as node-d says", 0, 0 },
			{ "node-c: runs start", 0, 0 },
		},
		.never = { "on the deadtime alone", "node-d: runs start" },
		.until_ms = 60000,
		.owner = { C, C },
	},
	{
		.name = "one that has no device waits for the shot of a member that has",
		.n_nodes = 4, .n_groups = 2, .failback = HB_FAILBACK_ON, .fencing = TRUE, .bare = 1 << C,
		.action = { AT(10000, POWER, A, .ms = 60000), AT(10000, POWER, B, .ms = 60000) },
		.line = {
			{ "node-c: says web=wanted", 0, 0 },
			{ "node-d: fences node-a", 0, 0 },
			{ "node-c: runs start", 0, 0 },
		},
		.never = { "on the deadtime alone", "node-d: runs start", "node-c: fences" },
		.until_ms = 60000,
		.owner = { C, C },
	},
	{
		.name = "a group is not taken home while a node is lost and cannot be fenced",
		.n_nodes = 3, .n_groups = 1, .failback = HB_FAILBACK_ON, .fencing = TRUE, .broken = 1 << A | 1 << B,
		.action = {
			AT(8000, SHUTDOWN, A, .ms = 6000),
			AT(10000, POWER, C, .ms = 60000),
			AT(20000, ASK, B, .arg = STANDBY_ALL, .other = SIM_ALL),
		},
		.line = {
			{ "node-b: runs start web,", 0, 0 },
			{ "node-c loses power", 0, 0 },
			{ "node-b: \"nothing is handed over while node-c is lost", 0, 0 },
		},
		.never = { "node-b: runs stop" },
		.owner = { B },
	},
	{
		.name = "two that shoot each other in turns while a cut lasts wait longer each time",
		.n_nodes = 2, .n_groups = 1, .failback = HB_FAILBACK_OFF, .fencing = TRUE,
		.until_ms = 315000,
		.action = { AT(10000, CUT, A, .other = B, .medium = SIM_ALL, .ms = 1000000) },
		.line = {
			{ "node-a: fences node-b", 0, 0 },
			{ "node-b: \"node node-a: is dead", 0, 0 },
			{ "node-b: fences node-a", 40000, 30000 },
			{ "node-a: \"node node-b: is dead", 0, 0 },
			{ "node-a: fences node-b", 70000, 60000 },
			{ "node-b: \"node node-a: is dead", 0, 0 },
			{ "node-b: fences node-a", 70000, 60000 },
			{ "node-a: \"node node-b: is dead", 0, 0 },
			{ "node-a: fences node-b", 130000, 120000 },
		},
		.owner = { A },
	},
	{
		.name = "two of three that are left shoot the third at once: the one that was stopped does not count",
		.n_nodes = 4, .n_groups = 3, .failback = HB_FAILBACK_ON, .fencing = TRUE,
		.action = {
			AT(8000, SHUTDOWN, D, .ms = 60000),
			AT(12000, CUT, A, .other = SIM_ALL, .medium = SIM_ALL, .ms = 60000),
		},
		.line = { { "cut of node-a and all begins", 0, 0 }, { "node-b: fences node-a", 1500, 0 } },
		.never = { "node-a: fences", "fences node-d" },
		.until_ms = 14000,
		.owner = { B, B, C },
	},
	{
		.name = "a deaf node is shot by those that it would shoot",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON, .fencing = TRUE,
		.action = {
			AT(10000, ONEWAY, A, .other = C, .medium = SIM_ALL, .ms = 60000),
			AT(10000, ONEWAY, B, .other = C, .medium = SIM_ALL, .ms = 60000),
		},
		.line = {
			{ "node-c: \"node node-a: is dead", 0, 0 },
			{ "node-a: fences node-c", 1500, 0 },
			{ "node-a: runs start db,", 2000, 0 },
		},
		.never = { "node-c: fences", "runs stop" },
		.until_ms = 14000,
		.owner = { A, B, A },
	},
	{
		.name = "who hears nobody for a moment is not shot",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON, .fencing = TRUE,
		.action = {
			AT(10000, ONEWAY, A, .other = C, .medium = SIM_ALL, .ms = 1300),
			AT(10000, ONEWAY, B, .other = C, .medium = SIM_ALL, .ms = 1300),
		},
		.line = { { "node-c: \"node node-a: is dead", 0, 0 } },
		.never = { "fences", "runs stop" },
		.until_ms = 14000,
		.owner = { A, B, C },
	},
	{
		.name = "an isolated node is shot before it shoots",
		.n_nodes = 3, .n_groups = 2, .failback = HB_FAILBACK_ON, .fencing = TRUE,
		.action = { AT(10000, CUT, C, .other = SIM_ALL, .medium = SIM_ALL, .ms = 25000) },
		.line = { { "cut of node-c and all begins", 0, 0 }, { "node-a: fences node-c", 1800, 0 } },
		.never = { "node-c: fences", "runs stop" },
		.owner = { A, B },
	},
	{
		.name = "what vanishes from a group that is up is started again at once, and nothing else is touched",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = { AT(10000, VANISH, A, .other = WEB, .arg = 0) },
		.line = {
			{ "web vanishes from node-a", 0, 0 },
			{ "node-a: \"web of group web is gone", 2, 0 },
			{ "node-a: runs start web,", 0, 0 },
			{ "web of group web is back", 25, 0 },
		},
		.never = { "runs stop", "node-b: runs start web", "does not stay" },
		.owner = { A, B },
	},
	{
		.name = "a group whose resource does not come back goes to another node",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = {
			AT(10000, CURSE, A, .other = WEB, .arg = 0, .ms = 60000),
			AT(10001, VANISH, A, .other = WEB, .arg = 1),
		},
		.line = {
			{ "web-fs vanishes from node-a", 0, 0 },
			{ "is gone from this machine, and nobody has stopped it: starting it again (try 1)", 2, 0 },
			{ "start of web-fs of group web failed; try 1", 0, 0 },
			{ "starting it again (try 5)", 0, 3900 },
			{ "the group goes to another node", 1100, 0 },
			{ "node-a: runs stop web-fs", 0, 0 },
			{ "node-a: runs stop web,", 0, 0 },
			{ "node-b: runs start web,", 50, 0 },
		},
		.never = { "starting it again (try 6)", "node-b: runs stop" },
		.owner = { B, B },
	},
	{
		.name = "a node alone goes on trying, and serves what is left",
		.n_nodes = 2, .n_groups = 1, .failback = HB_FAILBACK_ON,
		.absent = 1 << B,
		.action = {
			AT(10000, CURSE, A, .other = WEB, .arg = 0, .ms = 12000),
			AT(10001, VANISH, A, .other = WEB, .arg = 1),
		},
		.line = {
			{ "web-fs vanishes from node-a", 0, 0 },
			{ "and no other node can run the group", 0, 0 },
			{ "node-a: runs start web-fs", 10001, 9999 },
			{ "web-fs of group web is back", 0, 0 },
		},
		.never = { "runs stop" },
		.owner = { A },
	},
	{
		.name = "a planned move in the middle of it leaves nothing behind",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(10000, VANISH, A, .other = WEB, .arg = 0),
			AT(10003, ASK, A, .arg = STANDBY_ALL, .other = WEB),
		},
		.line = {
			{ "node-a: \"web of group web is gone", 0, 0 },
			{ "node-a: runs start web,", 0, 0 },
			{ "hb_standby", 0, 0 },
			{ "node-a: runs stop web-fs", 25, 0 },
			{ "node-a: runs stop web,", 0, 0 },
			{ "node-b: runs start web,", 50, 0 },
		},
		.never = { "web is back" },
		.owner = { B, B },
	},
	{
		.name = "who was away starts nothing again that others may have taken",
		.n_nodes = 2, .n_groups = 1, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(10000, FREEZE, A, .ms = 3000),
			AT(10001, VANISH, A, .other = WEB, .arg = 0),
		},
		.line = {
			{ "web vanishes from node-a", 0, 0 },
			{ "node-b: runs start web,", 1100, 0 },
			{ "node-a: runs stop web,", 0, 0 },
		},
		.never = { "is gone from this machine" },
		.owner = { B },
	},
};

const guint n_stories = G_N_ELEMENTS(stories);
