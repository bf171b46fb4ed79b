"""Forged values for every widget of every page: the page runs as if they had not been sent."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.attack.attacks import (
    IS_FULL,
    assert_reveals_nothing,
    attack_with_bystander,
    count,
    page_path,
    request,
    seeded_random,
)
from tests.support import finish
from tools.simulated_user import SimulatedUser
from ui.shell.navigation import COMPARE, PAGES, PLAYER, TUTORIAL, Page
from ui.shell.player_edits import PLAYER_KEY
from ui.text.messages import message

SMALL = "points_per_blob=20&k=3"
QUERIES = {
    "": [
        SMALL,
        "data=iris&columns=sepal length,sepal width,petal length&lock=k",
        "data=table&table=" + "f" * 16,
        "data=moons",
    ],
    "starts": [f"{SMALL}&starts=20"],
    "failures": ["guesses=abcx"],
    "tutorial": ["answers=1111", "screen=3&answers=1111", "screen=10&answers=123"],
    "how_many": ["data=blobs&points=12"],
}
"""Links on which a page has most of its widgets; for other pages, ``SMALL`` is enough."""

TEXTS = ["", "\0", "x" * 9999, "<script>", "NaN", "None", "\u202e", "-1", "__class__", "tensorflow", "{}", "💥"]
NUMBERS = [math.nan, math.inf, -math.inf, -0.0, 1e308, -1e308, 5e-324, 0.5, 3.7, -5.0, 2.0**63, 2.0**70, 3.0]
WHOLES = [0, -1, 1, 2**31, 2**62, -(2**63)]
JSON = [
    *("", "{", "null", "[]", "1", '"x"', "{}", "NaN", "[" * 5000, "1" * 5000, "[null]", '{"selection":1}', '"\\ud800"'),
    *('{"selection":{}}', '{"selection":{"points":1}}', '{"selection":{"points":[1,null,{},{"customdata":[1,2,3]}]}}'),
    *('{"selection":{"points":[{"customdata":["random",1e99]},{"customdata":99},{"customdata":{"a":[]}}]}}',),
    *(
        '{"edit":{"kind":"move"},"variants":[1],"link":"\\ud800","table":{"name":1,"content":"!"},"open":{"run":1e400}}',
    ),
    *('{"variants":"\\ud800~k=99~seed=-1","link":{"a":1},"table":[1],"open":[]}', '{"link":"' + "x" * 9000 + '"}'),
]


def forged_values() -> list[dict[str, Any]]:
    """Return values of each kind; nearly all are of the wrong kind for nearly all widgets."""
    numbers: list[list[float]] = [[], *([value] for value in NUMBERS), [3.0, 4.0, 5.0], [math.nan] * 500]
    integers: list[list[int]] = [[], *([value] for value in WHOLES), [0] * 500]
    texts: list[list[str]] = [[], *([value] for value in TEXTS), ["x"] * 500, ["numpy", "tensorflow"]]
    return [
        *({"double_array_value": value} for value in numbers),
        *({"int_array_value": value} for value in integers),
        *({"string_array_value": value} for value in texts),
        *({"double_value": value} for value in NUMBERS),
        *({"int_value": value} for value in WHOLES),
        *({"string_value": value} for value in [*TEXTS, *JSON]),
        *({name: value} for name in ("json_value", "json_trigger_value") for value in JSON),
        *({name: value} for name in ("bool_value", "trigger_value") for value in (True, False)),
        *({name: "junk"} for name in ("string_trigger_value", "chat_input_value")),
        {"bytes_value": b"\0\xff"},
        {"arrow_value": b"ARROW1"},
        {"file_uploader_state_value": "../../etc/passwd"},
        {},
    ]


def set_value(state: WidgetState, forgery: dict[str, Any]) -> None:
    """Set a widget's state to a forged value."""
    for name, value in forgery.items():
        if name.endswith("array_value"):
            getattr(state, name).SetInParent()
            getattr(state, name).data.extend(value)
        elif name in ("string_trigger_value", "chat_input_value", "arrow_value"):
            getattr(state, name).data = value
        elif name == "file_uploader_state_value":
            state.file_uploader_state_value.uploaded_file_info.add(file_id=value, name=value, size=2**40)
        else:
            setattr(state, name, value)


def ids_of(user: SimulatedUser) -> list[str]:
    """Return the ids of the page's widgets, and those of its components' events."""
    ids = []
    for widget in user.widgets.values():
        kind = widget.WhichOneof("type") or ""
        ids.append(getattr(widget, kind).id)
        if kind == "bidi_component":
            ids.append(events_of(ids[-1]))
    return ids


def events_of(component: str) -> str:
    """Return the id under which a component sends its events."""
    return f"$$STREAMLIT_INTERNAL_KEY_{component}__events"


def forged_runs(ids: Sequence[str], chance: Random) -> Iterator[dict[str, dict[str, Any]]]:
    """Yield the forged values of each run: of all widgets at once, then of single ones, so that none hides another."""
    values = forged_values()
    for _ in range(count(25, 3)):
        yield {key: chance.choice(values) for key in ids}
    for key in ids if IS_FULL else chance.sample(ids, min(3, len(ids))):
        for value in chance.sample(values, count(6, 1)):
            yield {key: value}


async def forge_values(url: str, page: Page, query: str) -> None:
    user = SimulatedUser(url, query=query, page=page_path(page))
    await user.connect()
    assert (await user.run()).exceptions == []
    ids = ids_of(user)
    assert len(ids) > 3
    for number, values in enumerate(forged_runs(ids, seeded_random(page.script, query)), 1):
        if number % RUNS_OF_A_CONNECTION == 0:
            await user.disconnect()
            await user.connect(returning=True)
        user.clear_states()
        for key, value in values.items():
            set_value(user.empty_state(key), value)
        # Forged values may have changed the settings; a browser may return to the link.
        user.query = query
        run = await user.run()
        assert run.exceptions == [], values
    await user.disconnect()


RUNS_OF_A_CONNECTION = 40
"""More in a row, as fast as the answers come, and the connection is ended as a flood."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.script)
def test_forged_widget_values_are_ignored(target: str, page: Page) -> None:
    async def attack() -> None:
        await asyncio.gather(*(forge_values(target, page, query) for query in QUERIES.get(page_path(page), [SMALL])))

    finish(attack_with_bystander(target, attack()))


# Edits in the player -------------------------------------------------------------------------------------

HUGE = 10**400
BAD_PLACES: list[Any] = [
    [],
    [[]],
    [[1, 2]] * 6000,
    [[1e308, 1]],
    [[None, 1]],
    {"0": 1},
    [[math.nan, 1.0]],
    [[math.inf, 1]],
]
EDITS: list[Any] = [
    *(None, 0, "", "move", [], [{}], {}, {"kind": None}, {"kind": []}, {"kind": {"a": 1}}, {"kind": "\ud800"}),
    *({"kind": "move"}, {"kind": "move", "place": [1, 2], "cluster": HUGE, "step": 0}),
    *({"kind": "move", "place": place, "cluster": 0, "step": 0} for place in ([], [1], [HUGE, 1], ["1", 2], [[1], 2])),
    *(
        {"kind": "move", "place": [1, 2], "cluster": 0, "step": step}
        for step in (-1, 1.5, True, "1", HUGE, 10**7, 9999)
    ),
    *({"kind": "move", "place": [1, 2], "cluster": cluster, "step": 1} for cluster in (-1, 99, 10**9, None)),
    *({"kind": "add", "places": places} for places in BAD_PLACES),
    *({"kind": "erase", "indices": indices} for indices in ([], [-1], [HUGE], [1.5], [True], ["0"], [10**7], 5, None)),
    *(
        {"kind": "erase", "indices": list(range(120))},
        {"kind": "shift", "index": 0},
        {"kind": "shift", "place": [1, 2]},
    ),
    *({"kind": "open", "text": text} for text in (None, 1, "", "\ud800", "a1_1" * 9000, ["x"])),
    *({"kind": kind} for kind in ("undo", "undo", "redo", "redo", "redo", "__init__")),
]


@pytest.mark.parametrize("page", [PLAYER, TUTORIAL], ids=lambda page: page.script)
def test_forged_edits_are_rejected(target: str, page: Page) -> None:
    async def attack() -> None:
        user = SimulatedUser(target, query="screen=3&answers=111" if page is TUTORIAL else SMALL, page=page_path(page))
        await user.connect()
        await user.run()
        component = next(key for key in ids_of(user) if PLAYER_KEY in key.rsplit("-", 1)[-1])
        # The short version sends half of the edits to each page.
        for at, edit in list(enumerate(EDITS))[PAGES.index(page) % count(1, 2) :: count(1, 2)]:
            user.clear_states()
            if at % 5:
                user.empty_state(component).json_value = "{}"
            events = [{"event": "edit", "value": edit}]
            user.empty_state(events_of(component)).json_trigger_value = json.dumps(events)
            assert (await user.run()).exceptions == [], str(edit)[:200]
        await user.disconnect()

    finish(attack_with_bystander(target, attack()))


@pytest.mark.parametrize(
    ("page", "key", "event"),
    [(PLAYER, "share", "link"), (COMPARE, "comparison", "variants"), (PLAYER, PLAYER_KEY, "edit")],
)
def test_an_event_may_arrive_without_the_state_of_its_component(target: str, page: Page, key: str, event: str) -> None:
    """As from a page that the visitor leaves while pressing a button."""

    async def attack() -> None:
        user = SimulatedUser(target, query=SMALL, page=page_path(page))
        await user.connect()
        await user.run()
        component = next(widget_id for widget_id in ids_of(user) if widget_id.endswith(f"-{key}"))
        user.clear_states()
        user.empty_state(events_of(component)).json_trigger_value = json.dumps([{"event": event, "value": "what"}])
        assert (await user.run()).exceptions == []
        await user.disconnect()

    finish(attack_with_bystander(target, attack()))


# Deferred downloads --------------------------------------------------------------------------------------


async def answer_of(user: SimulatedUser, file_id: str) -> ForwardMsg:
    """Request a deferred download as a browser does; return the answer."""
    back_message = BackMsg()
    back_message.backend_operation_request.request_id = "1"
    back_message.backend_operation_request.session_id = user.session_id
    back_message.backend_operation_request.deferred_file.file_id = file_id
    await user.send(back_message.SerializeToString())
    async with asyncio.timeout(60):
        while (answer := await user.receive()).WhichOneof("type") != "backend_operation_response":
            pass
    return answer


def test_a_deferred_download_works_and_others_are_rejected(target: str) -> None:
    """The middleware lets downloads through; ids that were never offered get an error."""

    async def attack() -> None:
        user = SimulatedUser(target, query=SMALL)
        await user.connect()
        await user.run()
        user.widget_state(message("downloads.title")).bool_value = True
        await user.run()
        file_id = user.widgets[message("downloads.csv")].download_button.deferred_file_id
        response = (await answer_of(user, file_id)).backend_operation_response
        url = response.deferred_file.url
        assert url, response
        answer = await asyncio.to_thread(request, target, url)
        assert b"\r\n\r\n" in answer
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"cluster" in answer
        neighbor_id = file_id[:-1] + ("1" if file_id.endswith("0") else "0")
        for bad_id in ("", neighbor_id, "../../etc/passwd", "\0", "x" * 5000):
            answer = await answer_of(user, bad_id)
            assert answer.backend_operation_response.error_msg
            assert_reveals_nothing(b"HTTP/1.1 200\r\ntext/plain\r\n\r\n" + answer.SerializeToString())
        await user.disconnect()

    finish(attack_with_bystander(target, attack()))
