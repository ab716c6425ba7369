/**
 * The speed of the framework as ratios to hand-written loops timed in the same process.
 *
 *     npm run bench [-- --json] [--growth] [--out FILE]
 *
 * Prints the tables, writes bench/results.json, and with `--json` prints one object instead. Each row runs in a process of
 * its own, where model and limit take turns.
 */

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type BusSpeed, busSpeeds } from './speed/bus.js'
import { type Curve, flockingGrowth, pairsGrowth, wealthGrowth } from './speed/growth.js'
import { candlesPerSecond } from './speed/indicators.js'
import { type Job, runJob, serveJob } from './speed/job.js'
import { type MarketSpeed, marketSpeed } from './speed/market.js'
import { alternate, credible, slowness } from './speed/measure.js'
import { type Million, million, millionMemory } from './speed/million.js'
import { type MeasuredRow, printed, type Results } from './speed/print.js'
import { type Row, rows } from './speed/rows.js'

const file = fileURLToPath(import.meta.url)
/** The repository, from dist/bench/. */
const root = fileURLToPath(new URL('../..', import.meta.url))

const jobs: Record<string, Job> = {
  ...Object.fromEntries(rows.map((row, i): [string, Job] => [rowJob(i), () => measured(row)])),
  million,
  millionMemory,
  market: marketSpeed,
  bus: busSpeeds,
  indicators: candlesPerSecond,
  wealthGrowth,
  flockingGrowth,
  pairsGrowth,
}

const { values: asked } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    out: { type: 'string', default: join(root, 'bench', 'results.json') },
    job: { type: 'string' },
  },
})

if (asked.job !== undefined) serveJob(asked.job, jobs)
else {
  const results = asked.growth ? await growthCurves() : await table()
  keep(results)
  process.stdout.write(asked.json ? `${JSON.stringify(results)}\n` : printed(results))
}

/** Table and growth curves are measured apart and kept in one file: what this run did not measure stays. */
function keep(results: Results): void {
  const before = existsSync(asked.out) ? (JSON.parse(readFileSync(asked.out, 'utf8')) as Results) : undefined
  const kept =
    results.growth === undefined ? { ...before, ...results } : { ...here(), rows: [], ...before, growth: results.growth }
  writeFileSync(asked.out, `${JSON.stringify(kept, null, 2)}\n`)
}

function rowJob(index: number): string {
  return `row-${index}`
}

function measured(row: Row): MeasuredRow {
  const before = slowness()
  const taken = alternate(row.run, row.limit, row.repetitions)
  const slow = (before + slowness()) / 2
  const { model, size, pageMs, reach } = row
  const ms = taken.ms / row.per
  const limitMs = taken.limitMs / row.per
  const ratio = ms / limitMs
  const limitCredible = credible(limitMs, pageMs, slow)
  return { model, size, ms, limitMs, ratio, limitCredible, reach, reached: ratio <= reach, pageMs, pageScaledMs: pageMs * slow }
}

async function table(): Promise<Results> {
  const measuredRows: MeasuredRow[] = []
  for (let i = 0; i < rows.length; i++) {
    say(`${rows[i]?.model} ${rows[i]?.size}`)
    measuredRows.push(await job<MeasuredRow>(rowJob(i)))
  }
  say('a million agents')
  const large = { ...(await job<Million>('million')), maxMemoryMb: await job<number>('millionMemory') }
  say('the market, the bus, the indicators')
  const market = await job<MarketSpeed>('market')
  const bus = await job<BusSpeed[]>('bus')
  const candles = await job<number>('indicators')
  return { ...here(), rows: measuredRows, million: large, market, bus, candlesPerSecond: candles }
}

async function growthCurves(): Promise<Results> {
  const growth: Curve[] = []
  for (const name of ['wealthGrowth', 'flockingGrowth', 'pairsGrowth']) {
    say(name)
    growth.push(await job<Curve>(name))
  }
  return { ...here(), rows: [], growth }
}

function job<T>(name: string): Promise<T> {
  return runJob<T>(file, name)
}

/** What was measured, and where. */
function here() {
  return {
    commit: commit(),
    date: new Date().toISOString(),
    node: process.version,
    cpu: `${cpus()[0]?.model.trim() ?? 'unknown'} (${cpus().length} cores)`,
    slowness: slowness(),
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'unknown'
  }
}

function say(what: string): void {
  process.stderr.write(`bench: ${what}\n`)
}
