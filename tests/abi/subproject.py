# SPDX-License-Identifier: MIT
"""Gate: the project serves as a meson subproject.

subproject.py SOURCE
"""
import shutil
import sys
import tempfile
from pathlib import Path

from gatelib.build import build
from gatelib.command import need, output
from gatelib.program import PROGRAM, run_program
from gatelib.tap import run_gate


def make_outer_project(source, outer):
    shutil.copytree(source / 'tests/abi/installed/outer', outer)
    shutil.copy(source / PROGRAM, outer)
    (outer / 'subprojects/libl2sock').symlink_to(source)


def unversioned(program):
    listing = output(['nm', '-D', '--undefined-only', '--with-symbol-versions', program],
                     'nm reads the program')
    return [line for line in listing.splitlines() if ' l2' in line and '@' not in line]


def gate(tap, source, _library=None):
    need('nm')
    with tempfile.TemporaryDirectory() as tmp:
        tmp = Path(tmp)
        make_outer_project(Path(source).resolve(), tmp / 'outer')
        # A libl2sock of the system must not stand in for the subproject.
        build(tmp / 'outer', tmp / 'build', '--wrap-mode=forcefallback')
        tap.check(True, 'a project with libl2sock in subprojects/ builds')
        tap.none(unversioned(tmp / 'build/loopback'), 'its program is linked with symbol versions',
                 'without a version: the map is not found in a subproject')
        run_program(tap, 'its program', tmp / 'build/loopback')


run_gate(gate, *sys.argv[1:])
