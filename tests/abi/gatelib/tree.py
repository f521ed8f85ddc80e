# SPDX-License-Identifier: MIT
"""The source tree: which files belong to the project."""
import os
from pathlib import Path

from gatelib.command import run


def tracked_files(source):
    """Paths relative to the tree: what git tracks, or everything in an unpacked release."""
    source = Path(source).resolve()
    git = ['git', '-C', source, '-c', f'safe.directory={source}']
    try:
        listed = run(git + ['ls-files', '-z'])
    except FileNotFoundError:
        return unpacked_files(source)
    if listed.returncode or not (source / '.git').exists():
        return unpacked_files(source)
    paths = sorted(Path(p) for p in listed.stdout.split('\0') if p)
    return [p for p in paths if (source / p).is_file()]


def unpacked_files(source):
    found = []
    for folder, folders, files in os.walk(source):
        # Build directories hold no sources.
        folders[:] = [f for f in folders if f not in ('.git', '__pycache__')
                      and not Path(folder, f, 'meson-private').exists()]
        found += [Path(folder, f).relative_to(source) for f in files]
    return sorted(found)
