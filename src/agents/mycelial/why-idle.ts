/** Answers in plain words: why is nothing traded? One sentence where something stops everything, else a line for each portfolio. */

import { grouped, type TimeMs } from '../../core/index.js'
import { figureText, type Halt, isHalted, portfolioNames, refusalReasons } from '../../trading/index.js'
import { type SearchProgress, searchProgress, whyNoPattern } from './search-progress.js'
import type { Swarm } from './swarm.js'

/** What the answer is made of; the status of a live run has all of it. */
export interface IdleFacts {
  /** The instant at which is asked. */
  readonly updatedAt: TimeMs
  readonly step: number
  readonly barMs: number
  readonly portfolios: Readonly<Record<string, IdlePortfolio>>
  readonly halts: readonly Pick<Halt, 'portfolio' | 'pair' | 'kind' | 'reason' | 'ends'>[]
  readonly quarantined: readonly { readonly agent: string; readonly reason: string }[]
  readonly linkDownSince: TimeMs | null
  /** How far this machine's clock is off the exchange's; null: not known. */
  readonly clockOffsetMs: number | null
  /** Since when it has been off by more than a bar, where only that is known. */
  readonly clockOffSince?: TimeMs | null
  /** Live: the bars come from the past. */
  readonly warming?: boolean
  readonly stalePairs: readonly unknown[]
  /** Time of each pair's last data. */
  readonly lastDataAt: Readonly<Record<string, TimeMs | null>>
  /** Null: the model searches for no patterns. */
  readonly search: SearchProgress | null
}

interface IdlePortfolio {
  readonly signals: number
  /** Signals that led to nothing, by reason. */
  readonly ignored: Readonly<Record<string, number>>
  readonly positions: readonly unknown[]
  readonly halted: boolean
}

export function whyIdle(facts: IdleFacts): string {
  return (
    blocker(facts) ??
    Object.keys(facts.portfolios)
      .flatMap(name => portfolioAnswer(facts, name) ?? [])
      .join('\n')
  )
}

/** What a model itself can say of it, live and simulated. */
export function idleFacts(model: Swarm, quarantined: IdleFacts['quarantined']): IdleFacts {
  const trader = model.traders.at(0)
  const states = trader === undefined || trader.idle ? [] : portfolioNames.map(name => trader.portfolios[name])
  const instruments = states[0]?.instruments.values() ?? []
  return {
    updatedAt: model.now,
    step: model.steps,
    barMs: model.barMs,
    portfolios: Object.fromEntries(
      states.map(state => [state.name, { ...state, positions: state.held, halted: isHalted(state) }]),
    ),
    halts: model.locks,
    quarantined,
    linkDownSince: model.linkDownSince,
    clockOffsetMs: null,
    clockOffSince: offEverywhere(model),
    warming: model.warming,
    stalePairs: [...model.stale.keys()],
    lastDataAt: Object.fromEntries(
      Array.from(instruments, ({ pair, barTime, barMs }) => [pair, barTime < 0 ? null : barTime + barMs]),
    ),
    search: searchProgress(model),
  }
}

/** Since when the clock here, or that of every pair, is off; null: some may be entered. */
function offEverywhere({
  clockOffSince,
  clocksOff,
  params,
}: Pick<Swarm, 'clockOffSince' | 'clocksOff' | 'params'>): TimeMs | null {
  if (clockOffSince !== undefined) return clockOffSince
  return clocksOff === undefined || clocksOff.size < params.pairs.length ? null : Math.max(...clocksOff.values())
}

/** What stops every entry; undefined: nothing does. */
function blocker(facts: IdleFacts): string | undefined {
  const { portfolios, linkDownSince, updatedAt, quarantined, clockOffsetMs, clockOffSince = null, barMs, warming } = facts
  if (warming === true) return 'Nothing is traded yet: bars of the past are stepped through first.'
  const lost = quarantined.find(({ agent }) => /^(Trading|RiskManagement|NetTrader)\b/.test(agent))
  if (lost !== undefined) return `Nothing is entered: ${lost.agent} is quarantined (${lost.reason}).`
  if (Object.keys(portfolios).length === 0) return 'Nothing is traded here: Trading runs in another process.'
  if (linkDownSince !== null)
    return `Nothing is entered: the link to the other processes is down for ${lasting(linkDownSince, updatedAt)}.`
  if (clockOffsetMs !== null && Math.abs(clockOffsetMs) > barMs)
    return `Nothing is entered: the clock is ${figureText(Math.abs(clockOffsetMs), 'time')} off the exchange's, which is more than a bar.`
  if (clockOffSince !== null)
    return `Nothing is entered: the clock has been more than a bar off the exchange's for ${lasting(clockOffSince, updatedAt)}.`
  return haltOfAll(facts) ?? staleMarket(facts)
}

function haltOfAll({ halts, portfolios }: IdleFacts): string | undefined {
  const all = halts.find(({ portfolio, pair }) => portfolio === 'all' && pair === null)
  if (all !== undefined) return `Nothing is entered: halted (${all.kind}): ${all.reason}. Ends: ${all.ends}.`
  const states = Object.values(portfolios)
  if (states.length === 0 || !states.every(portfolio => portfolio?.halted === true)) return undefined
  const kinds = [...new Set(halts.map(({ kind }) => kind))].join(', ')
  return `Nothing is entered: every portfolio is halted (${kinds}).`
}

function staleMarket({ stalePairs, lastDataAt, updatedAt }: IdleFacts): string | undefined {
  const pairs = Object.keys(lastDataAt).length
  if (pairs === 0 || stalePairs.length < pairs) return undefined
  const last = Math.max(...Object.values(lastDataAt).map(time => time ?? 0))
  const since = last > 0 ? ` for ${lasting(last, updatedAt)}` : ''
  return `Nothing is entered: no pair has fresh data${since}.`
}

/** `baseline: 12 signals, 10 led to nothing, most of them …`. */
function portfolioAnswer(facts: IdleFacts, name: string): string | undefined {
  const portfolio = facts.portfolios[name]
  if (portfolio === undefined) return undefined
  return `${name}: ${haltOf(facts, name, portfolio) ?? signalsOf(facts, name, portfolio)}.`
}

function haltOf({ halts }: IdleFacts, name: string, { halted }: IdlePortfolio): string | undefined {
  const lock = halted ? halts.find(({ portfolio, pair }) => portfolio === name && pair === null) : undefined
  return lock === undefined ? undefined : `halted (${lock.kind}), ends: ${lock.ends}`
}

function signalsOf(facts: IdleFacts, name: string, portfolio: IdlePortfolio): string {
  const { signals, ignored, positions } = portfolio
  if (signals === 0) return noSignal(facts, name)
  const reasons = Object.entries(ignored).sort((a, b) => b[1] - a[1])
  const total = reasons.reduce((sum, [, n]) => sum + n, 0)
  const held = positions.length === 0 ? '' : `, ${grouped(positions.length)} open`
  const head = `${grouped(signals)} ${signals === 1 ? 'signal' : 'signals'}, ${grouped(signals - total)} acted on${held}`
  const [code, count] = reasons[0] ?? ['', 0]
  if (count === 0) return head
  const says = refusalReasons[code]?.says.replace(/\.$/, '') ?? `the rule ${code} refused it`
  return `${head}; of the others ${grouped(count)} ${code}: ${says.charAt(0).toLowerCase()}${says.slice(1)}`
}

function noSignal({ search, step }: IdleFacts, name: string): string {
  if (search === null) return 'the network has given no signal yet'
  if (name === 'synthesized') return 'no idea of the swarm has met one of the baseline that agrees'
  if (name === 'baseline') return `no analyst has had an idea yet (step ${grouped(step)})`
  if (search.traded > 0 || search.forced > 0) return 'no pattern has given an idea yet'
  if (search.inForce > 0) return 'no idea: the patterns in force do not pay for a round trip'
  return `no idea: no pattern in force (${whyNoPattern(search)})`
}

function lasting(since: TimeMs, now: TimeMs): string {
  return figureText(Math.max(0, now - since), 'time')
}
