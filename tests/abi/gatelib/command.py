# SPDX-License-Identifier: MIT
"""Other programs: find them, run them, read them."""
import os
import re
import shlex
import shutil
import subprocess

from gatelib.tap import Failed, Missing

CANNOT_RUN = 126


def need(*tools):
    for tool in tools:
        if not shutil.which(tool):
            raise Missing(f'{tool} is not installed')


def run(args, **options):
    """The finished process; what it printed, errors too, is in stdout and in English.

    A program that cannot be started, made for another machine perhaps, fails as in a shell.
    """
    env = dict(options.pop('env', os.environ), LC_ALL='C.UTF-8')
    try:
        return subprocess.run([str(a) for a in args], env=env, text=True, errors='replace',
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    except OSError as problem:
        return subprocess.CompletedProcess(args, CANNOT_RUN, f'{args[0]}: {problem.strerror}\n')


def output(args, step, **options):
    """What a program that must not fail printed."""
    done = run(args, **options)
    if done.returncode:
        raise Failed(step, shlex.join(map(str, args)), done.stdout)
    return done.stdout


def c_compiler():
    cc = shlex.split(os.environ.get('CC', 'cc'))
    need(cc[0])
    return cc


def multiarch(cc):
    """The triple that names a committed list, such as x86_64-linux-gnu."""
    triple = run(cc + ['-print-multiarch'])
    if triple.returncode == 0 and triple.stdout.strip():
        return triple.stdout.strip()
    # Not known to clang and to compilers of systems without multiarch.
    machine = output(cc + ['-dumpmachine'], 'the compiler knows its machine').strip()
    if '-m32' in cc:
        machine = re.sub('^x86_64', 'i386', machine)
    return re.sub(r'^(\w+)-\w+-linux', r'\1-linux', machine)


def compiler_32bit(cc):
    """The compiler for 32 bits beside that of a 64-bit x86, or None where there is no such twin."""
    triple = multiarch(cc)
    if not triple.startswith('x86_64'):
        return None
    # gcc-multilib's own asm/ directory is not always there; the 64-bit one serves both.
    return cc + ['-m32', '-idirafter', f'/usr/include/{triple}']
