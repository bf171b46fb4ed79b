// The best average score of each run in Predict mode, which this browser keeps.

const KEY = "kmeans-predict-best";
const MAX_RUNS = 50;

/**
 * @param {Storage} storage
 * @returns {[run: string, percent: number][]}
 */
function scores(storage) {
  try {
    const stored = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(stored)
      ? stored.filter(Array.isArray).map(([run, percent]) => [String(run), Number(percent)])
      : [];
  } catch {
    return []; // a browser may forbid a page to keep anything
  }
}

/**
 * Keep a score if it is the best one of its run; return the best one.
 * @param {string} run
 * @param {number} percent
 * @param {() => Storage} storageOf a function, because some browsers forbid even to name the storage
 */
export function keepBest(run, percent, storageOf = () => localStorage) {
  try {
    const storage = storageOf();
    const all = scores(storage);
    const best = Math.max(percent, all.find(([name]) => name === run)?.[1] ?? 0);
    const others = all.filter(([name]) => name !== run);
    storage.setItem(KEY, JSON.stringify([[run, best], ...others].slice(0, MAX_RUNS)));
    return best;
  } catch {
    return percent;
  }
}
