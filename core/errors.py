"""Errors a person can act on, and the exit code each of them ends a command with."""


class UserFacingError(Exception):
    """Shown as message and cure, without a traceback: the reader can do something about it.

    Raised wherever the cause lies outside the program: a wrong argument, a missing right, a server that is down.
    """

    exit_code = 1

    def __init__(self, message: str, *, cure: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


class UsageError(UserFacingError):
    """A command or function was asked for something that does not exist or cannot be."""

    exit_code = 2


class ContractInvalid(UserFacingError):
    """A contract file breaks the standard or our own closed model."""


class DatabaseUnavailable(UserFacingError):
    """PostgreSQL cannot be started or reached."""


class BuildFailed(UserFacingError):
    """dbt could not build the candidate; the published release stands."""


class Rejected(UserFacingError):
    """The submission was refused; its sender must correct it."""

    exit_code = 10


class Held(UserFacingError):
    """The submission or release waits for somebody's decision."""

    exit_code = 11


class GateFailed(UserFacingError):
    """The quality gate refused the candidate release; the published one stands."""

    exit_code = 12
