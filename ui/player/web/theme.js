// The page's colours as Streamlit sets them, and how a person wants things to move.

const context = document.createElement("canvas").getContext("2d");

/** Red, green and blue, 0 to 255, of an opaque colour, however it is written. */
export function channelsOf(color) {
  // A canvas writes any colour back as #rrggbb. Painting it and reading the pixel would wait for the graphics card.
  context.fillStyle = color;
  return [1, 3, 5].map((at) => Number.parseInt(context.fillStyle.slice(at, at + 2), 16));
}

function luminance(color) {
  const [red, green, blue] = channelsOf(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever reads better on the colour: the two meet at a luminance of 0.179. */
export function textOn(color) {
  return luminance(color) > 0.179 ? "#000" : "#fff";
}

/** What the player draws with on the page's current theme. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const variable = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const background = variable("background-color");
  const name = luminance(background) < 0.179 ? "dark" : "light";
  return {
    name,
    background,
    text: variable("text-color"),
    muted: name === "dark" ? "rgba(250, 250, 250, 0.65)" : "rgba(49, 51, 63, 0.72)",
    grid: name === "dark" ? "rgba(250, 250, 250, 0.10)" : "rgba(49, 51, 63, 0.09)",
    accent: variable("primary-color"),
    font: variable("font"),
    // How much larger than on a desk everything is, for a wall.
    scale: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16,
  };
}

export function prefersStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
