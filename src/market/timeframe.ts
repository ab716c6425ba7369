/** Lengths of a bar as people and file names write them: `1h`, `15m`, `1d`. */

import { DAY_MS, HOUR_MS, MINUTE_MS, OperatorError, SECOND_MS, type TimeMs } from '../core/index.js'

const units = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS } as const
const written = /^([1-9]\d{0,3})([smhdw])$/

/** Weeks begin on a Monday; 1970 began on a Thursday. */
const MONDAY_MS = 4 * DAY_MS

/** Milliseconds of a written timeframe, or undefined if the text is not one. */
export function readTimeframe(text: string): number | undefined {
  const parts = written.exec(text)
  if (parts === null) return undefined
  return Number(parts[1]) * units[parts[2] as keyof typeof units]
}

/** Milliseconds of a written timeframe; anything else throws an `OperatorError`. */
export function parseTimeframe(text: string): number {
  const barMs = readTimeframe(text)
  if (barMs !== undefined) return barMs
  throw new OperatorError({
    what: 'timeframe',
    expected: 'a number and one of s, m, h, d, w',
    got: text,
    next: 'Try 1m, 15m, 1h or 1d.',
  })
}

/** The shortest exact spelling: 3,600,000 → `1h`. */
export function formatTimeframe(barMs: number): string {
  for (const [unit, ms] of Object.entries(units).reverse()) {
    if (barMs % ms === 0) return `${barMs / ms}${unit}`
  }
  return `${barMs}ms`
}

/** True where a bar of this length may begin: multiples of it since 1970, whole weeks since a Monday. */
export function onGrid(time: TimeMs, barMs: number): boolean {
  return (time - (barMs % units.w === 0 ? MONDAY_MS : 0)) % barMs === 0
}
