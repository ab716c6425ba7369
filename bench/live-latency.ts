/**
 * From a trade's stamp at the exchange to its paper fill on disk, the whole roster at work: p50, p99, and the commits.
 * `node dist/bench/live-latency.js [seconds]`. The exchange is a stand-in in a process of its own; ms resolution.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import plantedSparse from '../scenarios/planted-sparse.js'
import { live, run } from '../src/world/index.js'
import { startExchange } from './live/exchange.js'

const seconds = Number(process.argv[2] ?? 120)
const barMs = 1_000
const folder = mkdtempSync(join(tmpdir(), 'mycelia-latency-'))

try {
  console.log(JSON.stringify(await measured()))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measured() {
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
  return { bench: 'live-latency', seconds, fillMs: quantiles(fills), commitMs: quantiles(commits), tickMs: quantiles(ticks) }
}

function quantiles(samples: number[]) {
  const sorted = samples.sort((a, b) => a - b)
  const at = (q: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN) * 100) / 100
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}
