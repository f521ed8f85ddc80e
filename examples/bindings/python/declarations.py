# SPDX-License-Identifier: MIT
"""Writes the declarations of libl2sock for cffi, from the headers that are installed.

declarations.py [COMPILER-OPTION...] > _l2sock.py

Run once for each version of the library; what uses the result needs no compiler. Take the options
from "pkg-config --cflags l2sock".
"""
import os
import re
import shlex
import subprocess
import sys

HEADERS = ['csum', 'filter', 'asm', 'frame', 'l2sock', 'match', 'pace', 'pcap', 'ring', 'text']
INCLUDES = ''.join(f'#include <l2sock/{name}.h>\n' for name in HEADERS)
ATTRIBUTE = re.compile(r'__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)')


def preprocess(text, *options):
    compiler = shlex.split(os.environ.get('CC', 'cc'))
    return subprocess.run([*compiler, '-E', *options, *sys.argv[1:], '-x', 'c', '-'], input=text,
                          stdout=subprocess.PIPE, text=True, check=True).stdout


def own_lines():
    """Without those of the C library. Functions with a body in a header are prototypes here."""
    own = False
    for line in preprocess(INCLUDES, '-dD', '-DL2SOCK_NO_INLINE').splitlines():
        marker = re.match(r'# \d+ "(.*?)"', line)
        if marker:
            own = '/l2sock/' in marker[1]
        elif own:
            yield line


def constants(names):
    """Name -> number of those macros that stand for one."""
    text = INCLUDES + ''.join(f'"{name}" {name}\n' for name in names)
    found = {}
    for name, value in re.findall(r'^"(\w+)" (.*)$', preprocess(text, '-P'), flags=re.M):
        value = re.sub(r'\b(0[xX][0-9a-fA-F]+|\d+)[uUlL]+\b', r'\1', value)
        if re.fullmatch(r'[0-9a-fA-FxX()<>|+*\- ]+', value):
            found[name] = eval(value)  # digits and operators
    return found


def main():
    lines = list(own_lines())
    macros = [line.split()[1] for line in lines if re.match(r'#define L2\w+ ', line)]
    code = ATTRIBUTE.sub('', '\n'.join(l for l in lines if l.strip() and not l.startswith('#')))
    print('# Made by declarations.py')
    print(f"CODE = '''\n{code}\n'''")
    print('CONSTANTS = {')
    for name, value in constants(macros).items():
        print(f'    {name!r}: {value},')
    print('}')


main()
