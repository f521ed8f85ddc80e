# SPDX-License-Identifier: MIT
"""What scapy finds in a frame, by our names of layers and fields."""
import logging

from gatelib.tap import Missing

logging.getLogger('scapy').setLevel(logging.ERROR)
try:
    from scapy.contrib import igmp, igmpv3
    from scapy.layers import inet, inet6, l2
    from scapy.packet import NoPayload, Packet, Raw
    from scapy.utils import RawPcapReader
except ImportError as missing:
    raise Missing('python3-scapy is not installed') from missing

l2.bind_layers(l2.Ether, l2.ARP, type=0x8035)
l2.bind_layers(l2.Dot1Q, l2.ARP, type=0x8035)
l2.bind_layers(l2.Dot1AD, l2.ARP, type=0x8035)
# 802.1ad's older value is a tag too.
l2.bind_layers(l2.Ether, l2.Dot1Q, type=0x9100)
l2.bind_layers(l2.Dot1Q, l2.Dot1Q, type=0x9100)
l2.bind_layers(l2.Dot1AD, l2.Dot1Q, type=0x9100)

IP = {
    'version': 'version', 'ihl': 'ihl', 'dscp': lambda p: p.tos >> 2, 'ecn': lambda p: p.tos & 3,
    'len': 'len', 'id': 'id', 'reserved': lambda p: int(p.flags) >> 2 & 1,
    'df': lambda p: int(p.flags) >> 1 & 1, 'mf': lambda p: int(p.flags) & 1, 'offset': 'frag',
    'ttl': 'ttl', 'proto': 'proto', 'csum': 'chksum', 'src': 'src', 'dst': 'dst',
    'options': lambda p: ip4_options(p),
}
IP6 = {'version': 'version', 'tclass': 'tc', 'flow': 'fl', 'len': 'plen', 'next': 'nh',
       'hlim': 'hlim', 'src': 'src', 'dst': 'dst'}
UDP = {'sport': 'sport', 'dport': 'dport', 'len': 'len', 'csum': 'chksum'}
TCP = {'sport': 'sport', 'dport': 'dport', 'seq': 'seq', 'ack': 'ack', 'doff': 'dataofs',
       'reserved': 'reserved', 'flags': lambda p: int(p.flags), 'window': 'window',
       'csum': 'chksum', 'urgent': 'urgptr', 'options': lambda p: tcp_options(p)}
MESSAGE = {'type': 'type', 'code': 'code', 'csum': 'cksum'}
ICMP6 = {**MESSAGE, 'rest': lambda p: word(p, 4)}
OPTION = {'type': 'type', 'len': 'len'}
TAG = {'pcp': 'prio', 'dei': lambda p: p.fields.get('id', p.fields.get('dei')), 'vid': 'vlan',
       'type': 'type'}
NEXT = {'next': 'nh', 'len': 'len'}
EXTENSION = {**NEXT, 'options': lambda p: ip6_options(p)}
ROUTING = {**NEXT, 'type': 'type', 'left': 'segleft'}
MLD = {**MESSAGE, 'delay': 'mrd', 'group': 'mladdr'}

# Class of scapy -> our layer's name, and our field -> attribute or function.
LAYERS = {
    l2.Ether: ('eth', {'dst': 'dst', 'src': 'src', 'type': 'type'}),
    l2.Dot1Q: ('vlan', TAG), l2.Dot1AD: ('vlan', TAG),
    l2.ARP: ('arp', {'htype': 'hwtype', 'ptype': 'ptype', 'hlen': 'hwlen', 'plen': 'plen',
                     'op': 'op', 'sha': 'hwsrc', 'spa': 'psrc', 'tha': 'hwdst', 'tpa': 'pdst'}),
    inet.IP: ('ip4', IP), inet.IPerror: ('ip4', IP),
    inet6.IPv6: ('ip6', IP6), inet6.IPerror6: ('ip6', IP6),
    inet.UDP: ('udp', UDP), inet.UDPerror: ('udp', UDP),
    inet.TCP: ('tcp', TCP),
    inet.ICMP: ('icmp4', {'type': 'type', 'code': 'code', 'csum': 'chksum',
                          'rest': lambda p: word(p, 4),
                          'originate': lambda p: if_timestamp(p, 'ts_ori'),
                          'receive': lambda p: if_timestamp(p, 'ts_rx'),
                          'transmit': lambda p: if_timestamp(p, 'ts_tx')}),
    inet6.ICMPv6EchoRequest: ('icmp6', ICMP6), inet6.ICMPv6EchoReply: ('icmp6', ICMP6),
    inet6.ICMPv6DestUnreach: ('icmp6', ICMP6), inet6.ICMPv6PacketTooBig: ('icmp6', ICMP6),
    inet6.ICMPv6TimeExceeded: ('icmp6', ICMP6), inet6.ICMPv6ParamProblem: ('icmp6', ICMP6),
    inet6.ICMPv6ND_RS: ('rs', {**MESSAGE, 'reserved': 'res'}),
    inet6.ICMPv6ND_RA: ('ra', {**MESSAGE, 'hlim': 'chlim', 'flags': lambda p: p.original[5],
                               'lifetime': 'routerlifetime', 'reachable': 'reachabletime',
                               'retrans': 'retranstimer'}),
    inet6.ICMPv6ND_NS: ('ns', {**MESSAGE, 'reserved': 'res', 'target': 'tgt'}),
    inet6.ICMPv6ND_NA: ('na', {**MESSAGE, 'flags': lambda p: p.R << 7 | p.S << 6 | p.O << 5,
                               'target': 'tgt'}),
    inet6.ICMPv6ND_Redirect: ('redirect', {**MESSAGE, 'reserved': 'res', 'target': 'tgt',
                                           'dst': 'dst'}),
    inet6.ICMPv6NDOptSrcLLAddr: ('ndaddr', {**OPTION, 'mac': 'lladdr'}),
    inet6.ICMPv6NDOptDstLLAddr: ('ndaddr', {**OPTION, 'mac': 'lladdr'}),
    inet6.ICMPv6NDOptPrefixInfo: ('ndprefix', {
        **OPTION, 'bits': 'prefixlen', 'flags': lambda p: p.L << 7 | p.A << 6,
        'valid': 'validlifetime', 'preferred': 'preferredlifetime', 'prefix': 'prefix'}),
    inet6.ICMPv6NDOptMTU: ('ndmtu', {**OPTION, 'mtu': 'mtu'}),
    inet6.ICMPv6NDOptRDNSS: ('ndrdnss', {**OPTION, 'lifetime': 'lifetime',
                                         'addr': lambda p: p.dns[0]}),
    inet6.ICMPv6NDOptRedirectedHdr: ('ndoption', OPTION),
    igmp.IGMP: ('igmp', {'type': 'type', 'code': 'mrcode', 'csum': 'chksum', 'group': 'gaddr'}),
    igmpv3.IGMPv3mq: ('igmp', {
        'type': lambda p: p.underlayer.type, 'code': lambda p: p.underlayer.mrcode,
        'csum': lambda p: p.underlayer.chksum, 'group': 'gaddr', 's': 's', 'qrv': 'qrv',
        'qqic': 'qqic', 'nsrc': 'numsrc'}),
    igmpv3.IGMPv3mr: ('igmpreport', {'type': lambda p: p.underlayer.type,
                                     'csum': lambda p: p.underlayer.chksum, 'nrec': 'numgrp'}),
    igmpv3.IGMPv3gr: ('igmprecord', {'type': 'rtype', 'aux': 'auxdlen', 'nsrc': 'numsrc',
                                     'group': 'maddr'}),
    inet6.ICMPv6MLQuery: ('mld', MLD), inet6.ICMPv6MLReport: ('mld', MLD),
    inet6.ICMPv6MLDone: ('mld', MLD),
    inet6.ICMPv6MLQuery2: ('mld', {**MLD, 's': 'S', 'qrv': 'QRV', 'qqic': 'QQIC',
                                   'nsrc': 'sources_number'}),
    inet6.ICMPv6MLReport2: ('mldreport', {**MESSAGE, 'code': 'res', 'nrec': 'records_number'}),
    inet6.ICMPv6MLDMultAddrRec: ('mldrecord', {'type': 'rtype', 'aux': 'auxdata_len',
                                               'nsrc': 'sources_number', 'group': 'dst'}),
    inet6.IPv6ExtHdrHopByHop: ('hop', EXTENSION), inet6.IPv6ExtHdrDestOpt: ('dest', EXTENSION),
    inet6.IPv6ExtHdrRouting: ('routing', ROUTING),
    inet6.IPv6ExtHdrSegmentRouting: ('routing', ROUTING),
    inet6.IPv6ExtHdrFragment: ('fragment', {'next': 'nh', 'offset': 'offset', 'mf': 'm',
                                            'id': 'id'}),
}
UNWRAPPED = (igmpv3.IGMPv3, Raw)  # their fields are told by the layer inside


def word(packet, at):
    return int.from_bytes(packet.original[at:at + 4], 'big')


def ip4_options(packet):
    """Type and data of each, as in "148:0000,1:"."""
    found = []
    for option in packet.options:
        data = option.original
        if data[0] == 0:
            break
        found.append(f'{data[0]}:{data[2:data[1]].hex() if data[0] != 1 else ""}')
    return ','.join(found)


def ip6_options(packet):
    found = []
    for option in packet.options:
        data = option.original
        found.append(f'{data[0]}:{data[2:2 + data[1]].hex() if data[0] else ""}')
    return ','.join(found)


def if_timestamp(packet, field):
    return packet.getfieldval(field) if packet.type in (13, 14) else None


def tcp_options(packet):
    kinds = {'EOL': 0, 'NOP': 1, 'MSS': 2, 'WScale': 3, 'SAckOK': 4, 'SAck': 5, 'Timestamp': 8}
    sizes = {'MSS': 2, 'WScale': 1, 'SAck': 4, 'Timestamp': 4}
    found = []
    for name, value in packet.options:
        if name == 'EOL':
            break
        if not isinstance(value, (bytes, type(None))):
            values = value if isinstance(value, tuple) else (value,)
            value = b''.join(v.to_bytes(sizes[name], 'big') for v in values)
        found.append(f'{kinds.get(name, name)}:{(value or b"").hex()}')
    return ','.join(found)


def inner(packet):
    """The records inside a report, each of which may hold the next as its payload."""
    if isinstance(packet, (igmpv3.IGMPv3mr, inet6.ICMPv6MLReport2)):
        for record in packet.records:
            while type(record) in LAYERS:
                yield record
                record = record.payload


def describe(packet):
    name, fields = LAYERS[type(packet)]
    values = {}
    for field, source in fields.items():
        value = source(packet) if callable(source) else packet.getfieldval(source)
        if value not in (None, ''):
            values[field] = str(int(value)) if isinstance(value, int) else str(value)
    return name, values


def layers(packet):
    """[(our name, {our field: value as text})], outermost first."""
    found = []
    while packet and not isinstance(packet, (NoPayload, Raw)):
        if type(packet) in LAYERS:
            found.append(describe(packet))
            found += map(describe, inner(packet))
        elif not isinstance(packet, UNWRAPPED) and type(packet).__name__ != 'Padding':
            found.append((type(packet).__name__, {}))
        packet = packet.payload
    return found


def frames(path):
    reader = RawPcapReader(str(path))
    try:
        return [layers(l2.Ether(data)) for data, _ in reader]
    finally:
        reader.close()
