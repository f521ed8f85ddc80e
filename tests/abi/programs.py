# SPDX-License-Identifier: MIT
"""Gate: the programs take the options that their help and their manual pages tell of, no others.

programs.py SOURCE PROGRAM...
"""
import os
import re
import string
import subprocess
import sys
import tempfile
from pathlib import Path

from gatelib.page import Page
from gatelib.tap import run_gate

NONSENSE = '--no-such-option'  # ends the reading of arguments: nothing is ever done


def in_help(text):
    """Option -> whether it takes an argument, one blank behind it; two are in front of a text."""
    found = re.findall(r'^ {2}(-[0-9A-Za-z]|--[a-z][-a-z]*)( \S)?', text, flags=re.M)
    return {option: bool(argument) for option, argument in found}


def in_page(page):
    items = re.findall(r'^\.It Fl (\S+)( (?:Ar|Cm)\b)?', page.parts['DESCRIPTION'], flags=re.M)
    return {'-' + name.replace('\\-', '-'): bool(argument) for name, argument in items}


def in_synopsis(page):
    text = page.parts['SYNOPSIS'].replace('\\-', '-').replace('| -', 'Fl -')
    return {'-' + name for name in re.findall(r'\bFl (\S+)', text)}


def said_by(program, *args):
    with tempfile.TemporaryDirectory() as tmp:
        done = subprocess.run([program, *args], cwd=tmp, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=20)
    return done.stdout if done.returncode == 0 else done.stderr


def wants_argument(program, option):
    """True or False, None when the program does not know the option."""
    said = said_by(program, option)
    if 'requires an argument' in said:
        return True
    if re.search('invalid option|unrecognized option', said):
        return None
    return False


def is_known(program, option):
    first = said_by(program, option, NONSENSE).partition('\n')[0]
    return not re.search('invalid option|unrecognized option', first) or NONSENSE in first


def check_behaviour(tap, program, options):
    name = Path(program).name
    problems = [f'{option}: takes an argument: {taken}, by its help: {wanted}'
                for option, wanted in options.items() if option not in ('--help', '--version')
                for taken in [wants_argument(program, option)] if taken != wanted]
    tap.none(problems, f'{name}: takes the options of its help, with their arguments',
             'make the help tell what the program does')
    hidden = [f'-{c}' for c in string.ascii_letters + string.digits if f'-{c}' not in options]
    hidden += [f'--{c}' for c in string.ascii_lowercase
               if not any(option.startswith(f'--{c}') for option in options)]
    tap.none([option for option in hidden if is_known(program, option)],
             f'{name}: takes no others', 'the help has to name these')


def check_words(tap, page, name, help_text):
    options = in_help(help_text)
    described = in_page(page)
    tap.check(options == described, f'{name}: help and page describe the same options',
              f'help: {options}', f'page: {described}')
    shown = in_synopsis(page)
    tap.none(sorted(options.keys() ^ shown), f'{name}: so does the synopsis',
             'these are in one of the two only')
    told = set(re.findall(r'(?:^|[:,\s])([0-9]) [a-z]', help_text.partition('Exit status')[2]))
    listed = set(re.findall(r'^\.It (\d+)', page.parts['EXIT STATUS'], flags=re.M))
    tap.check(told == listed, f'{name}: help and page tell the same exit statuses',
              f'help: {sorted(told)}', f'page: {sorted(listed)}')


def gate(tap, source, *programs):
    for program in map(os.path.abspath, programs):
        name = Path(program).name
        help_text = said_by(program, '--help')
        check_words(tap, Page(Path(source, 'docs/man', f'{name}.1')), name, help_text)
        check_behaviour(tap, program, in_help(help_text))


run_gate(gate, *sys.argv[1:])
