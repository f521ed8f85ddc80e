# SPDX-License-Identifier: MIT
"""Files that guides link, as pages of their own: programs and headers, and folders of them."""
import html
import posixpath

from tree import between

LEFT_OUT = ('.', '__pycache__')


def heading(file):
    """Broken behind a slash, where it is too wide for a phone."""
    return f'<h1>{html.escape(file).replace("/", "/<wbr>")}</h1>'


def write_file(site, file):
    text = html.escape(site.text(file))
    site.write(site.page(file), file, f'{heading(file)}\n<pre><code>{text}</code></pre>')


def write_folder(site, folder):
    page = site.page(folder)
    items = []
    for path in sorted((site.top / folder).iterdir()):
        if not path.name.startswith(LEFT_OUT):
            place = between(page, site.page(posixpath.join(folder, path.name)))
            name = path.name + ('/' if path.is_dir() else '')
            items.append(f'<li><a href="{place}"><code>{html.escape(name)}</code></a></li>')
    site.write(page, folder, f'{heading(folder)}\n<ul>\n' + '\n'.join(items) + '\n</ul>')
