# SPDX-License-Identifier: MIT
"""Gate: the static library keeps to its names, and a program links with it.

archive.py SOURCE
"""
import sys
import tempfile
from pathlib import Path

from gatelib.build import build_library, install
from gatelib.command import need, output
from gatelib.elf import dynamic
from gatelib.program import compile_with_pkgconfig, run_program
from gatelib.tap import Failed, run_gate


def foreign_globals(archive):
    """Hidden visibility does not protect an archive: a helper's name could be the program's too."""
    listing = output(['nm', '-g', '--defined-only', archive], 'nm reads the archive')
    names = [line.split()[2] for line in listing.splitlines() if len(line.split()) == 3]
    if not names:
        raise Failed('the archive defines symbols', 'nm finds none')
    return sorted(n for n in names if not n.startswith('l2'))


def check_archive(tap, source, tmp):
    build_library(source, tmp / 'build', '-Ddefault_library=static', '-Ddocs=disabled',
                  f'--prefix={tmp}/prefix')
    install(tmp / 'build', '/')
    archives = list((tmp / 'prefix').rglob('libl2sock.a'))
    shared = list((tmp / 'prefix').rglob('*.so*'))
    tap.check(len(archives) == 1 and not shared, 'a static build installs the archive alone',
              *archives, *shared)
    tap.none(foreign_globals(archives[0]), 'every global of the archive begins with l2',
             'make it static or give it the prefix')

    need('pkg-config')
    for language in ('c', 'c++'):
        program = compile_with_pkgconfig(source, tmp, language, '--static')
        linked = dynamic(program).get('NEEDED', [])
        tap.none([n for n in linked if 'l2sock' in n],
                 f'{language}: pkg-config --static links the archive', 'this is the shared library')
        run_program(tap, f'{language}: the program with the archive', program)


def gate(tap, source, _library=None):
    need('nm', 'readelf')
    with tempfile.TemporaryDirectory() as tmp:
        check_archive(tap, source, Path(tmp))


run_gate(gate, *sys.argv[1:])
