# SPDX-License-Identifier: MIT
"""Gate: the binary interface is the committed one, down to every type of every parameter.

baseline.py SOURCE LIBRARY            compare with tests/abi/<triple>.abi
baseline.py --update SOURCE LIBRARY   write it, in the commit that changes the interface

The library must have debugging information and must not be stripped.
"""
import re
import sys
import tempfile
from pathlib import Path

from gatelib.command import c_compiler, multiarch, need, output, run
from gatelib.product import CORE, product_of
from gatelib.tap import Missing, run_gate

# Public types only, and nothing that depends on where or with which optimisation it was built.
DUMP = ['abidw', '--drop-private-types', '--exported-interfaces-only', '--no-show-locs',
        '--no-corpus-path', '--no-comp-dir-path', '--type-id-style', 'hash']
SPDX = '<!-- SPDX-License-Identifier: MIT -->'


def committed(source, library):
    product = product_of(library)
    name = f'{multiarch(c_compiler())}.abi' if product is CORE else \
        f'{product.name}.{multiarch(c_compiler())}.abi'
    return Path(source, 'tests/abi', name)


def need_debug_info(library):
    need('readelf')
    if '.debug_info' not in output(['readelf', '-SW', library], 'readelf reads the sections'):
        raise Missing('the library was built without -g')


def dump(source, library, to):
    """The interface as XML; the comment may stand behind the first tag only, says abidiff."""
    output(DUMP + ['--headers-dir', Path(source, 'include'), '--out-file', to, library],
           'abidw reads the library')
    first, rest = to.read_text().split('\n', 1)
    # The compiler saw the sources from the build directory: keep their names only.
    rest = re.sub(r" path='[^']*(lib/[^']*)'", r" path='\1'", rest)
    to.write_text(f'{first}\n{SPDX}\n{rest}')


def update(tap, source, library):
    need('abidw')
    need_debug_info(library)
    path = committed(source, library)
    dump(source, library, path)
    tap.check(True, f'{path.name} is written')


def compare(old, new, *options):
    return run(['abidiff', *options, old, new])


def only_growth(report, old, new, source):
    """Whether structs that begin with their size grew at the end, and nothing else happened."""
    rules = Path(source, 'tests/abi/baseline.abignore')
    rest = compare(old, new, '--suppressions', rules)
    # abidiff 2.2 takes a member that changed its type for one inserted at the end.
    return rest.returncode == 0 and not re.search(r'\d+ data member (change|deletion)', report)


def gate(tap, source, library):
    need('abidw', 'abidiff')
    path = committed(source, library)
    if not path.exists():
        raise Missing(f'no baseline {path.name}: baseline.py --update makes one')
    need_debug_info(library)
    with tempfile.TemporaryDirectory() as tmp:
        fresh = Path(tmp, 'fresh.abi')
        dump(source, library, fresh)
        # Every bit of the status counts: it has one for changes and another for those sure to
        # break programs, and a member in the middle of a struct sets the first alone.
        done = compare(path, fresh)
        same = done.returncode == 0 or only_growth(done.stdout, path, fresh, source)
    tap.check(same, f'the interface is that of {path.name}', done.stdout,
              'when this is meant: baseline.py --update SOURCE LIBRARY in the same commit, which '
              'says so; from 1.0 on programs built before must go on working')


arguments = sys.argv[1:]
if arguments[:1] == ['--update']:
    run_gate(update, *arguments[1:])
else:
    run_gate(gate, *arguments)
