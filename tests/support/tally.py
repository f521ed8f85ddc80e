# SPDX-License-Identifier: MIT
"""Adds up what meson's test logs tell: every check of every program counts.

meson calls a program OK in which some checks were skipped and the others passed, so its own
summary hides them.
"""
import json
import re
import sys

CHECK = re.compile(r'^(ok|not ok)\b(.*)$', re.MULTILINE)
BAD = ('FAIL', 'ERROR', 'TIMEOUT', 'INTERRUPT', 'UNEXPECTEDPASS')


def count(test):
    """Passed, failed and skipped checks of one program."""
    passed = failed = skipped = 0
    for verdict, rest in CHECK.findall(test.get('stdout') or ''):
        if verdict == 'not ok':
            failed += 1
        elif re.search(r'#\s*skip', rest, re.IGNORECASE):
            skipped += 1
        else:
            passed += 1
    result = test['result']
    if result in BAD and not failed:
        failed = 1
    elif passed + failed + skipped == 0:
        passed, skipped = (1, 0) if result == 'OK' else (0, 1)
    return passed, failed, skipped


def explain(test):
    """What a program had to say about its failed checks."""
    lines = (test.get('stdout') or '').splitlines()
    print('%s: %s' % (test['name'], test['result']))
    for i, line in enumerate(lines):
        if line.startswith('not ok') or line.startswith('#'):
            detail = [more for more in lines[i + 1:i + 8] if more.startswith(' ')]
            print('\n'.join('    ' + text for text in [line] + detail))
    print(test.get('stderr') or '')


def main(arguments):
    """Arguments: the logs; before them "--explain" for the reasons of failures, or
    "--also-failed N" for steps that left no log."""
    total = [0, 0, 0]
    if arguments[:1] == ['--also-failed']:
        total[1] = int(arguments[1])
        arguments = arguments[2:]
    explaining = arguments[:1] == ['--explain']
    for log in arguments[explaining:]:
        with open(log, encoding='utf-8') as lines:
            tests = [json.loads(line) for line in lines]
        for test in tests:
            total = [a + b for a, b in zip(total, count(test))]
            if explaining and test['result'] in BAD:
                explain(test)
    print('%d passed, %d failed, %d skipped' % tuple(total))
    return 1 if total[1] or not total[0] else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
