# SPDX-License-Identifier: MIT
"""What a gate says: TAP, where a skip never passes for a success."""
import os
import signal
import sys


class Failed(Exception):
    """A step without which the gate cannot go on."""

    def __init__(self, step, *why):
        super().__init__(step)
        self.step = step
        self.why = why


class Missing(Exception):
    """The gate, or what is left of it, cannot run here."""


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, passed, name, *why):
        """One result; each of "why" says what is wrong and what to do, when it did not pass."""
        self.count += 1
        self.failed += not passed
        print(f'{"ok" if passed else "not ok"} {self.count} - {name}')
        if not passed:
            for line in '\n'.join(map(str, why)).splitlines():
                print(f'#   {line}')
        sys.stdout.flush()

    def none(self, problems, name, advice):
        """Passes when there are no problems."""
        self.check(not problems, name, *problems, advice)

    def skip(self, name, why):
        if os.environ.get('L2SOCK_TEST_REQUIRE') == '1':
            self.check(False, name, f'{why}, and L2SOCK_TEST_REQUIRE=1 forbids to skip')
        elif name:
            self.count += 1
            print(f'ok {self.count} - {name} # SKIP {why}')

    def part(self, name, check, *args):
        """A part of a gate that may lack its tool without keeping the others from running."""
        try:
            check(self, *args)
        except Missing as missing:
            self.skip(name, str(missing))

    def skip_rest(self, why):
        if self.count or os.environ.get('L2SOCK_TEST_REQUIRE') == '1':
            self.skip('the rest of this gate', why)
        else:
            print(f'1..0 # SKIP {why}')
            sys.exit(0)

    def done(self):
        print(f'1..{self.count}')
        sys.exit(1 if self.failed else 0)


def run_gate(gate, *args):
    """Runs gate(tap, *args), however it ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # lets temporary directories go
    tap = Tap()
    try:
        gate(tap, *args)
    except Failed as failed:
        tap.check(False, failed.step, *failed.why)
    except Missing as missing:
        tap.skip_rest(str(missing))
    tap.done()
