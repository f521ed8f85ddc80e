# SPDX-License-Identifier: MIT
"""Gate: every question of docs/questions.md is answered and proved, every proof is asked for.

questions.py SOURCE
"""
import re
import sys
from pathlib import Path

from gatelib.tap import run_gate


def gate(tap, source, _library=None):
    page = Path(source, 'docs/questions.md').read_text()
    cases = re.findall(r'^CASE\((\w+), (\w+)\)', Path(source, 'tests/net/questions.c').read_text(),
                       flags=re.M)
    proofs = []
    for section in re.split(r'^## ', page, flags=re.M)[1:]:
        question, _, answer = section.partition('\n')
        proof = re.search(r'^Proved by `(\w+)/(\w+)`\.$', answer, flags=re.M)
        tap.check(question.endswith('?') and proof and proof.groups() in cases,
                  question, 'end it with "Proved by `questions/CASE`.", a case of questions.c')
        proofs += [proof.groups()] if proof else []
    tap.none(sorted('/'.join(c) for c in set(cases) - set(proofs)), 'every case has its question',
             'add the question to docs/questions.md')


run_gate(gate, *sys.argv[1:])
