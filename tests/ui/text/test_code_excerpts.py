"""The code that is shown is the code that runs."""

from __future__ import annotations

import inspect
import textwrap

import numpy as np
import pytest

import ui.text.code_excerpts
from kmeans_core import BACKENDS, EMPTY_POLICIES, INITIALISERS, RULES, RunConfig, branch, run
from kmeans_core.engines import numpy as numpy_engine
from tools.paths import ROOT
from ui.text.code_excerpts import Excerpt, code_of, kind_of


def text_of(excerpt: Excerpt) -> list[str]:
    return ["".join(text for text, _ in line) for line in excerpt.lines]


def config(rule: str = "mean", init: str = "random", empty: str = "keep", backend: str = "numpy") -> RunConfig:
    centers = ((0.0, 0.0),) if init == "given" else None
    return RunConfig(k=1, rule=rule, init=init, given=centers, empty=empty, backend=backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("init", INITIALISERS)
@pytest.mark.parametrize("empty", EMPTY_POLICIES)
def test_every_kind_of_half_step_has_its_lines(backend: str, rule: str, init: str, empty: str) -> None:
    code = code_of(config(rule, init, empty, backend))
    assert list(code) == ["init", "first", "refine", "empty", "assign", "end", "move"]
    loops = {"init": "init", "move": "branch"}
    for kind, excerpts in code.items():
        assert excerpts[0].function == f"k_{rule}s"
        assert len(excerpts[0].lines) <= 12
        assert excerpts[1].function == loops.get(kind, "_alternate")
        assert len(excerpts) >= (2 if kind == "move" else 3)
        for excerpt in excerpts:
            # Each line stands in the file, in this order and without a gap but the docstring's.
            source = (ROOT / excerpt.file).read_text(encoding="utf-8")
            lines = text_of(excerpt)
            assert all(line.strip() in source for line in lines)
            assert '"""' not in "\n".join(lines)
            assert excerpt.marked or (kind == "move" and excerpt is excerpts[0])
            assert "# excerpt" not in "\n".join(lines)
            assert not lines[0].startswith(" ")


def test_a_function_is_whole_but_for_its_docstring() -> None:
    _, _, assign = code_of(config())["assign"]
    excerpt = "\n".join(text_of(assign))
    source = textwrap.dedent(inspect.getsource(numpy_engine.NumpyEngine.assign))
    assert excerpt == "\n".join(
        line.partition("  # excerpt: ")[0]
        for line in source.splitlines()
        if '"""' not in line and not line.strip().startswith("# excerpt: ")
    )
    assert [text_of(assign)[at].strip() for at in assign.marked][-1] == "labels[block] = distances.argmin(axis=0)"


def test_the_loop_s_lines_follow_the_run() -> None:
    marked = {
        kind: [text_of(loop)[at].strip() for at in loop.marked] for kind, (_, loop, *_) in code_of(config()).items()
    }
    assert marked["first"] == ["step = assign(problem, first, active)"]
    assert marked["assign"] == ["step = assign(problem, step, active)"]
    assert marked["end"] == ["step = assign(problem, step, active)", "if converged(step):", "return"]
    assert marked["refine"] == ["step = refine(problem, step, active)"]
    assert marked["move"][0].startswith("move = Step(phase=Phase.MOVE")


def test_the_textbook_s_lines_follow_the_run() -> None:
    code = {kind: excerpts[0] for kind, excerpts in code_of(config("median")).items()}
    marked = {kind: [text_of(excerpt)[at].strip() for at in excerpt.marked] for kind, excerpt in code.items()}
    assign = "labels = manhattan(points, centers).argmin(axis=1)"
    assert marked["init"] == ["centers = place(points, k)"]
    assert marked["first"] == marked["assign"] == [assign]
    assert marked["end"] == [assign, "if np.array_equal(labels, before):", "return labels, centers"]
    assert marked["refine"] == marked["empty"]
    assert marked["refine"][-1] == "centers[j] = np.median(points[labels == j], axis=0)"
    assert not marked["move"]


def test_each_half_step_knows_its_kind() -> None:
    far = ((0.0, 0.0), (10.0, 0.0), (99.0, 0.0))
    points = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0], [10.0, 0.0]])
    trace = run(points, RunConfig(k=3, init="given", given=far, empty="farthest"))
    kinds = [kind_of(trace, index) for index in range(len(trace))]
    assert kinds[:3] == ["init", "first", "empty"]
    assert kinds[-1] == "end"
    assert set(kinds[3:-1]) <= {"assign", "refine"}
    assert set(kinds) <= set(code_of(trace.config))
    branch_trace = branch(points, trace, len(trace) - 1, trace.centers)
    assert [kind_of(branch_trace, index) for index in range(len(trace), len(trace) + 2)] == ["move", "assign"]


def test_a_key_that_marks_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    ui.text.code_excerpts._code.cache_clear()
    marked = dict(ui.text.code_excerpts._marked_functions())
    del marked["numpy.assign"]
    monkeypatch.setattr(ui.text.code_excerpts, "_marked_functions", lambda: marked)
    with pytest.raises(LookupError, match=r"no line of kmeans_core is marked '# excerpt: numpy\.assign'"):
        code_of(config())


def test_every_marker_is_shown_somewhere() -> None:
    used = {
        key
        for rule in RULES.values()
        for backend in BACKENDS
        for key in (f"{backend}.assign", f"{backend}.{rule.center}")
    }
    used |= {f"init.{init}" for init in INITIALISERS} | {f"empty.{policy}" for policy in EMPTY_POLICIES}
    used |= {"init", "assign.first", "refine", "assign", "end", "move"}
    used |= {f"textbook.{key}" for key in ("init", "assign", "refine", "end")}
    assert set(ui.text.code_excerpts._marked_functions()) == used


def test_pieces_are_tinted_for_what_they_are() -> None:
    looks = {
        (text.strip(), look)
        for excerpts in code_of(config("medoid")).values()
        for excerpt in excerpts
        for line in excerpt.lines
        for text, look in line
    }
    assert {("def", "keyword"), ("1", "number"), ('"euclidean"', "text")} <= looks
    assert any(text.startswith("# ") and look == "comment" for text, look in looks)
