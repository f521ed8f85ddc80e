# SPDX-License-Identifier: MIT
"""Gate: every public header serves every program, whatever its language, flags and other headers.

headers.py SOURCE [LIBRARY [HEADER...]]
"""
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gatelib.command import c_compiler, compiler_32bit, run
from gatelib.headers import PublicText, include_all, public_headers
from gatelib.tap import Missing, run_gate

STRICT = ['-fsyntax-only', '-pedantic', '-Werror', '-Wall', '-Wextra', '-Wundef', '-Wshadow',
          '-Wpadded', '-Wconversion', '-Wsign-conversion', '-Wpointer-arith', '-Wcast-qual',
          '-Wcast-align', '-Wwrite-strings', '-Wredundant-decls', '-Wvla']
STRICT_C = STRICT + ['-Wstrict-prototypes', '-Wmissing-prototypes', '-Wold-style-definition']
LANGUAGES = {
    'gnu89': ['-x', 'c', '-std=gnu89'] + STRICT_C,
    'c99': ['-x', 'c', '-std=c99'] + STRICT_C,
    'c11': ['-x', 'c', '-std=c11'] + STRICT_C,
    'c17': ['-x', 'c', '-std=c17'] + STRICT_C,
    'c99, prototypes only': ['-x', 'c', '-std=c99', '-DL2SOCK_NO_INLINE'] + STRICT_C,
    'c++11': ['-x', 'c++', '-std=c++11'] + STRICT,
    'c++20': ['-x', 'c++', '-std=c++20'] + STRICT,
}
# Each header alone sees those that differ most; all of them together see every language.
STRICTEST = ['gnu89', 'c99', 'c++11']
# The two redefine struct sockaddr_ll against each other: a program may have either.
KERNEL = 'linux/if_packet.h'
LIBC = 'netpacket/packet.h'


def compilers():
    """Name -> its command and its options: gcc and clang where they are, and 32 bits of each."""
    found = {name: [name] for name in ('gcc', 'clang') if shutil.which(name)}
    found = found or {'cc': c_compiler()}
    for name, cc in list(found.items()):
        narrow = compiler_32bit(cc)
        if narrow:
            found[f'{name} -m32'] = narrow
    return found


def works(cc):
    done = run(cc + ['-fsyntax-only', '-x', 'c', '-'], input='#include <stdint.h>\n')
    return done.returncode == 0


def compile_text(cc, include, flags, headers):
    text = ''.join(f'#include <{h}>\n' for h in headers)
    return run(cc + flags + ['-I', include, '-'], input=text)


def complaints(cc, include, jobs):
    """What the compiler says to each (language, headers), if anything."""
    with ThreadPoolExecutor() as pool:
        done = pool.map(lambda job: compile_text(cc, include, LANGUAGES[job[0]], job[1]), jobs)
        return [f'{language}, {" then ".join(headers)}: {d.stdout}'
                for (language, headers), d in zip(jobs, done) if d.returncode]


def check_alone(tap, name, cc, include, header):
    """Twice, as the first lines of a program: the first time alone, the second time guarded."""
    tap.none(complaints(cc, include, [(language, (header, header)) for language in STRICTEST]),
             f'{header}: alone and twice, {name}',
             'include what it uses; spell out padding; keep to what gnu89 and C++11 both know')


def check_together(tap, name, cc, include, headers):
    tap.none(complaints(cc, include, [(language, headers) for language in LANGUAGES]),
             f'all headers together, {name}', 'two of them disagree, or a language objects')


def check_neighbours(tap, name, cc, include, headers):
    """Beside either definition of struct sockaddr_ll, before it and after it."""
    jobs = [(language, order) for language in ('gnu89', 'c++11') for other in (KERNEL, LIBC)
            for order in ((*headers, other), (other, *headers))]
    tap.none(complaints(cc, include, jobs), f'all headers beside {KERNEL} or {LIBC}, {name}',
             'do not define what they do')


def check_includes(tap, cc, include, header):
    listing = compile_text(cc, include, ['-x', 'c', '-M'], [header]).stdout
    tap.none([h for h in (KERNEL, LIBC) if h in listing],
             f'{header}: includes no definition of struct sockaddr_ll',
             'it would shut out programs that use the other one')


def check_constants(tap, name, cc, source):
    """A macro is read where it is used: in a program of any language, with its warnings."""
    uses = ''.join(f'extern const int64_t use_{c};\nconst int64_t use_{c} = {c};\n'
                   for c in PublicText(source).constants())
    problems = []
    for language, flags in LANGUAGES.items():
        # Nanoseconds need 64 bits, for which gnu89 has a word but no blessing.
        done = run(cc + flags + ['-Wno-long-long', '-I', Path(source, 'include'), '-'],
                   input=include_all(source) + uses)
        if done.returncode:
            problems.append(f'{language}: {done.stdout}')
    tap.none(problems, f'every constant can be used in every language, {name}',
             'keep to plain integers')


def gate(tap, source, _library=None, *chosen):
    include = Path(source, 'include')
    headers = [f'l2sock/{h.name}' for h in public_headers(source)
               if not chosen or h.name in chosen]
    usable = {}
    for name, cc in compilers().items():
        if works(cc):
            usable[name] = cc
        else:
            tap.skip(f'all headers, {name}', 'it does not compile here')
    for missing in {'gcc', 'clang'} - set(usable):
        tap.skip(f'all headers, {missing}', f'{missing} is not installed')
    if not usable or not headers:
        raise Missing('no compiler works' if headers else 'no header found')
    for name, cc in usable.items():
        check_constants(tap, name, cc, source)
        check_together(tap, name, cc, include, headers)
        if '-m32' not in cc:
            check_neighbours(tap, name, cc, include, headers)
    for header in headers:
        check_includes(tap, next(iter(usable.values())), include, header)
        for name, cc in usable.items():
            check_alone(tap, name, cc, include, header)


run_gate(gate, *sys.argv[1:])
