/**
 * The speed of the framework as ratios to hand-written loops timed in the same process.
 * Each row runs in a process of its own, where model and limit take turns.
 */

import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commitNow, repository } from './commit.js'
import { type LiveLatency, liveLatency } from './live/latency.js'
import { type TransportSpeed, transportSpeed } from './live/transport.js'
import { type MemoryCost, memoryCost } from './memory/memory-cost.js'
import { optionsOf } from './options.js'
import { type PoolSpeed, poolSpeed } from './pool/speed.js'
import { type BookSpeed, bookSpeed } from './speed/book.js'
import { type BusSpeed, busSpeeds } from './speed/bus.js'
import { type CurveSpeed, curveSpeed } from './speed/curve.js'
import { type DecisionSpeed, decisionSpeed } from './speed/decisions.js'
import { type EventSpeed, eventSpeeds } from './speed/events.js'
import { type GateSpeed, gateSpeed } from './speed/gate.js'
import { type Curve, flockingGrowth, pairsGrowth, wealthGrowth } from './speed/growth.js'
import { candlesPerSecond } from './speed/indicators.js'
import { type Job, runJob, serveJob } from './speed/job.js'
import { type MarketSpeed, marketSpeed } from './speed/market.js'
import { alternate, credible, slowness } from './speed/measure.js'
import { type Million, million, millionMemory } from './speed/million.js'
import {
  printedBook,
  printedGate,
  printedGrowth,
  printedLaunch,
  printedLive,
  printedMemory,
  printedPool,
  printedRecord,
  printedSweep,
  printedTable,
  printedView,
} from './speed/print.js'
import { type RecordCost, recordCost } from './speed/record.js'
import {
  type BookTable,
  type GateCost,
  type Growth,
  keep,
  type LaunchTable,
  type Live,
  type MeasuredRow,
  type MemoryTable,
  type Origin,
  type PoolTable,
  type RecordTable,
  type Results,
  type SweepTable,
  type Table,
  type ViewTable,
} from './speed/results.js'
import { type Row, rows } from './speed/rows.js'
import { type SweepSpeed, sweepSpeed } from './sweep/speed.js'
import { type ViewerCost, viewerCost } from './view/cost.js'
import { type FrameCost, frameCosts } from './view/frames.js'

const file = fileURLToPath(import.meta.url)

const jobs: Record<string, Job> = {
  ...Object.fromEntries(rows.map((row, i): [string, Job] => [rowJob(i), () => measured(row)])),
  million,
  millionMemory,
  market: marketSpeed,
  bus: busSpeeds,
  events: eventSpeeds,
  indicators: candlesPerSecond,
  wealthGrowth,
  flockingGrowth,
  pairsGrowth,
  gate: gateSpeed,
  book: bookSpeed,
  curves: curveSpeed,
  decisions: decisionSpeed,
  transport: transportSpeed,
  latency: liveLatency,
  record: recordCost,
  frames: frameCosts,
  viewers: viewerCost,
  memory: memoryCost,
  pool: poolSpeed,
  sweep: sweepSpeed,
}

const usage = `npm run bench [-- --book | --growth | --gate | --launch | --live | --memory | --pool | --record | --sweep | --view] [--json] [--out FILE]
  (neither)   the table of models against hand-written loops, a million agents, the market, the bus, the event queue, the indicators
  --book      operations of an order book, a day of its world, message by message
  --growth    time against agents and pairs
  --gate      the risk gate with every rule on, an intent
  --launch    trades on bonding curves, a cycle of the trade-agent
  --live      the transport against bare Redis, and the times from a trade to its paper fill
  --memory    embeddings a second, questions to memory, a million trades
  --pool      tiny tasks a second through the compute pool, and the time of a dispatch
  --record    what the decision record costs trifecta
  --sweep     runs a second of a sweep of short runs, on one thread and on two
  --view      what viewers cost a run, and pictures a page
  --json      print one object instead of tables
  --out FILE  where the figures are kept (bench/results.json)`

const options = optionsOf(usage, {
  json: { type: 'boolean', default: false },
  book: { type: 'boolean', default: false },
  growth: { type: 'boolean', default: false },
  gate: { type: 'boolean', default: false },
  launch: { type: 'boolean', default: false },
  live: { type: 'boolean', default: false },
  memory: { type: 'boolean', default: false },
  pool: { type: 'boolean', default: false },
  record: { type: 'boolean', default: false },
  sweep: { type: 'boolean', default: false },
  view: { type: 'boolean', default: false },
  out: { type: 'string', default: join(repository, 'bench', 'results.json') },
  job: { type: 'string' },
})

const parts = (['book', 'growth', 'gate', 'launch', 'live', 'memory', 'pool', 'record', 'sweep', 'view'] as const).filter(
  part => options[part],
)

if (parts.length > 1) {
  console.error(`These are measured one after the other: give one of --${parts.join(', --')}.\n\n${usage}`)
  process.exit(2)
}

if (options.job !== undefined) await serveJob(options.job, jobs)
else if (options.book) show(await bookSpeeds(), book => ({ book }), printedBook)
else if (options.growth) show(await growthCurves(), growth => ({ growth }), printedGrowth)
else if (options.gate) show(await gateCost(), gate => ({ gate }), printedGate)
else if (options.launch) show(await launches(), launch => ({ launch }), printedLaunch)
else if (options.live) show(await liveTrading(), live => ({ live }), printedLive)
else if (options.memory) show(await memoryOfTrades(), memory => ({ memory }), printedMemory)
else if (options.pool) show(await pooling(), pool => ({ pool }), printedPool)
else if (options.record) show(await recordOnDisk(), record => ({ record }), printedRecord)
else if (options.sweep) show(await sweeping(), sweep => ({ sweep }), printedSweep)
else if (options.view) show(await viewing(), view => ({ view }), printedView)
else show(await table(), all => all, printedTable)

function show<T>(figures: T, as: (figures: T) => Results, printed: (figures: T) => string): void {
  keep(options.out, as(figures))
  process.stdout.write(options.json ? `${JSON.stringify(as(figures))}\n` : printed(figures))
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

async function table(): Promise<Table> {
  const from = origin()
  const measuredRows: MeasuredRow[] = []
  for (let i = 0; i < rows.length; i++) {
    say(`${rows[i]?.model} ${rows[i]?.size}`)
    measuredRows.push(await job<MeasuredRow>(rowJob(i)))
  }
  say('a million agents')
  const large = { ...(await job<Million>('million')), maxMemoryMb: await job<number>('millionMemory') }
  say('the market, the bus, the event queue, the indicators')
  const market = await job<MarketSpeed>('market')
  const bus = await job<BusSpeed[]>('bus')
  const events = await job<EventSpeed[]>('events')
  const candles = await job<number>('indicators')
  return { ...from, rows: measuredRows, million: large, market, bus, events, candlesPerSecond: candles }
}

async function bookSpeeds(): Promise<BookTable> {
  const from = origin()
  say('an order book, and days of its world')
  return { ...from, speed: await job<BookSpeed>('book') }
}

async function growthCurves(): Promise<Growth> {
  const from = origin()
  const curves: Curve[] = []
  for (const name of ['wealthGrowth', 'flockingGrowth', 'pairsGrowth']) {
    say(name)
    curves.push(await job<Curve>(name))
  }
  return { ...from, curves }
}

async function gateCost(): Promise<GateCost> {
  const from = origin()
  say('the gate')
  return { ...from, ...(await job<GateSpeed>('gate')) }
}

async function launches(): Promise<LaunchTable> {
  const from = origin()
  say('a million trades on bonding curves')
  const speed = await job<CurveSpeed>('curves')
  say('a cycle of the trade-agent')
  return { ...from, speed, decisions: await job<DecisionSpeed>('decisions') }
}

async function liveTrading(): Promise<Live> {
  const from = origin()
  say('transport')
  const transport = await job<TransportSpeed | string>('transport')
  say('the whole roster, two minutes')
  return { ...from, transport, latency: await job<LiveLatency>('latency') }
}

async function memoryOfTrades(): Promise<MemoryTable> {
  const from = origin()
  say('memory of trades, embedded and in Chroma (minutes)')
  return { ...from, cost: await job<MemoryCost>('memory') }
}

async function pooling(): Promise<PoolTable> {
  const from = origin()
  say('tiny tasks through the compute pool')
  return { ...from, speed: await job<PoolSpeed>('pool') }
}

async function recordOnDisk(): Promise<RecordTable> {
  const from = origin()
  say('trifecta with and without the decision record')
  return { ...from, cost: await job<RecordCost>('record') }
}

async function sweeping(): Promise<SweepTable> {
  const from = origin()
  say('sweeps of 10,000 runs, by one thread and by two')
  return { ...from, speed: await job<SweepSpeed>('sweep') }
}

async function viewing(): Promise<ViewTable> {
  const from = origin()
  say('a run with no viewer, one, and a thousand slow ones')
  const viewers = await job<ViewerCost>('viewers')
  say('pictures in a browser')
  return { ...from, viewers, frames: await job<readonly FrameCost[] | string>('frames') }
}

function job<T>(name: string): Promise<T> {
  return runJob<T>(file, name)
}

function origin(): Origin {
  return {
    command: ['npm run bench', ...parts.map(part => `-- --${part}`)].join(' '),
    commit: commitNow(),
    date: new Date().toISOString(),
    node: process.version,
    cpu: `${cpus()[0]?.model.trim() ?? 'unknown'} (${cpus().length} cores)`,
    slowness: slowness(),
  }
}

function say(what: string): void {
  process.stderr.write(`bench: ${what}\n`)
}
