"""A disk that is full or cannot be written."""

from __future__ import annotations

import tempfile

import pytest

from server.disk import check_files, name_temporary_folder


def test_files_that_cannot_be_published_are_a_sentence() -> None:
    def publish() -> None:
        raise OSError(28, "No space left on device", "static/player")

    with pytest.raises(ValueError, match=r"cannot be written to static/player \(No space left on device\): free some"):
        check_files(publish)
    check_files(lambda: None)


def test_there_is_a_folder_for_temporary_files_if_none_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_folder() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_get_default_tempdir", find_folder)
    with pytest.raises(FileNotFoundError):
        tempfile.gettempdir()
    name_temporary_folder()
    assert tempfile.gettempdir() == "/tmp"
