/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unheard.c - not every node hears every other one. */
#include "sim/scenarios/rows.h"

#include "util/banned.h"

const Story stories_unheard[] = {
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
			{ "db=releasing/2>c", 0, 0 },   /* above what that one asked with in vain */
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
		.name = "what only a leaving node heard is given up before another takes it, and nothing else waits for that",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON,
		.action = {
			AT(10000, ONEWAY, A, .other = B, .medium = SIM_ALL, .ms = 60000),
			AT(15000, SHUTDOWN, C, .ms = 60000),
		},
		.line = {
			{ "node-c is told to stop", 0, 0 },
			{ "node-b: runs start db,", 60, 0 },
			{ "node-a: stop web: ok", 100, 0 },
			{ "node-b: runs start web,", 1000, 0 },
		},
		.until_ms = 20000,
		.owner = { B, B, B },
	},
	{
		.name = "standby gives to the next in line that hears us",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(10000, ONEWAY, A, .other = B, .medium = SIM_ALL, .ms = 60000),
			AT(10700, ASK, A, .arg = STANDBY_LOCAL, .other = SIM_ALL),
		},
		.line = {
			{ "node-a: \"handing group web over to node-c", 0, 0 },
			{ "node-c: runs start web,", 0, 0 },
		},
		.never = { "cannot hand group" },
		.until_ms = 20000,
		.owner = { C, B, C },
	},
	{
		.name = "what a leaving node has given to one that only it heard is given up before another takes it",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(10000, ONEWAY, A, .other = B, .medium = SIM_ALL, .ms = 60000),
			AT(10000, ONEWAY, B, .other = A, .medium = SIM_ALL, .ms = 3000),
			AT(12000, ASK, C, .arg = STANDBY_LOCAL, .other = SIM_ALL),
			AT(16000, SHUTDOWN, C, .ms = 60000),
		},
		.line = {
			{ "node-a: runs start db,", 0, 0 },
			{ "node-c is told to stop", 0, 0 },
			{ "node-a: stop db: ok", 100, 0 },
			{ "node-b: runs start db,", 1000, 0 },
		},
		.until_ms = 20000,
		.owner = { B, B, B },
	},
	{
		.name = "a node that stands still for moments again and again knows that it is not heard",
		.n_nodes = 2, .n_groups = 1, .failback = HB_FAILBACK_ON,
		.action = {
			AT(10000, ONEWAY, A, .other = B, .medium = SIM_ALL, .ms = 60000),
			AT(10300, FREEZE, A, .ms = 320),
			AT(10700, FREEZE, A, .ms = 320),
			AT(11100, FREEZE, A, .ms = 320),
		},
		.line = {
			{ "oneway of node-a and node-b begins", 0, 0 },
			{ "node-a: runs stop web-fs", 1900, 0 },
		},
		.until_ms = 15000,
		.owner = { B },
	},
	{
		.name = "what a node has that hears and is heard by a third only is given up before one takes it that this third alone hears",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(10000, CUT, A, .other = B, .medium = SIM_ALL, .ms = 8000),
			AT(10000, ONEWAY, C, .other = A, .medium = SIM_ALL, .ms = 8000),
		},
		.line = {
			{ "node-b: stop mail: ok", 0, 0 },
			{ "node-a: runs start mail,", 0, 0 },
			{ "oneway of node-c and node-a ends", 0, 0 },
		},
		.never = { "node-b: runs start db", "better right" },
		.owner = { A, A, A },
	},
	{
		.name = "in a ring, where each hears one and is heard by the other, nothing runs until it ends",
		.n_nodes = 3, .n_groups = 3, .failback = HB_FAILBACK_ON,
		.action = {
			AT(10000, ONEWAY, A, .other = B, .medium = SIM_ALL, .ms = 8000),
			AT(10000, ONEWAY, B, .other = C, .medium = SIM_ALL, .ms = 8000),
			AT(10000, ONEWAY, C, .other = A, .medium = SIM_ALL, .ms = 8000),
		},
		.line = {
			{ "node-a: runs stop web,", 0, 0 },
			{ "oneway of node-c and node-a ends", 0, 0 },
			{ "node-a: runs start web,", 500, 0 },
		},
		.never = { "on the deadtime alone" },
		.owner = { A, B, C },
	},
};

const guint n_stories_unheard = G_N_ELEMENTS(stories_unheard);
