"""Where the relay listens in on ComfyUI. The originals are always called first and unchanged."""

import functools
from typing import Any

from .relay import Relay


def listen_to_server(server: Any, relay: Relay) -> None:
    """Let the relay see every send_sync of this server."""
    # Without an attribute of its own the instance is asked anew at each call, so that an extension
    # replacing the method of the class later is still heard.
    own = vars(server).get("send_sync")

    @functools.wraps(server.send_sync)
    def send_sync(*args: Any, **kwargs: Any) -> Any:
        result = own(*args, **kwargs) if own else type(server).send_sync(server, *args, **kwargs)
        try:
            relay.sent(*args, **kwargs)
        except Exception:
            relay.complain("relaying")
        return result

    server.send_sync = send_sync


def listen_to_executor(executor_class: Any, relay: Relay) -> None:
    """Let the relay see what ComfyUI sends to nobody: news of prompts submitted without a client id."""
    original = executor_class.add_message

    @functools.wraps(original)
    def add_message(self: Any, event: Any, data: Any, broadcast: bool, *args: Any, **kwargs: Any) -> Any:
        result = original(self, event, data, broadcast, *args, **kwargs)
        try:
            if self.server.client_id is None and not broadcast:
                # What was noted last is the message as it would have been sent, with its timestamp.
                _, as_sent = self.status_messages[-1]
                relay.pass_on(event, as_sent, None)
        except Exception:
            relay.complain("relaying a prompt without client id")
        return result

    executor_class.add_message = add_message
