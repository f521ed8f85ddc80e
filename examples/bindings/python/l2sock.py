# SPDX-License-Identifier: MIT
"""libl2sock for Python, by cffi without a compiler (ABI mode).

    with l2sock.Socket('eth0') as s:
        s.set_filter('arp')
        s.bind(l2sock.ETHERTYPE_ALL)
        for frame in s:
            print(frame)

Constants have the names of the headers without their first L2: L2_ETHERTYPE_ARP is ETHERTYPE_ARP,
L2SOCK_PROMISC is SOCK_PROMISC, L2IP4_TTL is IP4_TTL. Failures are OSError with the library's
sentence, as its subclasses where these exist: TimeoutError, PermissionError. Times are seconds;
time stamps are integers in nanoseconds.

A Socket and its Ring are for one thread at a time. While a call waits, other threads run, and
signals are handled: Ctrl-C ends it.
"""
import errno
import math
import os
import re
import select
import struct
import time
from dataclasses import dataclass

import cffi

import _l2sock

# cffi takes numbers alone as the length of an array.
ffi = cffi.FFI()
ffi.cdef(re.sub(r'sizeof\([^()]*\*\)', str(struct.calcsize('P')), _l2sock.CODE))
lib = ffi.dlopen('libl2sock.so.0')
globals().update({re.sub('^L2_?', '', name): value for name, value in _l2sock.CONSTANTS.items()})

SPOTS = 256  # frames of a ring that one call describes


def version():
    number = lib.l2sock_version()
    return number >> 16, number >> 8 & 0xff, number & 0xff


def check(result, sentence=None):
    """The result of a call, or its error as an exception."""
    if result < 0:
        text = sentence() if sentence else lib.l2sock_strerror(result)
        raise OSError(-result, ffi.string(text).decode() or os.strerror(-result))
    return result


def refusal(result):
    """The error of one of many, or None."""
    try:
        check(result)
    except OSError as error:
        return error


def with_report(call, *args):
    """A call whose last parameter is a struct l2err, which tells why it failed."""
    err = ffi.new('struct l2err *')
    return check(call(*args, err), lambda: err.text)


def prepared(name, init, **fields):
    """Options of a library that may be newer than the declarations."""
    options = ffi.new(f'struct {name} *')
    init(options, ffi.sizeof(f'struct {name}'))
    for field, value in fields.items():
        setattr(options, field, value)
    return options


# --- Addresses --------------------------------------------------------------------------------

def parsed(parse, text, length):
    room = ffi.new('uint8_t[]', length)
    with_report(parse, text.encode(), room)
    return bytes(room)


def mac(text):
    return parsed(lib.l2text_parse_mac, text, 6)


def ip4(text):
    return parsed(lib.l2text_parse_ip4, text, 4)


def ip6(text):
    return parsed(lib.l2text_parse_ip6, text, 16)


def tci(pcp=0, dei=0, vid=0):
    return lib.l2frame_tci(pcp, dei, vid)


# --- Building ---------------------------------------------------------------------------------

class Builder:
    """A frame, header by header, outside in. Every l2frame_ function is a method:

        frame = Builder().eth(dst, src).ip4(src_ip, dst_ip).udp(1, 2).payload(b'hello').finish()

    Addresses are bytes; None where the library takes NULL.
    """

    def __init__(self, room=2048):
        self._room = ffi.new('uint8_t[]', room)
        self._frame = ffi.new('struct l2frame *')
        lib.l2frame_init(self._frame, self._room, room)

    def __getattr__(self, name):
        append = getattr(lib, f'l2frame_{name}')

        def method(*args):
            append(self._frame, *(ffi.NULL if arg is None else arg for arg in args))
            return self
        return method

    def payload(self, data):
        lib.l2frame_payload(self._frame, ffi.from_buffer(data), len(data))
        return self

    def finish(self):
        length = lib.l2frame_finish(self._frame)
        if length < 0:
            err = ffi.new('struct l2err *')
            lib.l2frame_error(self._frame, err)
            check(length, lambda: err.text)
        return bytes(ffi.buffer(self._room, length))


# --- Parsing ----------------------------------------------------------------------------------

class Layers:
    """A frame taken apart: layers by name, and the fields of each. vlan is the (tpid, tci) of a tag
    that the kernel took out: it is among the layers.

        Layers(frame)['udp']['dport'], 'ip4' in Layers(frame), str(Layers(frame))
    """

    def __init__(self, data, vlan=None):
        self._data = ffi.from_buffer(data)
        self._parse = ffi.new('struct l2parse *')
        pkt = ffi.new('struct l2pkt *', {'data': self._data, 'len': len(self._data)})
        if vlan:
            pkt.valid, pkt.flags = VALID_VLAN, FLAG_TAGGED
            pkt.vlan_tpid, pkt.vlan_tci = vlan
        check(lib.l2parse_pkt(self._parse, pkt, 0))
        self.names = [ffi.string(lib.l2proto_name(self._parse.layer[i].proto)).decode()
                      for i in range(self._parse.n)]

    def __contains__(self, name):
        return name in self.names

    def __getitem__(self, name):
        """The fields of the first layer of that name: numbers, and bytes where they are longer."""
        if name not in self.names:
            raise KeyError(name)
        index = self.names.index(name)
        n = ffi.new('uint32_t *')
        fields = lib.l2proto_fields(self._parse.layer[index].proto, n)
        values = {ffi.string(fields[i].name).decode(): self._value(index, fields[i])
                  for i in range(n[0])}
        return {field: value for field, value in values.items() if value is not None}

    def _value(self, index, field):
        if field.type >= FIELD_MAC:
            at = lib.l2parse_bytes(self._parse, index, field.id)
            return bytes(ffi.buffer(at, (field.id & 0xff) // 8)) if at else None
        number = ffi.new('uint64_t *')
        found = lib.l2parse_get_at(self._parse, index, field.id, number)
        return number[0] if found == 0 else None

    @property
    def payload(self):
        start = self._parse.payload
        return bytes(ffi.buffer(self._parse.data + start, self._parse.payload_len))

    def __str__(self):
        room = ffi.new('char[]', lib.l2parse_print(self._parse, ffi.NULL, 0) + 1)
        lib.l2parse_print(self._parse, room, len(room))
        return ffi.string(room).decode()


# --- Filters ----------------------------------------------------------------------------------

def compile(expression):
    """A program of an expression as tcpdump has it: [(code, jt, jf, k)]. Needs libl2sock-pcap."""
    companion = ffi.dlopen('libl2sock-pcap.so.0')
    insns = ffi.new('struct l2insn[]', FILTER_MAX)
    n = with_report(companion.l2pcap_compile, expression.encode(), ffi.NULL, insns, FILTER_MAX)
    return [(insns[i].code, insns[i].jt, insns[i].jf, insns[i].k) for i in range(n)]


# --- Sockets ----------------------------------------------------------------------------------

@dataclass(frozen=True)
class Frame:
    """A received frame, and what the kernel knows about it. vlan is (tpid, tci) of a tag that it
    took out of the data, or None."""
    data: bytes
    wire_len: int
    timestamp: int
    ifindex: int
    pkttype: int
    vlan: tuple
    truncated: bool

    @property
    def layers(self):
        return Layers(self.data, self.vlan)

    def __str__(self):
        return str(self.layers)


def frame_of(pkt):
    return Frame(data=bytes(ffi.buffer(pkt.data, pkt.len)), wire_len=pkt.wire_len,
                 timestamp=pkt.timestamp, ifindex=pkt.ifindex, pkttype=pkt.pkttype,
                 vlan=(pkt.vlan_tpid, pkt.vlan_tci) if pkt.flags & FLAG_TAGGED else None,
                 truncated=bool(pkt.flags & FLAG_TRUNCATED))


class Socket:
    """A handle. ifname None is all interfaces; options are fields of struct l2sock_opts, as in
    Socket('eth0', flags=SOCK_RESTORE_TAGS)."""

    def __init__(self, ifname=None, room=65536, **options):
        err = ffi.new('struct l2err *')
        opts = prepared('l2sock_opts', lib.l2sock_opts_init, err=err, **options)
        ret = ffi.new('struct l2sock **')
        name = ffi.NULL if ifname is None else ifname.encode()
        check(lib.l2sock_open(ret, name, opts), lambda: err.text)
        self._s = ffi.gc(ret[0], lib.l2sock_close)
        self._stride = HEADROOM + room
        self._slab = None
        self._pkts = ffi.new('struct l2pkt[]', SOCK_BATCH_MAX)

    def close(self):
        if self._s:
            ffi.release(self._s)
            self._s = ffi.NULL

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def check(self, result):
        return check(result, lambda: lib.l2sock_errmsg(self._s))

    def fileno(self):
        """For select, selectors and asyncio: readable means that receiving has something."""
        return self.check(lib.l2sock_pollfd(self._s))

    def bind(self, ethertype):
        self.check(lib.l2sock_bind(self._s, ethertype))

    def set_filter(self, program):
        """An expression, or instructions as compile() returns them; None for all frames."""
        if isinstance(program, str):
            program = compile(program)
        insns = ffi.new('struct l2insn[]', program) if program else ffi.NULL
        self.check(lib.l2sock_set_filter(self._s, insns, len(program or ())))

    def join(self, kind, address=b''):
        self.check(lib.l2sock_join(self._s, kind, address or ffi.NULL, len(address)))

    def leave(self, kind, address=b''):
        self.check(lib.l2sock_leave(self._s, kind, address or ffi.NULL, len(address)))

    def send(self, frame, timeout=0):
        self.check(lib.l2sock_send(self._s, ffi.from_buffer(frame), len(frame),
                                   int(timeout * 1e9)))

    def send_batch(self, frames, timeout=0):
        """Many frames by few system calls. For each that was tried None, or why it was refused; it
        is all of them, unless there was no room in time."""
        views = [ffi.from_buffer(frame) for frame in frames]
        txs = ffi.new('struct l2tx[]', [{'data': view, 'len': len(view)} for view in views])
        tried = self.check(lib.l2sock_send_batch(self._s, txs, len(views), int(timeout * 1e9)))
        return [refusal(txs[i].result) for i in range(tried)]

    def wake(self):
        """Ends the call that waits, in whatever thread, with errno ECANCELED."""
        check(lib.l2sock_wake(self._s))

    @property
    def info(self):
        info = ffi.new('struct l2sock_info *', {'size': ffi.sizeof('struct l2sock_info')})
        self.check(lib.l2sock_get_info(self._s, info))
        return info

    @property
    def address(self):
        info = self.info
        return bytes(ffi.buffer(info.addr, info.addr_len))

    @property
    def stats(self):
        stats = ffi.new('struct l2sock_stats *', {'size': ffi.sizeof('struct l2sock_stats')})
        check(lib.l2sock_get_stats(self._s, stats))
        return {name: getattr(stats, name) for name, _ in ffi.typeof(stats[0]).fields
                if name not in ('size', 'reserved')}

    def wait_for(self, attempt, timeout):
        """Waits in Python, between attempts that do not: so signals are handled."""
        end = float('inf') if timeout is None else time.monotonic() + timeout
        readable = select.poll()
        readable.register(self, select.POLLIN)
        while True:
            try:
                return attempt()
            except BlockingIOError:
                left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(errno.ETIMEDOUT, 'no frame came in time')
            readable.poll(None if timeout is None else math.ceil(left * 1000))

    def recv_batch(self, timeout=None, most=SOCK_BATCH_MAX):
        """The frames that are there, at least one, at most so many. timeout None waits for ever."""
        if not self._slab:
            self._slab = ffi.new('uint8_t[]', self._stride * SOCK_BATCH_MAX)

        def attempt():
            return self.check(lib.l2sock_recv_batch(self._s, self._slab, self._stride,
                                                    self._pkts, min(most, SOCK_BATCH_MAX), 0))
        n = self.wait_for(attempt, timeout)
        return [frame_of(self._pkts[i]) for i in range(n)]

    def recv(self, timeout=None):
        return self.recv_batch(timeout, 1)[0]

    def __iter__(self):
        while True:
            yield from self.recv_batch()


# --- Rings ------------------------------------------------------------------------------------

class Ring:
    """A receive ring on a socket that is not bound yet.

        for block in ring.blocks(timeout=1):
            for data, spot in block:
                ...

    data is the kernel's own memory as a memoryview, which the next step of the loop releases: keep
    bytes(data) of what is to stay. spot has timestamp, len, wire_len and flags.
    """

    def __init__(self, socket, **options):
        opts = prepared('l2ring_rx_opts', lib.l2ring_rx_opts_init, **options)
        ret = ffi.new('struct l2ring_rx **')
        socket.check(lib.l2ring_rx_open(ret, socket._s, opts))
        self._ring = ffi.gc(ret[0], lib.l2ring_rx_close)
        self._socket = socket
        self._spots = ffi.new('struct l2spot[]', SPOTS)

    def close(self):
        """The memory stays as long as there are views of it."""
        self._ring = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def blocks(self, timeout=None):
        """Blocks as they fill up, until none comes in time."""
        block = ffi.new('struct l2block *')

        def attempt():
            return self._socket.check(lib.l2ring_rx_next(self._ring, block, 0))
        while True:
            try:
                self._socket.wait_for(attempt, timeout)
            except TimeoutError:
                return
            try:
                yield self._frames(block)
            finally:
                lib.l2ring_rx_release(self._ring, block)

    def _frames(self, block):
        """One call describes many frames; a call for each would take longer than its frame."""
        ring = self._ring
        base = ffi.gc(block.base, lambda _: ring)  # keeps the ring while there are views
        memory = memoryview(ffi.buffer(base, block.bytes))
        at = ffi.new('const void **', lib.l2block_first(block))
        while n := lib.l2block_spots(block, at, self._spots, SPOTS):
            for spot in self._spots[0:n]:
                with memory[spot.offset:spot.offset + spot.len] as data:
                    yield data, spot
