"""The supervisor behind `dateline serve`: starts programs, and starts again whatever ends.

It loads neither Django nor a database, so it is small and there is little that could end it. It
promises that none of its programs outlives it, and that a stop is clean and bounded in time.
"""

import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger(__name__)

STEADY_S = 10.0
"""A program that ran this long was well: when it ends, it is started again at once."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
"""Pause before a program that keeps ending is started again; it doubles each time."""

STOP_S = 8.0
"""How long programs may take to stop before they are killed."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: `dateline <arguments>`, under a name for the log."""

    name: str
    arguments: tuple[str, ...]


def pause_before_start(quick_ends: int) -> float:
    """Seconds to wait after `quick_ends` ends in a row that each came soon after the start."""
    if quick_ends <= 1:
        return 0.0
    return float(min(FIRST_PAUSE_S * 2 ** min(quick_ends - 2, 10), LONGEST_PAUSE_S))


def command(*arguments: str) -> list[str]:
    """The command line of `dateline <arguments>` with this very Python."""
    return [sys.executable, "-m", "dateline.cli", *arguments]


@dataclass(slots=True)
class _Run:
    """One program and its process, if it has one now."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    quick_ends: int = 0


@dataclass(slots=True)
class Supervisor:
    """Keeps programs running until told to stop by SIGTERM, SIGINT or SIGHUP."""

    programs: Sequence[Program]
    _runs: list[_Run] = field(init=False)
    _stops: int = field(init=False, default=0)
    _lifeline: int = field(init=False)

    def run(self) -> int:
        """Run until told to stop; return the exit code. Call it from the main thread."""
        self._runs = [_Run(program) for program in self.programs]
        # Nobody writes into this pipe. Its writing end is in this process alone, so that its end,
        # which every program watches for, is the end of this process.
        self._lifeline, kept_open = os.pipe()
        woken = _wake_on_signals(self._on_signal)
        while not self._stops:
            self._start_due()
            _sleep(woken, self._seconds_to_next_start())
            self._note_ends()
        self._stop_all(woken)
        os.close(kept_open)
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._stops += 1

    def _start_due(self) -> None:
        now = time.monotonic()
        for run in self._runs:
            if run.process is None and run.start_at <= now:
                self._start(run, now)

    def _start(self, run: _Run, now: float) -> None:
        arguments = [*run.program.arguments, f"--lifeline={self._lifeline}:{os.getpid()}"]
        # A process group of its own: Ctrl-C in a terminal reaches the supervisor alone, which
        # then stops the rest in order.
        run.process = subprocess.Popen(
            command(*arguments),
            stdin=subprocess.DEVNULL,
            pass_fds=[self._lifeline],
            process_group=0,
        )
        run.started_at = now

    def _seconds_to_next_start(self) -> float | None:
        waiting = [run.start_at for run in self._runs if run.process is None]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _note_ends(self) -> None:
        now = time.monotonic()
        for run in self._runs:
            if run.process is None or (code := run.process.poll()) is None:
                continue
            steady = now - run.started_at >= STEADY_S
            run.process, run.quick_ends = None, 1 if steady else run.quick_ends + 1
            pause_s = pause_before_start(run.quick_ends)
            run.start_at = now + pause_s
            if not self._stops:
                when = f"again in {pause_s:.1f} s" if pause_s else "again at once"
                logger.warning("%s %s; it is started %s", run.program.name, _ended(code), when)

    def _stop_all(self, woken: int) -> None:
        logger.info("Stopping")
        for process in self._running():
            process.terminate()
        deadline = time.monotonic() + STOP_S
        while self._running() and time.monotonic() < deadline and self._stops < 2:
            _sleep(woken, 0.2)
        for run in self._runs:
            if run.process is not None and run.process.poll() is None:
                logger.warning("%s did not stop and is killed", run.program.name)
                run.process.kill()
                run.process.wait()
        logger.info("Stopped")

    def _running(self) -> list[subprocess.Popen[bytes]]:
        processes = [run.process for run in self._runs if run.process is not None]
        return [process for process in processes if process.poll() is None]


def _wake_on_signals(handler: "signal._HANDLER") -> int:
    """Handle the signals, and return a descriptor that can be read whenever one came."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in _SIGNALS:
        signal.signal(number, handler)
    return reading


def _sleep(woken: int, timeout_s: float | None) -> None:
    if select.select([woken], [], [], timeout_s)[0]:
        os.read(woken, 4096)


def _ended(code: int) -> str:
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
