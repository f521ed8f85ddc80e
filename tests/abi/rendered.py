# SPDX-License-Identifier: MIT
"""Gate: in the rendered manual and guides every link leads somewhere.

rendered.py SOURCE
"""
import posixpath
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from gatelib.command import need, run
from gatelib.page import all_pages
from gatelib.tap import Failed, run_gate

FIRST = 'index.html'


class Rendered(HTMLParser):
    """A page: its places, and what it refers to, with the text of it."""

    def __init__(self, path, name):
        super().__init__()
        self.name = name
        self.places = []
        self.references = []  # [target, text]
        self.metas = {}
        self.link = None
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if 'id' in attrs:
            self.places.append(attrs['id'])
        if tag == 'meta':
            self.metas[attrs.get('name')] = attrs.get('content')
        target = attrs.get('src' if tag == 'img' else 'href')
        if target is not None:
            self.references.append([target, ''])
            self.link = tag == 'a'

    def handle_endtag(self, tag):
        if tag == 'a':
            self.link = None

    def handle_data(self, data):
        if self.link:
            self.references[-1][1] += data

    def inside(self):
        """(file, place, text) of the references that stay in the tree."""
        for target, text in self.references:
            parts = urlsplit(target)
            if not parts.scheme:
                path = unquote(parts.path)
                file = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), path))
                yield file if path else self.name, unquote(parts.fragment), text


def render(source, out):
    need('mandoc', 'cmark-gfm')
    done = run([sys.executable, '-B', Path(source, 'docs/html/render.py'), source, out])
    if done.returncode:
        raise Failed('manual and guides are rendered', done.stdout)
    names = [path.relative_to(out).as_posix() for path in sorted(out.rglob('*.html'))]
    return {name: Rendered(out / name, name) for name in names}


def dead_links(out, pages):
    for page in pages.values():
        for file, place, _ in page.inside():
            if not (out / file).is_file():
                yield f'{page.name}: there is no {file}'
            elif place and place not in pages[file].places:
                yield f'{page.name}: there is no place #{place} in {file}'


def unreached(pages):
    seen, todo = {FIRST}, [FIRST]
    while todo:
        for file, _, _ in pages[todo.pop()].inside():
            if file in pages and file not in seen:
                seen.add(file)
                todo.append(file)
    return sorted(pages.keys() - seen)


def check_links(tap, out, pages):
    tap.none(list(dead_links(out, pages)), 'no link is dead', 'correct it in its source')
    tap.none(unreached(pages), f'every page can be reached from {FIRST}', 'nothing links these')
    tap.none([f'{page.name}: {place}' for page in pages.values() for place in set(page.places)
              if page.places.count(place) > 1], 'every place is there once', 'these are not')


def check_cross_references(tap, sources, pages):
    """As the sources have them, to the page that has the name."""
    homes = {(name, page.section): f'man/{page.file}.html'
             for page in sources for name in page.names}
    missing = []
    for page in sources:
        rendered = pages[f'man/{page.file}.html']
        linked = {(file, text) for file, _, text in rendered.inside()}
        for name, section in page.references:
            if (homes.get((name, section)), f'{name}({section})') not in linked:
                missing.append(f'{page.file}: {name}({section})')
    tap.none(missing, 'every cross reference of the manual is a link to its page',
             'see docs/html/manual.py')


def check_presence(tap, source, sources, pages):
    wanted = [f'man/{page.file}.html' for page in sources]
    wanted += [f'{guide.stem}.html' for guide in Path(source, 'docs').glob('*.md')]
    missing = [name for name in wanted if name not in pages]
    tap.none(missing, 'every page and every guide is there', 'see docs/html/render.py')
    return not missing


def check_devices(tap, pages):
    tap.none([page.name for page in pages.values()
              if page.metas.get('viewport') != 'width=device-width, initial-scale=1'
              or page.metas.get('color-scheme') != 'light dark'],
             'every page suits phones, and light and dark', 'these lack a <meta> for it')


def check_pictures(tap, out):
    problems = []
    for path in sorted(out.rglob('*.svg')):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            problems.append(f'{path.name}: {error}')
        if 'prefers-color-scheme: dark' not in path.read_text():
            problems.append(f'{path.name}: has no colours for the dark')
    tap.none(problems, 'pictures are well-formed, and suit light and dark', 'correct them')


def gate(tap, source, _library=None):
    with tempfile.TemporaryDirectory() as tmp:
        out = Path(tmp, 'html')
        pages = render(source, out)
        sources = all_pages(source)
        if check_presence(tap, source, sources, pages):
            check_cross_references(tap, sources, pages)
        check_links(tap, out, pages)
        check_devices(tap, pages)
        check_pictures(tap, out)


run_gate(gate, *sys.argv[1:])
