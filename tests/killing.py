"""Work in a process of its own that is killed at a step, as a machine that dies would leave it."""

import os
import signal
from collections.abc import Callable


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work: Callable[[], object]) -> None:
    """Do `work` in a fork. It must bring itself to `die`: a fork that ends in any other way fails the test."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def killed_at(owner: object, step: str, work: Callable[[], object]) -> None:
    """Do `work` in a fork that is killed when it comes to `step` of `owner`."""

    def until_the_step() -> None:
        setattr(owner, step, die)
        work()

    killed(until_the_step)
