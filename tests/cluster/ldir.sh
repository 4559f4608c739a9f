# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# ldir.sh - sourced by the tests of ldirectord: the program as installed, in namespaces of its own, with a table of IPVS in
# files ($TABLE) and real servers on the loopback network that can be switched on and off.
. "$(dirname "${BASH_SOURCE[0]}")/rsc.sh"

LDIRECTORD=$HB_ROOT/usr/sbin/ldirectord
[ -x "$LDIRECTORD" ] || { echo "Bail out! no ldirectord installed in $HB_ROOT"; exit 1; }
command -v perl >/dev/null || skip_all 'needs perl'
ip link set lo up
mkdir -p /run/ipvs /run/ha
TABLE=/run/ipvs/table CALLS=/run/ipvs/calls LOG=/run/ld.log
CF=/run/ha/web.cf PIDFILE=/run/ldirectord.web.cf.pid
export LDIRECTORD_IPVS=dry:/run/ipvs
declare -A REAL

# ld ARGUMENTS...: sets OUT, ERR, CODE
ld() {
    "$LDIRECTORD" "$@" >/run/out 2>/run/err </dev/null
    CODE=$?
    OUT=$(cat /run/out) ERR=$(cat /run/err)
}

# conf < SECTIONS: the file, with what all tests want
conf() { { printf 'logfile="%s"\nchecktimeout=20\ncheckinterval=%s\n' "$LOG" "${INTERVAL:-1}"; cat; } >"$CF.new"; mv "$CF.new" "$CF"; }

# real_on ADDRESS...: a server there accepts connections at port 80
real_on() {
    local a
    for a; do
        perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalAddr => $ARGV[0], LocalPort => 80, Listen => 64,
                ReuseAddr => 1) or exit 1;
            print "on\n"; close STDOUT; while (1) { my $c = $s->accept or next; close $c }' "$a" >"/run/trial/real.$a" </dev/null &
        REAL[$a]=$!
    done
    for a; do soon test -s "/run/trial/real.$a" || fail "a server listens on $a"; rm -f "/run/trial/real.$a"; done
}

real_off() {
    local a
    for a; do kill "${REAL[$a]}"; wait "${REAL[$a]}" 2>/dev/null; done
}

# table_is LINE...: exactly these, whatever their order
table_is() { diff -q <(sort "$TABLE" 2>/dev/null) <(printf '%s\n' "$@" | sed '/^$/d' | sort) >/dev/null; }
logged() { grep -qE -- "$1" "$LOG" 2>/dev/null; }
# times TEXT: how often it was logged
times() { grep -cF -- "$1" "$LOG" 2>/dev/null; }

# table SENTENCE LINE...: in the end these are in the table
table() {
    local sentence=$1
    shift
    soon table_is "$@"
    ok $? "$sentence" || { diag "$(cat "$TABLE")"; diag "$(tail -n 20 "$LOG")"; }
}
