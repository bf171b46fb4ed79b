// Marker shapes as SVG paths about the origin, named as Plotly names them: a center wears the shape of its points.

const TURN = 2 * Math.PI;

/** Corners of a star (or, with inner = 1, of every second corner left out: a polygon) with its first corner upwards. */
function corners(count, { turn = 0, inner = null } = {}) {
  const total = inner === null ? count : 2 * count;
  return Array.from({ length: total }, (_, i) => {
    const radius = inner !== null && i % 2 ? inner : 1;
    const angle = TURN * (i / total + turn) - TURN / 4;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

function plus(turn) {
  const arm = 0.42;
  const outline = [
    [-arm, -1],
    [arm, -1],
    [arm, -arm],
    [1, -arm],
    [1, arm],
    [arm, arm],
    [arm, 1],
    [-arm, 1],
    [-arm, arm],
    [-1, arm],
    [-1, -arm],
    [-arm, -arm],
  ];
  const [cos, sin] = [Math.cos(TURN * turn), Math.sin(TURN * turn)];
  return outline.map(([x, y]) => [x * cos - y * sin, x * sin + y * cos]);
}

// Scales make the shapes look equally large.
const SHAPES = {
  circle: [corners(40), 1],
  square: [corners(4, { turn: 1 / 8 }), 1.28],
  diamond: [corners(4), 1.28],
  "triangle-up": [corners(3), 1.42],
  "triangle-down": [corners(3, { turn: 1 / 2 }), 1.42],
  cross: [plus(0), 1.22],
  x: [plus(1 / 8), 1.22],
  star: [corners(5, { inner: 0.5 }), 1.42],
  pentagon: [corners(5), 1.14],
  hexagram: [corners(6, { inner: 0.58 }), 1.3],
  "triangle-left": [corners(3, { turn: 3 / 4 }), 1.42],
  "triangle-right": [corners(3, { turn: 1 / 4 }), 1.42],
};

/** The path of a shape about as large as a circle of that radius. */
export function shapePath(name, radius) {
  const [outline, scale] = SHAPES[name];
  return `M${outline.map(([x, y]) => `${(x * scale * radius).toFixed(2)},${(y * scale * radius).toFixed(2)}`).join("L")}Z`;
}

/** Where a number stands in a shape: triangles have their room below or beside the middle. */
export function shapeMiddle(name, radius) {
  const shift = 0.1 * radius;
  const shifts = {
    "triangle-up": [0, shift],
    "triangle-down": [0, -shift],
    "triangle-left": [shift, 0],
    "triangle-right": [-shift, 0],
  };
  return shifts[name] ?? [0, 0];
}

/** A small picture of a cluster's marker, to stand in text. */
export function swatch(run, theme, j) {
  return (
    `<svg viewBox="-11 -11 22 22" width="16" height="16" class="km-swatch" aria-hidden="true">` +
    `<path d="${shapePath(run.symbols[j], 7)}" fill="${run.colors[theme.name][j]}"/></svg>`
  );
}
