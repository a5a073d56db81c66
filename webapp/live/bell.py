"""Wait for Redis to say that there is news; without Redis, look each second."""

import json
import logging
import time
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.exceptions import RedisError
from redis.retry import Retry

from webapp.live.bus import FLEETING_CHANNEL, WAKE_CHANNEL
from webapp.live.listeners import Message

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Bell:
    """One subscription. `is_hung` says whether news ring, or have to be looked for."""

    def __init__(self, redis_url: str) -> None:
        # Trying again, and looking into the table meanwhile, is our own task.
        self._redis: Redis = Redis.from_url(
            redis_url,
            socket_connect_timeout=2,
            health_check_interval=10,
            retry=Retry(NoBackoff(), 0),
        )
        self._pubsub: PubSub | None = None

    @property
    def is_hung(self) -> bool:
        return self._pubsub is not None

    def wait(self) -> list[Message | None]:
        """Return after a ring, or after a second: None for "there are new rows", and best-effort
        events, in the order in which they came.
        """
        try:
            if self._pubsub is None:
                self._subscribe()
                return []  # look at once: rows may have come before we listened
            return self._hear(self._pubsub)
        except RedisError as error:
            if self._pubsub is not None:
                log.warning("live events are polled until Redis answers again: %s", error)
            self.take_down()
            time.sleep(LOOK_SECONDS)
            return []

    def take_down(self) -> None:
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            pubsub.close()

    def _subscribe(self) -> None:
        pubsub: PubSub = self._redis.pubsub()  # type: ignore[no-untyped-call]
        try:
            pubsub.subscribe(WAKE_CHANNEL, FLEETING_CHANNEL)
            # The second confirmation: from now on nothing that rings is missed.
            for _ in range(2):
                pubsub.get_message(timeout=LOOK_SECONDS)
        except RedisError:
            pubsub.close()
            raise
        self._pubsub = pubsub

    def _hear(self, pubsub: PubSub) -> list[Message | None]:
        """Wait for one message, then take all others that are there already."""
        heard: list[Message | None] = []
        message = pubsub.get_message(timeout=LOOK_SECONDS)
        while message is not None:
            if message["type"] == "message":
                is_fleeting = message["channel"] == FLEETING_CHANNEL.encode()
                heard.append(_fleeting(message["data"]) if is_fleeting else None)
            message = pubsub.get_message()
        return heard


def _fleeting(wire: bytes) -> Message:
    told: dict[str, Any] = json.loads(wire)
    return Message(told["project"], None, told["envelope"])
