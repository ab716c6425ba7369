/** From a trade's stamp at the exchange to its paper fill on disk, the whole roster at work, and what a tick and its commit take. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import plantedSparse from '../../scenarios/planted-sparse.js'
import { live, run } from '../../src/world/index.js'
import { startExchange } from './exchange.js'
import { type Quantiles, quantiles } from './quantiles.js'

export interface LiveLatency {
  readonly seconds: number
  /** A trade's stamp at the exchange, in whole ms, to the commit of the fill at its price. */
  readonly fillMs: Quantiles
  readonly commitMs: Quantiles
  readonly tickMs: Quantiles
}

const seconds = 120
const barMs = 1_000

/** The exchange is a stand-in in a process of its own; one market hour takes a second. */
export async function liveLatency(): Promise<LiveLatency> {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-latency-'))
  try {
    return await measured(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(folder: string): Promise<LiveLatency> {
  const fromRun = join(folder, 'before')
  await run({ scenario: plantedSparse, steps: 5_000, out: fromRun })
  const exchange = await startExchange(fromRun, barMs)
  const fills: number[] = []
  const commits: number[] = []
  const ticks: number[] = []
  try {
    await live({
      scenario: plantedSparse,
      fromRun,
      timeframe: '1s',
      out: join(folder, 'live'),
      environment: exchange.environment,
      forMs: seconds * 1_000,
      onCommitted: committed => {
        commits.push(committed.commitMs)
        ticks.push(committed.tickMs)
        const now = Date.now()
        // Fills at a bar's end are stops found in the whole bar: no trade's stamp.
        for (const fill of committed.fills) if (fill.time % barMs !== 0) fills.push(now - fill.time)
      },
    })
  } finally {
    await exchange.stop()
  }
  return { seconds, fillMs: quantiles(fills), commitMs: quantiles(commits), tickMs: quantiles(ticks) }
}
