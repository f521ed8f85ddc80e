# SPDX-License-Identifier: MIT
"""Gate: the size of every struct, the place of every member and the value of every constant.

layout.py SOURCE            compare with the committed lists
layout.py --update SOURCE   write them

The lists are made from the headers as they are, so that nothing can be forgotten. One list per
machine, tests/abi/layout.<triple>.txt.
"""
import difflib
import re
import sys
import tempfile
from pathlib import Path

from gatelib.command import c_compiler, compiler_32bit, multiarch, output, run
from gatelib.headers import PublicText, include_all
from gatelib.tap import Failed, run_gate

START = '''#include <stddef.h>
#include <stdio.h>
#define TYPE(x) _Generic((x), int: "int", unsigned int: "unsigned int", long: "long", \\
\tunsigned long: "unsigned long", long long: "long long", unsigned long long: "unsigned long long")
int main(void) {
'''
HEADING = '''# SPDX-License-Identifier: MIT
# What programs have compiled into them. Made by tests/abi/layout.py --update; a change here is a
# change of the ABI unless it only adds.
'''


def printing_program(text):
    lines = []
    for struct, fields in text.structs().items():
        lines.append(f'printf("struct {struct} size=%zu align=%zu\\n", sizeof(struct {struct}), '
                     f'_Alignof(struct {struct}));')
        for name, kind in fields:
            lines.append(f'printf("member {struct}.{name} offset=%zu size=%zu {kind}\\n", '
                         f'offsetof(struct {struct}, {name}), '
                         f'sizeof(((struct {struct} *)0)->{name}));')
    for name in text.constants():
        lines.append(f'printf("constant {name} %lld %s\\n", (long long)({name}), TYPE({name}));')
    return '\n'.join(lines)


def measure(source, cc, program, emulator):
    """The list of this compiler's machine."""
    with tempfile.TemporaryDirectory() as tmp:
        done = run(cc + ['-std=c11', '-I', Path(source, 'include'), '-x', 'c', '-', '-o',
                         f'{tmp}/show'], input=program)
        if done.returncode:
            raise Failed('the list compiles', done.stdout,
                         'what is no integer belongs into NOT_NUMBERS of gatelib/headers.py')
        return HEADING + output(emulator + [f'{tmp}/show'], 'the list is printed')


def machines():
    """Compilers that may make programs which run here."""
    cc = c_compiler()
    found = [cc]
    narrow = compiler_32bit(cc)
    if narrow:
        found.append(narrow)
    return found


def emulator_for(cc):
    """What a program of this compiler runs under: [] is the machine itself; None if it cannot."""
    with tempfile.TemporaryDirectory() as tmp:
        made = run(cc + ['-x', 'c', '-', '-o', f'{tmp}/a'], input='int main(void) { return 0; }\n')
        for emulator in [], ['qemu-i386']:
            if made.returncode == 0 and run(emulator + [f'{tmp}/a']).returncode == 0:
                return emulator
    return None


def compare(tap, committed, fresh):
    """Missing and changed lines break programs; new ones only await the list."""
    name = f'{committed.name} is up to date'
    if not committed.exists():
        tap.skip(name, 'no list for this machine: layout.py --update makes one')
        return
    old = committed.read_text()
    diff = [line for line in difflib.unified_diff(old.splitlines(), fresh.splitlines(), n=0,
                                                  lineterm='')
            if re.match('[-+][a-z]', line)]
    tap.none(diff, name, '"-": committed, "+": now. Lines with "-" break programs that are '
             'compiled already; when that is meant, run tests/abi/layout.py --update SOURCE')


def gate(tap, source, _library=None, update=False):
    text = PublicText(source)
    program = START + printing_program(text) + '\nreturn 0; }\n'
    program = include_all(source) + program
    tap.check(True, 'every declaration and macro of the public headers is understood')
    for cc in machines():
        committed = Path(source, 'tests/abi', f'layout.{multiarch(cc)}.txt')
        emulator = emulator_for(cc)
        if emulator is None:
            tap.skip(f'{committed.name} is up to date', 'no program for it runs here')
        elif update:
            committed.write_text(measure(source, cc, program, emulator))
            tap.check(True, f'{committed.name} is written')
        else:
            compare(tap, committed, measure(source, cc, program, emulator))


arguments = sys.argv[1:]
if arguments[:1] == ['--update']:
    run_gate(lambda tap, source: gate(tap, source, update=True), *arguments[1:])
else:
    run_gate(gate, *arguments)
