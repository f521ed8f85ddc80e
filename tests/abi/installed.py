# SPDX-License-Identifier: MIT
"""Gate: what is installed is what was meant, and is all that a program needs.

installed.py SOURCE
"""
import json
import re
import sys
import tempfile
from pathlib import Path

from gatelib.build import build_library, clean_env, install
from gatelib.command import c_compiler, need, output, run
from gatelib.elf import search_paths
from gatelib.headers import public_headers
from gatelib.page import all_pages
from gatelib.product import PRODUCTS
from gatelib.program import (COMPANIONS_PROGRAM, ask_pkgconfig, compile_with_pkgconfig,
                             pkgconfig_folder, run_program)
from gatelib.tap import Failed, run_gate

LIBDIR = 'lib'


def meant(source):
    """Every public header, every manual page, three names of each library and its .pc file."""
    # A page goes by each of its names; section 1 comes with the programs, which are not built.
    pages = {f'share/man/man{page.section}/{file}' for page in all_pages(source)
             for file in [page.file, *(f'{name}.{page.section}' for name in page.names)]
             if page.section != '1'}
    return sorted(pages.union(
        (f'include/l2sock/{h.name}' for h in public_headers(source)),
        (f'{LIBDIR}/{name}' for p in PRODUCTS
         for name in (f'{p.name}.so', p.soname, f'{p.soname}.x.y',
                      f"pkgconfig/{p.name.removeprefix('lib')}.pc"))))


def stage(tap, source, tmp):
    """Installs below a staging directory, looks at that, and puts it in place as a package does."""
    staged = Path(f'{tmp}/stage/{tmp}/prefix')
    build_library(source, tmp / 'build', f'--prefix={tmp}/prefix', f'--libdir={LIBDIR}',
                  '--mandir=share/man', '-Ddocs=enabled', '-Ddefault_library=shared',
                  '-Dpcap=enabled')
    install(tmp / 'build', tmp / 'stage')
    if not staged.is_dir():
        raise Failed('meson install honours DESTDIR', f'nothing below {staged}')
    files = [p for p in (tmp / 'stage').rglob('*') if not p.is_dir()]
    strays = [p for p in files if staged not in p.parents]
    tap.check(not strays and not (tmp / 'prefix').exists(),
              'nothing is installed outside of DESTDIR and prefix',
              *strays, *(tmp / 'prefix').rglob('*'))
    found = sorted(re.sub(r'(so\.0)\.\d+\.\d+$', r'\1.x.y', str(p.relative_to(staged)))
                   for p in files if p not in strays)
    tap.none([f'missing: {f}' for f in meant(source) if f not in found] +
             [f'not meant: {f}' for f in found if f not in meant(source)],
             'the installed files are those meant',
             'correct the meson.build beside the file, or the list in tests/abi/installed.py')
    if not (tmp / 'prefix').exists():
        staged.rename(tmp / 'prefix')


def header_version(source_include):
    names = ['L2_VERSION_MAJOR', 'L2_VERSION_MINOR', 'L2_VERSION_MICRO']
    text = output(c_compiler() + ['-E', '-P', '-I', source_include, '-x', 'c', '-'],
                  'the installed header passes the preprocessor',
                  input='#include <l2sock/types.h>\n@' + '.'.join(names) + '\n')
    return re.sub(r'\s', '', text.rpartition('@')[2])


def check_versions(tap, tmp):
    info = output(['meson', 'introspect', '--projectinfo', tmp / 'build'], 'meson introspect')
    versions = {
        'meson.build': json.loads(info)['version'],
        'L2_VERSION_* in types.h': header_version(tmp / 'prefix/include'),
        'l2sock.pc': ask_pkgconfig(tmp, '--modversion'),
        'l2sock-pcap.pc': ask_pkgconfig(tmp, '--modversion', package='l2sock-pcap'),
    }
    tap.check(len(set(versions.values())) == 1, 'one version everywhere',
              *(f'{where}: {version}' for where, version in versions.items()))


def check_programs(tap, source, tmp):
    libdir = tmp / 'prefix' / LIBDIR
    for language in ('c', 'c++'):
        program = compile_with_pkgconfig(source, tmp, language)
        run_program(tap, f'{language}: the program', program, LD_LIBRARY_PATH=str(libdir))
        program = compile_with_pkgconfig(source, tmp, language, path=COMPANIONS_PROGRAM,
                                         package='l2sock-pcap')
        done = run([program], env=clean_env(LD_LIBRARY_PATH=str(libdir)))
        tap.check(done.returncode == 0, f"{language}: the companion's program runs", done.stdout)


def gate(tap, source, _library=None):
    need('readelf', 'pkg-config')
    source = Path(source).resolve()
    with tempfile.TemporaryDirectory() as tmp:
        tmp = Path(tmp)
        stage(tap, source, tmp)
        for product in PRODUCTS:
            tap.none(search_paths(tmp / 'prefix' / LIBDIR / f'{product.name}.so'),
                     f'the installed {product.name} has no search path',
                     'take -rpath out of the link')
        for pc in sorted(pkgconfig_folder(tmp).iterdir()):
            text = pc.read_text()
            tap.none([p for p in (str(source), str(tmp / 'build')) if p in text],
                     f'{pc.name} does not name the source or build directory', text)
        check_versions(tap, tmp)
        check_programs(tap, source, tmp)


run_gate(gate, *sys.argv[1:])
