# SPDX-License-Identifier: MIT
"""The first page: what the library is, the guides, and the manual by object."""
import html
import posixpath

import guide

# The objects of section 3 with the headers that their pages name, by layer. Others come last.
OBJECTS = {
    'The handle': ['l2sock', 'types'],
    'Rings and groups': ['ring', 'rx', 'tx', 'fanout', 'pace'],
    'Frames': ['frame', 'build', 'proto', 'parse', 'verdict', 'template'],
    'Filters': ['filter', 'asm', 'match', 'pcap'],
    'Checksums': ['csum'],
    'Addresses as text': ['text'],
}
OTHERS = 'Others'

# The guides to read first, where there are such.
ORDER = ['overview', 'tutorial', 'questions', 'cookbook', 'porting']



def introduction(site):
    """The README up to its first section."""
    text = site.text('README.md').partition('\n## ')[0]
    return guide.markup(site, 'README.md', 'index.html', text)[0]


def rank(file):
    """First those to be read first, the others by name."""
    name = posixpath.basename(file).removesuffix('.md')
    return ORDER.index(name) if name in ORDER else len(ORDER), name


def guides(site, files):
    files = sorted(files, key=rank)
    items = [f'<li><a href="{site.page(file)}">{html.escape(guide.title_of(site.text(file)))}</a>'
             '</li>' for file in files]
    return ('<h2 id="guides">Guides</h2>\n<ul>\n'
            '<li><a href="readme.html">Start: how to build it, and a program</a></li>\n'
            + '\n'.join(items) + '\n</ul>\n')


def entries(site, manuals):
    lines = []
    for manual in manuals:
        names = ', '.join(f'<a href="{site.manual[name, manual.section]}"><code>{name}</code></a>'
                          for name in manual.names)
        lines.append(f'<dt>{names}</dt>\n<dd>{html.escape(manual.purpose)}</dd>')
    return '<dl class="names">\n' + '\n'.join(lines) + '\n</dl>\n'


def part(site, title, manuals):
    return f'<h3>{html.escape(title)}</h3>\n{entries(site, manuals)}' if manuals else ''


def object_of(manual):
    name = posixpath.basename(manual.header).removesuffix('.h')
    return next((title for title, headers in OBJECTS.items() if name in headers), OTHERS)


def whole_manual(site, manuals):
    def of(section):
        return [m for m in manuals if m.section == section]
    objects = [part(site, title, [m for m in of('3') if object_of(m) == title])
               for title in [*OBJECTS, OTHERS]]
    return ('<h2 id="manual">Manual</h2>\n' + part(site, 'How it fits together', of('7'))
            + ''.join(objects) + part(site, 'Programs', of('1')))


def write(site, files, manuals):
    body = introduction(site) + guides(site, files) + whole_manual(site, manuals)
    site.write('index.html', 'libl2sock', body)
