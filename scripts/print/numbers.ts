/** Numbers as people read them. */

/** Thousands apart: 10,340,352. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
/** From milliseconds: `0.4 s`, `12 s`, `3 min 20 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
