"""Synapse from PyPI, in an environment of its own: a room for each pair."""

import asyncio
import hashlib
import hmac
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.load import BODY, nobody
from bench.peers.installing import from_pypi
from bench.peers.running import NAME, PASSWORD, Daemon, PeerDatabase, free_port, owned
from bench.peers.xmpp import people

VERSION = "1.163.0"
_SECRET = "bench"
_UNLIMITED = {"per_second": 1_000_000, "burst_count": 1_000_000}
_FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "timeline": {"types": ["m.room.message"], "limit": 1000},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
            "state": {"types": []},
        },
    }
)


@dataclass
class SynapsePair:
    """As :class:`bench.load.Pair` wants it: one writes by PUT, the other syncs."""

    client: httpx.AsyncClient
    room: str
    writer: str
    reader: str
    sent: int = 0
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.arrived: Callable[[int], None] = nobody
        self.refused: Callable[[int, float | None], None] = nobody

    def send(self, number: int) -> None:
        """Write the message; its number is its transaction."""
        self._keep(self._put(number))

    def listen(self, since: str) -> None:
        """Sync from there on."""
        self._keep(self._sync(since))

    def _keep(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _put(self, number: int) -> None:
        body = {"msgtype": "m.text", "body": BODY.format(number), "n": number}
        path = f"/_matrix/client/v3/rooms/{self.room}/send/m.room.message/{number}"
        answer = await self.client.put(path, json=body, headers=_bearer(self.writer))
        if answer.status_code != 200:
            self.refused(number, None)

    async def _sync(self, since: str) -> None:
        while True:
            told = await self.client.get(
                "/_matrix/client/v3/sync",
                params={"since": since, "timeout": "20000", "filter": _FILTER},
                headers=_bearer(self.reader),
            )
            page = told.json()
            since = page["next_batch"]
            rooms = page.get("rooms", {}).get("join", {})
            for event in rooms.get(self.room, {}).get("timeline", {}).get("events", ()):
                if "n" in event["content"]:
                    self.arrived(event["content"]["n"])

    def close(self) -> None:
        """No more of it."""
        for task in self._tasks:
            task.cancel()


class Synapse:
    """A fresh Synapse on one PostgreSQL."""

    name = "synapse"
    ordered = False
    """Messages of one person that are sent at once may come in any order."""

    def __init__(self, folder: Path, database: PeerDatabase) -> None:
        self._folder, self.database = folder, database
        self._port = free_port()
        # its environment lies in our cache, where another account may not look
        self.daemon = Daemon(folder / "synapse.log", own=True)

    @staticmethod
    def needed() -> Path:
        """The interpreter that has it."""
        wanted = (f"matrix-synapse=={VERSION}", "psycopg2-binary")
        return from_pypi(f"synapse-{VERSION}", wanted)

    def start(self, _: int) -> None:
        """Run it; its people are made when they come."""
        python = self.needed()
        path = owned(self._folder / "homeserver.yaml", json.dumps(self._configuration()))
        command: list[str | Path] = [python, "-m", "synapse.app.homeserver", "-c", path]
        subprocess.run(
            [*command, "--generate-keys"], check=True, cwd=self._folder, capture_output=True
        )
        self.daemon.start(command)
        self.daemon.wait_for(self._port, self.name)

    def _configuration(self) -> dict[str, Any]:
        database = {
            "user": NAME,
            "password": PASSWORD,
            "database": NAME,
            "host": "127.0.0.1",
            "port": self.database.port,
            "cp_min": 5,
            "cp_max": 10,
        }
        limits = ("message", "registration", "admin_redaction")
        grouped = {
            "login": ("address", "account", "failed_attempts"),
            "joins": ("local", "remote"),
            "invites": ("per_room", "per_user", "per_issuer"),
        }
        return {
            "server_name": "bench.local",
            "report_stats": False,
            "signing_key_path": str(self._folder / "signing.key"),
            "media_store_path": str(self._folder / "media"),
            "registration_shared_secret": _SECRET,
            "bcrypt_rounds": 4,
            "trusted_key_servers": [],
            "presence": {"enabled": False},
            "listeners": [
                {
                    "port": self._port,
                    "bind_addresses": ["127.0.0.1"],
                    "type": "http",
                    "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "psycopg2", "args": database},
            **{f"rc_{name}": _UNLIMITED for name in limits},
            **{f"rc_{name}": dict.fromkeys(parts, _UNLIMITED) for name, parts in grouped.items()},
        }

    async def pairs(self, number: int) -> list[SynapsePair]:
        """So many pairs, each in a room."""
        limits = httpx.Limits(max_connections=None)
        url = f"http://127.0.0.1:{self._port}"
        client = httpx.AsyncClient(base_url=url, limits=limits, timeout=None, trust_env=False)
        tokens = {name: await _registered(client, name) for name in people(number)}
        found = []
        for one in range(number):
            writer, reader = tokens[f"a{one}"], tokens[f"b{one}"]
            wish = {"preset": "trusted_private_chat", "invite": [f"@b{one}:bench.local"]}
            room = (await _posted(client, "createRoom", wish, writer))["room_id"]
            await _posted(client, f"rooms/{room}/join", {}, reader)
            since = await client.get(
                "/_matrix/client/v3/sync", params={"filter": _FILTER}, headers=_bearer(reader)
            )
            pair = SynapsePair(client, room, writer, reader)
            pair.listen(since.json()["next_batch"])
            found.append(pair)
        return found

    def stored(self) -> int:
        """Messages in its database."""
        return self.database.count("events WHERE type = 'm.room.message'")


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def _posted(client: httpx.AsyncClient, path: str, body: Any, token: str) -> Any:
    answer = await client.post(
        f"/_matrix/client/v3/{path}", json=body, headers=_bearer(token) if token else {}
    )
    answer.raise_for_status()
    return answer.json()


async def _registered(client: httpx.AsyncClient, name: str) -> str:
    path = "/_synapse/admin/v1/register"
    nonce = (await client.get(path)).json()["nonce"]
    proof = hmac.new(_SECRET.encode(), digestmod=hashlib.sha1)
    proof.update(f"{nonce}\0{name}\0{PASSWORD}\0notadmin".encode())
    wish = {"nonce": nonce, "username": name, "password": PASSWORD, "mac": proof.hexdigest()}
    answer = await client.post(path, json=wish | {"admin": False})
    answer.raise_for_status()
    token: str = answer.json()["access_token"]
    return token
