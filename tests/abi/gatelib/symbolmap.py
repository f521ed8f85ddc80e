# SPDX-License-Identifier: MIT
"""The version script: which symbol belongs to which node."""
import re
from pathlib import Path

from gatelib.tap import Failed

PATH = 'lib/libl2sock.map'
RULE = 'the map lists plain names, each once, and hides the rest'


def read_map(source):
    """Symbol -> node; refuses wildcards, doubles and a map that does not hide what it omits."""
    text = re.sub(r'/\*.*?\*/', '', Path(source, PATH).read_text(), flags=re.S)
    found = {}
    hidden = []
    for node, body in re.findall(r'([\w.]+)\s*\{(.*?)\}[^;]*;', text, flags=re.S):
        scope = 'global'
        for label, name in re.findall(r'(global|local)\s*:|([^\s;]+)\s*;', body):
            scope = label or scope
            if name and scope == 'local':
                hidden.append(name)
            elif name and (name in found or not re.fullmatch(r'\w+', name)):
                raise Failed(RULE, f'{PATH}, {node}: {name} is a pattern or listed twice')
            elif name:
                found[name] = node
    if hidden != ['*']:
        raise Failed(RULE, f'{PATH}: local: is {hidden}; the first node must have "local: *;" '
                     'and no other any')
    return found
