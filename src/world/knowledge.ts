/** What an earlier run learnt, for a new one to begin with: its finished trades, and the patterns it had approved. */

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { memoryRequestHandler } from '../agents/index.js'
import { encodeValue, OperatorError, type TimeMs } from '../core/index.js'
import type { RequestHandler } from '../model/index.js'
import { approvalsIn, finishedTradePages, type Manifest, RunDirectory } from '../storage/index.js'
import { exactPastTradeStore, memoryLimits, type PastTrade, pastTradeOf } from '../trading/index.js'

/** What a new run knows from an earlier one. */
export interface Knowledge {
  /** The directory of the earlier run. */
  readonly path: string
  /** Finished trades, the oldest first; each was over before the new run begins. */
  readonly trades: readonly PastTrade[]
  /** Names of the patterns it had approved before that. */
  readonly patterns: readonly string[]
  /** Trades and patterns of a time that the new run has not lived through. */
  readonly leftOut: number
  /** SHA-256 of trades and patterns: it enters the digest of the new run. */
  readonly digest: string
  /** Makes a memory that holds the trades already. */
  memory(): RequestHandler
}

/** The market of a run as far as it decides what may be known of it beforehand. */
export interface Timeline {
  /** One for candle files and live markets, another for each seed of a made one. */
  readonly name: string
  /** When the run begins. */
  readonly begins: TimeMs
}

/** The timeline on which a recorded run traded. */
export function timelineOf({ verb, seed, request, inputs }: Pick<Manifest, 'verb' | 'seed' | 'request' | 'inputs'>): string {
  const isReal = verb === 'live' || request?.market !== undefined || Object.keys(inputs).length > 0
  return isReal ? realTime : madeWith(seed)
}

/** The timeline of candle files and live markets. */
export const realTime = 'real time'

/** The timeline of a market that is made. */
export function madeWith(seed: number): string {
  return `made with seed ${seed}`
}

/**
 * Reads what the run in `path` learnt. On the new run's own timeline only what was over before it begins may be known: all else would be
 * knowledge of its future. A market that was made with another seed is another world, of which all may be known.
 */
export function knowledgeFrom(path: string, own: Timeline): Knowledge {
  const run = RunDirectory.read(path)
  const { manifest } = run
  const ledger = run.file('trades.db')
  if (!existsSync(ledger)) throw nothingLearnt(path, 'a run without trades')
  const sameTimeline = timelineOf(manifest) === own.name
  // Ids are unique in a run alone.
  const until = sameTimeline ? own.begins : Number.POSITIVE_INFINITY
  const learnt = latestTrades(ledger, until)
  // Ids are unique in a run alone.
  const known = learnt.trades.map(trade => ({ ...trade, id: `${manifest.runId}/${trade.id}` }))
  const approvals = approvalsIn(run.file('mycelial_patterns.db'))
  const approved = sameTimeline ? approvals.filter(({ time }) => time < own.begins) : approvals
  const leftOut = learnt.leftOut + approvals.length - approved.length
  if (known.length + approved.length === 0) throw nothingLearnt(path, why(leftOut, own))
  const trades = sameTimeline ? known : known.map(trade => ({ ...trade, closedAt: own.begins - 1 }))
  const patterns = [...new Set(approved.map(({ pattern }) => pattern))]
  const digest = createHash('sha256').update(encodeValue({ trades, patterns })).digest('hex')
  return { path: resolve(path), trades, patterns, leftOut, digest, memory: () => memoryOf(trades) }
}

/** For the operator. */
export function knowledgeNote({ path, trades, patterns, leftOut }: Knowledge): string {
  const left = leftOut === 0 ? '' : `; ${leftOut} of a time that this run has not lived through are left out`
  return `Begins with ${trades.length} past trades and ${patterns.length} approved patterns of ${path}${left}.`
}

function memoryOf(trades: readonly PastTrade[]): RequestHandler {
  const store = exactPastTradeStore()
  for (const trade of trades) store.add(trade)
  return memoryRequestHandler(store)
}

/** Those closed before an instant, as many as a memory keeps, the latest, the oldest first; and how many are of later. */
function latestTrades(ledger: string, until: TimeMs): { trades: PastTrade[]; leftOut: number } {
  let trades: PastTrade[] = []
  let leftOut = 0
  for (const page of finishedTradePages(ledger)) {
    const before = page.map(pastTradeOf).filter(({ closedAt }) => closedAt < until)
    leftOut += page.length - before.length
    trades = [...trades, ...before].slice(-memoryLimits.cases)
  }
  return { trades, leftOut }
}

function why(leftOut: number, { begins }: Timeline): string {
  if (leftOut === 0) return 'no finished trade of the mycelial portfolio and no approved pattern'
  return `nothing from before ${new Date(begins).toISOString()}: it is of this run's own future`
}

function nothingLearnt(path: string, got: string): OperatorError {
  return new OperatorError({
    what: `\`knowledge\` ${path}`,
    expected: 'what may be known when this run begins',
    got,
    next: 'Take a run of an earlier time, or of a market that was made with another seed.',
  })
}
