/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - all that one core knows. Internal to heartbeat/core.
 *
 * One struct, so that N cores live in one process and a view is a plain reading. Each part is written by the
 * module named above it.
 */
#ifndef HB_CORE_STATE_H
#define HB_CORE_STATE_H

#include "core/compat306.h"
#include "core/core.h"
#include "core/order.h"
#include "core/peer.h"
#include "core/sendq.h"
#include "util/id.h"

/* of one step, in which all others may die at once: two messages for each */
#define HB_OUTBOX_MAX (2 * HB_GROUPS_MAX + 2 * HB_NODES_MAX + HB_PING_NODES_MAX + 64)
#define HB_ABSENCES_MAX 3
#define HB_REPAIRS_MAX 5                /* of a group within a minute, then it is for another node */
#define HB_LINK_NAME_MAX 63
#define HB_NODE_CHANGES_MAX 32          /* of nodes in one step; the rest is told again, or asked for again */

/* What a node said last about one group. */
typedef struct {
	gboolean known;         /* FALSE: its configuration has no such group (or it has not said yet) */
	HbClaim claim;
	guint32 epoch;
	guint32 grant_id;
	guint32 keeper_id;
	gint64 since_ms;        /* the claim is the same since */
} HbWord;

/* What a node said last about whom it hears: of one other node. */
typedef struct {
	gint32 age_ms;          /* -1: it does not hear it */
	guint64 stamp;          /* of the last status that it has taken in */
	HbFate fate;            /* of one that it does not hear ... */
	guint64 generation;     /* ... in this life */
	guint32 taker_id;       /* a node that is about to take what it holds; else none */
	gboolean armed;         /* it has a fencing device for it */
} HbHearsay;

/* When a node was heard last, as far as the others have said. */
typedef struct {
	gint64 heard_ms;        /* -1 never */
	guint32 by_id;          /* who said so */
	guint64 stamp;          /* of what was heard of it */
} HbVouch;

/* link.c */
typedef struct {
	gboolean up;
	gint64 heard_ms;        /* -1 never */
} HbLink;

/* member.c, on_status.c; the entry of this node itself is there too, with state ALIVE */
typedef struct HbPeer {
	const char *name;       /* borrowed from the config */
	guint32 id;
	guint8 uuid[HB_UUID_LEN]; /* zero: not known */
	HbPeerState state;
	HbPeerKind kind;
	HbNodeSt st;
	gboolean leaving;
	gboolean settling;
	gboolean barred;        /* as it says: one that it hears does not hear it */
	gint64 heard_ms;        /* last status taken; start of this core while SILENT */
	gint64 excuse_ms;       /* added to its deadtime because we were absent ourselves */
	guint32 deadtime_ms;    /* as it announces */
	guint64 generation;     /* 0: not known */
	guint64 status_seq;     /* of the newest status taken */
	guint32 ts;             /* wall clock of the sender in that status */
	HbHearsay hearsay[HB_NODES_MAX];        /* by node index */
	gint64 deaf_since_ms;   /* since when it has been saying that it does not hear us; -1: it does */
	gint64 deaf_from_ms;    /* when it began not to, as it says, and later by each absence of ours; while that is not -1 */
	guint32 taker_id;       /* unheard.c: of one that we hear, and that is about to take what this one holds; else none */
	gboolean goes;          /* its removal was asked for */
	HbVouch vouched;        /* on_status.c */
	guint64 since_seq;      /* of our first message since it is a member (again) */
	guint64 echo_seq;       /* the newest of our statuses that it had taken in when it spoke last */
	gint64 excused_ms;      /* sum of excuses in this silence */
	gboolean untold;        /* its death is not told to scripts yet */
	guint ack_trigger;
	guint64 acked;          /* highest number of its stream that we acknowledged */
	HbOrder order;
	HbLink link[HB_MEDIA_MAX];
	HbWord word[HB_GROUPS_MAX];
	struct {                /* gone.c; while it is LEFT, or DEAD and fenced */
		HbGone as;              /* NONE: not known to be down */
		HbGone noted;
		guint64 floor;          /* words of members that speak of lives before this one are old */
		gint64 since_ms;
	} gone;
	struct {                /* fence.c; while it is DEAD */
		guint32 op;             /* fencing in flight, 0: none */
		gboolean cancelled;     /* that one is not wanted any more */
		gboolean needed;        /* something waits for it; of this step */
		const char *told;       /* why we wait before we shoot, as it was said last */
		guint tries;
		gint64 lost_ms;         /* it counts as lost since */
		gint64 retry_ms;        /* not before; 0: never tried */
	} fence;
} HbPeer;

/* member.c */
typedef struct {
	const char *name;
	gboolean up;
	gboolean untold;        /* as in HbPeer */
	gint64 heard_ms;        /* -1 never */
} HbPingNode;

/* group.c, repair.c, takeover.c */
typedef struct {
	const HbGroupConf *conf;
	HbGroupState state;
	gint64 born_ms;         /* this node knows it since */
	gint64 since_ms;
	gint64 began_ms;        /* of the acquisition or release under way */
	gint64 leave_ms;        /* all others gave leave for this tenure then */
	guint32 epoch;          /* of our tenure or claim */
	guint32 seen_epoch;     /* the highest anybody spoke of */
	struct {                /* who ran it last, or began to, as far as we heard */
		guint32 id;
		guint64 generation;
		guint32 epoch;
	} last;
	guint at;               /* resource worked on */
	guint32 op;             /* script in flight, 0: none */
	HbVerb verb;            /* of that script */
	gboolean cancelled;
	gboolean want_down;     /* give up as soon as the script in flight has ended */
	gboolean retry_start;   /* the stop under way cleans up after a failed start */
	gboolean was_partial;   /* the hb-node before us ended while its scripts were at work */
	gboolean found;         /* something of it was running when we looked first */
	gint64 forced_until_ms; /* so long the operator answers for the silence of the last owner */
	guint n_busy;           /* starts in a row that found it held elsewhere */
	gboolean refreshing;    /* the starts under way repeat what is up already */
	gboolean repairing;     /* ... of .at alone, which had vanished */
	guint64 gone;           /* bit per resource that was started and vanished */
	gint64 repair_ms;       /* not before */
	gint64 repaired_ms[HB_REPAIRS_MAX];     /* the latest ones, as a ring ... */
	guint n_repaired;       /* ... and how many there were in this tenure */
	gboolean repair_paused; /* more often than that, and nobody else can run it */
	gboolean parked;
	gboolean known_free;    /* everybody who could have it said that it is down: no death was guessed */
	guint64 claim_seq;      /* ASKING: leave counts from who has heard our status of this number */
	guint64 parted_seq;     /* two others hold it that do not hear each other: our next number when we saw it; 0: not so */
	guint32 keeper_id;      /* and which of them is to go on */
	guint64 tenure_seq;     /* of the first of our statuses that tells of the present tenure */
	gboolean told_differ;
	gint64 unclaimed_ms;    /* IDLE: nobody runs it or asks for it since; G_MAXINT64: somebody does */
	gboolean tainted;       /* we were absent while holding it */
	gint64 tainted_ms;
	gboolean contested;     /* another node holds it as well; we keep it */
	gint64 contested_ms;
	gboolean doubted;       /* a node came back that may have announced it meanwhile */
	guint32 given_by_id;    /* the member that handed it to us, in this life of it */
	guint64 given_by_generation;
	guint32 grant_id;       /* who may start it as far as we go */
	gint64 grant_ms;
	gboolean grant_used;    /* its holder has asked for it since */
	guint failures;
	guint failed_at;        /* the resource whose start failed last */
	gboolean forgiven;      /* what it needs has come up since */
	guint stop_failures;
	gint64 retry_ms;        /* G_MAXINT64: nothing to be tried again */
} HbGroup;

struct HbCore {
	const HbConfig *config;
	gboolean in_step;
	HbRng rng;
	HbSendq sendq;
	Hb306 compat;

	/* member.c */
	guint64 generation;
	guint8 uuid[HB_UUID_LEN];
	HbNodeSt st;
	gboolean resumed;
	gboolean leaving;
	gboolean said_bye;
	gboolean exited;
	guint64 bye_seq;
	gint64 bye_ms;
	gint64 now_ms;          /* of this step */
	gint64 start_ms;
	gint64 next_status_ms;
	gint64 wanted_ms;       /* deadline promised at the end of the last step */
	gboolean say_now;       /* own state changed: a status goes out at the end of this step */
	gboolean heard_beat;    /* another node's status was taken in this step */
	gint64 speaking_since_ms; /* start, or end of our last absence */
	gint64 hold_until_ms;   /* nothing is acquired before: after an absence */
	guint64 speaking_seq;   /* number of the first message since */
	guint n_absences;       /* of those that others could take for our death */
	gint64 absence_ms[HB_ABSENCES_MAX];
	gboolean barred;        /* a node that we hear does not hear us: it gives us no leave */
	gboolean unheard;       /* and nobody vouches for us: it is about to take what we hold */
	gboolean told_hold;     /* client.c: of what is settled now */
	guint32 next_op;
	guint n_shots;          /* fence.c: by this node, before its start as well; since the cluster was whole */
	HbPeer *peer;           /* config->n_nodes of them */
	HbPingNode ping[HB_PING_NODES_MAX];
	char link_name[HB_MEDIA_MAX][HB_LINK_NAME_MAX + 1];
	HbGroup group[HB_GROUPS_MAX];
	gint64 next_join_ms;    /* node.c: strangers are looked at again then */
	guint64 rx_unknown_node, rx_ghost, rx_stale, late_turns;

	/* messages of this step; effects point here */
	const char *names[HB_NODES_MAX];
	guint n_changes;
	char change[HB_NODE_CHANGES_MAX][HB_NODE_NAME_MAX + 1];
	guint n_out;
	HbTyped out[HB_OUTBOX_MAX];
};

static inline HbPeer *
hb_self(HbCore *core)
{
	return &core->peer[core->config->self];
}

static inline guint32
hb_self_id(const HbCore *core)
{
	return core->peer[core->config->self].id;
}

/* effects.c */
HbEffect *hb_effects_add(HbEffects *fx, HbEffectType type);
void hb_say(HbEffects *fx, HbSay say, const char *node, const char *group, const char *what, gint64 n);
/* Runs rc.d/TYPE, where there is one. @msg: lives as long as the effects. */
void hb_notify_rc(const HbCore *core, const HbTyped *msg, HbEffects *fx);
/* A zeroed message to be filled in and given to hb_send() or hb_send_ns(). */
HbTyped *hb_outbox_new(HbCore *core, HbMsgType type, const char *dest);

/* dispatch.c: shows a message of @peer to API clients; NULL: of this node, or of one without numbers */
void hb_deliver(const HbPeer *peer, const HbTyped *msg, HbTreatment how, HbEffects *fx);

/* member.c */
int hb_peer_index(const HbCore *core, guint32 id);
/* Every node that takes part now: heard, not given up, not gone. Counts this node itself. */
gboolean hb_node_is_member(const HbCore *core, guint node);

#endif
