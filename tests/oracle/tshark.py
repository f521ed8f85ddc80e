# SPDX-License-Identifier: MIT
"""What tshark says of the frames in a capture file."""
from gatelib.command import need, output

# Each frame for itself: nothing is put together, nothing compared with what came before.
SETTINGS = ['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.analyze_sequence_numbers:FALSE',
            'ip.check_checksum:TRUE', 'udp.check_checksum:TRUE', 'tcp.check_checksum:TRUE']
# Field of a checksum's status -> the layers that have such a checksum.
SUMS = {
    'ip.checksum.status': ['ip4'],
    'tcp.checksum.status': ['tcp'],
    'udp.checksum.status': ['udp'],
    'icmp.checksum.status': ['icmp4'],
    'icmpv6.checksum.status': ['icmp6'],
    'igmp.checksum.status': ['igmp'],
}
STATUS = {'0': 'bad', '1': 'good', '2': 'unverified', '3': 'absent', '4': 'bad'}
ERROR = 0x800000
NAMES = {
    'vlan': 'vlan', 'ieee8021ad': 'vlan', 'ip': 'ip4', 'ipv6': 'ip6', 'icmp': 'icmp4',
    'icmpv6': 'icmp6', 'ipv6.hopopts': 'hop', 'ipv6.dstopts': 'dest', 'ipv6.routing': 'routing',
    'ipv6.fraghdr': 'fragment', 'snap': 'snap',
}
NOT_LAYERS = ['ethertype', 'data', 'eth_padding', 'ipv6.nxthdr']
# Ours -> that of tshark which it is a part of; None: it has no name there.
PARTS = {
    'rs': 'icmp6', 'ra': 'icmp6', 'ns': 'icmp6', 'na': 'icmp6', 'redirect': 'icmp6',
    'mld': 'icmp6', 'mldreport': 'icmp6', 'igmpreport': 'igmp', 'snap': None, 'mldrecord': None,
    'igmprecord': None, 'ndaddr': None, 'ndprefix': None, 'ndmtu': None, 'ndrdnss': None,
    'ndoption': None,
}


class Frame:
    def __init__(self, line):
        protocols, malformed, severities, messages, pairs, igmp, *sums = line.split('|')
        names = [NAMES.get(n, n) for n in protocols.split(':') if n not in NOT_LAYERS]
        # The versions of IGMP and ICMPv6 are layers inside it.
        self.layers = [n for i, n in enumerate(names)
                       if not i or n not in ('igmp', 'icmp6') or n != names[i - 1]]
        # Two tags of 802.1ad in a row are one layer, with an identifier of this name.
        self.layers[1:1] = ['vlan'] * len(pairs.split(',') if pairs else [])
        self.malformed = bool(malformed)
        self.errors = [m for m in messages.split(',')] if any(
            int(s) >= ERROR for s in severities.split(',') if s) else []
        self.sums = {layer: [STATUS[s] for s in status.split(',') if s]
                     for status, layers in zip(sums, SUMS.values()) for layer in layers}
        # Of what it takes for IGMPv0 it counts 20 bytes, however long the message is.
        if igmp == '0':
            self.sums['igmp'] = []
        # It takes 16 bytes for the source whatever length that option has.
        if any('Home Address: Invalid length' in m for m in self.errors):
            self.sums.update(udp=[], tcp=[], icmp6=[])


def frames(path):
    need('tshark')
    command = ['tshark', '-n', '-r', path, '-T', 'fields', '-E', 'separator=|']
    for setting in SETTINGS:
        command += ['-o', setting]
    for field in ['frame.protocols', '_ws.malformed', '_ws.expert.severity',
                  '_ws.expert.message', 'ieee8021ad.svid', 'igmp.version', *SUMS]:
        command += ['-e', field]
    return [Frame(line) for line in output(command, 'tshark reads the file').splitlines()
            if line.startswith('eth')]


def agrees(frame, ours):
    """Whether it has our layers, by its own names and in its granularity."""
    expected = [PARTS.get(n, n) for n in ours if PARTS.get(n, n)]
    # The packet that a redirect quotes is data of an option to us.
    found = frame.layers[:len(expected)] if 'redirect' in ours else frame.layers
    return found == expected
