# SPDX-License-Identifier: MIT
"""Frames of the kernel's own protocols, captured alive, judged by tshark.

captured.py L2DUMP L2CHECK

In two network namespaces, this one and another, ordinary sockets and ping make traffic of each kind
over a pair of interfaces. L2DUMP captures it; L2CHECK must find the layers and the verdicts that
tshark finds.
"""
import ctypes
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'abi'))

from gatelib.command import need, output
from gatelib.tap import Failed, Missing, run_gate

import tshark

NEAR, FAR = 'near', 'far'
HERE4, THERE4 = '10.77.0.1', '10.77.0.2'
HERE6, THERE6 = 'fd77::1', 'fd77::2'
PORT, CLOSED = 4711, 4712
GROUP4, GROUP6 = '233.252.0.5', 'ff15::5'
CLONE_NEWNET = 0x40000000
PATIENCE = 10

# Layers that must have been seen.
KINDS = ['arp', 'tcp', 'udp', 'icmp4', 'icmp6', 'igmp', 'igmpreport', 'mld', 'mldreport', 'ns',
         'na', 'hop', 'fragment']
# Ours -> that of tshark, which does not tell why it has not looked.
VERDICTS = {'fragment': 'unverified', 'truncated': 'unverified', 'not-ready': 'unverified'}
SETTINGS = {
    'net/ipv4/conf/near/force_igmp_version': '0',
    'net/ipv6/conf/near/force_mld_version': '0',
    'net/ipv6/conf/near/accept_dad': '0',
}


def sysctl(path, value):
    Path('/proc/sys', path).write_text(value)


def ip(*args):
    output(['ip', *args], 'ip ' + ' '.join(args))


def checksums_in_software(name):
    """What the capture shows is final then; on a veth pair the sums would be left to nobody."""
    set_tx, set_gso = 0x17, 0x24  # ETHTOOL_STXCSUM, ETHTOOL_SGSO
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for command in (set_tx, set_gso):
            value = ctypes.create_string_buffer(struct.pack('II', command, 0))
            request = struct.pack('16sP16x', name.encode(), ctypes.addressof(value))
            fcntl.ioctl(s, 0x8946, request)  # SIOCETHTOOL


def wait_until(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise Failed(what, f'not within {PATIENCE} s')
        time.sleep(0.02)


@contextmanager
def other_namespace():
    """A process in a namespace of its own: its id, and a function that runs others there."""
    libc = ctypes.CDLL(None, use_errno=True)
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(go, b'1' if libc.unshare(CLONE_NEWNET) == 0 else b'0')
        signal.pause()
        os._exit(0)
    try:
        if os.read(ready, 1) != b'1':
            raise Missing('no further network namespace')
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def there(child, function):
    """Runs a function over there, in a process of its own; returns that to be waited for."""
    libc = ctypes.CDLL(None, use_errno=True)
    worker = os.fork()
    if worker == 0:
        status = 1
        try:
            namespace = os.open(f'/proc/{child}/ns/net', os.O_RDONLY)
            if libc.setns(namespace, CLONE_NEWNET) == 0:
                function()
                status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    return worker


def finish(worker, what):
    _, status = os.waitpid(worker, 0)
    if status:
        raise Failed(what, f'status {status}')


def set_up_there():
    ip('link', 'set', 'lo', 'up')
    ip('address', 'add', f'{THERE4}/24', 'dev', FAR)
    ip('-6', 'address', 'add', f'{THERE6}/64', 'dev', FAR, 'nodad')
    checksums_in_software(FAR)
    ip('link', 'set', FAR, 'up')


def set_up_here(child):
    ip('link', 'add', 'name', NEAR, 'type', 'veth', 'peer', 'name', FAR)
    ip('link', 'set', FAR, 'netns', str(child))
    ip('link', 'set', 'lo', 'up')
    for path, value in SETTINGS.items():
        sysctl(path, value)
    ip('address', 'add', f'{HERE4}/24', 'dev', NEAR)
    ip('-6', 'address', 'add', f'{HERE6}/64', 'dev', NEAR, 'nodad')
    checksums_in_software(NEAR)
    ip('link', 'set', NEAR, 'up')
    finish(there(child, set_up_there), 'the far end is set up')


@contextmanager
def captured(l2dump, path):
    """While it lasts, what passes the near end is written to the file."""
    with subprocess.Popen([l2dump, '-i', NEAR, '-w', path], stderr=subprocess.PIPE,
                          text=True) as dump:
        try:
            if not dump.stderr.readline().startswith('listening'):
                raise Failed('l2dump listens', dump.stderr.read())
            yield
            time.sleep(0.3)  # for what the kernel sends on its own account
        finally:
            dump.send_signal(signal.SIGINT)
            dump.wait(PATIENCE)


def serve():
    """Over there: echoes datagrams of both versions and answers connections."""
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    udp.bind(('::', PORT))
    tcp = socket.create_server(('::', PORT), family=socket.AF_INET6, dualstack_ipv6=True)
    while True:
        ready, _, _ = select.select([udp, tcp], [], [])
        if udp in ready:
            data, sender = udp.recvfrom(65536)
            udp.sendto(data, sender)
        if tcp in ready:
            connection, _ = tcp.accept()
            with connection:
                while data := connection.recv(65536):
                    connection.sendall(data)


def echo_tcp(family, address):
    with socket.socket(family) as s:
        s.settimeout(PATIENCE)
        s.connect((address, PORT))
        for n in (1, 100, 4001):
            s.sendall(b'x' * n)
            left = n
            while left:
                left -= len(s.recv(left))


def echo_udp(family, address):
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(PATIENCE)
        for n in (0, 1, 999, 1472, 4000):  # the last one in fragments
            s.sendto(b'y' * n, (address, PORT))
            s.recv(65536)


def send_without_checksum():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(PATIENCE)
        s.setsockopt(socket.SOL_SOCKET, 11, 1)  # SO_NO_CHECK
        s.sendto(b'z', (THERE4, PORT))
        s.recv(16)


def send_to_closed_port(family, address):
    """The answer is an ICMP error."""
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(PATIENCE)
        s.connect((address, CLOSED))
        s.send(b'nobody')
        try:
            s.recv(1)
        except ConnectionRefusedError:
            return
    raise Failed('a closed port answers')


def join_and_leave(family):
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        index = socket.if_nametoindex(NEAR)
        if family == socket.AF_INET:
            member = struct.pack('4s4si', socket.inet_aton(GROUP4), bytes(4), index)
            s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        else:
            member = socket.inet_pton(family, GROUP6) + struct.pack('I', index)
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, member)
        time.sleep(0.1)


def groups():
    for version in ('0', '2', '1'):
        sysctl('net/ipv4/conf/near/force_igmp_version', version)
        join_and_leave(socket.AF_INET)
    for version in ('0', '1'):
        sysctl('net/ipv6/conf/near/force_mld_version', version)
        join_and_leave(socket.AF_INET6)


def ping(*args):
    output(['ping', '-c', '1', '-W', str(PATIENCE), *args], 'ping ' + ' '.join(args))


def make_traffic():
    ping(THERE4)
    ping('-s', '3000', THERE4)
    ping('-R', THERE4)
    ping('-T', 'tsonly', THERE4)
    ping(THERE6)
    ping('-s', '3000', THERE6)
    ping('-s', '0', 'ff02::1%' + NEAR)
    for family, address in ((socket.AF_INET, THERE4), (socket.AF_INET6, THERE6)):
        echo_tcp(family, address)
        echo_udp(family, address)
        send_to_closed_port(family, address)
    send_without_checksum()
    groups()


def capture(l2dump, path):
    need('ip', 'ping', 'tshark')
    with other_namespace() as child:
        set_up_here(child)
        server = there(child, serve)
        with captured(l2dump, path):
            wait_until('the far end answers', lambda: answers(THERE4) and answers(THERE6))
            make_traffic()
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)


def answers(address):
    try:
        socket.create_connection((address, PORT), 1).close()
        return True
    except OSError:
        return False


def read_lines(l2check, path):
    """What l2check prints of each frame: its layers and the verdicts on them, in their order."""
    done = subprocess.run([l2check, '-r', path], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed('l2check finds no bad checksum', done.stdout[-2000:], done.stderr)
    lines = [line.split(' ') for line in done.stdout.splitlines()[:-1]]
    return [(layers.split('/'), [v.split('=') for v in verdicts if '=' in v])
            for _, layers, *verdicts in lines]


def whole(layers):
    """Those in front of what an ICMP error quotes."""
    for error in ('icmp4', 'icmp6'):
        if error in layers:
            return layers[:layers.index(error) + 1]
    return layers


def verdict_differences(layers, verdicts, frame):
    """Between ours and those of tshark, of the layers that are not only quoted."""
    for name, statuses in frame.sums.items():
        n = [tshark.PARTS.get(layer, layer) for layer in whole(layers)].count(name)
        ours = [VERDICTS.get(v, v) for layer, v in verdicts
                if tshark.PARTS.get(layer, layer) == name]
        if ours[:n] != statuses[:n]:
            yield f'{name} {ours[:n]}, tshark {statuses[:n]}'


def gate(tap, l2dump, l2check):
    with tempfile.TemporaryDirectory() as folder:
        pcap = Path(folder, 'captured.pcap')
        capture(l2dump, pcap)
        ours = read_lines(l2check, pcap)
        theirs = tshark.frames(pcap)
    tap.check(len(theirs) == len(ours) > 100, f'{len(ours)} frames were captured and read')
    tap.none([k for k in KINDS if not any(k in layers for layers, _ in ours)],
             'each kind of frame was seen', 'see make_traffic()')
    pairs = list(enumerate(zip(ours, theirs), 1))
    tap.none([f'{n}: {layers}, tshark {t.layers}' for n, ((layers, _), t) in pairs
              if not tshark.agrees(t, layers)],
             'the same layers', 'compare tshark -V with l2check')
    tap.none([f'{n}: {d}' for n, ((layers, verdicts), t) in pairs
              for d in verdict_differences(layers, verdicts, t)],
             'the same verdicts on checksums', 'compare tshark -V with l2check')


run_gate(gate, *sys.argv[1:])
