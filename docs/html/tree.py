# SPDX-License-Identifier: MIT
"""The rendered tree: which file of the project is which page, and how pages name each other."""
import html
import os
import posixpath
import shutil
from pathlib import Path

IMAGES = ('.svg', '.png')
FRAME = '''<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{root}style.css">
</head>
<body>
<nav><a href="{root}index.html">libl2sock</a> <a href="{root}index.html#guides">Guides</a>
<a href="{root}index.html#manual">Manual</a></nav>
<main>
{body}
</main>
</body>
</html>
'''


class NoSuchFile(Exception):
    pass


class Site:
    """Files are named by their paths from the top of the project, pages from that of the site."""

    def __init__(self, top, out):
        self.top = Path(top)
        self.out = Path(out)
        self.manual = {}  # (name, section) -> page, with the place in it
        self.pages = {}   # file -> page, of all that is linked
        self.todo = []    # files whose pages are to be made
        self.read = set()

    def text(self, file):
        self.read.add(file)
        return (self.top / file).read_text(encoding='utf-8')

    def is_copied(self, file):
        """Pictures and captures: what is no text."""
        path = self.top / file
        return file.endswith(IMAGES) or path.is_file() and b'\0' in path.read_bytes()

    def page(self, file):
        """The page of a file. It will be made, if it was not yet."""
        if file not in self.pages:
            if not (self.top / file).exists():
                raise NoSuchFile(file)
            self.pages[file] = self._place(file)
            self.todo.append(file)
        return self.pages[file]

    def _place(self, file):
        folder, name = posixpath.split(file)
        stem, suffix = posixpath.splitext(name)
        if suffix in IMAGES:
            return name
        if suffix == '.md':
            place = stem if folder in ('', 'docs') else f'source/{folder}/{stem}'
            return f'{place.lower()}.html'
        return f'source/{file}' if self.is_copied(file) else f'source/{file}.html'

    def write(self, page, title, body):
        root = '../' * page.count('/')
        path = self.out / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FRAME.format(title=html.escape(title), root=root, body=body),
                        encoding='utf-8')

    def copy(self, file, page):
        self.read.add(file)
        (self.out / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.top / file, self.out / page)


def between(page, target):
    """The reference from one page to another."""
    target, mark, fragment = target.partition('#')
    return os.path.relpath(target, posixpath.dirname(page) or '.') + mark + fragment
