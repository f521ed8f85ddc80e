# SPDX-License-Identifier: MIT
"""Builds of the project's own, in temporary directories, of the library and nothing else."""
import os

from gatelib.command import need, output

NOTHING_ELSE = [f'-D{option}=disabled' for option in ('tests', 'examples', 'pcap', 'bench')]


def clean_env(**more):
    """Without what would send files or look for packages elsewhere."""
    env = {k: v for k, v in os.environ.items()
           if k not in ('DESTDIR', 'PKG_CONFIG_PATH', 'LD_LIBRARY_PATH')}
    return dict(env, **more)


def build(source, folder, *options):
    """Not optimized: no gate looks at what depends on it, and it takes a third of the time."""
    need('meson', 'ninja')
    env = clean_env()
    output(['meson', 'setup', '-Doptimization=0', *options, folder, source],
           'meson configures the project', env=env)
    output(['ninja', '-C', folder], 'ninja builds the project', env=env)


def build_library(source, folder, *options):
    build(source, folder, *NOTHING_ELSE, *options)


def install(folder, destdir):
    output(['meson', 'install', '-C', folder, '--no-rebuild'], 'meson installs the project',
           env=clean_env(DESTDIR=str(destdir)))
