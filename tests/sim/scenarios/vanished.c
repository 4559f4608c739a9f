/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vanished.c - a resource of a group that is up is gone without a stop. */
#include "sim/scenarios/rows.h"

#include "util/banned.h"

const Story stories_vanished[] = {
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
		.name = "what vanishes is started again also while one asks for it in vain that does not hear this node",
		.n_nodes = 3, .n_groups = 1, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(10000, ONEWAY, A, .other = B, .medium = SIM_ALL, .ms = 60000),
			AT(15000, VANISH, A, .other = WEB, .arg = 0),
		},
		.line = {
			{ "node-b: says web=wanted", 0, 0 },
			{ "web vanishes from node-a", 0, 0 },
			{ "node-a: runs start web,", 5, 0 },
		},
		.never = { "runs stop" },
		.owner = { A },
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
		.name = "one order brings a group back to where it had failed",
		.n_nodes = 2, .n_groups = 1, .failback = HB_FAILBACK_OFF,
		.action = {
			AT(10000, CURSE, A, .other = WEB, .arg = 0, .ms = 8000),
			AT(10001, VANISH, A, .other = WEB, .arg = 1),
			AT(22000, ASK, A, .arg = TAKEOVER_ALL, .other = SIM_ALL),
		},
		.line = {
			{ "the group goes to another node", 0, 0 },
			{ "node-b: runs start web,", 100, 0 },
			{ "hb_takeover all", 0, 0 },
			{ "node-b: runs stop web-fs", 25, 0 },
			{ "node-a: runs start web,", 100, 0 },
		},
		.never = { "cannot hand group" },
		.owner = { A },
	},
	{
		.name = "who could not start a group for want of an interface can have it again when that is up, and who has it keeps it",
		.n_nodes = 2, .n_groups = 2, .failback = HB_FAILBACK_ON,
		.action = {
			AT(1, CURSE, A, .other = WEB, .ms = 8000),
			AT(7000, CARRIER, A, .other = MAIL, .arg = 0),
			AT(10000, CARRIER, A, .other = WEB, .arg = 0),
			AT(14000, ASK, B, .arg = STANDBY_ALL, .other = WEB),
		},
		.line = {
			{ "node-b: runs start web,", 0, 0 },
			{ "web may be had again on node-a", 0, 0 },
			{ "node-a: says web=free", 5, 0 },
			{ "hb_standby web on node-b", 4000, 0 },
			{ "node-b: runs stop web-fs", 5, 0 },
			{ "node-a: runs start web,", 50, 0 },
		},
		.owner = { A, B },
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

const guint n_stories_vanished = G_N_ELEMENTS(stories_vanished);
