"""Streamlit's sessions, as the server sees them: whether one is open, its uploaded files, and its page."""

from __future__ import annotations

from typing import Any

from streamlit import runtime
from streamlit.runtime.uploaded_file_manager import UploadedFileRec


def is_open(session_id: str) -> bool:
    """Tell whether a session has an open page."""
    return runtime.exists() and runtime.get_instance().is_active_session(session_id)


def run_page(session_id: str) -> None:
    """Run the page of a session again, as if nothing had changed, if it is open. Call this in the server's own thread.

    Streamlit does the same where a page's source file changes, and has no public function for it.
    """
    if is_open(session_id):
        info = vars(runtime.get_instance())["_session_mgr"].get_active_session_info(session_id)
        session: Any = info.session
        session.request_rerun(vars(session)["_client_state"])


def drop_content(session_id: str, file_id: str) -> None:
    """Drop the content of an uploaded file: Streamlit would hold it until its session ends.

    The file itself stays, without bytes: a page for which it is gone would forget its name, too.
    """
    if runtime.exists():
        files: Any = runtime.get_instance().uploaded_file_mgr
        for record in files.get_files(session_id, [file_id]):
            files.add_file(session_id, UploadedFileRec(record.file_id, record.name, record.type, b""))
