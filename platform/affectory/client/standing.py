"""How a release that is here stands at its server, asked in passing: without an answer work goes on."""

from affectory.client.errors import ClientError, WithdrawnError
from affectory.client.resolve import state_warning
from affectory.client.server import Server
from affectory.client.settings import settings_for

# Whoever trains on a machine without a network should not wait for it.
_PATIENCE_S = 3.0


def standing(server: str, name: str, version: str, *, allow_withdrawn: bool = False) -> str | None:
    """Ask `server` how a release stands; return what a person should know, None when all is well.

    A withdrawn release raises `WithdrawnError` unless `allow_withdrawn`. That the server could not be asked, or did not
    say, is told like a warning: what is here can be used, but nobody knows whether it still should be.
    """
    try:
        with Server(settings_for(server), timeout_s=_PATIENCE_S) as connection:
            return state_warning(name, connection.release(name, version))
    except WithdrawnError as error:
        if not allow_withdrawn:
            raise
        return error.message
    except ClientError as error:
        return f"{error.message}; whether {name}@{version} still stands is not known"
