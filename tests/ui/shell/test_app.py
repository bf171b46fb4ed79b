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

from kmeans_core import BACKENDS, DATASETS, EMPTY_POLICIES, RULES, __version__, backend_available
from kmeans_core.messages.lists import joined
from kmeans_tables.messages import message as table_message
from tests.messages import read_run, read_session
from tests.support import choose_data, component_proto
from tools.paths import ROOT
from ui.settings.definitions import BY_NAME, INITS
from ui.settings.run_input import RunInput
from ui.text.messages import message

SECONDS = 60


def open_app(**link: str) -> AppTest:
    """Open the home page by a link, and expect no exception."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)
    app.query_params.update(link or {"data": "post"})
    return check(app.run())


def open_bare_address() -> AppTest:
    """Open the app's bare address, and expect no exception."""
    return check(AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS).run())


def check(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def header(app: AppTest) -> dict[str, Any]:
    """Return the player's facts on the run."""
    return read_run(component_proto(app, "kmeans_player").bytes)


def html_of(app: AppTest) -> str:
    """The HTML that the page drew itself."""
    return " ".join(str(element.proto.body) for element in app.get("html"))


def link_of(app: AppTest) -> dict[str, str]:
    return {name: values if isinstance(values, str) else values[-1] for name, values in app.query_params.items()}


def test_a_bare_address_opens_the_example_and_stays_bare() -> None:
    app = open_bare_address()
    facts = header(app)
    assert (facts["n"], facts["k"], facts["rule"]["name"], facts["backend"]) == (300, 5, "mean", "NumPy")
    assert not app.warning
    assert link_of(app) == {}, "a bare address must stay bare, or Back would lead nowhere"
    prompt = message("navigation.opening_prompt")
    assert prompt in html_of(app)
    app.slider(key="k").set_value(4)
    assert prompt not in html_of(check(app.run()))
    next(button for button in app.button if button.label == message("settings.reset_button")).click()
    assert prompt in html_of(check(app.run()))
    assert header(app)["steps"] == facts["steps"]


def test_one_click_loads_the_blogs_example() -> None:
    app = open_app(data="moons", k="3", seed="5")
    next(button for button in app.button if button.label == message("settings.blog_example_button")).click()
    facts = header(check(app.run()))
    assert (facts["n"], facts["k"], facts["rule"]["name"], len(facts["steps"]) <= 32) == (3072, 6, "medoid", True)
    assert link_of(app) == {"data": "post", "rule": "medoid", "max_iter": "15"}


def test_the_sidebar_lists_the_data_before_the_run_and_ends_with_the_version() -> None:
    sidebar = open_app().sidebar
    labels = [widget.label for widget in sidebar if hasattr(widget, "label") and widget.label]
    order = [BY_NAME[name].title for name in ("data_seed", "k", "init", "rule", "backend", "seed", "max_iter")]
    assert [label for label in labels if label in order] == order
    assert sidebar.caption[-1].value == message("settings.version", version=__version__)


def test_the_number_of_blobs_and_k_are_separate() -> None:
    app = open_app()
    app.slider(key="post.blobs").set_value(3)
    facts = header(check(app.run()))
    assert (facts["n"], facts["k"]) == (3 * 512, 6)


@pytest.mark.parametrize("data", DATASETS)
def test_every_dataset_runs(data: str) -> None:
    app = open_app()
    check(choose_data(app, data))
    assert header(app)["title"] == DATASETS[data].title
    assert link_of(app).get("data", "post") == data


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("start", INITS)
def test_every_rule_and_start_runs(rule: str, start: str) -> None:
    facts = header(open_app(rule=rule, init=start, points_per_blob="50"))
    assert facts["rule"]["name"] == rule
    assert facts["ending"]["reason"] in ("converged", "max_iter")


@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_every_empty_policy_runs_on_points_that_are_all_equal(empty: str) -> None:
    facts = header(open_app(data="blobs", blobs="1", spread="0", points="40", k="8", empty=empty))
    assert facts["steps"][-1]["cost"] == 0
    assert any(step["empty"] for step in facts["steps"])


def test_the_dice_button_chooses_another_seed_and_shows_it() -> None:
    app = open_app(seed="10001", dataseed="10001")
    for key in ("seed", "data_seed"):
        app.button(key=f"{key}_dice").click()
        check(app.run())
        assert int(app.number_input(key=key).value or 0) < 10_000
    assert link_of(app)["seed"] == str(app.number_input(key="seed").value)
    assert link_of(app)["data_seed"] == str(app.number_input(key="data_seed").value)


def test_a_link_sets_every_widget() -> None:
    link = {
        **{"data": "blobs", "blobs": "4", "points": "300", "spread": "0.7", "separation": "3.5"},
        **{"unequal_spreads": "0.25", "unequal_sizes": "0.5", "data_seed": "11", "k": "3", "init": "farthest"},
        **{"rule": "median", "empty": "drop", "backend": "numpy", "seed": "12", "max_iter": "9"},
    }
    app = open_app(**link)
    values = {
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
    assert {name: str(value) for name, value in values.items()} == {name: link[name] for name in values}
    assert link_of(app) == link


def test_the_same_link_is_the_same_run() -> None:
    link = {"data": "uniform", "k": "7", "seed": "3", "init": "k-means++"}
    assert header(open_app(**link))["id"] == header(open_app(**link))["id"]


def test_a_malformed_link_is_a_warning_on_a_working_page() -> None:
    app = open_app(k="99", rule="mode", seed="12")
    assert len(app.warning) == 1
    assert "“99”" in app.warning[0].value
    assert "“mode”" in app.warning[0].value
    assert (header(app)["k"], app.number_input(key="seed").value) == (6, 12)
    assert link_of(app) == {"data": "post", "seed": "12"}, "what could not be used is gone from the address"
    # It is said until something is changed, and not again.
    app.slider(key="k").set_value(4)
    assert not check(app.run()).warning


def test_a_link_cannot_load_an_image_from_another_host() -> None:
    for name in ("k", "data", "rule", "columns", "label", "edits"):
        app = open_app(**{"data": "iris", name: "![x](http://evil.example/a)"})
        assert app.warning
        assert not any(re.search(r"(?<!\\)[\[\]]", warning.value) for warning in app.warning)


def test_more_clusters_than_points_is_a_notice_on_a_working_page() -> None:
    app = open_app(data="blobs", blobs="1", points="1")
    assert app.info[0].value == message("shell.k_limit", k=6, points=1)
    assert header(app)["k"] == 1
    assert app.slider(key="k").value == 6, "what the person chose is kept"


def test_another_dataset_has_its_own_k_and_keeps_the_shared_settings() -> None:
    app = open_app(k="4", seed="9")
    check(choose_data(app, "rings"))
    assert (app.slider(key="k").value, header(app)["k"], link_of(app)["k"]) == (2, 2, "2")
    check(choose_data(app, "post"))
    assert (app.slider(key="k").value, app.number_input(key="seed").value) == (6, 9)


def test_a_dataset_keeps_the_sizes_that_it_was_left_with() -> None:
    app = open_app(data="blobs", points="300")
    check(choose_data(app, "rings"))
    check(choose_data(app, "blobs"))
    assert app.number_input(key="blobs.points").value == 300
    assert link_of(app)["points"] == "300"


def test_without_tensorflow_the_choice_is_disabled_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def numpy_only(name: str) -> bool:
        return name == "numpy"

    monkeypatch.setattr("ui.shell.setting_widgets.backend_offered", numpy_only)
    monkeypatch.setattr("ui.settings.run_input.backend_offered", numpy_only)
    app = open_app(backend="tensorflow")
    assert app.get("button_group")[0].proto.disabled
    assert any("pip install tensorflow" in caption.value for caption in app.caption)
    assert header(app)["backend"] == "NumPy"
    assert link_of(app)["backend"] == "tensorflow", "the wish is kept for a server that has it"


def test_streamlit_does_not_collect_garbage_after_every_run() -> None:
    # What AppTest runs is never followed by a full collection of garbage, so that only the setting can be looked at.
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False
    assert config.get_config_options()["runner.postScriptGC"].default_val is True, "or else there is no need to say so"


def test_a_page_opens_while_another_visitors_run_loads_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (BACKENDS["tensorflow"].module, "keras"):
        module = ModuleType(name)  # as Python leaves it while it imports one
        module.__spec__ = ModuleSpec(name, None)
        module.__spec__._initializing = True  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, name, module)
    open_app()


@pytest.mark.skipif(not backend_available("tensorflow"), reason="TensorFlow is not installed")
def test_no_run_collects_garbage_once_tensorflow_is_loaded() -> None:
    generations: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "start":
            generations.append(about["generation"])

    app = open_app(backend="tensorflow", points_per_blob="50")
    app.run()  # the first after it was loaded
    gc.disable()  # what comes now was asked for
    gc.callbacks.append(note)
    try:
        check(app.run())
    finally:
        gc.callbacks.remove(note)
        gc.enable()
    assert not generations


def test_an_edited_table_says_so_and_is_still_compared_with_its_labels() -> None:
    app = open_app(data="iris", k="3", edits="a2_0.5a7_2.5x0")
    about = "".join(element.proto.body for element in app.get("html"))
    assert message("settings.edit_summary", what="both", drawn=2, erased=1, unit="row", left=151) in about
    captions = [caption.value for box in app.expander for caption in box.caption]
    (comparison,) = [text for text in captions if text.startswith(message("downloads.labels_place", rows=149))]
    assert comparison.endswith(message("downloads.labels_drawn"))


def session_facts(app: AppTest, **link: str) -> dict[str, Any]:
    """Return the player's facts on this visitor, at the address with these parameters."""
    assert link_of(app) == link
    return read_session(component_proto(app, "kmeans_player").bytes)


def test_a_page_computes_its_run_once_and_says_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs: list[RunInput] = []
    trace = RunInput.trace

    def count(run_input: RunInput) -> Any:
        inputs.append(run_input)
        return trace(run_input)

    monkeypatch.setattr(RunInput, "trace", count)
    link = {"data": "blobs", "points": "173", "blobs": "3", "k": "3"}
    facts = session_facts(open_app(**link), **link)
    assert facts["verdict"]["sentence"]
    assert len(inputs) == 1


def test_other_data_start_at_the_first_step_without_edits_and_undo_restores_them() -> None:
    app = open_app(data="moons", k="2", init="given", centers="c0_0c1_1", edits="a1_1m2_1_0.5_0.5", step="4")
    check(choose_data(app, "rings"))
    facts = session_facts(app, data="rings", k="2", step="4")
    assert (facts["goToStep"], facts["undo"]["isAvailable"], facts["redo"]["isAvailable"]) == (0, True, False)
    edits = [message(f"settings.edits_lost_{kind}") for kind in ("points", "centers", "moves")]
    assert facts["note"] == message("settings.edits_lost", edits=joined(edits), what="data")
    assert app.selectbox(key="init").value == "random"
    check(app.run())
    assert session_facts(app, data="rings", k="2", step="4")["goToStep"] is None, "once"


@pytest.mark.parametrize("key", ["moons.noise", "moons.points", "data_seed"])
def test_another_size_or_data_seed_is_other_data(key: str) -> None:
    app = open_app(data="moons", k="2", init="given", centers="c0_0c1_1", edits="a1_1")
    widget = app.slider(key=key) if key == "moons.noise" else app.number_input(key=key)
    widget.set_value(0.2 if key == "moons.noise" else 700)
    check(app.run())
    assert not {"edits", "centers", "init"} & set(link_of(app))
    assert app.selectbox(key="init").value == "random"
    for _ in range(2):
        check(app.run())
        assert not {"edits", "centers", "init"} & set(link_of(app)), "and they do not come back by themselves"


def test_loading_the_blogs_example_can_be_undone() -> None:
    app = open_app(data="moons", k="2", edits="a1_1")
    next(button for button in app.button if button.label == message("settings.blog_example_button")).click()
    check(app.run())
    facts = session_facts(app, data="post", rule="medoid", max_iter="15")
    assert (facts["goToStep"], facts["undo"]["isAvailable"]) == (0, True)


def test_a_run_at_its_limit_can_continue_unless_a_lesson_link_locks_it() -> None:
    assert session_facts(open_app(max_iter="2"), max_iter="2")["canContinue"] is True
    assert session_facts(open_app(max_iter="2", lock="max_iter"), max_iter="2", lock="max_iter")["canContinue"] is False


def test_the_iteration_limit_of_many_points_is_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.settings.iteration_limit._MOST_LABELS", 6_000)
    app = open_app(data="uniform", points="2000", k="8")
    assert [info.value for info in app.info] == [message("shell.iterations_cut", points=2000, iterations=3)]
    facts = header(app)
    assert (facts["ending"]["reason"], facts["steps"][-1]["iteration"]) == ("max_iter", 3)
    link = link_of(app)
    assert session_facts(app, **link)["canContinue"] is False, "there is no higher limit"
    assert not open_app(data="uniform", points="2000", k="8", max_iter="2").info, "a limit of one's own is no news"


def test_the_sidebar_says_why_a_column_of_a_table_is_not_offered() -> None:
    app = open_app(data="penguins")
    captions = [caption.value for caption in app.sidebar.caption]
    reasons = table_message("columns.texts", columns="“species”, “island”, and “sex”", count=3)
    assert f"{table_message('columns.unusable', reasons=reasons)}." in captions
