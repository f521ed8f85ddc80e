# SPDX-License-Identifier: MIT
"""Gate: library, version script and headers agree about every function.

symbols.py SOURCE LIBRARY
"""
import re
import sys

from gatelib.command import need, output
from gatelib.headers import PublicText, public_headers
from gatelib.product import headers_of, product_of
from gatelib.symbolmap import RULE, read_map
from gatelib.tap import run_gate


def exported(library):
    """Symbol -> node, of the defined dynamic symbols; the nodes themselves left out."""
    found = {}
    listing = output(['nm', '-D', '--with-symbol-versions', '--defined-only', library],
                     'nm reads the library')
    for line in listing.splitlines():
        _, kind, symbol = line.split()
        name, _, node = symbol.partition('@')
        if kind != 'A':
            found[name] = node.removeprefix('@')  # "@@": the default version of the name
    return found


def differences(left, right, left_only, right_only):
    return ([f'{left_only}: {name}' for name in sorted(left.keys() - right.keys())] +
            [f'{right_only}: {name}' for name in sorted(right.keys() - left.keys())])


def gate(tap, source, library):
    need('nm')
    product = product_of(library)
    symbols = read_map(source, product.map)
    tap.check(True, RULE)

    real = exported(library)
    problems = differences(real, symbols, 'exported but not in the map',
                           'in the map but not exported')
    problems += [f'{n}: node {real[n]} in the library, {symbols[n]} in the map'
                 for n in sorted(real.keys() & symbols.keys()) if real[n] != symbols[n]]
    tap.none(problems, 'the library exports exactly the map',
             f'make {product.map} and the library agree; a released node never changes')

    bad = [n for n in sorted(symbols) if not re.match('l2[a-z]+_', n)]
    tap.none(bad, 'every exported name is l2<noun>_<verb>', 'rename it')

    own = headers_of(product, public_headers(source))
    prototypes = PublicText(source, own).prototypes()
    tap.none(differences({n: 1 for n, marked in prototypes.items() if marked}, symbols,
                         'marked L2_API but not in the map',
                         'in the map but without a prototype marked L2_API'),
             'the prototypes marked L2_API are exactly the map',
             f'add the name to {product.map} or the prototype to a header')
    tap.none([n for n, marked in prototypes.items() if not marked],
             'every function in a public header is marked L2_API',
             'without it the function cannot be linked: put L2_API in front')


run_gate(gate, *sys.argv[1:])
