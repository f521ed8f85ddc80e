# SPDX-License-Identifier: MIT
"""The public headers, as a compiler reads them."""
import re
from pathlib import Path

from gatelib.command import c_compiler, output
from gatelib.tap import Failed

EXPORTED = '__attribute__((__visibility__("default")))'  # what L2_API stands for
NOT_NUMBERS = ['L2_API', 'L2SOCK_INLINE']  # macros that are words of the language
ATTRIBUTE = re.compile(r'__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)')


def public_headers(source):
    return sorted(Path(source, 'include/l2sock').glob('*.h'))


def include_all(source):
    return ''.join(f'#include <l2sock/{h.name}>\n' for h in public_headers(source))


class PublicText:
    """Code and macros of the public headers alone, without those that they include."""

    def __init__(self, source, headers=None):
        headers = headers or public_headers(source)
        own = [h.resolve() for h in headers]
        # Prototypes only: what a binding reads.
        flags = ['-E', '-dD', '-DL2SOCK_NO_INLINE', '-I', Path(source, 'include'), '-x', 'c', '-']
        text = output(c_compiler() + flags, 'the public headers pass the preprocessor',
                      input=include_all(source))
        self.defines = []
        code = []
        mine = False
        for line in text.splitlines():
            marker = re.match(r'# \d+ "(.*?)"', line)
            if marker:
                mine = Path(marker[1]).resolve() in own
            elif mine and line.startswith('#define '):
                self.defines.append(line[len('#define '):])
            elif mine and not line.startswith('#'):
                code.append(line)
        self.code = '\n'.join(code)

    def constants(self):
        """Names of all macros with a value, but for the language's words and include guards."""
        names = []
        for define in self.defines:
            name, _, value = define.partition(' ')
            if name in NOT_NUMBERS or not value.strip():
                continue
            if not name.startswith('L2') or '(' in name:
                raise Failed('every macro is a constant named L2*', f'it is not: {define}')
            names.append(name)
        return names

    def statements(self):
        """Top-level declarations, each in one line and without its semicolon."""
        depth = start = 0
        for i, c in enumerate(self.code):
            depth += (c == '{') - (c == '}')
            if c == ';' and depth == 0:
                yield ' '.join(self.code[start:i].split())
                start = i + 1

    def prototypes(self):
        """Function name -> whether it is marked L2_API."""
        found = {}
        for statement in self.statements():
            plain = ATTRIBUTE.sub('', statement)
            function = re.match(r'(?!typedef)[^{(]*?(\w+)\s*\(', plain)
            if function:
                found[function[1]] = EXPORTED in statement
        return found

    def structs(self):
        """Struct name -> [(member, its type)]; refuses what it cannot describe."""
        found = {}
        for statement in self.statements():
            plain = ATTRIBUTE.sub('', statement).strip()
            struct = re.fullmatch(r'struct (\w+) ?\{([^{}]*)\}', plain)
            if struct:
                found[struct[1]] = [m for d in struct[2].split(';') if d.strip()
                                    for m in members(d)]
            elif '(' not in plain and not re.fullmatch(r'struct \w+', plain) or '{' in plain:
                raise Failed('every declaration is understood', f'not understood: {plain}',
                             'public headers hold flat structs and functions; for anything else '
                             'teach tests/abi/gatelib/headers.py first')
        return found


def members(declaration):
    """[(name, type)] of one line of a struct."""
    pointer = re.fullmatch(r'\s*(.*)\(\*(\w+)\)\s*(\(.*\))', declaration)
    if pointer:
        return [(pointer[2], f'{pointer[1].strip()} (*){pointer[3]}')]
    plain = re.sub(r'\[[^][]*\]', '[]', declaration)
    first = re.match(r'\s*(.*?[\s*])(\w+(?:\[\])*\s*(?:,.*)?)$', plain)
    if not first or ':' in plain:
        raise Failed('every declaration is understood', f'not understood: {declaration.strip()}')
    base = ' '.join(first[1].replace('*', ' * ').split())
    return [(re.sub(r'\W', '', name), base + '[]' * name.count('[]'))
            for name in first[2].split(',')]
