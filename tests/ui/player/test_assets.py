"""What is published for the browser."""

from importlib.resources import files

from ui.player.assets import PLOTLY_FILE, plotly_version


def test_the_player_and_the_other_charts_have_the_same_version_of_plotly() -> None:
    # After an update: npm pack plotly.js-basic-dist-min@VERSION, and put its file into ui/player/vendor.
    library = files("plotly").joinpath("package_data/plotly.min.js").read_bytes()
    assert plotly_version(PLOTLY_FILE.read_bytes()) == plotly_version(library)


def test_the_player_s_plotly_is_the_small_one() -> None:
    """A first visit loads and compiles it. All of Plotly took four times as long, for charts that nobody draws."""
    assert len(PLOTLY_FILE.read_bytes()) < 1_250_000
