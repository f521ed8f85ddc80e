# SPDX-License-Identifier: MIT
"""The version script: which symbol belongs to which node."""
import re
from pathlib import Path

from gatelib.product import PRODUCTS
from gatelib.tap import Failed

RULE = 'the map lists plain names, each once, and hides the rest'


def read_map(source, path):
    """Symbol -> node; refuses wildcards, doubles and a map that does not hide what it omits."""
    text = re.sub(r'/\*.*?\*/', '', Path(source, path).read_text(), flags=re.S)
    found = {}
    hidden = []
    for node, body in re.findall(r'([\w.]+)\s*\{(.*?)\}[^;]*;', text, flags=re.S):
        scope = 'global'
        for label, name in re.findall(r'(global|local)\s*:|([^\s;]+)\s*;', body):
            scope = label or scope
            if name and scope == 'local':
                hidden.append(name)
            elif name and (name in found or not re.fullmatch(r'\w+', name)):
                raise Failed(RULE, f'{path}, {node}: {name} is a pattern or listed twice')
            elif name:
                found[name] = node
    if hidden != ['*']:
        raise Failed(RULE, f'{path}: local: is {hidden}; the first node must have "local: *;" '
                     'and no other any')
    return found


def read_maps(source):
    """Those of all libraries together."""
    return {symbol: node for product in PRODUCTS
            for symbol, node in read_map(source, product.map).items()}
