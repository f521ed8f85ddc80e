# SPDX-License-Identifier: MIT
"""A user's program: built against an installed tree as its author would, and run."""
import os
import shlex
import shutil
from pathlib import Path

from gatelib.build import clean_env
from gatelib.command import c_compiler, need, output, run
from gatelib.tap import Failed

PROGRAM = 'tests/abi/installed/loopback.c'
COMPANIONS_PROGRAM = 'tests/abi/installed/expression.c'
NAMESPACE = ['unshare', '-rn']


def pkgconfig_folder(tmp):
    files = list(Path(tmp, 'prefix').rglob('l2sock.pc'))
    if len(files) != 1:
        raise Failed('l2sock.pc is installed', f'found: {files}')
    return files[0].parent


def ask_pkgconfig(tmp, *question, package='l2sock'):
    return output(['pkg-config', *question, package], f'pkg-config {" ".join(question)} answers',
                  env=clean_env(PKG_CONFIG_PATH=str(pkgconfig_folder(tmp)))).strip()


def compiler_of(language):
    if language == 'c':
        return c_compiler()
    cxx = shlex.split(os.environ.get('CXX', 'c++'))
    need(cxx[0])
    return cxx


def compile_with_pkgconfig(source, tmp, language, *options, path=PROGRAM, package='l2sock'):
    """cc program.c $(pkg-config --cflags --libs l2sock); tmp/prefix is what is installed."""
    flags = ask_pkgconfig(tmp, *options, '--cflags', '--libs', package=package)
    program = Path(tmp, f'{Path(path).stem}-{language}')
    command = compiler_of(language) + ['-x', language, Path(source, path), '-x', 'none',
                                       '-o', program]
    output(command + shlex.split(flags), f'{language}: a program compiles with pkg-config',
           env=clean_env())
    return program


def run_program(tap, name, program, **env):
    """Once without privileges, then with a frame over the loopback of a namespace of its own."""
    done = run([program], env=clean_env(**env))
    tap.check(done.returncode == 0, f'{name} runs', done.stdout)
    why = no_namespace()
    if why:
        tap.skip(f'{name} receives its own frame', why)
        return
    done = run(NAMESPACE + ['sh', '-c', 'ip link set lo up && exec "$0" lo', program],
               env=clean_env(**env))
    tap.check(done.returncode == 0, f'{name} receives its own frame', done.stdout)


def no_namespace():
    for tool in ('unshare', 'ip'):
        if not shutil.which(tool):
            return f'{tool} is not installed'
    return None if run(NAMESPACE + ['true']).returncode == 0 else 'no network namespaces here'
