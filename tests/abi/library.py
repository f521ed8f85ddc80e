# SPDX-License-Identifier: MIT
"""Gate: the shared library is one that a distribution can ship.

library.py SOURCE LIBRARY
"""
import re
import sys

from gatelib.command import need, output
from gatelib.elf import dynamic, search_paths
from gatelib.product import CORE, product_of
from gatelib.tap import run_gate

# Functions, constants and the version nodes; all else could be written to from outside.
MAY_EXPORT = 'TiRA'


def writable_exports(library):
    listing = output(['nm', '-D', '--defined-only', library], 'nm reads the library')
    return [line for line in listing.splitlines() if line.split()[1] not in MAY_EXPORT]


def gate(tap, _source, library):
    need('nm', 'readelf')
    tap.none(writable_exports(library), 'no writable data is exported',
             'export a function instead: data is copied into programs and binds its size for ever')

    product = product_of(library)
    tags = dynamic(library)
    tap.check(tags.get('SONAME') == [product.soname], f'the SONAME is {product.soname}',
              f'it is {tags.get("SONAME")}: the number changes by decision only, '
              'in lib/meson.build and tests/abi/gatelib/product.py')
    # Meson gives the companion a path to the library in the build directory, and takes it out when
    # it installs: see installed.py.
    if product is CORE:
        tap.none(search_paths(library), 'the library has no search path of its own',
                 'take -rpath out of the link')
    tap.none([n for n in tags.get('NEEDED', []) if not re.fullmatch(product.may_need, n)],
             f'the library needs {product.needs}', 'do without this library')

    stack = [line for line in output(['readelf', '-lW', library], 'readelf reads the segments')
             .splitlines() if 'GNU_STACK' in line]
    tap.check(len(stack) == 1 and 'RWE' not in stack[0], 'the stack is not executable',
              *stack, 'look for assembler without .note.GNU-stack and for -z execstack')


run_gate(gate, *sys.argv[1:])
