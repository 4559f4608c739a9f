# SPDX-License-Identifier: GPL-2.0-or-later
"""What the benches share: rigs, the products compared, the prober, tables with ratios."""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get('HB_BUILD', os.path.join(TOP, 'build'))
NETRIG = os.path.join(TOP, 'tests', 'rig', 'netrig')
VIP = '10.77.0.100'
NODES = ('node1', 'node2')
os.environ['NETRIG_QUIET'] = '1'
os.environ['LC_ALL'] = 'C'


def log(*a):
    print(time.strftime('%H:%M:%S'), *a, file=sys.stderr, flush=True)


def run(*a, check=True):
    p = subprocess.run(a, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                       stdin=subprocess.DEVNULL)
    if check and p.returncode:
        raise RuntimeError('%s: exit %d: %s' % (' '.join(a), p.returncode, p.stdout))
    return p.stdout


def wait_for(condition, limit, what):
    """until condition() holds; never for a time"""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    raise RuntimeError('not within %g s: %s' % (limit, what))


class Rig:
    def __init__(self, product, links=2):
        self.name = 'b%d%s' % (os.getpid(), product.short)
        args = []
        if product.root:
            args = ['--install', product.root]
        run(NETRIG, 'up', self.name, '2', '--links', str(links), *args)

    def __enter__(self):
        return self

    def __exit__(self, *a):
        run(NETRIG, 'down', self.name, check=False)

    def cmd(self, c, *a):
        return run(NETRIG, c, self.name, *a).strip()

    def x(self, node, *command, check=False):
        return run(NETRIG, 'exec', self.name, node, '--', *command, check=check)

    def sh(self, node, script, check=False):
        return self.x(node, 'sh', '-c', script, check=check)

    def put(self, node, text, path, mode='644'):
        with tempfile.NamedTemporaryFile('w') as f:
            f.write(text)
            f.flush()
            run(NETRIG, 'put', self.name, node, f.name, path, mode)

    def owners(self):
        return [n for n in NODES if ' %s/' % VIP in self.x(n, 'ip', '-4', '-o', 'addr')]

    def wait_owner(self, node, limit):
        wait_for(lambda: self.owners() == [node], limit, '%s alone has the address' % node)

    def log_lines(self, node, pattern, since=0.0):
        """(time, text) of the lines of the node's syslog that match"""
        out = []
        try:
            with open(self.cmd('path', node, '/var/log/syslog'), errors='replace') as f:
                for line in f:
                    m = re.match(r'(\d+-\d+-\d+T\d+:\d+:\d+)\.(\d+) <\d+> (.*)', line)
                    if m and re.search(pattern, m.group(3)):
                        t = time.mktime(time.strptime(m.group(1), '%Y-%m-%dT%H:%M:%S'))
                        t += float('0.' + m.group(2))
                        if t >= since:
                            out.append((t, m.group(3)))
        except OSError:
            pass
        return out


class Probe:
    """A client outside that asks the address every millisecond, and a watcher of who claims it."""

    def __init__(self, rig):
        fd, self.out = tempfile.mkstemp()
        os.close(fd)
        self.p = subprocess.Popen([NETRIG, 'probe', rig.name, VIP, '--min-gap-ms', '5', '--out', self.out])
        time.sleep(0.3)         # it has to ask for a while before the event it is to time

    def stop(self):
        self.p.terminate()
        self.p.wait()
        with open(self.out) as f:
            d = json.load(f)
        os.unlink(self.out)
        return d


def gap_of(probe, t, new):
    """what the event at time t cost, after which `new` answers: milliseconds"""
    v = probe['vips'][0]
    r = {'gap': None, 'two': v['dual_active_ms'], 'late_us': probe['max_tick_late_us']}
    gaps = [g for g in v['gaps'] if g['to'] > t]
    turn = [g for g in gaps if g['after'] == new and g['before'] != new]
    if turn:
        r['gap'] = max(g['ms'] for g in turn)
        r['answered_at'] = turn[0]['to']
    elif any(a['node'] == new and a['to'] > t for a in v['answered_by']):
        r['gap'] = 0.0
    return r


# ------------------------------------------------------------ the products

class Product:
    root = None

    def prepare(self):
        """what is needed from Debian or from the build"""

    def crash_limit(self, s):
        return s.deadtime / 1000 * 3 + 40


class Setting:
    """the same for all: how often they speak, how long a silent node is given; ms"""

    def __init__(self, keepalive, deadtime):
        self.keepalive, self.deadtime = keepalive, deadtime

    def __str__(self):
        return 'keepalive %g ms, deadtime %g ms' % (self.keepalive, self.deadtime)


class Heartbeat(Product):
    SHARE = '/usr/share/heartbeat/'

    def configure(self, rig, s):
        cf = ('logfacility local0\nkeepalive %gms\nwarntime %gms\ndeadtime %gms\ninitdead %gms\n'
              'bcast eth0 eth1\nauto_failback on\nnode node1 node2\n'
              % (s.keepalive, s.deadtime / 2, s.deadtime, max(2 * s.deadtime, 2000)))
        for n in NODES:
            rig.put(n, cf, '/etc/ha.d/ha.cf')
            rig.put(n, 'node1 IPaddr::%s/24/eth0\n' % VIP, '/etc/ha.d/haresources')
            rig.put(n, 'auth 1\n1 sha1 benchsecret\n', '/etc/ha.d/authkeys', '600')

    def start(self, rig, node):
        rig.x(node, '/etc/init.d/heartbeat', 'start', check=True)

    def move(self, rig):
        rig.x('node1', self.SHARE + 'hb_standby', 'all', check=True)

    def move_back(self, rig):
        rig.x('node1', self.SHARE + 'hb_takeover', 'all', check=True)

    def stop(self, rig, node):
        rig.x(node, '/etc/init.d/heartbeat', 'stop', check=True)

    def settled(self, rig):
        """both nodes are up and neither is in the middle of something"""
        for n in NODES:
            if rig.x(n, 'cl_status', 'rscstatus').strip() not in ('local', 'foreign', 'all', 'none'):
                return False
            if rig.x(n, 'cl_status', 'nodestatus', NODES[n == NODES[0]]).strip() != 'active':
                return False
        return True

    def verdict(self, rig, since):
        """when the survivor said that node1 is dead"""
        lines = rig.log_lines('node2', r'node node1: is dead', since)
        return lines[0][0] if lines else None

    def false_deaths(self, rig, since):
        return sum(len(rig.log_lines(n, r'node node[12]: is dead', since)) for n in NODES)


class Ours(Heartbeat):
    name, short = 'heartbeat 4', 'o'

    def prepare(self):
        self.root = os.environ.get('HB_ROOT') or os.path.join(BUILD, 'bench', 'root')

    def settled(self, rig):
        for n in NODES:
            try:
                d = json.loads(rig.x(n, 'hb_status', '--json'))
            except ValueError:
                return False
            if any(x['status'] != 'active' or x['state'] != 'alive' for x in d['nodes']):
                return False
            if any(g['in_transition'] or g['waits_for'] for g in d['groups']):
                return False
        return True


class Old(Heartbeat):
    name, short = 'heartbeat 3.0.6', 'h'

    def prepare(self):
        self.root = run(os.path.join(TOP, 'tests', 'compat', 'peer')).strip().splitlines()[-1]


class Keepalived(Product):
    """VRRPv3. It has no deadtime: three adverts and a skew of the backup, which is what we set."""
    name, short = 'keepalived', 'k'
    PRIO = {'node1': 150, 'node2': 100}

    def prepare(self):
        self.root = os.path.join(BUILD, 'keepalived')
        run('bash', '-c', '. "$0/tests/lib/debian.sh"; hb_unpack "$1" keepalived', TOP, self.root)

    def advert(self, s):
        return max(0.01, int(s.deadtime / 1000 / (3 + (256 - 100) / 256) * 100) / 100)

    def deadtime(self, s):
        return self.advert(s) * 1000 * (3 + (256 - 100) / 256)

    def configure(self, rig, s):
        for n in NODES:
            rig.put(n, '''global_defs {
    vrrp_version 3
    router_id %s
    vrrp_garp_master_delay 1
}
vrrp_instance V1 {
    state %s
    interface eth0
    virtual_router_id 51
    priority %d
    advert_int %s
    virtual_ipaddress {
        %s/24 dev eth0
    }
}
''' % (n, 'MASTER' if n == 'node1' else 'BACKUP', self.PRIO[n], self.advert(s), VIP),
                '/etc/keepalived/keepalived.conf')

    def start(self, rig, node):
        rig.x(node, 'keepalived', '-D', '-P', check=True)

    def move(self, rig):
        """planned: node1 is stopped, which gives its priority up at once"""
        self.stop(rig, 'node1')

    def move_back(self, rig):
        self.gone(rig, 'node1')
        self.start(rig, 'node1')

    def stop(self, rig, node):
        rig.sh(node, 'kill -TERM $(cat /run/keepalived.pid)', check=True)

    def gone(self, rig, node):
        wait_for(lambda: rig.sh(node, 'test -e /run/keepalived.pid || echo y'), 20, 'keepalived ended')

    def settled(self, rig):
        return all('(V1) Entering' in rig.x(n, 'cat', '/var/log/syslog') for n in NODES)

    def verdict(self, rig, since):
        lines = rig.log_lines('node2', r'Entering MASTER STATE', since)
        return lines[0][0] if lines else None

    def false_deaths(self, rig, since):
        return sum(len(rig.log_lines(n, r'Entering MASTER STATE', since)) for n in NODES)


def deadtime_of(product, s):
    return product.deadtime(s) if isinstance(product, Keepalived) else s.deadtime


# -------------------------------------------------------------- the tables

def spread(values):
    values = [v for v in values if v is not None]
    if not values:
        return '-'
    return '%.1f / %.1f / %.1f' % (min(values), statistics.median(values), max(values))


def median(values):
    values = [v for v in values if v is not None]
    return statistics.median(values) if values else None


def table(title, rows, note=''):
    """rows: (product, n, values ms, remarks); ratios are against the first row, ours"""
    print('\n## ' + title)
    if note:
        print(note)
    print('| | runs | min / median / max ms | times ours | |')
    print('|---|---|---|---|---|')
    ours = median(rows[0][2]) if rows else None
    for product, values, remark in [(r[0], r[2], r[3]) for r in rows]:
        m = median(values)
        if ours is None or m is None:
            ratio = '-'
        elif ours <= 0:
            ratio = '-'
        else:
            ratio = '%.1f' % (m / ours)
        print('| %s | %d | %s | %s | %s |' % (product, len(values), spread(values), ratio, remark))
    sys.stdout.flush()
