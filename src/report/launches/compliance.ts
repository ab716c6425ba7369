/** Consents, refusals, limits used and the shares of users in tokens, read out of the tables of a launch run: what a reviewer can check. */

import { DAY_MS, HOUR_MS } from '../../core/index.js'
import { type Columns, RunDirectory, readTable } from '../../storage/index.js'
import { getOrInsert } from '../get-or-insert.js'
import { type CheckedTrade, crossedOf, hasConsent, type ListedConsent } from './compliance-checks.js'
import { readReviews } from './reviews.js'

export interface LimitUse {
  readonly limit: string
  readonly allowed: number
  readonly used: number
  /** Who used most, and when; null: nobody. */
  readonly by: string | null
}

export interface TokenShare {
  readonly token: string
  readonly users: number
  readonly boughtSol: number
  /** The most that all users together bought within an hour, as a share of all that was traded in it. */
  readonly share: number
}

export interface Compliance {
  readonly consents: readonly ListedConsent[]
  /** Decisions that ended before an order, by reason. */
  readonly refusals: readonly { readonly reason: string; readonly at: 'graph' | 'gate'; readonly decisions: number }[]
  readonly limits: readonly LimitUse[]
  /** The largest first. */
  readonly shares: readonly TokenShare[]
  readonly entries: number
  /** Purchases without a consent in force, and purchases within five minutes after a sale of another user. */
  readonly withoutConsent: number
  readonly crossed: number
  readonly reviews: readonly { readonly status: string; readonly reviews: number }[]
}

/** What is granted before a sale fills within three slots of its decision. */
const FILL_SLOTS = 3

interface UserTrade extends CheckedTrade {
  readonly sol: number
  readonly pnlSol: number
}

interface TokenTrade {
  readonly time: number
  readonly sol: number
  readonly phase: string
}

/** Undefined where nobody decides for users in the run. */
export async function readCompliance(directory: string): Promise<Compliance | undefined> {
  const run = RunDirectory.read(directory)
  const consentTable = await readTable(run.file('consents.parquet'), 'all')
  if (consentTable === undefined) return undefined
  const params = run.manifest.parameters
  const consents = consentsOf(consentTable)
  const trades = tradesOf((await readTable(run.file('historical_trades.parquet'), 'all')) ?? {})
  const volumes = volumesOf((await readTable(run.file('launch_trades.parquet'), ['pair', 'time', 'lamports', 'phase'])) ?? {})
  const buys = trades.filter(trade => trade.buys)
  const shares = sharesOf(buys, volumes)
  const fillMs = FILL_SLOTS * Number(params.slotMs ?? 400)
  return {
    consents,
    refusals: [
      ...refusalsOf((await readTable(run.file('skips.parquet'), 'all')) ?? {}),
      ...gateRefusals((await readTable(run.file('user_decisions.parquet'), ['outcome'])) ?? {}),
    ],
    limits: limitsUsed(trades, params),
    shares,
    entries: buys.length,
    withoutConsent: buys.filter(trade => !hasConsent(consents, trade, phasesBefore(volumes.get(trade.token), trade.time, fillMs)))
      .length,
    crossed: crossedOf(trades, fillMs),
    reviews: countsBy(((await readReviews(directory))?.reviews ?? []).map(({ status }) => status)).map(([status, reviews]) => ({
      status,
      reviews,
    })),
  }
}

function consentsOf(columns: Columns): ListedConsent[] {
  return (columns.user_id ?? []).map((user, i) => {
    const until = columns.until?.[i]
    return {
      user: String(user),
      category: String(columns.category?.[i]),
      from: Number(columns.from?.[i]),
      until: until === null || until === undefined ? null : Number(until),
      source: String(columns.source?.[i]),
    }
  })
}

function tradesOf(columns: Columns): UserTrade[] {
  return (columns.user_id ?? []).map((user, i) => ({
    user: String(user),
    token: String(columns.token_mint?.[i]),
    buys: columns.action?.[i] === 'buy',
    time: Number(columns.timestamp?.[i]),
    // Amounts are millionths of a token.
    sol: (Number(columns.amount?.[i]) * Number(columns.price?.[i])) / 1e6,
    pnlSol: Number(columns.pnl?.[i] ?? 0) / 1e9,
  }))
}

/** What was traded of each token, in order of time. */
function volumesOf({ pair = [], time = [], lamports = [], phase = [] }: Columns): Map<string, TokenTrade[]> {
  const volumes = new Map<string, TokenTrade[]>()
  pair.forEach((token, i) => {
    getOrInsert(volumes, String(token), () => []).push({
      time: Number(time[i]),
      sol: Number(lamports[i]) / 1e9,
      phase: String(phase[i]),
    })
  })
  return volumes
}

/** The phases that a token was in while a purchase was decided and filled; before its first trade it is early. */
function phasesBefore(trades: readonly TokenTrade[] = [], time: number, fillMs: number): Set<string> {
  const phases = new Set<string>()
  let last = 'early'
  for (const trade of trades) {
    if (trade.time > time) break
    if (trade.time >= time - fillMs) phases.add(last).add(trade.phase)
    last = trade.phase
  }
  return phases.add(last)
}

function refusalsOf({ reason = [], count = [] }: Columns): Compliance['refusals'] {
  const sums = new Map<string, number>()
  reason.forEach((each, i) => {
    sums.set(String(each), (sums.get(String(each)) ?? 0) + Number(count[i]))
  })
  return byCount(sums).map(([code, decisions]) => ({ reason: code, at: 'graph', decisions }))
}

function gateRefusals({ outcome = [] }: Columns): Compliance['refusals'] {
  return countsBy(outcome.filter(code => code !== 'entry')).map(([reason, decisions]) => ({ reason, at: 'gate', decisions }))
}

function countsBy(values: readonly unknown[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  return byCount(counts)
}

function byCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
}

/** How far each limit of a user was used, by whoever used most. */
function limitsUsed(trades: readonly UserTrade[], params: Readonly<Record<string, unknown>>): LimitUse[] {
  const [entries, losses, open] = [new Map<string, number>(), new Map<string, number>(), new Map<string, Set<string>>()]
  const most = { largestTradeSol: noUse(), dailyLossSol: noUse(), openPositions: noUse(), tradesPerDay: noUse() }
  for (const { user, token, buys, time, sol, pnlSol } of trades) {
    const day = `${user}, ${new Date(Math.floor(time / DAY_MS) * DAY_MS).toISOString().slice(0, 10)}`
    const held = getOrInsert(open, user, () => new Set())
    if (!buys) {
      held.delete(token)
      losses.set(day, (losses.get(day) ?? 0) - pnlSol)
      use(most.dailyLossSol, losses.get(day) ?? 0, day)
      continue
    }
    held.add(token)
    entries.set(day, (entries.get(day) ?? 0) + 1)
    use(most.largestTradeSol, sol, user)
    use(most.openPositions, held.size, user)
    use(most.tradesPerDay, entries.get(day) ?? 0, day)
  }
  return Object.entries(most).map(([limit, { used, by }]) => ({ limit, allowed: Number(params[limit]), used, by }))
}

interface Use {
  used: number
  by: string | null
}

function noUse(): Use {
  return { used: 0, by: null }
}

function use(most: Use, used: number, by: string): void {
  if (used > most.used) Object.assign(most, { used, by })
}

function sharesOf(
  buys: readonly UserTrade[],
  volumes: ReadonlyMap<string, readonly { time: number; sol: number }[]>,
): TokenShare[] {
  const byToken = new Map<string, UserTrade[]>()
  for (const buy of buys) getOrInsert(byToken, buy.token, () => []).push(buy)
  const shares = [...byToken].map(([token, own]): TokenShare => {
    const shareAt = (time: number) => {
      const within = (trades: readonly { time: number; sol: number }[]) =>
        trades.reduce((sum, trade) => sum + (trade.time > time - HOUR_MS && trade.time <= time ? trade.sol : 0), 0)
      return within(own) / Math.max(within(volumes.get(token) ?? []), within(own))
    }
    return {
      token,
      users: new Set(own.map(({ user }) => user)).size,
      boughtSol: own.reduce((sum, { sol }) => sum + sol, 0),
      share: own.reduce((most, { time }) => Math.max(most, shareAt(time)), 0),
    }
  })
  return shares.sort((a, b) => b.share - a.share || (a.token < b.token ? -1 : 1))
}
