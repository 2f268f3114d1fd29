"""No process outlives the one that started it, however that one ended.

Two ways, because neither is enough: on Linux the kernel is asked to kill us when the parent dies;
everywhere, a pipe that only the parent holds open for writing ends when the parent does.
"""

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Let the system kill this process when `parent`, the process that started it, is gone.

    Killing is safe: whatever we do is one transaction or can be done again. Call it early, and
    from the process itself: the wish is lost when a process forks.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_look_for, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def end_with_pipe(reading: int) -> None:
    """End this process when nobody can write to the pipe any more. The pipe carries nothing."""
    threading.Thread(target=_read_to_the_end, args=(reading,), daemon=True).start()


def _look_for(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _read_to_the_end(reading: int) -> None:
    while os.read(reading, 64):
        pass
    # Asked first, so that a web server takes its workers with it where there is no prctl.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
    os._exit(1)
