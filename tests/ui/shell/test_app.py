"""The home page, run by Streamlit without a browser."""

from __future__ import annotations

import gc
import re
import sys
import tomllib
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, RULES, backend_available
from tests.messages import read_run, read_session
from tests.support import component_proto
from tools.paths import ROOT
from ui.settings.definitions import BY_NAME, INITS
from ui.text.messages import message

SECONDS = 60


def opened(**link: str) -> AppTest:
    """Open the home page by a link, and expect no exception."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    app.query_params.update(link)
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def header(app: AppTest) -> dict[str, Any]:
    """What the player was told about the run."""
    return read_run(component_proto(app, "kmeans_player").bytes)


def link_of(app: AppTest) -> dict[str, str]:
    return {name: values if isinstance(values, str) else values[-1] for name, values in app.query_params.items()}


def test_the_app_opens_on_the_blogs_example() -> None:
    app = opened()
    facts = header(app)
    assert (facts["n"], facts["k"], facts["rule"]["name"], facts["backend"]) == (3072, 6, "mean", "NumPy")
    assert not app.warning
    assert link_of(app) == {}, "a bare address must stay bare, or Back would lead nowhere"


def test_one_click_loads_the_blogs_example() -> None:
    app = opened(data="moons", k="3", seed="5")
    next(button for button in app.button if button.label == message("settings.blog_example_button")).click()
    facts = header(checked(app.run()))
    assert (facts["n"], facts["k"], facts["rule"]["name"], len(facts["steps"]) <= 32) == (3072, 6, "medoid", True)
    assert link_of(app) == {"data": "post", "rule": "medoid", "max_iter": "15"}


def test_the_sidebar_lists_the_data_before_the_run() -> None:
    labels = [widget.label for widget in opened().sidebar if hasattr(widget, "label") and widget.label]
    order = [BY_NAME[name].title for name in ("data", "k", "init", "rule", "backend", "seed", "max_iter")]
    assert [label for label in labels if label in order] == order


def test_the_number_of_blobs_and_k_are_separate() -> None:
    app = opened()
    app.slider(key="post.blobs").set_value(3)
    facts = header(checked(app.run()))
    assert (facts["n"], facts["k"]) == (3 * 512, 6)


@pytest.mark.parametrize("data", DATASETS)
def test_every_dataset_runs(data: str) -> None:
    app = opened()
    app.selectbox(key="data").set_value(data)
    checked(app.run())
    assert header(app)["title"] == DATASETS[data].title
    assert link_of(app).get("data", "post") == data


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("start", INITS)
def test_every_rule_and_start_runs(rule: str, start: str) -> None:
    facts = header(opened(rule=rule, init=start, points_per_blob="50"))
    assert facts["rule"]["name"] == rule
    assert facts["ending"]["reason"] in ("converged", "max_iter")


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_every_empty_policy_runs_on_points_that_are_all_equal(empty: str) -> None:
    facts = header(opened(data="blobs", blobs="1", spread="0", points="40", k="8", empty=empty))
    assert facts["steps"][-1]["cost"] == 0
    assert any(step["empty"] for step in facts["steps"])


def test_the_dice_button_chooses_another_seed_and_shows_it() -> None:
    app = opened(seed="10001", dataseed="10001")
    for key in ("seed", "data_seed"):
        app.button(key=f"{key}_dice").click()
        checked(app.run())
        assert int(app.number_input(key=key).value or 0) < 10_000
    assert link_of(app)["seed"] == str(app.number_input(key="seed").value)
    assert link_of(app)["data_seed"] == str(app.number_input(key="data_seed").value)


def test_a_link_sets_every_widget() -> None:
    link = {
        **{"data": "blobs", "blobs": "4", "points": "300", "spread": "0.7", "separation": "3.5"},
        **{"unequal_spreads": "0.25", "unequal_sizes": "0.5", "data_seed": "11", "k": "3", "init": "farthest"},
        **{"rule": "median", "empty": "drop", "backend": "numpy", "seed": "12", "max_iter": "9"},
    }
    app = opened(**link)
    shown = {
        "blobs": app.slider(key="blobs.blobs").value,
        "points": app.number_input(key="blobs.points").value,
        "spread": app.slider(key="blobs.spread").value,
        "k": app.slider(key="k").value,
        "init": app.selectbox(key="init").value,
        "rule": app.selectbox(key="rule").value,
        "empty": app.selectbox(key="empty").value,
        "seed": app.number_input(key="seed").value,
        "data_seed": app.number_input(key="data_seed").value,
        "max_iter": app.number_input(key="max_iter").value,
    }
    assert {name: str(value) for name, value in shown.items()} == {name: link[name] for name in shown}
    assert link_of(app) == link


def test_the_same_link_is_the_same_run() -> None:
    link = {"data": "uniform", "k": "7", "seed": "3", "init": "k-means++"}
    assert header(opened(**link))["id"] == header(opened(**link))["id"]


def test_a_malformed_link_is_a_warning_on_a_working_page() -> None:
    app = opened(k="99", rule="mode", seed="12")
    assert len(app.warning) == 1
    assert "“99”" in app.warning[0].value
    assert "“mode”" in app.warning[0].value
    assert (header(app)["k"], app.number_input(key="seed").value) == (6, 12)
    assert link_of(app) == {"data": "post", "seed": "12"}, "what could not be used is gone from the address"
    # It is said until something is changed, and not again.
    app.slider(key="k").set_value(4)
    assert not checked(app.run()).warning


def test_a_link_cannot_load_an_image_from_another_host() -> None:
    for name in ("k", "data", "rule", "columns", "label", "edits"):
        app = opened(**{"data": "iris", name: "![x](http://evil.example/a)"})
        assert app.warning
        assert not any(re.search(r"(?<!\\)[\[\]]", warning.value) for warning in app.warning)


def test_more_clusters_than_points_is_a_notice_on_a_working_page() -> None:
    app = opened(data="blobs", blobs="1", points="1")
    assert app.info[0].value == message("shell.k_limit", k=6, points=1)
    assert header(app)["k"] == 1
    assert app.slider(key="k").value == 6, "what the person chose is kept"


def test_another_dataset_has_its_own_k_and_keeps_the_shared_settings() -> None:
    app = opened(k="4", seed="9")
    app.selectbox(key="data").set_value("rings")
    checked(app.run())
    assert (app.slider(key="k").value, header(app)["k"], link_of(app)["k"]) == (2, 2, "2")
    app.selectbox(key="data").set_value("post")
    checked(app.run())
    assert (app.slider(key="k").value, app.number_input(key="seed").value) == (6, 9)


def test_without_tensorflow_the_choice_is_disabled_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def numpy_only(name: str) -> bool:
        return name == "numpy"

    monkeypatch.setattr("ui.shell.setting_widgets.backend_offered", numpy_only)
    monkeypatch.setattr("ui.settings.run_input.backend_offered", numpy_only)
    app = opened(backend="tensorflow")
    assert app.get("button_group")[0].proto.disabled
    assert any("pip install tensorflow" in caption.value for caption in app.caption)
    assert header(app)["backend"] == "NumPy"
    assert link_of(app)["backend"] == "tensorflow", "the wish is kept for a server that has it"


def test_streamlit_does_not_collect_garbage_after_every_run() -> None:
    # What AppTest runs is never followed by a full collection of garbage, so that only the setting can be looked at.
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert settings["runner"] == {"postScriptGC": False}
    assert config.get_config_options()["runner.postScriptGC"].default_val is True, "or else there is no need to say so"


def test_a_page_opens_while_another_visitors_run_loads_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (BACKENDS["tensorflow"].module, "keras"):
        module = ModuleType(name)  # as Python leaves it while it imports one
        module.__spec__ = ModuleSpec(name, None)
        module.__spec__._initializing = True  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, name, module)
    opened()


@pytest.mark.skipif(not backend_available("tensorflow"), reason="TensorFlow is not installed")
def test_no_run_collects_garbage_once_tensorflow_is_loaded() -> None:
    collected: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "start":
            collected.append(about["generation"])

    app = opened(backend="tensorflow", points_per_blob="50")
    app.run()  # the first after it was loaded
    gc.disable()  # what comes now was asked for
    gc.callbacks.append(note)
    try:
        checked(app.run())
    finally:
        gc.callbacks.remove(note)
        gc.enable()
    assert not collected


def test_an_edited_table_says_so_and_is_still_compared_with_its_labels() -> None:
    app = opened(data="iris", k="3", edits="a2_0.5a7_2.5x0")
    about = "".join(element.proto.body for element in app.get("html"))
    assert "You drew 2 points and erased 1 row: 151 points are clustered." in about
    beside = next(box for box in app.expander if box.label.startswith("Clusters beside"))
    assert "Where each of the 149 rows with a label is" in beside.caption[0].value
    assert "Points that you drew have no label" in beside.caption[0].value


def changed_to(app: AppTest, **link: str) -> dict[str, Any]:
    """Return what the player is told about this visitor, now that the address says so."""
    message: bytes = component_proto(app, "kmeans_player").bytes
    assert link_of(app) == link
    return read_session(message)


def test_other_data_start_at_the_first_step_without_edits_and_undo_restores_them() -> None:
    app = opened(data="moons", k="2", init="given", centers="c0_0c1_1", edits="a1_1m2_1_0.5_0.5", step="4")
    app.selectbox(key="data").set_value("rings")
    checked(app.run())
    facts = changed_to(app, data="rings", k="2", step="4")
    assert (facts["goToStep"], facts["undo"]["isAvailable"], facts["redo"]["isAvailable"]) == (0, True, False)
    assert facts["note"] == (
        "Your edits (points, starting centers, moves of centers) belonged to the previous data. Undo brings them back."
    )
    assert app.selectbox(key="init").value == "random"
    checked(app.run())
    assert changed_to(app, data="rings", k="2", step="4")["goToStep"] is None, "once"


@pytest.mark.parametrize("key", ["moons.noise", "moons.points", "data_seed"])
def test_another_size_or_data_seed_is_other_data(key: str) -> None:
    app = opened(data="moons", k="2", init="given", centers="c0_0c1_1", edits="a1_1")
    widget = app.slider(key=key) if key == "moons.noise" else app.number_input(key=key)
    widget.set_value(0.2 if key == "moons.noise" else 700)
    checked(app.run())
    assert not {"edits", "centers", "init"} & set(link_of(app))
    assert app.selectbox(key="init").value == "random"
    for _ in range(2):
        checked(app.run())
        assert not {"edits", "centers", "init"} & set(link_of(app)), "and they do not come back by themselves"


def test_loading_the_blogs_example_can_be_undone() -> None:
    app = opened(data="moons", k="2", edits="a1_1")
    next(button for button in app.button if button.label == message("settings.blog_example_button")).click()
    checked(app.run())
    facts = changed_to(app, data="post", rule="medoid", max_iter="15")
    assert (facts["goToStep"], facts["undo"]["isAvailable"]) == (0, True)


def test_a_run_at_its_limit_can_continue_unless_a_lesson_link_locks_it() -> None:
    assert changed_to(opened(max_iter="2"), max_iter="2")["canContinue"] is True
    assert changed_to(opened(max_iter="2", lock="max_iter"), max_iter="2", lock="max_iter")["canContinue"] is False


def test_the_iteration_limit_of_many_points_is_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.settings.effort._MOST_LABELS", 6_000)
    app = opened(data="uniform", points="2000", k="8")
    assert [info.value for info in app.info] == [message("shell.iterations_cut", points=2000, iterations=3)]
    assert header(app)["ending"]["sentence"].startswith("Reached the 3-iteration limit before converging")
    link = link_of(app)
    assert changed_to(app, **link)["canContinue"] is False, "there is no higher limit"
    assert not opened(data="uniform", points="2000", k="8", max_iter="2").info, "a limit of one's own is no news"


def test_the_sidebar_says_why_a_column_of_a_table_is_not_offered() -> None:
    app = opened(data="penguins")
    captions = [caption.value for caption in app.sidebar.caption]
    assert "Can't be clustered: “species”, “island” and “sex” are text." in captions
