"""A visitor without a browser: speaks Streamlit's own protocol, for measuring and for attacking a server that runs."""

from __future__ import annotations

import asyncio
import http.client
import time
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.typing import Origin, Subprotocol

PATIENCE = 60.0
"""Seconds after which an answer is not waited for any longer."""


@dataclass(frozen=True)
class Run:
    """What one run of the page came to.

    Attributes
    ----------
    seconds : float
        From the message sent to the last word received.
    received : int
        Bytes.
    exceptions : list of str
        What the page reported instead of an element.
    """

    seconds: float
    received: int
    exceptions: list[str]


@dataclass
class Visitor:
    """Somebody on the page at ``url``: connects, and runs the page with the widgets' states in ``states``.

    Attributes
    ----------
    url : str
        The page, base path included, without a query.
    query : str
        What stands behind the question mark; the page rewrites it.
    page : str
        The page's name behind the app's address, such as ``starts``, for the first run; nothing is the home page.
    widgets : dict of Element or Block
        What can be set, as it was last drawn: by its label, or by its id where it has none, as charts and components.
    """

    url: str
    query: str = ""
    page: str = ""
    widgets: dict[str, Element | Block] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._states: dict[str, WidgetState] = {}
        self._cookies: dict[str, str] = {}
        self._known: set[str] = set()
        self._page = ""
        self._session = ""
        self._line: Any = None

    async def connect(self, *, returning: bool = False) -> None:
        """Open the page and its line; as a browser that had a session before, if it returns."""
        address = urlsplit(self.url)
        await asyncio.to_thread(self._open_page)
        spoken = ["streamlit"]
        if returning and self._session:
            spoken += [self._cookies.get("_streamlit_xsrf", "none"), self._session]
        self._line = await websockets.connect(
            f"ws://{address.netloc}{address.path.rstrip('/')}/_stcore/stream",
            subprotocols=[Subprotocol(one) for one in spoken],
            origin=Origin(f"http://{address.netloc}"),
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())},
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,
            compression=None,
            proxy=None,
        )

    def _open_page(self) -> None:
        address = urlsplit(self.url)
        server = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE)
        try:
            # A browser asks for the page, and the page's script whether the server lives, which gives it a cookie.
            for path in ("/", "/_stcore/health"):
                server.request("GET", f"{address.path.rstrip('/')}{path}", headers={"Accept": "text/html"})
                answer = server.getresponse()
                answer.read()
                if answer.status != 200:
                    raise ConnectionError(f"the page answers {answer.status}")
                self._keep_cookies(answer)
        finally:
            server.close()

    def _keep_cookies(self, answer: http.client.HTTPResponse) -> None:
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.split(";", 1)[0].partition("=")
                self._cookies[cookie.strip()] = content.strip()

    async def send(self, content: bytes | str) -> None:
        """Send anything at all."""
        await self._line.send(content)

    async def leave(self) -> None:
        """Close the line."""
        if self._line is not None:
            await self._line.close()

    def hang_up(self) -> None:
        """Let the line fall, without a word."""
        if self._line is not None:
            self._line.transport.abort()

    def set(self, label: str, **value: Any) -> None:
        """Set a widget by its label; ``value`` is a field of Streamlit's ``WidgetState``, whatever it holds."""
        state = self.state_of(label)
        for name, content in value.items():
            if name == "double_array_value":
                state.double_array_value.data.extend(content)
            else:
                setattr(state, name, content)

    def state_of(self, label: str) -> WidgetState:
        """Return the state of a widget, empty, to be filled with anything: it is what the next run is asked with."""
        element = self.widgets[label]
        return self.say(getattr(element, element.WhichOneof("type") or "").id)

    def say(self, key: str) -> WidgetState:
        """Return the state of whatever has that id, empty, as ``state_of`` does of a widget."""
        self._states[key] = state = WidgetState(id=key)
        return state

    def forget(self) -> None:
        """Say no more of any widget."""
        self._states.clear()

    @property
    def session(self) -> str:
        """What the server calls this visitor; known once the page has run."""
        return self._session

    @property
    def token(self) -> str:
        """What a form or a file must bring along, so that it is this visitor's own."""
        return self._cookies.get("_streamlit_xsrf", "")

    def message(self) -> bytes:
        """Return what asks for a run."""
        asked = BackMsg()
        asked.rerun_script.query_string = self.query
        asked.rerun_script.page_script_hash = self._page
        asked.rerun_script.page_name = "" if self._page else self.page
        asked.rerun_script.widget_states.widgets.extend(self._states.values())
        asked.rerun_script.cached_message_hashes.extend(self._known)
        asked.rerun_script.context_info.url = self.url
        asked.rerun_script.context_info.timezone = "UTC"
        asked.rerun_script.context_info.locale = "en-US"
        return bytes(asked.SerializeToString())

    async def hear(self) -> ForwardMsg:
        """Wait for the next thing that the server says."""
        said: ForwardMsg = ForwardMsg.FromString(await asyncio.wait_for(self._line.recv(), PATIENCE))
        return said

    async def run(self) -> Run:
        """Ask for a run of the page and wait for its last word."""
        started = time.perf_counter()
        await self.send(self.message())
        return replace(await self.hear_run(), seconds=time.perf_counter() - started)

    async def hear_run(self) -> Run:
        """Wait for the last word of a run that was asked for; its seconds are from now on."""
        started = time.perf_counter()
        received, exceptions, known = 0, list[str](), set[str]()
        while True:
            said = await self.hear()
            received += said.ByteSize()
            kind = said.WhichOneof("type")
            if said.metadata.cacheable or kind == "ref_hash":
                known.add(said.ref_hash or said.hash)
            if kind == "new_session":
                self._page = said.new_session.page_script_hash
                self._session = said.new_session.initialize.session_id or self._session
            elif kind == "page_info_changed":
                self.query = said.page_info_changed.query_string
            elif kind == "delta" and said.delta.WhichOneof("type") == "new_element":
                exceptions += self._draw(said.delta.new_element)
            elif kind == "delta" and said.delta.WhichOneof("type") == "add_block":
                self._draw(said.delta.add_block)
            elif kind == "session_event" and said.session_event.HasField("script_compilation_exception"):
                exceptions.append(said.session_event.script_compilation_exception.message)
            elif kind == "script_finished" and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._known = known
                return Run(time.perf_counter() - started, received, exceptions)

    def _draw(self, element: Element | Block) -> list[str]:
        kind = element.WhichOneof("type") or ""
        if isinstance(element, Element) and kind == "exception":
            return [f"{element.exception.type}: {element.exception.message}"]
        drawn: Any = getattr(element, kind, None)
        if getattr(drawn, "id", ""):
            self.widgets[getattr(drawn, "label", "") or drawn.id] = element
        return []
