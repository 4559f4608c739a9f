# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# classic.sh - sourced after lib.sh by the test and the bench of the classic stack: an address, DRBD, a file system and
# Debian's MariaDB on two nodes, and a client that adds rows through the address and notes those that were acknowledged.

VIP=10.78.1.200
DATA=/var/lib/mysql
GROUP="node1 IPaddr::$VIP/24/eth0 drbddisk::r0 Filesystem::/dev/drbd0::$DATA::ext4 mariadb"
LIMIT=${HB_TEST_LIMIT:-300}     # seconds; a start of the database takes ten here, and so does each of the old scripts
KEEPALIVE=500ms DEADTIME=4
EXAMPLE=$HB_TOP/ha.d-examples/drbd-mysql
SHARE=/usr/share/heartbeat

# classic_up ours|3.0.6: two nodes with all of it, the disks in step, the database made; nothing runs
classic_up() {
    local stack=$HB_BUILD/classic tree=$HB_ROOT node
    PRODUCT=$1
    (flock 9; hb_unpack "$stack" drbd-utils mariadb-server) 9>"$stack.lock" >/dev/null 2>&1 ||
        skip_all 'no DRBD tools and MariaDB to be had'
    if [ "$PRODUCT" = 3.0.6 ]; then
        tree=$("$HB_TOP/tests/compat/peer" 2>/dev/null | tail -n 1)
        [ -n "$tree" ] || skip_all 'no heartbeat 3.0.6 to be had'
    fi
    TREES=("$stack" "$tree")
    uml_up 2 --mods drbd --mem 512M --disk 128M
    for node in "${NODES[@]}"; do
        classic_files "$node" || { fail "$node has its files"; exit 1; }
        on "$node" drbdadm create-md --force r0 >/dev/null 2>&1
        classic_boot "$node" || { fail "$node has its disk"; exit 1; }
    done
    classic_data || { fail 'there is a database on the disk'; exit 1; }
    for node in "${NODES[@]}"; do on "$node" sync; done     # a crash may come at once
    ROWS=$(mktemp) || exit 1
}

# What the packages' own scripts would have made, and what an administrator writes.
classic_files() {
    on "$1" sh -c "
        grep -q ^mysql: /etc/passwd || echo mysql:x:989:989::/nonexistent:/bin/false >>/etc/passwd
        grep -q ^mysql: /etc/group || echo mysql:x:989: >>/etc/group
        ln -sf mariadb.cnf /etc/mysql/my.cnf
        mkdir -p $DATA /var/lib/drbd /var/log/mysql /var/lib/heartbeat/cores/root /var/lib/heartbeat/cores/hacluster
        chown mysql:mysql /var/log/mysql" || return
    printf '%s\n' '[client]' 'host=localhost' 'user=root' | put "$1" /etc/mysql/debian.cnf 600 || return
    # What the example says, made small: a process on these kernels can address 512 GiB, the default reserves more.
    { sed '/^innodb_log_file_size/d' "$EXAMPLE/mariadb.cnf"
      printf '%s\n' 'innodb_log_file_size = 8M' 'innodb_buffer_pool_size = 16M' 'innodb_buffer_pool_size_max = 64M'
    } | put "$1" /etc/mysql/mariadb.conf.d/90-rig.cnf || return
    sed -e 's/mysqldata/r0/; s/drbd1/drbd0/; s/sdb1/ubda/; s/192\.168\.10\.1\([12]\)/10.78.2.\1/' \
        -e 's/on db\([12]\)[^ ]*/on node\1/; s/net {/disk { c-plan-ahead 0; resync-rate 200M; }\n&/' \
        "$EXAMPLE/mysqldata.res" | put "$1" /etc/drbd.d/r0.res || return
    printf '%s\n' 'logfile /rig/ha-log' "keepalive $KEEPALIVE" "deadtime $DEADTIME" 'warntime 2' 'initdead 20' \
        'bcast eth0 eth1' 'auto_failback off' 'node node1 node2' | put "$1" /etc/ha.d/ha.cf &&
        echo "$GROUP" | put "$1" /etc/ha.d/haresources &&
        printf 'auth 1\n1 sha1 a test secret\n' | put "$1" /etc/ha.d/authkeys 600
}

# classic_boot NODE: what an init system does before heartbeat. The watcher says in /rig/mounts when the file system
# comes and goes; the kernel wakes it at each change.
classic_boot() {
    put "$1" /run/watcher <<'PERL' || return
use Time::HiRes "time";
open(my $table, "<", "/proc/self/mounts") or die;
my ($dir, $was, $wait) = (shift, 0, "");
vec($wait, fileno($table), 1) = 1;
while (1) {
    seek($table, 0, 0);
    my $is = grep({ (split)[1] eq $dir } <$table>) > 0;
    if ($is != $was) {
        open(my $out, ">>", "/rig/mounts") or die;
        printf $out "%s %.3f\n", $is ? "mounted" : "gone", time;
        close $out;
        $was = $is;
    }
    select(undef, undef, my $changed = $wait, undef);
}
PERL
    on "$1" sh -c "setsid perl /run/watcher $DATA >/dev/null 2>&1 &
        mkdir -p /run/resource-agents; drbdadm up r0 >/dev/null 2>&1"
}

# Two empty disks are in step without a sync.
classic_data() {
    printf '%s\n' 'FLUSH PRIVILEGES;' 'CREATE DATABASE rig;' 'CREATE TABLE rig.row (n INT PRIMARY KEY) ENGINE=InnoDB;' \
        "GRANT ALL ON rig.* TO rig@'%' IDENTIFIED BY 'rig';" | put node1 /run/rig.sql
    wait_for connected node1 && on node1 sh -c "drbdadm new-current-uuid --clear-bitmap r0 && drbdadm primary r0 &&
        mkfs.ext4 -q /dev/drbd0 && mount /dev/drbd0 $DATA && rmdir $DATA/lost+found &&
        mariadb-install-db --user=mysql --datadir=$DATA --skip-test-db --extra-file=/run/rig.sql >/rig/install-db 2>&1 &&
        umount $DATA && drbdadm secondary r0" && wait_for in_step node1
}

# ---- the cluster

connected() { on "$1" grep -q 'cs:Connected' /proc/drbd; }
# in_step NODE: both disks hold the same
in_step() { on "$1" grep -q 'ds:UpToDate/UpToDate' /proc/drbd; }

# start NODE...: heartbeat, on all of them at the same time
start() {
    local node jobs=()
    for node; do
        on "$node" /etc/init.d/heartbeat start >/dev/null 2>&1 &
        jobs+=($!)
    done
    wait "${jobs[@]}"
}

# back NODE: after a crash
back() { rig boot "$1" && classic_boot "$1" && start "$1"; }

# is_settled: both nodes are heard, and nothing is under way
is_settled() {
    local node text
    for node in "${NODES[@]}"; do
        text=$(on "$node" sh -c 'echo $(cl_status rscstatus; cl_status nodestatus node1; cl_status nodestatus node2)' 2>/dev/null)
        case $text in
        'none active active'|'local active active'|'foreign active active'|'all active active') ;;
        *) sleep 2; return 1 ;;     # each question costs the node some of its time
        esac
    done
}

# crash NODE, and what its watcher could not say any more
crash() {
    MOMENT=$EPOCHREALTIME
    rig crash "$1"
    echo "gone $MOMENT" >>"$(of "$1" mounts)"
}

# ---- the client

client_start() {
    LD_LIBRARY_PATH=$HB_BUILD/classic/usr/lib/x86_64-linux-gnu "$UMLRIG" exec "$RIG" client "$HB_TOP/tests/uml/inserter" \
        "$HB_BUILD/classic/usr/bin/mariadb" "$VIP" "$ROWS.end" >>"$ROWS" 2>/dev/null </dev/null &
    CLIENT=$!
}
client_stop() { : >"$ROWS.end"; wait "$CLIENT"; }

acknowledged_since() { awk -v t="$1" '$2 > t { found = 1 } END { exit !found }' "$ROWS"; }
# served_by NODE: its file system came, and rows were acknowledged after that
served_by() {
    local word moment
    read -r word moment < <(tail -n 1 "$(of "$1" mounts)" 2>/dev/null)
    [ "$word" = mounted ] && acknowledged_since "$moment"
}
# gap_since MOMENT: the longest time without a row that ended after it, in seconds
gap_since() {
    sort -k2n "$ROWS" | awk -v t="$1" 'NR > 1 && $2 > t && $2 - last > gap { gap = $2 - last } { last = $2 }
        END { printf "%.1f\n", gap }'
}
# mounted_after NODE: from the last row before the file system came there until it came: what is not the database's part
mounted_after() {
    local word moment
    read -r word moment < <(tail -n 1 "$(of "$1" mounts)")
    awk -v t="$moment" '$2 < t && $2 > last { last = $2 } END { printf "%.1f\n", t - last }' "$ROWS"
}
# lost NODE: how many of the acknowledged rows the database there does not have
lost() {
    awk '{ print $1 }' "$ROWS" | sort >"$ROWS.acknowledged"
    on "$1" mariadb -N -e 'SELECT n FROM rig.row' | sort | comm -23 "$ROWS.acknowledged" - | wc -l
}

# overlaps: how many stays of the file system on a node began before the one before it had ended
overlaps() {
    local node
    for node in "${NODES[@]}"; do sed "s/\$/ $node/" "$(of "$node" mounts)" 2>/dev/null; done | sort -k2n |
        awk '$1 == "mounted" { for (n in up) if (n != $3) count++; up[$3] = 1 }
            $1 == "gone" { delete up[$3] }
            END { print count + 0 }'
}
