# SPDX-License-Identifier: MIT
"""The gates under test: each must pass on the tree and fail on every broken copy of it.

selftest.py SOURCE [GATE...]
"""
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from breakages import BREAKAGES
from gatelib.build import build_library, clean_env
from gatelib.command import run
from gatelib.edit import Void, Workshop
from gatelib.tap import run_gate
from gatelib.tree import tracked_files

HERE = Path(__file__).resolve().parent
GATES = sorted({b.gate for b in BREAKAGES})
# What breaks headers breaks one of these; the others would say the same again.
BROKEN_HEADERS = ['types.h', 'l2sock.h']


def copy_tree(source, tree):
    for path in tracked_files(source):
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(Path(source, path), tree / path)


class Bench(Workshop):
    """A copy of the tree, and one build of it that follows the changes."""

    def __init__(self, source, tmp):
        super().__init__(tmp / 'tree')
        copy_tree(source, self.tree)
        self.build = tmp / 'build'
        build_library(self.tree, self.build, '-Ddocs=disabled')

    def run_gate(self, gate, **env):
        headers = BROKEN_HEADERS if gate == 'headers' else []
        return run([sys.executable, '-B', HERE / f'{gate}.py', self.tree,
                    self.build / 'lib/libl2sock.so', *headers], env=dict(clean_env(), **env))

    def broken(self, breakage):
        """What the gate says to the broken tree, or why it could not be broken."""
        try:
            for edit in breakage.edits:
                edit(self)
            if breakage.build:
                done = run(['ninja', '-C', self.build], env=clean_env())
                if done.returncode:
                    return None, f'the broken library does not build: {done.stdout}'
            return self.run_gate(breakage.gate), None
        except Void as void:
            return None, f'{void}: adapt tests/abi/breakages.py'
        finally:
            self.restore()


def check_breakage(tap, bench, breakage):
    done, trouble = bench.broken(breakage)
    if trouble:
        tap.check(False, f'{breakage.gate}: {breakage.what}', trouble)
    elif breakage.said is None:
        tap.check(done.returncode == 0, f'{breakage.gate}: {breakage.what}', done.stdout)
    else:
        complaints = '\n'.join(re.findall('^(?:not ok|#).*', done.stdout, flags=re.M))
        tap.check(done.returncode and re.search(breakage.said, complaints, flags=re.M),
                  f'{breakage.gate}: {breakage.what}: caught',
                  f'exit status {done.returncode}, and the gate does not say '
                  f'"{breakage.said}":', done.stdout)


def check_missing_tools(tap, bench, gate):
    """Without any program to be found, a gate is skipped, and fails where skipping is forbidden."""
    with tempfile.TemporaryDirectory() as empty:
        done = bench.run_gate(gate, PATH=empty, L2SOCK_TEST_REQUIRE='0')
        tap.check(done.returncode == 0 and '# SKIP' in done.stdout,
                  f'{gate}: skipped without its tools', done.stdout)
        done = bench.run_gate(gate, PATH=empty, L2SOCK_TEST_REQUIRE='1')
        tap.check(done.returncode == 1 and 'not ok' in done.stdout,
                  f'{gate}: fails without its tools where they are required', done.stdout)


def selftest(tap, source, *gates):
    chosen = [b for b in BREAKAGES if not gates or b.gate in gates]
    os.environ.setdefault('CC', 'cc')
    with tempfile.TemporaryDirectory() as tmp:
        bench = Bench(source, Path(tmp))
        for gate in gates or GATES:
            done = bench.run_gate(gate)
            tap.check(done.returncode == 0, f'{gate}: passes on the tree', done.stdout)
            check_missing_tools(tap, bench, gate)
        # Those that change the library last: until then its first build serves all.
        for breakage in sorted(chosen, key=lambda b: b.build):
            check_breakage(tap, bench, breakage)


run_gate(selftest, *sys.argv[1:])
