// How long a toast is seen.
const READ = 10_000;
const UNDONE = 20_000; // so long is Undo promised

/**
 * In ms, by whoever does not point at it. `stays`: some of it failed, or lies far apart.
 * @param {{ bad: boolean, stays: boolean, undo: boolean }} toast
 */
export function lifeOf({ bad, stays, undo }) {
  if (bad || stays) return Infinity;
  return undo ? UNDONE : READ;
}
