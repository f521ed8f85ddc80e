# SPDX-License-Identifier: MIT
"""What the dynamic loader reads in a library."""
import re

from gatelib.command import output


def dynamic(binary):
    """Tag -> its values: NEEDED, SONAME, RPATH, RUNPATH, ..."""
    text = output(['readelf', '-dW', binary], 'readelf reads the dynamic section')
    found = {}
    for tag, value in re.findall(r'^ 0x\w+ \((\w+)\)\s+(.*)$', text, flags=re.M):
        inside = re.search(r'\[(.*)\]', value)
        found.setdefault(tag, []).append(inside[1] if inside else value)
    return found


def search_paths(binary):
    tags = dynamic(binary)
    return [f'{tag}: {path}' for tag in ('RPATH', 'RUNPATH') for path in tags.get(tag, [])]
