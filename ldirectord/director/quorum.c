/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/director/quorum.h"
#include "util/banned.h"

void
ldir_quorum_init(LdirQuorum *quorum, gint64 weight, gint64 hysteresis)
{
	quorum->weight = weight;
	quorum->hysteresis = CLAMP(hysteresis, 0, MAX(weight - 1, 0));
	quorum->state = weight > 0 ? LDIR_QUORUM_UNKNOWN : LDIR_QUORUM_OFF;
}

static LdirQuorumState
judge(const LdirQuorum *quorum, gint64 live, gboolean is_open)
{
	switch (quorum->state) {
	case LDIR_QUORUM_OFF:
		break;
	case LDIR_QUORUM_UNKNOWN:
		if (live >= quorum->weight)
			return LDIR_QUORUM_THERE;
		return is_open ? LDIR_QUORUM_UNKNOWN : LDIR_QUORUM_LOST;
	case LDIR_QUORUM_THERE:
		return live < quorum->weight - quorum->hysteresis ? LDIR_QUORUM_LOST : LDIR_QUORUM_THERE;
	case LDIR_QUORUM_LOST:
		return live >= quorum->weight + quorum->hysteresis ? LDIR_QUORUM_THERE : LDIR_QUORUM_LOST;
	}
	return LDIR_QUORUM_OFF;
}

gboolean
ldir_quorum_step(LdirQuorum *quorum, gint64 live, gboolean is_open)
{
	LdirQuorumState before = quorum->state;

	quorum->state = judge(quorum, live, is_open);
	return quorum->state != before;
}

const char *
ldir_quorum_name(LdirQuorumState state)
{
	static const char *const names[] = {
		[LDIR_QUORUM_OFF] = "off", [LDIR_QUORUM_UNKNOWN] = "unknown", [LDIR_QUORUM_THERE] = "there", [LDIR_QUORUM_LOST] = "lost",
	};

	return names[state];
}
