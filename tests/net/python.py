# SPDX-License-Identifier: MIT
"""The Python binding on live traffic, against the kernel's own sockets.

python.py BINDING DECLARATIONS

In a network namespace of its own; BINDING and DECLARATIONS are the folders of l2sock.py and of the
_l2sock.py that was made for it.
"""
import errno
import gc
import importlib.util
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'abi'))

from gatelib.tap import Missing, run_gate

NEAR, FAR = 'near', 'far'
EXP = 0x88b5
PATIENCE = 10
ASIDE = '192.0.2.9'  # an address that no interface here has


def ip(*args):
    subprocess.run(['ip', *args], check=True)


def make_link():
    for name in ('all', 'default'):
        Path(f'/proc/sys/net/ipv6/conf/{name}/disable_ipv6').write_text('1')
    ip('link', 'add', NEAR, 'type', 'veth', 'peer', 'name', FAR)
    for name in (NEAR, FAR):
        ip('link', 'set', 'dev', name, 'arp', 'off', 'multicast', 'off', 'up')
    ip('addr', 'add', '192.0.2.2/24', 'dev', FAR)


def kernel_socket(name):
    """A packet socket of Python's own."""
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind((name, 3))
    s.settimeout(PATIENCE)
    return s


def await_link(near, far):
    """Nothing passes for a moment after the link is up."""
    far.settimeout(0.05)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        near.send(bytes(12) + struct.pack('!H', EXP))
        try:
            far.recv(2048)
            far.settimeout(PATIENCE)
            return
        except TimeoutError:
            pass
    raise Missing('the link passes nothing')


def test_frame(number, payload=b''):
    return b'\xff' * 6 + b'\x02' + bytes(4) + b'\x01' + struct.pack('!HI', EXP, number) + payload


def error_of(call, *args, **options):
    try:
        call(*args, **options)
    except OSError as error:
        return error
    return OSError(0, 'it succeeded')


def check_building(tap, l2sock, s, far):
    """The kernel's UDP takes what has the right lengths and checksums only."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(('192.0.2.2', 5000))
    udp.settimeout(PATIENCE)
    far_mac = far.getsockname()[4]
    frame = (l2sock.Builder().eth(far_mac, s.address)
             .ip4(l2sock.ip4(ASIDE), l2sock.ip4('192.0.2.2')).set(l2sock.IP4_TTL, 9)
             .udp(4000, 5000).payload(b'hello').finish())
    s.send(frame)
    tap.check(udp.recvfrom(100) == (b'hello', (ASIDE, 4000)), 'the kernel takes a built frame')
    layers = l2sock.Layers(frame)
    tap.check(layers.names == ['eth', 'ip4', 'udp'], 'its layers', layers.names)
    tap.check((layers['ip4']['ttl'], layers['udp']['dport'], layers['ip4']['src']) ==
              (9, 5000, socket.inet_aton(ASIDE)), 'their fields', layers['ip4'], layers['udp'])
    tap.check(layers.payload == b'hello', 'its payload')
    tap.check('192.0.2.9 > 192.0.2.2, UDP 4000 > 5000' in str(layers), 'it as text', layers)
    error = error_of(l2sock.Builder().eth(None, s.address).payload(b'x').finish)
    tap.check(error.errno == errno.EDESTADDRREQ and 'eth' in str(error),
              'a frame without destination is an error with a reason', error)
    error = error_of(l2sock.Builder(room=20).eth(far_mac, far_mac).payload(bytes(7)).finish)
    tap.check(error.errno == errno.ENOSPC, 'one without room as well', error)
    udp.close()


def check_sending(tap, s, far):
    sent = [test_frame(i, bytes(i)) for i in range(100)]
    results = s.send_batch([*sent[:50], b'short', *sent[50:]], PATIENCE)
    got = [far.recv(2048) for _ in sent]
    tap.check(got == sent, 'a hundred frames by one call')
    tap.check([i for i, result in enumerate(results) if result] == [50] and
              results[50].errno == errno.EINVAL,
              'one among them is refused, as an error', results[50])


def check_receiving(tap, l2sock, near):
    tagged = test_frame(0)[:12] + b'\x81\x00\x60\x64' + test_frame(1)[12:]
    with l2sock.Socket(FAR) as s, l2sock.Socket(FAR, flags=l2sock.SOCK_RESTORE_TAGS) as whole:
        s.bind(l2sock.ETHERTYPE_ALL)
        whole.bind(l2sock.ETHERTYPE_ALL)
        before = time.time_ns()
        near.send(tagged)
        frame = s.recv(PATIENCE)
        tap.check((frame.vlan, frame.data) == ((0x8100, 0x6064), test_frame(1)),
                  'a tagged frame, its tag beside it', frame)
        tap.check(before <= frame.timestamp <= time.time_ns() and
                  frame.wire_len == len(tagged) and frame.ifindex == socket.if_nametoindex(FAR) and
                  frame.pkttype == l2sock.PKTTYPE_BROADCAST and not frame.truncated,
                  'what the kernel knows about it', frame)
        tap.check(frame.layers['vlan']['vid'] == 100 and '802.1Q 100' in str(frame),
                  'the tag is among its layers', frame)
        tap.check(whole.recv(PATIENCE).data == tagged, 'with SOCK_RESTORE_TAGS the tag is in place')
        sent = [test_frame(i, bytes(i)) for i in range(100)]
        for data in sent:
            near.send(data)
        got = []
        while len(got) < 100:
            got += s.recv_batch(PATIENCE)
        tap.check([f.data for f in got] == sent, 'a hundred frames in batches')
        got = [f.data for _, f in zip(sent, whole)]
        tap.check(got == sent, 'a hundred frames by iterating')
        tap.check(s.stats['received'] == 101, 'they are counted', s.stats)


def check_filter(tap, l2sock, near):
    arp = test_frame(0)[:12] + b'\x08\x06' + bytes(46)
    with l2sock.Socket(FAR) as s:
        s.set_filter('arp' if has_companion(l2sock) else
                     [(0x28, 0, 0, 12), (0x15, 0, 1, 0x806), (6, 0, 0, 65535), (6, 0, 0, 0)])
        s.bind(l2sock.ETHERTYPE_ALL)
        for data in (test_frame(1), arp, test_frame(2), arp):
            near.send(data)
        got = [s.recv(PATIENCE).data, s.recv(PATIENCE).data]
        tap.check(got == [arp, arp] and isinstance(error_of(s.recv, 0), TimeoutError),
                  'a filter chooses', got)
        error = error_of(s.set_filter, [(6, 0, 0, 1), (0xffff, 0, 0, 0)])
        tap.check(error.errno == errno.EINVAL and 'filter' in str(error),
                  'a bad program is an error with a reason', error)
        s.set_filter(None)
        near.send(test_frame(3))
        tap.check(s.recv(PATIENCE).data == test_frame(3), 'no filter takes all')
    if has_companion(l2sock):
        error = error_of(l2sock.compile, 'no such thing')
        tap.check(error.errno == errno.EINVAL and 'syntax' in str(error),
                  "a bad expression is an error in libpcap's words", error)


def has_companion(l2sock):
    try:
        l2sock.compile('arp')
    except OSError as error:
        return not ('libl2sock-pcap' in str(error) and error.errno is None)
    return True


class Alarm(Exception):
    pass


def alarm(*_):
    raise Alarm


def check_waiting(tap, l2sock):
    with l2sock.Socket(FAR) as s:
        error = error_of(s.recv, 0)
        tap.check(error.errno == errno.ENOTCONN, 'not bound: nothing can arrive', error)
        s.bind(EXP)
        started = time.monotonic()
        error = error_of(s.recv, 0.1)
        tap.check(isinstance(error, TimeoutError) and time.monotonic() - started >= 0.1,
                  'TimeoutError, not before its time', error)
        waker = threading.Timer(0.1, s.wake)
        waker.start()
        error = error_of(s.recv, PATIENCE)
        waker.join()
        tap.check(error.errno == errno.ECANCELED, 'a thread wakes another', error)
        signal.signal(signal.SIGALRM, alarm)
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            s.recv(PATIENCE)
            ended = 'by a frame'
        except Alarm:
            ended = 'by the signal'
        except OSError as error:
            ended = str(error)
        tap.check(ended == 'by the signal', 'an exception of a signal handler ends a wait', ended)


def ring_is_mapped():
    return 'socket:[' in Path('/proc/self/maps').read_text()


def check_ring(tap, l2sock, near):
    sent = [test_frame(i, bytes(i % 1000)) for i in range(1000)]
    got, kept, released = [], None, False
    s = l2sock.Socket(FAR)
    ring = l2sock.Ring(s, bytes=4 << 20)
    s.bind(EXP)
    for data in sent:
        near.send(data)
    for block in ring.blocks(timeout=0.5):
        for data, spot in block:
            got.append(bytes(data))
            kept, cut = data, data[:4]
    tap.check(got == sent, 'a thousand frames by a ring', f'{len(got)} frames')
    try:
        bytes(kept)
    except ValueError:
        released = True
    tap.check(released, "a frame's memory cannot be used behind its turn")
    error = error_of(s.recv, 0)
    tap.check(error.errno == errno.EBUSY, 'receiving is up to the ring', error)
    s.close()
    ring.close()
    del s, ring, block
    gc.collect()
    tap.check(ring_is_mapped() and bytes(cut) == b'\xff' * 4,
              'memory stays as long as there is a view of it')
    del cut, kept, data
    gc.collect()
    tap.check(not ring_is_mapped(), 'and no longer')


def check_ends(tap, l2sock):
    error = error_of(l2sock.Socket, 'nosuch')
    tap.check(error.errno == errno.ENODEV and 'nosuch' in str(error),
              'no such interface, by name', error)
    error = error_of(l2sock.mac, '02:00:00:00:00:0g')
    tap.check(error.errno == errno.EINVAL and 'column 17' in str(error),
              'no such address, by column', error)
    l2sock.Socket(FAR).close()
    before = len(os.listdir('/proc/self/fd'))
    for _ in range(100):
        s = l2sock.Socket(FAR)
        l2sock.Ring(s, bytes=1 << 20)
    del s
    gc.collect()
    after = len(os.listdir('/proc/self/fd'))
    tap.check(after == before, 'nothing is left of a hundred handles and rings', before, after)


def gate(tap, binding, declarations):
    if not importlib.util.find_spec('cffi'):
        raise Missing('python3-cffi is not installed')
    sys.path[:0] = [binding, declarations]
    import l2sock
    make_link()
    near, far = kernel_socket(NEAR), kernel_socket(FAR)
    await_link(near, far)
    tap.check(l2sock.version() == (l2sock.VERSION_MAJOR, l2sock.VERSION_MINOR,
                                   l2sock.VERSION_MICRO), 'the library is that of the declarations')
    with l2sock.Socket(NEAR) as s:
        s.send(test_frame(7))
        while far.recv(2048) != test_frame(7):
            pass
        tap.check(True, 'the kernel receives a frame')
        check_sending(tap, s, far)
        check_building(tap, l2sock, s, far)
    check_receiving(tap, l2sock, near)
    check_filter(tap, l2sock, near)
    check_waiting(tap, l2sock)
    check_ring(tap, l2sock, near)
    check_ends(tap, l2sock)


run_gate(gate, *sys.argv[1:])
