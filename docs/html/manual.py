# SPDX-License-Identifier: MIT
"""Manual pages: mdoc through mandoc, references among them as links."""
import html
import re
import subprocess
from dataclasses import dataclass

from tree import between

HEADER = re.compile(r'^\.In (\S+)', re.M)
CROSS = re.compile(r'<a class="Xr">([^<(]+)\((\d)\)</a>')
INCLUDE = re.compile(r'<a class="In">([^<]+)</a>')
# "l2sock(7), VLAN TAGS" names a section of the page in front.
ELSEWHERE = re.compile(r'(<a class="Xr" href="([^"#]+)[^>]*>[^<]*</a>,?\s+<a class="Sx" href=")#')
DECORATION = re.compile(r'<table class="(?:head|foot)">.*?</table>\n?', re.S)
HEADING = re.compile(r'(</?h)([12])\b')


@dataclass
class Manual:
    """A page, with what its NAME section says."""
    file: str
    page: str
    section: str
    names: list
    purpose: str
    header: str
    body: str

    @property
    def title(self):
        return f'{self.names[0]}({self.section})'


def render(path):
    done = subprocess.run(['mandoc', '-T', 'html', '-O', 'fragment', path], check=True,
                          encoding='utf-8', stdout=subprocess.PIPE)
    return done.stdout


def read(site, file):
    source = site.text(file)
    section = file[-1]
    name_part = source.partition('.Sh NAME\n')[2].partition('\n.Sh')[0]
    header = HEADER.search(source)
    body = DECORATION.sub('', render(site.top / file))
    return Manual(file=file, page=f'man/{file.rpartition("/")[2]}.html', section=section,
                  names=re.findall(r'^\.Nm (\S+)', name_part, re.M),
                  purpose=re.search(r'^\.Nd (.*)', name_part, re.M)[1],
                  header=header[1] if header else '', body=body)


def register(site, manual):
    """Every name of a page is a place in it: where it is described, if that is marked."""
    for name in manual.names:
        place = f'#{name}' if f'id="{name}"' in manual.body else ''
        site.manual[name, manual.section] = manual.page + place


def write(site, manual):
    def cross(match):
        text = f'{match[1]}({match[2]})'
        place = site.manual.get((match[1], match[2]))
        if not place:
            return text
        return f'<a class="Xr" href="{between(manual.page, place)}">{text}</a>'

    def include(match):
        file = f'include/{match[1]}'
        if not (site.top / file).exists():
            return match[1]
        return f'<a class="In" href="{between(manual.page, site.page(file))}">{match[1]}</a>'

    body = ELSEWHERE.sub(r'\1\2#', CROSS.sub(cross, manual.body))
    body = INCLUDE.sub(include, body)
    body = HEADING.sub(lambda m: f'{m[1]}{int(m[2]) + 1}', body)
    site.write(manual.page, manual.title, f'<h1>{html.escape(manual.title)}</h1>\n{body}')
