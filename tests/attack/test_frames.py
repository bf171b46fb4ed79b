"""WebSocket frames that no browser sends, and floods of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.attack.attacks import assert_survives, attack_with_bystander, count, seeded_random
from tests.support import finish
from tools.simulated_user import SimulatedUser

MAX_ATTACKERS = 8
"""Attackers at a time."""


def rerun_of(query: str = "points_per_blob=20", widgets: Mapping[str, float] | None = None, **state: object) -> bytes:
    """Return a message that requests a run, with any fields of Streamlit's ``ClientState``."""
    message = BackMsg()
    message.rerun_script.query_string = query
    for name, value in state.items():
        setattr(message.rerun_script, name, value)
    for key, number in (widgets or {}).items():
        message.rerun_script.widget_states.widgets.add(id=key, double_value=number)
    return bytes(message.SerializeToString())


def malformed_frames(rounds: int) -> list[bytes]:
    """Return random bytes, and messages that are cut off or have flipped bits."""
    chance = seeded_random("malformed")
    plain = rerun_of(widgets={"$$ID-0123456789abcdef-k": 3.0}, page_name="starts", fragment_id="one")
    frames = []
    for _ in range(rounds):
        frames.append(chance.randbytes(chance.randrange(1, 300)))
        frames.append(plain[: chance.randrange(len(plain))])
        copy = bytearray(plain)
        for _ in range(chance.randrange(1, 6)):
            copy[chance.randrange(len(copy))] ^= 1 << chance.randrange(8)
        frames.append(bytes(copy))
    return frames


def other_messages() -> list[bytes]:
    """Return messages of every other kind, most of which no visitor may send."""
    flags = ["clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket", "debug_shutdown_runtime"]
    messages = [BackMsg(), BackMsg(stop_script=True), BackMsg(app_heartbeat=True)]
    for flag in flags:
        rerun = BackMsg()
        setattr(rerun, flag, True)
        messages.append(rerun)
    files = BackMsg()
    files.file_urls_request.file_names.extend(["../../etc/passwd", "\0", "x" * 5000])
    files.file_urls_request.session_id = "somebody-else"
    deferred, chunk, skills = BackMsg(), BackMsg(), BackMsg()
    deferred.backend_operation_request.deferred_file.file_id = "../../etc/passwd"
    chunk.backend_operation_request.dataframe_chunk.source_id = "nobody's"
    chunk.backend_operation_request.dataframe_chunk.limit = 2**31 - 1
    skills.backend_operation_request.install_skills.SetInParent()
    return [message.SerializeToString() for message in (*messages, files, deferred, chunk, skills)]


def absurd_runs() -> list[bytes]:
    """Return messages that request pages, fragments, and widgets that do not exist."""
    names = ["0" * 32, "../../app.py", "/etc/passwd", "x" * 20_000, "\0", "\u202eteach", "server/middleware", "💥"]
    return [
        *(rerun_of(page_script_hash=name) for name in names),
        *(rerun_of(page_name=name) for name in names),
        *(rerun_of(fragment_id=name) for name in names),
        rerun_of(is_auto_rerun=True, is_history_navigation=True),
        rerun_of(widgets={f"$$ID-{number:032x}-None": float(number) for number in range(10_000)}),
        rerun_of(widgets={f"$$STREAMLIT_INTERNAL_KEY_{number}": 1.0 for number in range(50)} | {"": 1.0, "k": 99.0}),
    ]


async def send_frames(url: str, frames: Sequence[bytes | str]) -> None:
    """Send each frame on a connection of its own."""
    slots = asyncio.Semaphore(MAX_ATTACKERS)

    async def send_frame(frame: bytes | str) -> None:
        async with slots:
            user = SimulatedUser(url, query="points_per_blob=20")
            await user.connect()
            await assert_survives(user, frame)

    await asyncio.gather(*map(send_frame, frames))


@pytest.mark.parametrize(
    "frames",
    [
        malformed_frames(count(60, 8)),
        other_messages(),
        absurd_runs(),
        ["text", "", "\0", "{}", b"", b"\0", b"x" * 1_048_577, b"\xff" * 5_000_000, "x" * 2_000_000],
    ],
    ids=["malformed", "other kinds", "absurd", "not messages"],
)
def test_no_frame_harms_other_visitors(target: str, frames: Sequence[bytes | str]) -> None:
    finish(attack_with_bystander(target, send_frames(target, frames)))


def test_a_flood_of_messages_delays_no_other_visitor(target: str) -> None:
    """One connection requests thousands of runs and waits for none; it may be closed."""

    async def flood() -> None:
        user = SimulatedUser(target, query="points_per_blob=20")
        await user.connect()
        await user.run()
        frame = user.rerun_message()
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            async with asyncio.timeout(30):
                for _ in range(count(5000, 70)):
                    await user.send(frame)
        # A connection whose buffers are full can't be closed properly.
        user.drop_connection()

    finish(attack_with_bystander(target, flood()))


def test_hundreds_of_short_connections_delay_no_other_visitor(target: str) -> None:
    """Half of them are lost without a close, a third in the middle of a run."""

    async def connect_briefly(number: int) -> None:
        user = SimulatedUser(target, query="points_per_blob=20")
        with contextlib.suppress(ConnectionClosed, ConnectionError, InvalidHandshake):
            await user.connect()
            if number % 3 == 0:
                await user.send(user.rerun_message())
            if number % 2:
                await user.disconnect()
            else:
                user.drop_connection()

    async def attack() -> None:
        for first in range(0, count(600, 90), 30):
            await asyncio.gather(*map(connect_briefly, range(first, first + 30)))

    finish(attack_with_bystander(target, attack()))
