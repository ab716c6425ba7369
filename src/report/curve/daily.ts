/** Equity at the end of each whole day, UTC, and the returns between them. */

import { DAY_MS } from '../../core/index.js'
import { type Columns, numbersOf } from '../../storage/index.js'
import type { Daily } from '../data.js'
import { type Clock, equityNames } from '../model-lines.js'

/** A last day that is not over is left out. */
export function dailyOf(model: Columns, { x, timed }: Clock): Daily {
  const rows: number[] = []
  const days: number[] = []
  if (timed)
    x.forEach((seconds, row) => {
      const end = Math.ceil((seconds * 1_000) / DAY_MS) * DAY_MS
      if (days.at(-1) !== end) days.push(end)
      rows[days.length - 1] = row
    })
  const last = x[rows.at(-1) ?? -1]
  if (last !== undefined && last * 1_000 !== days.at(-1)) days.pop()
  const equity = equityNames.flatMap(name => {
    const values = numbersOf(model[name])
    return values.some(Number.isFinite) ? [[name, Float64Array.from(days, (_, i) => values[rows[i] as number] as number)]] : []
  })
  return { days, equity: Object.fromEntries(equity) }
}

/** From one day's end to the next, where both are known. */
export function returnsOf(equity: Float64Array): number[] {
  const returns: number[] = []
  for (let i = 1; i < equity.length; i++) {
    const change = (equity[i] as number) / (equity[i - 1] as number) - 1
    if (Number.isFinite(change)) returns.push(change)
  }
  return returns
}
