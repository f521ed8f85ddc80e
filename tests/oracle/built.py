# SPDX-License-Identifier: MIT
"""Random frames of the builder, judged by tshark and scapy.

built.py CRAFT [COUNT [SEED]]

CRAFT builds COUNT frames. tshark must find nothing malformed, no error and good checksums, and the
layers that the parser finds; scapy must find the layers and the values that the parser finds.
L2SOCK_TEST_ROUNDS multiplies COUNT, L2SOCK_TEST_SEED is another SEED.
"""
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'abi'))

from gatelib.command import output
from gatelib.tap import run_gate

import tshark

SHOWN = 10


def read_layers(path):
    """What craft wrote: for each frame [(layer, {field: value})]."""
    frames = []
    for line in path.read_text().splitlines():
        number, name, *fields = line.split(' ')
        if int(number) > len(frames):
            frames.append([])
        if name != 'end':
            frames[-1].append((name, dict(f.split('=', 1) for f in fields)))
    return frames


def show(problems):
    return problems[:SHOWN] + ([f'and {len(problems) - SHOWN} more'] * (len(problems) > SHOWN))


def check_tshark(tap, pcap, ours):
    theirs = tshark.frames(pcap)
    tap.check(len(theirs) == len(ours), f'tshark reads {len(ours)} frames', len(theirs))
    pairs = list(enumerate(zip(ours, theirs), 1))
    tap.none(show([n for n, (_, t) in pairs if t.malformed]), 'tshark: none is malformed',
             'see tshark -V')
    tap.none(show([f'{n}: {t.errors}' for n, (_, t) in pairs if t.errors]), 'tshark: no error',
             'see tshark -V')
    bad = [f'{n}: {layer} is {status}' for n, (_, t) in pairs for layer, s in t.sums.items()
           for status in s if status not in ('good', 'unverified')]
    tap.none(show(bad), 'tshark: every checksum is good', 'see tshark -V')
    good = sum(s.count('good') for _, (_, t) in pairs for s in t.sums.values())
    tap.check(good >= len(ours), f'tshark: {good} checksums are good, one a frame and more')
    different = [f'{n}: {o}, tshark {t.layers}' for n, (layers, t) in pairs
                 if not tshark.agrees(t, o := [name for name, _ in layers])]
    tap.none(show(different), 'tshark: the same layers', 'compare tshark -V with the parser')


def differences(ours, theirs):
    """Between the fields of two layers; those of scapy that the parser does not know count too."""
    for field in sorted(theirs.keys() | ours.keys()):
        if ours.get(field) != theirs.get(field):
            yield f'{field} {ours.get(field)}, scapy {theirs.get(field)}'


def check_scapy(tap, pcap, ours):
    import dissected
    theirs = dissected.frames(pcap)
    names = [f'{n}: {a}, scapy {b}' for n, (o, t) in enumerate(zip(ours, theirs), 1)
             if (a := [name for name, _ in o]) != (b := [name for name, _ in t])]
    tap.none(show(names), 'scapy: the same layers', 'compare with scapy')
    problems = []
    fields = 0
    for n, (o, t) in enumerate(zip(ours, theirs), 1):
        for (name, a), (_, b) in zip(o, t):
            fields += len(b)
            problems += [f'{n}: {name} {d}' for d in differences(a, b)]
    tap.none(show(problems), 'scapy: the same values of fields', 'compare with scapy')
    tap.check(fields > 10 * len(ours), f'scapy: {fields} fields were compared')


def gate(tap, craft, count='600', seed='1'):
    count = int(count) * int(os.environ.get('L2SOCK_TEST_ROUNDS', '1'))
    seed = os.environ.get('L2SOCK_TEST_SEED', seed)
    with tempfile.TemporaryDirectory() as folder:
        pcap = Path(folder, 'built.pcap')
        text = Path(folder, 'built.txt')
        output([craft, seed, str(count), pcap, text], 'the parser gives back what was built')
        ours = read_layers(text)
        tap.check(len(ours) == count, f'{count} frames are built')
        tap.part('tshark', check_tshark, pcap, ours)
        tap.part('scapy', check_scapy, pcap, ours)


run_gate(gate, *sys.argv[1:])
