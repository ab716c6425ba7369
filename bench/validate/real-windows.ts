/** Runs over windows of real hourly candles, where there are any beside the repository or under MYCELIA_SHARED. */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { simulate } from 'mycelia'
import trifecta from '../../scenarios/trifecta.js'
import { HOUR_MS } from '../../src/core/index.js'
import { defaultPairs, InstrumentTable } from '../../src/market/index.js'
import { prepareMarket } from '../../src/world/market.js'
import { type SwarmFigures, watched } from './swarm-run.js'

export const windowBars = 5_000

export interface RealWindow {
  /** ISO date of its first bar. */
  readonly from: string
  readonly figures: SwarmFigures
}

/** One run a window, one after another without overlap; none where there are no candles. */
export async function realWindows(): Promise<RealWindow[]> {
  const path = resolve(process.env.MYCELIA_SHARED ?? '../shared', 'data')
  if (!existsSync(path)) return []
  const whole = (await prepared(path)).source
  const first = whole.next()?.time
  let last = first
  for (let tick = whole.next(); tick !== undefined; tick = whole.next()) last = tick.time
  if (first === undefined || last === undefined) return []
  const windows: RealWindow[] = []
  const span = windowBars * HOUR_MS
  for (let from = first; from + span <= last + HOUR_MS; from += span)
    windows.push({ from: new Date(from).toISOString().slice(0, 10), figures: await windowRun(path, from, from + span - HOUR_MS) })
  return windows
}

function prepared(path: string, from?: number, to?: number) {
  const settings = { seed: 1, pairs: defaultPairs, barMs: HOUR_MS, instruments: new InstrumentTable() }
  return prepareMarket({ kind: 'files', path }, { from, to }, settings)
}

async function windowRun(path: string, from: number, to: number): Promise<SwarmFigures> {
  const { source } = await prepared(path, from, to)
  const sim = simulate(trifecta, { seed: 1, collect: false, source })
  return watched(sim, { scenario: 'trifecta', seed: 1, steps: windowBars, controls: true })
}
