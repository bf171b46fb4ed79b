// A scale for counts on which small numbers have as much room as large ones.

/**
 * Where a count is on the scale, 0 to 1.
 * @param {number} count
 * @param {number} max
 */
export const shareOf = (count, max) => Math.log1p(count) / Math.log1p(max);

/**
 * The count at a place of the scale.
 * @param {number} share
 * @param {number} max
 */
export const countAt = (share, max) => Math.round(Math.expm1(share * Math.log1p(max)));
