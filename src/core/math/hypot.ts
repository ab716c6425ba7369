/** The length of (x, y): √(x² + y²), in operations that every engine rounds alike. Not for lengths beyond 1e154 or below 1e−154. */
export function hypot(x: number, y: number): number {
  return Math.sqrt(x * x + y * y)
}
