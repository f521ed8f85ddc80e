# SPDX-License-Identifier: MIT
"""Changes to a tree that can be taken back; each fails when it would change nothing."""
import re
from pathlib import Path


class Void(Exception):
    """The tree no longer has what was to be broken."""


class Workshop:
    """A tree whose changes are remembered."""

    def __init__(self, tree):
        self.tree = Path(tree)
        self.before = {}

    def touch(self, path):
        """The file to change, its present contents kept."""
        file = self.tree / (path(self.tree) if callable(path) else path)
        self.before.setdefault(file, file.read_bytes() if file.exists() else None)
        return file

    def restore(self):
        for file, contents in self.before.items():
            if contents is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(contents)
        self.before.clear()


def replace(path, pattern, new):
    """The first match of a regular expression in a file."""
    def edit(workshop):
        file = workshop.touch(path)
        text, count = re.subn(pattern, new, file.read_text(), count=1, flags=re.M | re.S)
        if not count:
            raise Void(f'{file.name} has no {pattern!r}')
        file.write_text(text)
    return edit


def append(path, text):
    """At the end of a file, which is made if need be; the text may depend on the tree."""
    def edit(workshop):
        file = workshop.touch(path)
        old = file.read_text() if file.exists() else ''
        file.write_text(old + (text(workshop.tree) if callable(text) else text))
    return edit


def delete(path):
    def edit(workshop):
        workshop.touch(path).unlink()
    return edit
