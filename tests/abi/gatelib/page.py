# SPDX-License-Identifier: MIT
"""A manual page in mdoc."""
import re
from pathlib import Path


class Page:
    def __init__(self, path):
        self.file = path.name
        self.section = path.suffix[1:]
        text = path.read_text()
        parts = re.split(r'^\.Sh "?([^"\n]*?)"?\s*$', text, flags=re.M)
        self.parts = dict(zip(parts[1::2], parts[2::2]))
        self.names = re.findall(r'^\.Nm (\w+)', self.parts.get('NAME', ''), flags=re.M)
        self.references = re.findall(r'^\.Xr (l2\w+) (\d)', text, flags=re.M)


def all_pages(source):
    return [Page(path) for path in sorted(Path(source, 'docs/man').glob('*.[1-9]'))]
