# SPDX-License-Identifier: MIT
"""Guides: Markdown through cmark-gfm, with places to link to and links that lead to pages."""
import html
import posixpath
import re
import subprocess

from tree import NoSuchFile, between

HEADING = re.compile(r'<h([1-6])>(.*?)</h\1>', re.S)
LINK = re.compile(r'(<(?:a href|img src)=")([^"]*)(")')
CODE = re.compile(r'<code>(\w[\w.-]*)\(([1-8]?)\)</code>')
TAG = re.compile(r'<[^>]*>')
LINKED_LEAST = 4  # headings that make a list of contents worth its room


class DeadLink(Exception):
    pass


def render(text):
    done = subprocess.run(['cmark-gfm', '-e', 'table'], input=text, check=True, encoding='utf-8',
                          stdout=subprocess.PIPE)
    return done.stdout.replace('<!-- raw HTML omitted -->\n', '')


def plain(markup):
    return html.unescape(TAG.sub('', markup))


def title_of(text):
    heading = re.search(r'^# (.*)$', text, re.M)
    return heading[1].replace('`', '') if heading else ''


def slug(text, taken):
    """As GitHub makes it, so that a link holds in both places."""
    base = re.sub(r'[^\w\- ]', '', text.strip().lower()).replace(' ', '-')
    name, n = base, 0
    while name in taken:
        n += 1
        name = f'{base}-{n}'
    taken.add(name)
    return name


def with_places(body):
    """Headings get their places; returns those of the second level as well."""
    taken, contents = set(), []

    def heading(match):
        place = slug(plain(match[2]), taken)
        if match[1] == '2':
            contents.append((place, match[2]))
        return f'<h{match[1]} id="{place}">{match[2]}</h{match[1]}>'
    return HEADING.sub(heading, body), contents


def with_contents(body, contents):
    if len(contents) < LINKED_LEAST:
        return body
    items = '\n'.join(f'<li><a href="#{place}">{TAG.sub("", text)}</a></li>'
                      for place, text in contents)
    return body.replace('</h1>', f'</h1>\n<details class="contents"><summary>Contents</summary>\n'
                        f'<ul>\n{items}\n</ul>\n</details>', 1)


def with_links(site, file, page, body):
    def link(match):
        target, mark, fragment = html.unescape(match[2]).partition('#')
        if not target or re.match(r'[a-z]+:', target):
            return match[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file), target))
        try:
            place = between(page, place_of(site, target)) + mark + fragment
        except NoSuchFile as missing:
            raise DeadLink(f'{file} links {missing}, which does not exist') from None
        return match[1] + html.escape(place) + match[3]
    return LINK.sub(link, body)


def place_of(site, target):
    """The page of a file or folder of the project, which may be a page of the manual."""
    name = posixpath.basename(target)
    if target.startswith('docs/man/') and (name[:-2], name[-1]) in site.manual:
        return f'man/{name}.html'
    readme = f'{target}/README.md'
    return site.page(readme if (site.top / readme).exists() else target)


def with_manual(site, page, body):
    """Functions and pages of the manual that stand as code: `l2sock_open()` and `l2sock(7)`."""
    def code(match):
        place = site.manual.get((match[1], match[2] or '3'))
        return f'<a href="{between(page, place)}">{match[0]}</a>' if place else match[0]
    parts = re.split(r'(<a .*?</a>)', body, flags=re.S)
    return ''.join(part if part.startswith('<a ') else CODE.sub(code, part) for part in parts)


def markup(site, file, page, text):
    body = with_links(site, file, page, render(text))
    return with_places(with_manual(site, page, body))


def write(site, file):
    text, page = site.text(file), site.page(file)
    body, contents = markup(site, file, page, text)
    site.write(page, title_of(text) or file, with_contents(body, contents))
