/**
 * A soak test: a live run under injected faults for a given time, then a check of its invariants.
 * It starts a simulated exchange and its own redis-server; exit code 1: an invariant failed.
 */

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import plantedSparse from '../scenarios/planted-sparse.js'
import { parseTimeframe } from '../src/market/index.js'
import { type LiveStatus, live, replay, run } from '../src/world/index.js'
import { noRedis, RedisServer } from '../test/standins/redis.js'
import { startExchange, type Trouble } from './live/exchange.js'
import { optionsOf } from './options.js'

const usage = `npm run soak [-- --for 24h] [--trouble 1h] [--out FOLDER]
  --for SPAN      how long (20m)
  --trouble SPAN  how often something fails (1h, at least eight times in all)
  --out FOLDER    keeps the runs there`

const values = optionsOf(usage, {
  for: { type: 'string', default: '20m' },
  trouble: { type: 'string', default: '1h' },
  out: { type: 'string' },
})
const forMs = parseTimeframe(values.for)
const troubleMs = parseTimeframe(values.trouble)
const folder = values.out === undefined ? mkdtempSync(join(tmpdir(), 'mycelia-soak-')) : resolve(values.out)
const out = join(folder, 'live')
/** What is judged begins once code is compiled and the first buffers are full; nothing else fills up later (`limits` of each room). */
const warmUpMs = Math.min(forMs / 8, 5 * 60_000)

/** Defined because `npm run soak` passes --expose-gc. */
const collectGarbage = globalThis.gc ?? (() => {})

interface Sample {
  readonly minutes: number
  readonly heapMb: number
  readonly rssMb: number
  readonly files: number
  readonly walMb: number
}

const samples: Sample[] = []
const problems: string[] = []
let rejections = 0
process.on('unhandledRejection', reason => {
  rejections++
  console.error(reason)
})

const fromRun = join(folder, 'before')
await run({ scenario: plantedSparse, steps: 5_000, out: fromRun })
const exchange = await startExchange(fromRun, 1_000)
const redis = noRedis === undefined ? await RedisServer.start() : undefined
const stop = new AbortController()
const started = performance.now()
let last: LiveStatus | undefined
const side = Promise.all([sampling(), troubles()])
const result = await live({
  scenario: plantedSparse,
  fromRun,
  timeframe: '1s',
  out,
  redis: redis?.url,
  environment: exchange.environment,
  forMs,
  onStatus: status => {
    last = status
  },
})
stop.abort()
await side
await exchange.stop()
await redis?.kill()
const again = await replay(out, { scenario: plantedSparse })
judge()
console.log(JSON.stringify(summary(), null, 2))
if (values.out === undefined) rmSync(folder, { recursive: true, force: true })
process.exitCode = problems.length === 0 ? 0 : 1

async function sampling(): Promise<void> {
  const everyMs = Math.max(1_000, Math.min(60_000, forMs / 60))
  while (await waited(everyMs)) {
    collectGarbage()
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
    const elapsed = performance.now() - started
    if (elapsed < warmUpMs) continue
    const files = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
    const sample = { minutes: elapsed / 60_000, heapMb: (heapUsed + arrayBuffers) / 1e6, rssMb: rss / 1e6, files, walMb: walMb() }
    samples.push(sample)
    const { step = 0, ideas = 0 } = last ?? {}
    console.error(
      `${sample.minutes.toFixed(1)} min: step ${step}, ${ideas} ideas, heap ${sample.heapMb.toFixed(1)} MB, ${files} files`,
    )
  }
}

async function troubles(): Promise<void> {
  const kinds: Trouble[] = ['drop', 'stall', 'garbage', 'rest']
  for (let i = 0; await waited(Math.min(troubleMs, forMs / 8)); i++) {
    exchange.trouble(kinds[i % kinds.length] as Trouble)
    await redis?.kill()
    await sleep(3_000)
    await redis?.restart()
    exchange.trouble('recover')
  }
}

async function waited(ms: number): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal: stop.signal })
    return true
  } catch {
    return false
  }
}

function walMb(): number {
  try {
    return statSync(join(out, 'trades.db-wal')).size / 1e6
  } catch {
    return 0
  }
}

function judge(): void {
  const require = (holds: boolean, what: string) => holds || problems.push(what)
  const hours = forMs / 3_600_000
  const growth = slope(samples.map(s => [s.minutes, s.heapMb])) * (forMs / 60_000)
  require(rejections === 0, `${rejections} unhandled rejections`)
  // Memory is flat where the fitted line rises by no more than the noise of the samples.
  require(growth < 2 + hours / 4, `heap grew by ${growth.toFixed(1)} MB`)
  require(slope(samples.map(s => [s.minutes, s.files])) * (forMs / 60_000) < 8, 'files were left open')
  require(Math.max(0, ...samples.map(s => s.walMb)) < 64, 'the WAL grew beyond 64 MB')
  require((result.fills ?? 0) > 0, 'nothing was traded')
  require(again.agrees, `the replay differs: ${again.difference?.what}`)
}

function summary() {
  const { ideas, fills, trades, halts, ticks, digest } = result
  const heap = samples.map(s => s.heapMb)
  return {
    passed: problems.length === 0,
    problems,
    for: values.for,
    ticks,
    ideas,
    fills,
    trades,
    halts,
    digest,
    heapMb: { first: heap[0], last: heap.at(-1), most: Math.max(...heap) },
    heapMbPerHour: slope(samples.map(s => [s.minutes / 60, s.heapMb])),
    rssMb: samples.at(-1)?.rssMb,
    files: samples.at(-1)?.files,
    replayed: again.replayed,
  }
}

/** Least squares; 0 where there is nothing to fit. */
function slope(points: readonly (readonly [number, number])[]): number {
  const n = points.length
  const mean = (of: (p: readonly [number, number]) => number) => points.reduce((sum, p) => sum + of(p), 0) / n
  const [mx, my] = [mean(p => p[0]), mean(p => p[1])]
  const sxx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
  return n < 3 || sxx === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / sxx
}
