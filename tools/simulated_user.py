"""A user without a browser: a client that speaks the Streamlit protocol, for load and adversarial tests."""

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

TIMEOUT = 60.0
"""Seconds to wait for any one answer."""


@dataclass(frozen=True)
class Run:
    """One run of the page's script.

    Attributes
    ----------
    seconds : float
        Time from the request to the last message.
    received : int
        Bytes received.
    exceptions : list of str
        Exceptions that the page showed instead of an element.
    """

    seconds: float
    received: int
    exceptions: list[str]


@dataclass
class SimulatedUser:
    """A user of the page at ``url``, who sets widgets and asks for runs.

    Attributes
    ----------
    url : str
        Address of the app, including the base path, without a query.
    query : str
        Query of the page's address, without the question mark. The page may rewrite it.
    page : str
        Path of the page for the first run, such as ``starts``. Empty for the home page.
    widgets : dict of Element or Block
        Widgets as last drawn, by label. Widgets without a label (charts, components) are listed by id.
    """

    url: str
    query: str = ""
    page: str = ""
    widgets: dict[str, Element | Block] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._states: dict[str, WidgetState] = {}
        self._cookies: dict[str, str] = {}
        self._cached_hashes: set[str] = set()
        self._script_hash = ""
        self._session_id = ""
        self._socket: Any = None

    async def connect(self, *, returning: bool = False) -> None:
        """Load the page and open its socket. If ``returning``, resume the previous session, as a browser does."""
        address = urlsplit(self.url)
        await asyncio.to_thread(self._load_page)
        subprotocols = ["streamlit"]
        if returning and self._session_id:
            subprotocols += [self._cookies.get("_streamlit_xsrf", "none"), self._session_id]
        self._socket = await websockets.connect(
            f"ws://{address.netloc}{address.path.rstrip('/')}/_stcore/stream",
            subprotocols=[Subprotocol(name) for name in subprotocols],
            origin=Origin(f"http://{address.netloc}"),
            additional_headers={"Cookie": self.cookies},
            max_size=None,
            open_timeout=TIMEOUT,
            ping_interval=None,
            compression=None,
            proxy=None,
        )

    def _load_page(self) -> None:
        address = urlsplit(self.url)
        server = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT)
        try:
            # A browser requests the page; its script then requests the health endpoint, which sets a cookie.
            for path in ("/", "/_stcore/health"):
                server.request("GET", f"{address.path.rstrip('/')}{path}", headers={"Accept": "text/html"})
                response = server.getresponse()
                response.read()
                if response.status != 200:
                    raise ConnectionError(f"the page answers {response.status}")
                self._store_cookies(response)
        finally:
            server.close()

    def _store_cookies(self, response: http.client.HTTPResponse) -> None:
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.split(";", 1)[0].partition("=")
                self._cookies[cookie.strip()] = content.strip()

    async def send(self, content: bytes | str) -> None:
        """Send any content over the socket."""
        await self._socket.send(content)

    async def disconnect(self) -> None:
        """Close the socket with a closing handshake."""
        if self._socket is not None:
            await self._socket.close()

    def drop_connection(self) -> None:
        """Cut the connection without a closing handshake."""
        if self._socket is not None:
            self._socket.transport.abort()

    def set(self, label: str, **value: Any) -> None:
        """Set the widget with this label. ``value`` is one field of Streamlit's ``WidgetState``."""
        state = self.widget_state(label)
        for name, content in value.items():
            if name == "double_array_value":
                state.double_array_value.data.extend(content)
            else:
                setattr(state, name, content)

    def widget_state(self, label: str) -> WidgetState:
        """Return an empty state for the widget with this label. Fill it in; the next run sends it."""
        element = self.widgets[label]
        return self.empty_state(getattr(element, element.WhichOneof("type") or "").id)

    def empty_state(self, widget_id: str) -> WidgetState:
        """Return an empty state for this widget id, whether or not such a widget exists."""
        self._states[widget_id] = state = WidgetState(id=widget_id)
        return state

    def clear_states(self) -> None:
        """Drop all widget states, so that the next run sends none."""
        self._states.clear()

    @property
    def session_id(self) -> str:
        """The server's id of this session; empty before the first run."""
        return self._session_id

    @property
    def cookies(self) -> str:
        """The header that sends all cookies back."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    @property
    def xsrf_token(self) -> str:
        """The token that proves to the server that a form or an upload belongs to this user."""
        return self._cookies.get("_streamlit_xsrf", "")

    def rerun_message(self) -> bytes:
        """Return the message that asks for a run with the current widget states."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self._script_hash
        message.rerun_script.page_name = "" if self._script_hash else self.page
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        message.rerun_script.cached_message_hashes.extend(self._cached_hashes)
        message.rerun_script.context_info.url = self.url
        message.rerun_script.context_info.timezone = "UTC"
        message.rerun_script.context_info.locale = "en-US"
        return bytes(message.SerializeToString())

    async def receive(self) -> ForwardMsg:
        """Wait for the next message from the server."""
        message: ForwardMsg = ForwardMsg.FromString(await asyncio.wait_for(self._socket.recv(), TIMEOUT))
        return message

    async def run(self) -> Run:
        """Ask for a run of the page and wait until it ends."""
        start = time.perf_counter()
        await self.send(self.rerun_message())
        return replace(await self.receive_run(), seconds=time.perf_counter() - start)

    async def receive_run(self) -> Run:
        """Wait until a requested run ends. Its time counts from this call."""
        start = time.perf_counter()
        received, exceptions, hashes = 0, list[str](), set[str]()
        while True:
            message = await self.receive()
            received += message.ByteSize()
            kind = message.WhichOneof("type")
            if message.metadata.cacheable or kind == "ref_hash":
                hashes.add(message.ref_hash or message.hash)
            if kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._cached_hashes = hashes
                return Run(time.perf_counter() - start, received, exceptions)
            exceptions += self._handle(message, kind)

    def _handle(self, message: ForwardMsg, kind: str | None) -> list[str]:
        """Record the session, the query, and the widgets that a message brings, and return its exceptions."""
        if kind == "new_session":
            self._script_hash = message.new_session.page_script_hash
            self._session_id = message.new_session.initialize.session_id or self._session_id
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            return self._handle_element(message.delta.new_element)
        elif kind == "delta" and message.delta.WhichOneof("type") == "add_block":
            return self._handle_element(message.delta.add_block)
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            return [message.session_event.script_compilation_exception.message]
        return []

    def _handle_element(self, element: Element | Block) -> list[str]:
        """Record a widget by its label or id, and return its exception, if it is one."""
        kind = element.WhichOneof("type") or ""
        if isinstance(element, Element) and kind == "exception":
            return [f"{element.exception.type}: {element.exception.message}"]
        widget: Any = getattr(element, kind, None)
        if getattr(widget, "id", ""):
            self.widgets[getattr(widget, "label", "") or widget.id] = element
        return []
