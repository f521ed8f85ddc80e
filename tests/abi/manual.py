# SPDX-License-Identifier: MIT
"""Gate: every function has its manual page and its promises in the header.

manual.py SOURCE
"""
import re
import sys
from pathlib import Path

from gatelib.command import need, run
from gatelib.headers import public_headers
from gatelib.page import all_pages
from gatelib.symbolmap import read_maps
from gatelib.tap import run_gate

EVERY_PAGE = [('NAME',), ('LIBRARY', 'SYNOPSIS'), ('DESCRIPTION',), ('EXAMPLES', 'EXAMPLE'),
              ('HISTORY',)]
OF_FUNCTIONS = [('RETURN VALUES',), ('ERRORS',), ('THREAD SAFETY',)]
THREADS = ['One thread at a time per handle', 'Safe from any thread']


def check_coverage(tap, pages, symbols):
    homes = {}
    for page in pages:
        if page.section == '3':
            for name in page.names:
                homes.setdefault(name, []).append(page.file)
    problems = [f'{name}: in no page' for name in sorted(symbols.keys() - homes.keys())]
    problems += [f'{name}: exported by nothing, yet in {homes[name]}'
                 for name in sorted(homes.keys() - symbols.keys() - page_titles(pages))]
    problems += [f'{name}: in several pages, {files}' for name, files in homes.items()
                 if len(files) > 1]
    tap.none(problems, 'every exported function is in the NAME of one page of docs/man',
             'add ".Nm function" to the NAME section of the page that describes it')


def page_titles(pages):
    """A page about several functions may itself have a name of its own."""
    return {page.file.partition('.')[0] for page in pages}


def check_lint(tap, folder, pages):
    need('mandoc')
    for page in pages:
        done = run(['mandoc', '-T', 'lint', '-W', 'warning', page.file], cwd=folder)
        tap.check(done.returncode == 0 and not done.stdout, f'{page.file}: mandoc has no complaint',
                  done.stdout)


def check_sections(tap, pages, symbols):
    for page in pages:
        if page.section == '3':
            # A page may be about a struct alone.
            required = EVERY_PAGE + (OF_FUNCTIONS if symbols.keys() & set(page.names) else [])
            tap.none([' or '.join(any_of) for any_of in required
                      if not any(page.parts.get(s, '').strip() for s in any_of)],
                     f'{page.file}: has all sections', 'add these, with something in them')


def check_references(tap, pages):
    known = {(name, page.section) for page in pages for name in page.names}
    tap.none([f'{page.file}: {name}({section})' for page in pages
              for name, section in page.references if (name, section) not in known],
             'every cross reference between the pages leads somewhere',
             'no NAME section has these')


def check_comments(tap, header):
    """A comment serves the prototypes that follow it."""
    text = header.read_text()
    blocks = re.findall(r'(/\*(?:(?!\*/).)*\*/)\s*((?:^L2_API\s[^;]*;\s*)+)', text,
                        flags=re.S | re.M)
    documented = {}
    for comment, prototypes in blocks:
        comment = re.sub(r'\s*\n \*\s*', ' ', comment)
        for name in re.findall(r'(\w+)\(', prototypes):
            documented.setdefault(name, comment)
    problems = []
    for name in re.findall(r'^L2_API\s[^;]*?(\w+)\(', text, flags=re.M):
        comment = documented.get(name, '')
        if name not in comment:
            problems.append(f'{name}: no comment in front that names it')
        if sum(comment.count(sentence) for sentence in THREADS) != 1:
            problems.append(f'{name}: its comment must have one of: {" / ".join(THREADS)}')
        if not re.search(r'\bSince \d+\.\d+', comment):
            problems.append(f'{name}: its comment does not say "Since x.y"')
    tap.none(problems, f'{header.name}: every function says its threads and its release',
             'see the comments around it')


def gate(tap, source, _library=None):
    folder = Path(source, 'docs/man')
    pages = all_pages(source)
    for header in public_headers(source):
        check_comments(tap, header)
    symbols = read_maps(source)
    check_coverage(tap, pages, symbols)
    check_sections(tap, pages, symbols)
    check_references(tap, pages)
    check_lint(tap, folder, pages)


run_gate(gate, *sys.argv[1:])
