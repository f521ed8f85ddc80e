# SPDX-License-Identifier: MIT
"""Damaged frames: the library's verdicts on their checksums against tshark's.

judged.py CRAFT JUDGE [COUNT [SEED]]

CRAFT builds frames, of which this damages every other one somewhere. Then tshark and JUDGE must say
the same of each checksum, and nothing bad of the frames that JUDGE has put right.
L2SOCK_TEST_ROUNDS multiplies COUNT, L2SOCK_TEST_SEED is another SEED.
"""
import os
import random
import struct
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'abi'))

from gatelib.command import output
from gatelib.tap import run_gate

import tshark

SHOWN = 10
FILE_HEADER = 24
FRAME_HEADER = 16
CHECKED = ['ip4', 'udp', 'tcp', 'icmp4', 'icmp6', 'igmp']


def read_frames(data):
    at = FILE_HEADER
    while at < len(data):
        length, = struct.unpack_from('=I', data, at + 8)
        yield at + FRAME_HEADER, length
        at += FRAME_HEADER + length


def damage(path, to, dice):
    """A bit of every other frame, behind the addresses of Ethernet."""
    data = bytearray(path.read_bytes())
    for at, length in read_frames(data):
        if dice.random() < 0.5:
            data[at + dice.randrange(14, length)] ^= 1 << dice.randrange(8)
    to.write_bytes(data)


def read_verdicts(text):
    """For each frame [(layer of tshark's, verdict)]."""
    frames = []
    for line in text.splitlines():
        layers = [layer.split('=') for layer in line.split(',')]
        frames.append([(tshark.PARTS.get(name, name), verdict) for name, verdict in layers])
    return frames


def compare(verdicts, theirs):
    """Where both judge the same checksums, and differently; and how many were judged by both."""
    problems = []
    judged = {'good': 0, 'bad': 0}
    for number, (ours, frame) in enumerate(zip(verdicts, theirs), 1):
        for layer in CHECKED:
            a = [v for name, v in ours if name == layer and v in ('good', 'bad', 'absent')]
            b = [s for s in frame.sums[layer] if s != 'unverified']
            # Damage can hide a layer from one of the two; what it does to layers, built.py judges.
            if len(a) != len(b):
                continue
            for x, y in zip(a, b):
                judged[y] = judged.get(y, 0) + 1
                if x != y:
                    problems.append(f'{number}: {layer} is {x}, tshark says {y}')
    return problems, judged


def show(problems):
    return problems[:SHOWN] + ([f'and {len(problems) - SHOWN} more'] * (len(problems) > SHOWN))


def judge_built(tap, judge, built):
    verdicts = read_verdicts(output([judge, built], 'judge judges'))
    bad = [f'{n}: {ours}' for n, ours in enumerate(verdicts, 1)
           if any(v in ('bad', 'truncated', 'unknown') for _, v in ours)]
    tap.none(show(bad), 'of what was built every checksum is good', 'see tshark -V')


def gate(tap, craft, judge, count='600', seed='1'):
    count = int(count) * int(os.environ.get('L2SOCK_TEST_ROUNDS', '1'))
    seed = os.environ.get('L2SOCK_TEST_SEED', seed)
    with tempfile.TemporaryDirectory() as folder:
        built, damaged, fixed = (Path(folder, f'{n}.pcap') for n in ('built', 'damaged', 'fixed'))
        output([craft, seed, str(count), built, Path(folder, 'built.txt')], 'craft builds')
        judge_built(tap, judge, built)
        damage(built, damaged, random.Random(seed))
        verdicts = read_verdicts(output([judge, damaged, fixed], 'judge judges and fixes'))
        problems, judged = compare(verdicts, tshark.frames(damaged))
        tap.none(show(problems), 'tshark says the same of every checksum', 'see tshark -V')
        tap.check(judged['good'] > count // 2 and judged['bad'] > count // 10,
                  f'both judged {judged}')
        verdicts = read_verdicts(output([judge, fixed], 'judge judges again'))
        problems, judged = compare(verdicts, tshark.frames(fixed))
        tap.none(show(problems), 'of the fixed ones, too', 'see tshark -V')
        tap.check(judged['bad'] == 0, 'tshark finds nothing bad any more', judged)


run_gate(gate, *sys.argv[1:])
