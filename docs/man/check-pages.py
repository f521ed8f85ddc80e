#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the section-3 pages and the guides with what they are taken from.

    check-pages.py DIRECTORY_OF_THE_PAGES TOP_DIRECTORY [--update]

Of a page, EXAMPLES shows the program examples/PAGE.c, SYNOPSIS has the prototypes of the header,
ERRORS the codes of its comments. A guide, a .md file in the folder above, shows a program behind
the comment <!-- FILE.c -->, or a function of it behind <!-- FILE.c: NAME -->; and what it names
exists, functions and constants.
--update puts the programs into pages and guides.
"""
import pathlib
import re
import sys

ESCAPES = [('\\', r'\e'), ('-', r'\-'), ("'", r'\(aq'), ('`', r'\(ga'), ('^', r'\(ha'),
           ('~', r'\(ti')]
EXAMPLE = re.compile(r'(?<=^\.Sh EXAMPLES\n\.Bd -literal\n).*?(?=^\.Ed$)', re.M | re.S)
DECLARATION = re.compile(r'/\*((?:[^*]|\*(?!/))*)\*/\n((?:L2_API [^;]*;\n)+)')
SHOWN = re.compile(r'(?<=^<!-- )(\S+\.c)(: \w+)?( -->\n```c\n)(.*?)(?=^```$)', re.M | re.S)
NAME = re.compile(r'\b(?:l2\w+(?=\(\))|L2[A-Z0-9]*_\w*[A-Z0-9]\b)')
# They speak of what is inside the library, too.
INSIDE = ('contributing.md', 'decisions.md', 'packaging.md', 'protocols.md', 'wire-filters.md')
CODE = re.compile(r'-(E[A-Z0-9]+)')


def as_mdoc(program):
    """The program as the lines of a literal display, without its licence."""
    lines = program.split('\n', 1)[1].splitlines()
    for plain, escape in ESCAPES:
        lines = [line.replace(plain, escape) for line in lines]
    return ''.join(('\\&' if line.startswith('.') else '') + line + '\n' for line in lines)


def squeeze(text):
    return re.sub(r'\s+', ' ', text).replace('* ', '*').strip()


def header_functions(text):
    """name -> (prototype, error codes); the codes are those that a line of the list begins with."""
    functions = {}
    for comment, prototypes in DECLARATION.findall(text):
        codes = set()
        for line in comment.splitlines():
            head = re.match(r'\s*\*\s*(-E[A-Z0-9]+(?:, -E[A-Z0-9]+)*)\s', line)
            head = head or re.search(r'Returns? .*\bor (-E[A-Z0-9]+) if ', line)
            codes.update(CODE.findall(head.group(1)) if head else [])
        for prototype in prototypes.replace('L2_API ', '').split(';')[:-1]:
            name = re.search(r'(\w+)\(', prototype).group(1)
            functions[name] = (squeeze(prototype), codes)
    return functions


def page_prototypes(page):
    found = {}
    for ret, name, arguments in re.findall(r'^\.Ft "?(.*?)"?\n\.Fo (\w+)\n(.*?)^\.Fc$', page,
                                           re.M | re.S):
        arguments = re.findall(r'^\.Fa "?(.*?)"?$', arguments, re.M)
        found[name] = squeeze(f'{ret} {name}({", ".join(arguments)})')
    return found


def check(page, program, functions):
    """What is wrong with a page."""
    example = EXAMPLE.search(page)
    if not program.exists() or not example or example.group() != as_mdoc(program.read_text()):
        yield f'EXAMPLES is not {program.name}: run check-pages.py with --update'
    codes = set()
    for name, prototype in page_prototypes(page).items():
        expected, more = functions.get(name, ('nothing', set()))
        codes |= more
        if prototype != expected:
            yield f'SYNOPSIS has "{prototype}", the header "{expected}"'
    items = ' '.join(re.findall(r'^\.It(?: Bq Er .*)+$', page, re.M)).replace('\\-', '-')
    for code in sorted(codes ^ set(CODE.findall(items))):
        yield f'ERRORS and the header disagree on {code}'


def show(folder, guide):
    """The guide with its programs as they are now."""
    def program(match):
        file, function, between, _ = match.groups('')
        text = (folder / file).read_text().split('\n', 1)[1]
        if function:
            whole = re.search(rf'^\w.*\b{function[2:]}\((?:.*\n)*?}}\n', text, re.M)
            text = whole[0] if whole else f'{file} has no such function\n'
        return file + function + between + text.expandtabs(8)
    return SHOWN.sub(program, guide)


def check_guides(folder, top, update):
    """What is wrong with the guides."""
    headers = ''.join(path.read_text() for path in (top / 'include/l2sock').glob('*.h'))
    known = set(re.findall(r'\w+', headers))
    for path in sorted(folder.glob('*.md')):
        guide = path.read_text()
        if update:
            path.write_text(show(folder, guide))
        elif show(folder, guide) != guide:
            yield f'{path.name}: a program is another: run check-pages.py with --update'
        if path.name not in INSIDE:
            for name in sorted(set(NAME.findall(guide)) - known):
                yield f'{path.name}: there is no {name}'


def main(pages, top, update=None):
    functions = {}
    for header in sorted((pathlib.Path(top) / 'include/l2sock').glob('*.h')):
        functions.update(header_functions(header.read_text()))
    shown = set()
    bad = 0
    for path in sorted(pathlib.Path(pages).glob('*.3')):
        page = path.read_text()
        program = path.parent / 'examples' / (path.stem + '.c')
        if update and program.exists():
            page = EXAMPLE.sub(lambda _, p=program: as_mdoc(p.read_text()), page)
            path.write_text(page)
        for fault in check(page, program, functions):
            print(f'{path.name}: {fault}')
            bad += 1
        shown |= set(page_prototypes(page))
    for name in sorted(set(functions) - shown):
        print(f'{name}: in no SYNOPSIS')
        bad += 1
    for fault in check_guides(pathlib.Path(pages).parent, pathlib.Path(top), update):
        print(fault)
        bad += 1
    return bad != 0


if __name__ == '__main__':
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ['--update']):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
