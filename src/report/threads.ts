/** The thread of a trade, from its money back to the signal: the story of the decision, the tests of its pattern, and the driver at that bar. */

import { formatTime } from '../market/index.js'
import {
  numbersOf,
  openRunRecord,
  type RunDirectory,
  type RunRecord,
  tableBlocks,
  tableExists,
  textsOf,
} from '../storage/index.js'
import { patternParts, type Story, sentencesOf } from '../trading/index.js'
import { type ArchiveRow, testsOf } from './archive.js'
import { storiesIn } from './explain/index.js'
import { counted, decimal, usd } from './format.js'
import { getOrInsert } from './get-or-insert.js'
import { reportLimits } from './limits.js'
import type { Trade } from './trade.js'

/** Values of a driver in their order. */
interface Driver {
  readonly time: number[]
  readonly z: number[]
}

export interface Threads {
  /** Sentences by trade. */
  readonly threads: ReadonlyMap<string, readonly string[]>
  /** The indicators that the decision saw, by trade. */
  readonly readings: ReadonlyMap<string, string>
}

/** Of the latest trades, those of the swarm first; none where the run kept no decisions. */
export async function readThreads(
  run: RunDirectory,
  trades: readonly Trade[],
  { archive, barMs }: { readonly archive: readonly ArchiveRow[]; readonly barMs: number },
): Promise<Threads> {
  const none: Threads = { threads: new Map(), readings: new Map() }
  if (!tableExists(run.file('decisions.parquet'))) return none
  const record = openRunRecord(run.path)
  try {
    const chosen = chosenOf(trades)
    const stories = await entryStories(record, new Set(chosen.map(({ id }) => id)))
    const tests = new Map<string, string[]>()
    const drivers = await readDrivers(run.file('signals.parquet'), chosen)
    const threads = new Map<string, readonly string[]>()
    for (const trade of chosen) {
      const { id, pattern } = trade
      const story = stories.get(id)
      if (story === undefined) continue
      const behind = pattern === null ? [] : getOrInsert(tests, pattern, () => testsOf(pattern, archive))
      threads.set(id, [...sentencesOf(story), ...behind, ...signalSentence(story, pattern, drivers, barMs), moneySentence(trade)])
    }
    return { threads, readings: await readingsOf(record, trades) }
  } finally {
    record.close()
  }
}

function chosenOf(trades: readonly Trade[]): Trade[] {
  const [swarm, baseline] = [trades.filter(t => t.portfolio !== 'baseline'), trades.filter(t => t.portfolio === 'baseline')]
  const own = swarm.slice(-reportLimits.toldTrades)
  const room = reportLimits.toldTrades - own.length
  return room > 0 ? [...own, ...baseline.slice(-room)] : own
}

/** The stories of the decisions that placed the entries. */
async function entryStories(record: RunRecord, ids: ReadonlySet<string>): Promise<Map<string, Story>> {
  const decisions = await record.rows('decisions', ['trade_id'], row => ids.has(String(row.trade_id)))
  const stories = await storiesIn(record, decisions)
  return new Map(stories.map(story => [String(story.decision.trade_id), story]))
}

/** Short, for the marks beside candles. */
async function readingsOf(record: RunRecord, trades: readonly Trade[]): Promise<Map<string, string>> {
  const ids = new Set(trades.slice(-reportLimits.markedTrades).map(({ id }) => id))
  const readings = new Map<string, string>()
  const columns = ['trade_id', 'rsi', 'macd', 'bollinger', 'trend']
  await record.scan('decisions', columns, row => {
    if (!ids.has(String(row.trade_id))) return
    const of = (label: string, cell: unknown, digits: number) =>
      typeof cell === 'number' && Number.isFinite(cell) ? [`${label} ${decimal(cell, digits)}`] : []
    const said = [
      ...of('RSI', row.rsi, 1),
      ...of('MACD', row.macd, 4),
      ...of('Bollinger', row.bollinger, 2),
      ...of('trend', row.trend, 2),
    ]
    readings.set(String(row.trade_id), said.join(', '))
  })
  return readings
}

function moneySentence({ pnlUsd, feesUsd, slippageUsd, borrowUsd }: Trade): string {
  const costs = feesUsd + slippageUsd + borrowUsd
  return `In all the trade brought ${usd(pnlUsd, 2)}${Number.isFinite(costs) ? ` after costs of ${usd(costs, 2)}` : ''}.`
}

async function readDrivers(path: string, trades: readonly Trade[]): Promise<Map<string, Driver>> {
  const wanted = new Set(trades.flatMap(({ pattern }) => (pattern === null ? [] : [patternParts(pattern).driver])))
  const drivers = new Map<string, Driver>()
  if (wanted.size === 0) return drivers
  for await (const { columns } of tableBlocks(path, ['time', 'driver', 'z'])) {
    const [times, names, z] = [numbersOf(columns.time), textsOf(columns.driver), numbersOf(columns.z)]
    names.forEach((name, i) => {
      if (!wanted.has(name)) return
      const driver = getOrInsert(drivers, name, () => ({ time: [], z: [] }))
      driver.time.push(times[i] as number)
      driver.z.push(z[i] as number)
    })
  }
  return drivers
}

/** The value of the pattern's driver that the decision could act on: the newest one, as many bars before as the pattern lags. */
function signalSentence(
  { decision }: Story,
  pattern: string | null,
  drivers: ReadonlyMap<string, Driver>,
  barMs: number,
): string[] {
  if (pattern === null) return []
  const { driver: name, lag } = patternParts(pattern)
  const driver = drivers.get(name)
  const at = Number(decision.time) - lag * barMs
  const place = driver === undefined ? -1 : driver.time.findLastIndex(time => time <= at)
  if (driver === undefined) return [`Its driver ${name} is computed from prices, and has no row in the table of signals.`]
  if (place < 0) return [`Its driver ${name} had no value yet.`]
  const when = formatTime(driver.time[place] as number)
  return [
    `Its driver ${name} stood ${decimal(driver.z[place] as number, 2)} standard deviations from its mean at ${when}, the newest value ${lag === 0 ? 'at the decision' : `${counted(lag, 'bar')} before the decision`}.`,
  ]
}
