/** A launched token: its curve, who holds it, and what anybody can see of it, minute by minute. */

import { MINUTE_MS, math, type TimeMs } from '../../core/index.js'
import { type Curve, circulating, progressOf, spotPrice, type TokenUnits } from '../../exchange/index.js'
import type { Community } from './community.js'
import type { LaunchKind } from './kinds.js'
import { meanChange } from './leaving.js'
import { launchLimits } from './limits.js'
import type { OpenScore } from './topics.js'

/** One minute of trading. */
export interface TokenMinute {
  /** Traded, in lamports. */
  volume: number
  /** Price at its end. */
  close: number
  /** What is said of the token, −1 to 1, and how often it is named. */
  mood: number
  mentions: number
}

export interface LaunchToken {
  readonly pair: string
  /** The account that launched it. */
  readonly creator: string
  /** Latent: no trader may look at it. */
  readonly kind: LaunchKind
  /** Whether the kind shows; latent too. */
  readonly leaks: boolean
  /** The kind whose manner it has: its own where it shows. */
  readonly looks: LaunchKind
  /** How much people like it, 0 to 1, which shows in who buys it. */
  readonly appeal: number
  /** Who buys it for its own sake; latent too. */
  readonly community: Community | null
  /** What is known of the creator at the launch: share of good launches before, with noise. */
  readonly reputation: number
  /** Whether its creator launched others shortly before, and whether he had launched none for long. */
  readonly multiLaunch: boolean
  readonly dormant: boolean
  readonly launchedAt: TimeMs
  readonly curve: Curve
  /** Base units by account. */
  readonly holders: Map<string, TokenUnits>
  /** The last minutes, the running one at the end. */
  readonly minutes: TokenMinute[]
  minuteFrom: TimeMs
  /** Minutes that are over. */
  ageMin: number
  /** Lamports that flow in, decayed over half a minute. */
  flow: number
  flowAt: TimeMs
  buyers: number
  /** Accounts that bought in the slot of the launch. */
  launchBuyers: number
  trades: number
  lastTradeAt: TimeMs
  /** The creator has sold more than half of what he held. */
  rugged: boolean
  /** What the creator and the ten largest holders sold in each of the last slots in which they sold. */
  insiderSales: { readonly time: TimeMs; tokens: TokenUnits }[]
  /** When they last had sold so much that everybody should leave; null: never yet. */
  insidersLeftAt: TimeMs | null
  /** Whether what became of it counts for its creator already. */
  isKnown: boolean
  /** Scores whose horizon is not over. */
  openScores: OpenScore[]
  /** Units that the creator ever bought and sold. */
  creatorBought: TokenUnits
  creatorSold: TokenUnits
}

export type NewToken = Pick<
  LaunchToken,
  | 'pair'
  | 'creator'
  | 'kind'
  | 'leaks'
  | 'looks'
  | 'appeal'
  | 'community'
  | 'reputation'
  | 'multiLaunch'
  | 'dormant'
  | 'launchedAt'
  | 'curve'
>

export function newToken(of: NewToken): LaunchToken {
  return {
    ...of,
    holders: new Map(),
    minutes: [emptyMinute(spotPrice(of.curve))],
    minuteFrom: of.launchedAt,
    ageMin: 0,
    flow: 0,
    flowAt: of.launchedAt,
    buyers: 0,
    launchBuyers: 0,
    trades: 0,
    lastTradeAt: of.launchedAt,
    rugged: false,
    insiderSales: [],
    insidersLeftAt: null,
    isKnown: false,
    openScores: [],
    creatorBought: 0,
    creatorSold: 0,
  }
}

function emptyMinute(close: number): TokenMinute {
  return { volume: 0, close, mood: 0, mentions: 0 }
}

/** A trade of a token, as its holders and watchers see it. */
export interface TokenTrade {
  readonly account: string
  readonly buys: boolean
  readonly tokens: TokenUnits
  readonly lamports: number
  readonly time: TimeMs
}

/** Time in which half of an inflow is forgotten. */
const FLOW_MS = 30_000

/** Inflow that is not forgotten yet, in lamports. */
export function flowOf({ flow, flowAt }: LaunchToken, time: TimeMs): number {
  return flow === 0 ? 0 : flow * math.exp((flowAt - time) / FLOW_MS)
}

export function recordTrade(token: LaunchToken, trade: TokenTrade, slotMs: number): void {
  const { account, buys, tokens, lamports, time } = trade
  const held = token.holders.get(account) ?? 0
  if (!buys && (account === token.creator || isAmongTen(token, held))) noteInsider(token, trade, slotMs)
  const left = held + (buys ? tokens : -tokens)
  if (left === 0) token.holders.delete(account)
  else token.holders.set(account, left)
  if (buys && held === 0) {
    token.buyers++
    if (time === token.launchedAt) token.launchBuyers++
  }
  token.flow = flowOf(token, time) + (buys ? lamports : -lamports)
  token.flowAt = time
  token.trades++
  token.lastTradeAt = time
  const price = spotPrice(token.curve)
  for (const score of token.openScores) score.lowestPrice = Math.min(score.lowestPrice, price)
  const minute = token.minutes[token.minutes.length - 1] as TokenMinute
  minute.volume += lamports
  minute.close = price
  if (account !== token.creator) return
  if (buys) token.creatorBought += tokens
  else token.creatorSold += tokens
  token.rugged ||= token.creatorSold * 2 > token.creatorBought
}

/** When insiders leave, they sell this share of the supply in so many slots. */
const [INSIDER_SLOTS, INSIDER_SHARE] = [5, 0.05] as const

function noteInsider(token: LaunchToken, { tokens, time }: TokenTrade, slotMs: number): void {
  const sales = token.insiderSales.filter(sale => time - sale.time < INSIDER_SLOTS * slotMs)
  const last = sales.at(-1)
  if (last?.time === time) last.tokens += tokens
  else sales.push({ time, tokens })
  token.insiderSales = sales
  const sold = sales.reduce((sum, sale) => sum + sale.tokens, 0)
  if (sold > INSIDER_SHARE * token.curve.terms.supplyTokens) token.insidersLeftAt = time
}

function isAmongTen({ holders }: LaunchToken, held: TokenUnits): boolean {
  let larger = 0
  for (const units of holders.values()) if (units > held && ++larger >= 10) return false
  return true
}

/** Whether insiders have sold so much since then that everybody should leave. */
export function insidersLeave({ insidersLeftAt }: LaunchToken, since: TimeMs): boolean {
  return insidersLeftAt !== null && insidersLeftAt >= since
}

/** Mean change of the price from minute to minute, as a share, over the last ten. */
export function rangeOf({ minutes }: LaunchToken): number {
  return meanChange(minutes.slice(-11).map(minute => minute.close))
}

/** Traded in the last hour, in lamports. */
export function volumeOf({ minutes }: LaunchToken): number {
  return minutes.reduce((sum, { volume }) => sum + volume, 0)
}

/** Ends the running minute with what is said of the token and how often, and begins the next. */
export function endMinute(token: LaunchToken, mood: number, mentions: number): void {
  const { minutes } = token
  const ended = minutes[minutes.length - 1] as TokenMinute
  ended.mood = mood
  ended.mentions = mentions
  token.ageMin++
  minutes.push(emptyMinute(spotPrice(token.curve)))
  if (minutes.length > launchLimits.minutesKept) minutes.shift()
  token.minuteFrom += MINUTE_MS
}

/** Share of the tokens in traders' hands that the ten largest hold. */
export function topTenShare({ holders, curve }: LaunchToken): number {
  const out = circulating(curve)
  if (out === 0) return 0
  const largest = [...holders.values()].sort((a, b) => b - a).slice(0, 10)
  return largest.reduce((sum, units) => sum + units, 0) / out
}

/** Share of all tokens that the creator holds. */
export function creatorShare({ holders, creator, curve }: LaunchToken): number {
  return (holders.get(creator) ?? 0) / curve.terms.supplyTokens
}

/** Nobody has traded it for so long that nobody will. */
export function isQuiet(token: LaunchToken, time: TimeMs, quietMs: number): boolean {
  return time - token.lastTradeAt > quietMs || (token.trades > 0 && circulating(token.curve) === 0)
}

/** What of its curve is sold, in percent, for tables. */
export function progressPercent({ curve }: LaunchToken): number {
  return Math.round(progressOf(curve) * 1_000) / 10
}
