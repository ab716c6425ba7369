/** Windows of real hourly candles, one after another without overlap, and a run on each. */

import { HOUR_MS } from '../../core/index.js'
import { defaultPairs, formatTime, InstrumentTable } from '../../market/index.js'
import type { Source } from '../../model/index.js'
import { prepareMarket } from '../../world/index.js'

export const windowBars = 5_000
/** Windows with enough synthesized trades that a judgement needs. */
export const leastWindows = 20

export interface RealWindow<T> {
  /** ISO date of its first bar. */
  readonly from: string
  readonly figures: T
}

/** `path`: candle files or a folder of them, as `mycelia run --market` takes. */
export async function realWindows<T>(path: string, run: (source: Source) => T): Promise<RealWindow<T>[]> {
  const whole = await prepared(path)
  const first = whole.next()?.time
  let last = first
  for (let tick = whole.next(); tick !== undefined; tick = whole.next()) last = tick.time
  if (first === undefined || last === undefined) return []
  const windows: RealWindow<T>[] = []
  const span = windowBars * HOUR_MS
  for (let from = first; from + span <= last + HOUR_MS; from += span) {
    const source = await prepared(path, from, from + span - HOUR_MS)
    windows.push({ from: formatTime(from).slice(0, 10), figures: run(source) })
  }
  return windows
}

async function prepared(path: string, from?: number, to?: number) {
  const settings = { seed: 1, pairs: defaultPairs, barMs: HOUR_MS, instruments: new InstrumentTable() }
  return (await prepareMarket({ kind: 'files', path }, { from, to }, settings)).source
}
