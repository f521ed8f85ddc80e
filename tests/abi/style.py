# SPDX-License-Identifier: MIT
"""Gate: every file of the tree looks like the others.

style.py SOURCE
"""
import fnmatch
import re
import sys
from pathlib import Path

from gatelib.command import need, run
from gatelib.tap import Missing, run_gate
from gatelib.tree import tracked_files

# Formats without comments.
NO_LICENCE_LINE = ['*.pcap', '*.pcapng', '*.bin', 'tests/fuzz/corpus/*']
COLUMNS = 100
NARROW = ['*.c', '*.h', '*.sh', '*.py', '*/meson.build', 'meson.build', 'meson_options.txt']
# Folders so common that their names may well be in a text.
COMMON = ['/', '/build', '/builds', '/home', '/mnt', '/opt', '/root', '/src', '/srv', '/tmp',
          '/usr/src', '/var/tmp']


def matches(path, patterns):
    return any(fnmatch.fnmatch(path.as_posix(), p) for p in patterns)


class Files:
    """Text files of the tree, read once."""

    def __init__(self, source):
        self.source = Path(source).resolve()
        self.paths = tracked_files(source)
        self.texts = {}
        for path in self.paths:
            data = (self.source / path).read_bytes()
            if b'\0' not in data:
                self.texts[path] = data.decode(errors='replace')

    def lines(self, *patterns):
        """(place, line) of all text files, or of those that match."""
        for path, text in self.texts.items():
            if not patterns or matches(path, patterns):
                for number, line in enumerate(text.splitlines(), 1):
                    yield f'{path}:{number}', line


def check_licence(tap, files):
    tap.none([p for p in files.paths if not matches(p, NO_LICENCE_LINE) and
              'SPDX-License-Identifier: MIT' not in '\n'.join(
                  files.texts.get(p, '').splitlines()[:5])],
             'every file names its licence',
             'add "SPDX-License-Identifier: MIT" as a comment at the top')


def check_blanks(tap, files):
    problems = [place for place, line in files.lines() if line != line.rstrip()]
    problems += [f'{path}: no newline at its end' for path, text in files.texts.items()
                 if text and not text.endswith('\n')]
    tap.none(problems, 'no blanks at the end of a line, a newline at the end of a file',
             'take them out, put it in')


def check_columns(tap, files):
    tap.none([place for place, line in files.lines(*NARROW)
              if len(line.expandtabs(8)) > COLUMNS],
             f'no line of code has more than {COLUMNS} columns', 'break it')


def check_paths(tap, files):
    """Neither the checkout nor its parent: a path of one machine means nothing on another."""
    places = {str(files.source), str(files.source.parent)} - set(COMMON)
    found = re.compile(r'(?<![\w.])(' + '|'.join(map(re.escape, sorted(places))) + r')(?![\w-])')
    tap.none([place for place, line in files.lines() if found.search(line)],
             'no file contains a path of this machine', f'these do: {" or ".join(sorted(places))}')


def check_spelling(tap, files):
    need('codespell')
    done = run(['codespell', '--check-hidden', '--ignore-words',
                files.source / 'tests/abi/words.txt', *files.texts], cwd=files.source)
    tap.check(done.returncode == 0, 'codespell finds no misspelling', done.stdout,
              'correct it, or add the word in lower case to tests/abi/words.txt')


def check_format(tap, files):
    need('clang-format')
    sources = [p for p in files.texts if p.suffix in ('.c', '.h')]
    done = run(['clang-format', '--dry-run', '-Werror', '--style=file', *sources],
               cwd=files.source)
    tap.check(done.returncode == 0, 'clang-format would change nothing', done.stdout,
              'run clang-format -i on these files')


def gate(tap, source, _library=None):
    files = Files(source)
    if not files.texts:
        raise Missing('no files found')
    for check in (check_licence, check_blanks, check_columns, check_paths):
        check(tap, files)
    tap.part('codespell finds no misspelling', check_spelling, files)
    tap.part('clang-format would change nothing', check_format, files)


run_gate(gate, *sys.argv[1:])
