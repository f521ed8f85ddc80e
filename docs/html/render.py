# SPDX-License-Identifier: MIT
"""Renders the manual and the guides to static pages.

render.py TOP OUT [DEPFILE]

TOP is the top of the project, OUT a folder that is made anew; DEPFILE gets the files that were
read, as make writes it. Needs mandoc and cmark-gfm.
"""
import shutil
import sys
from pathlib import Path

import guide
import index
import manual
import source
from tree import Site


def write_linked(site):
    """Pages of what is linked, and of what these link, until there is no more."""
    while site.todo:
        file = site.todo.pop()
        if (site.top / file).is_dir():
            source.write_folder(site, file)
        elif file.endswith('.md'):
            guide.write(site, file)
        elif site.is_copied(file):
            site.copy(file, site.page(file))
        else:
            source.write_file(site, file)


def main(top, out, depfile=None):
    shutil.rmtree(out, ignore_errors=True)
    Path(out).mkdir(parents=True)
    site = Site(top, out)
    manuals = [manual.read(site, f'docs/man/{path.name}')
               for path in sorted(Path(top, 'docs/man').glob('*.[137]'))]
    for page in manuals:
        manual.register(site, page)
    for page in manuals:
        manual.write(site, page)
    guides = [f'docs/{path.name}' for path in Path(top, 'docs').glob('*.md')]
    site.page('README.md')
    index.write(site, guides, manuals)
    write_linked(site)
    site.copy('docs/html/style.css', 'style.css')
    if depfile:
        site.read |= {'docs', 'docs/man'}  # new files in them
        read = ' '.join(str(site.top / file) for file in sorted(site.read))
        Path(depfile).write_text(f'{out}: {read}\n')


try:
    main(*sys.argv[1:])
except guide.DeadLink as dead:
    sys.exit(f'render.py: {dead}')
