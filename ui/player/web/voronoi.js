// Voronoi cells: which center would a point get, anywhere in the view? Exact polygons, not a raster.
//
// A cell is what is left of the view when, for each other center, the part that is nearer to that one is cut off. For
// Euclidean distances a cut is one straight line. For Manhattan distances it is straight only where no coordinate of a
// center is passed, so the view is first parted along all of them; the pieces of a cell are drawn side by side.

/** The part of a convex polygon where the affine function (x, y) -> a x + b y + c is at most 0. */
function clip(polygon, [a, b, c], keepZero) {
  const side = ([x, y]) => a * x + b * y + c;
  if (a === 0 && b === 0) return c < 0 || (c === 0 && keepZero) ? polygon : [];
  const kept = [];
  polygon.forEach((corner, i) => {
    const next = polygon[(i + 1) % polygon.length];
    const [here, there] = [side(corner), side(next)];
    if (here <= 0) kept.push(corner);
    if (here < 0 !== there < 0 && here !== there) {
      const share = here / (here - there);
      kept.push([corner[0] + share * (next[0] - corner[0]), corner[1] + share * (next[1] - corner[1])]);
    }
  });
  return kept;
}

// How much farther (x, y) is from one center than from another, as [a, b, c] of an affine function within a rectangle.
// Summed so that it is exactly 0 for two centers on one place.
const FARTHER = {
  euclidean: ([px, py], [qx, qy]) => [2 * (qx - px), 2 * (qy - py), (px - qx) * (px + qx) + (py - qy) * (py + qy)],
  manhattan: (p, q, middle) => {
    // |x - p| is sign * (x - p) with the sign that it has in the rectangle's middle.
    const [sp, sq] = [p, q].map((center) => center.map((value, axis) => (middle[axis] >= value ? 1 : -1)));
    return [sp[0] - sq[0], sp[1] - sq[1], sq[0] * q[0] - sp[0] * p[0] + (sq[1] * q[1] - sp[1] * p[1])];
  },
};

/** Where to part an axis of the view, so that distances are affine in between. */
function parts(low, high, coordinates) {
  const inside = new Set(coordinates.filter((value) => value > low && value < high));
  return [low, ...[...inside].sort((a, b) => a - b), high];
}

/**
 * The cells of centers in a view.
 * @param centers [[x, y], ...]; null for a center that takes no points
 * @param view {x: [low, high], y: [low, high]}
 * @param metric "euclidean" or "manhattan"
 * @returns for each center, a list of convex polygons [[x, y], ...] that together are its cell
 */
export function voronoiCells(centers, view, metric) {
  const alive = centers.filter(Boolean);
  const axis = (name, i) => parts(...view[name], metric === "manhattan" ? alive.map((center) => center[i]) : []);
  const [xs, ys] = [axis("x", 0), axis("y", 1)];
  const cells = centers.map(() => []);
  for (let column = 0; column + 1 < xs.length; column++) {
    for (let row = 0; row + 1 < ys.length; row++) {
      const [x0, x1, y0, y1] = [xs[column], xs[column + 1], ys[row], ys[row + 1]];
      const middle = [(x0 + x1) / 2, (y0 + y1) / 2];
      centers.forEach((center, j) => {
        if (!center) return;
        let polygon = [
          [x0, y0],
          [x1, y0],
          [x1, y1],
          [x0, y1],
        ];
        // Ties go to the lowest index, as in the assign.
        for (let i = 0; i < centers.length && polygon.length; i++) {
          if (i !== j && centers[i]) polygon = clip(polygon, FARTHER[metric](center, centers[i], middle), j < i);
        }
        if (polygon.length > 2) cells[j].push(polygon);
      });
    }
  }
  return cells;
}
