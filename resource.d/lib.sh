# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lib.sh - sourced by the resource scripts beside it: arguments, time limits, words and exit codes.
#
# A script sets HB_USAGE, has the functions do_start, do_stop, do_status, each called with the
# arguments without the verb, and ends with "hb_run LEAST MOST "$@"" (how many arguments there may be).
# The functions end with hb_done CODE or hb_fail CODE TEXT, or return a code:
#   0 done, or running · 1 failed · 2 illegal argument · 3 no such operation · 4 not root
#   5 not installed · 6 not configured · 7 stopped
# Standard output holds only the words by which callers judge; all else goes to standard error.
# Arguments are words from a file: never evaluated, always quoted.

set -f
set -u
unset IFS
export LC_ALL=C
HB_NAME=${0##*/}
HB_LIMIT=${HA_BIN:-/usr/libexec/heartbeat}/hb-limit
HB_OCF=${HA_BIN:-/usr/libexec/heartbeat}/hb-ocf
HB_MARKS=/run/resource-agents   # gone after a boot
HB_VERB=
: "${HB_USAGE=}"
PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin

# ---- words

# hb_say TEXT: to whoever reads the log or sits at the prompt
hb_say() { printf '%s: %s\n' "$HB_NAME" "$1" >&2; }

# hb_done CODE: the word for it, and the end
hb_done() {
	case $1 in
	0) if [ "$HB_VERB" = status ]; then echo 'INFO:  Running OK'; else echo 'INFO:  Success'; fi ;;
	1) echo 'ERROR:  Generic error' ;;
	2) echo 'ERROR:  Illegal argument' ;;
	3) echo 'ERROR:  Function unimplemented' ;;
	4) echo 'ERROR:  User had insufficient privilege' ;;
	5) echo 'ERROR:  Program is not installed' ;;
	6) echo 'ERROR:  Program is not configured' ;;
	7) echo 'INFO:  Resource is stopped' ;;
	*) echo "ERROR:  Unknown error: $1"; exit 1 ;;
	esac
	exit "$1"
}

# hb_fail CODE TEXT
hb_fail() {
	hb_say "$2"
	hb_done "$1"
}

hb_usage() {
	printf 'usage: %s %s (start|stop|status|usage|meta-data)\n' "$0" "$HB_USAGE"
	[ "${1:-1}" != 0 ] || echo 'INFO:  Success'
	exit "${1:-1}"
}

# ---- time: everything together stays within the limit that the daemon has for us

hb_uptime() { read -r hb_up _ </proc/uptime && hb_up=${hb_up%%.*}; }

hb_clock() {
	hb_budget=${HA_resource_timeout:-300}
	case $hb_budget in
	*[!0-9]*ms|?????????*) hb_budget=60 ;;
	?*ms) hb_budget=$((${hb_budget%ms} / 1000)) ;;
	?*s) hb_budget=${hb_budget%s} ;;
	?*m) hb_budget=$((${hb_budget%m} * 60)) ;;
	esac
	while [ "$hb_budget" != "${hb_budget#0}" ]; do hb_budget=${hb_budget#0}; done   # would be octal
	hb_only "$hb_budget" 0-9 || hb_budget=60
	hb_uptime
	hb_end=$((hb_up + hb_budget - hb_budget / 10 - 1))
}

# hb_left SECONDS: sets hb_secs, no more than is left of the time, at least 1
hb_left() {
	hb_uptime
	hb_secs=$((hb_end - hb_up))
	[ "$hb_secs" -le "$1" ] || hb_secs=$1
	[ "$hb_secs" -ge 1 ] || hb_secs=1
}

hb_is_late() { hb_uptime && [ "$hb_up" -ge "$hb_end" ]; }

# hb_try SECONDS COMMAND...: its output is no word of ours
hb_try() {
	hb_left "$1"
	shift
	"$HB_LIMIT" "$hb_secs" "$@" >&2
}

# hb_quiet SECONDS COMMAND...: only the exit code counts
hb_quiet() { hb_try "$@" 2>/dev/null; }

# hb_ask SECONDS COMMAND...: prints what it printed
hb_ask() {
	hb_left "$1"
	shift
	"$HB_LIMIT" -c "$hb_secs" "$@"
}

# hb_need COMMAND...: the verb cannot go on without
hb_need() {
	for hb_tool; do
		command -v "$hb_tool" >/dev/null || hb_fail 5 "there is no program $hb_tool on this machine"
	done
}

# hb_needs_tool COMMAND: start needs it; without it nothing can be up, so that status and stop have an answer
hb_needs_tool() {
	command -v "$1" >/dev/null && return
	hb_say "there is no program $1 on this machine"
	case $HB_VERB in
	start) hb_done 5 ;;
	stop) hb_done 0 ;;
	status) hb_done 7 ;;
	esac
}

# ---- marks: what only we can know. A mark is a file under the name and the arguments

hb_mark_path() {
	hb_sum=$(printf '%s\n' "$@" | cksum) || return
	echo "$HB_MARKS/hb-$HB_NAME-${hb_sum%% *}"
}
hb_mark() { mkdir -p "$HB_MARKS" && hb_path=$(hb_mark_path "$@") && : >"$hb_path"; }
hb_unmark() { hb_path=$(hb_mark_path "$@") && rm -f "$hb_path"; }
hb_is_marked() { hb_path=$(hb_mark_path "$@") && [ -e "$hb_path" ]; }

# hb_drbd_is_down RESOURCE: for certain
hb_drbd_is_down() {
	[ -d /sys/module/drbd ] || return 0
	hb_quiet 10 drbdsetup status "$1"
	[ $? = 10 ]     # no such resource
}

# ---- arguments

# hb_only TEXT CHARACTERS: TEXT is made of these (a bracket expression without the brackets), and is no option
hb_only() {
	case $1 in
	''|-*) return 1 ;;
	esac
	# shellcheck disable=SC2254  # a pattern
	case $1 in
	*[!$2]*) return 1 ;;
	esac
}

# hb_agent TYPE INSTANCE NAME=VALUE...: the OCF agent of resource-agents does it. Which parameters it wants is its
# own business, as it always was.
hb_agent() {
	hb_type=$1 hb_instance=$2
	shift 2
	[ -x "$HB_OCF" ] || hb_fail 5 "there is no program $HB_OCF"
	exec "$HB_OCF" --inherit --instance "$hb_instance" "ocf:heartbeat:$hb_type" "$@" "$HB_VERB"
}

# hb_run LEAST MOST WORDS...
hb_run() {
	hb_least=$1 hb_most=$2
	shift 2
	hb_n=$#
	[ "$hb_n" -gt "$hb_least" ] && [ "$hb_n" -le $((hb_most + 1)) ] || hb_usage
	while [ "$hb_n" -gt 1 ]; do     # the verb is the last word
		set -- "$@" "$1"
		shift
		hb_n=$((hb_n - 1))
	done
	HB_VERB=$1
	shift
	case $HB_VERB in
	start|stop) ;;
	status|monitor) HB_VERB=status ;;
	meta-data) hb_agent "$HB_NAME" meta-data ;;
	usage|help) hb_usage "${HB_USAGE_CODE:-1}" ;;
	*) printf 'ERROR: Unknown operation: %s\n' "$HB_VERB"; hb_usage ;;
	esac
	[ -x "$HB_LIMIT" ] || hb_fail 5 "there is no program $HB_LIMIT"
	cd / || exit 1
	hb_clock
	"do_$HB_VERB" "$@"
	hb_done $?
}
