/** Answers in plain words: why is nothing traded? One sentence where something stops everything, else a line for each portfolio. */

import { grouped } from '../../../core/index.js'
import { figureText, type PortfolioName, portfolioNames, refusalReasons } from '../../../trading/index.js'
import type { LiveFacts, PortfolioStatus } from './status.js'
import { whyNoPattern } from './untraded.js'

export function whyIdle(facts: LiveFacts): string {
  return blocker(facts) ?? portfolioNames.flatMap(name => portfolioAnswer(facts, name) ?? []).join('\n')
}

/** What stops every entry; undefined: nothing does. */
function blocker(facts: LiveFacts): string | undefined {
  const { state, portfolios, linkDownSince, updatedAt, quarantined, clockOffsetMs, barMs } = facts
  if (state === 'stopped' || state === 'failed') return 'Nothing is traded: the run is not running.'
  if (state === 'waiting') return 'Nothing is traded yet: the exchange has not answered.'
  if (state === 'warming') return 'Nothing is traded yet: bars of the past are stepped through first.'
  const lost = quarantined.find(({ agent }) => /^(Trading|RiskManagement)\b/.test(agent))
  if (lost !== undefined) return `Nothing is entered: ${lost.agent} is quarantined (${lost.reason}).`
  if (Object.keys(portfolios).length === 0) return 'Nothing is traded here: Trading runs in another process.'
  if (linkDownSince !== null)
    return `Nothing is entered: the link to the other processes is down for ${lasting(linkDownSince, updatedAt)}.`
  if (clockOffsetMs !== null && Math.abs(clockOffsetMs) > barMs)
    return `Nothing is entered: the clock is ${figureText(Math.abs(clockOffsetMs), 'time')} off the exchange's, which is more than a bar.`
  return haltOfAll(facts) ?? staleMarket(facts)
}

function haltOfAll({ halts, portfolios }: LiveFacts): string | undefined {
  const all = halts.find(({ portfolio, pair }) => portfolio === 'all' && pair === null)
  if (all !== undefined) return `Nothing is entered: halted (${all.kind}): ${all.reason}. Ends: ${all.ends}.`
  const states = Object.values(portfolios)
  if (states.length === 0 || !states.every(portfolio => portfolio?.halted === true)) return undefined
  const kinds = [...new Set(halts.map(({ kind }) => kind))].join(', ')
  return `Nothing is entered: every portfolio is halted (${kinds}).`
}

function staleMarket({ stalePairs, lastDataAt, updatedAt }: LiveFacts): string | undefined {
  const pairs = Object.keys(lastDataAt).length
  if (pairs === 0 || stalePairs.length < pairs) return undefined
  const last = Math.max(...Object.values(lastDataAt).map(time => time ?? 0))
  const since = last > 0 ? ` for ${lasting(last, updatedAt)}` : ''
  return `Nothing is entered: no pair has fresh data${since}.`
}

/** `baseline: 12 signals, 10 led to nothing, most of them …`. */
function portfolioAnswer(facts: LiveFacts, name: PortfolioName): string | undefined {
  const portfolio = facts.portfolios[name]
  if (portfolio === undefined) return undefined
  return `${name}: ${haltOf(facts, name, portfolio) ?? signalsOf(facts, name, portfolio)}.`
}

function haltOf({ halts }: LiveFacts, name: PortfolioName, { halted }: PortfolioStatus): string | undefined {
  const lock = halted ? halts.find(({ portfolio, pair }) => portfolio === name && pair === null) : undefined
  return lock === undefined ? undefined : `halted (${lock.kind}), ends: ${lock.ends}`
}

function signalsOf(facts: LiveFacts, name: PortfolioName, portfolio: PortfolioStatus): string {
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

function noSignal({ search, step }: LiveFacts, name: PortfolioName): string {
  if (name === 'synthesized') return 'no idea of the swarm has met one of the baseline that agrees'
  if (name === 'baseline') return `no analyst has had an idea yet (step ${grouped(step)})`
  if (search.traded > 0 || search.forced > 0) return 'no pattern has given an idea yet'
  if (search.inForce > 0) return 'no idea: the patterns in force do not pay for a round trip'
  return `no idea: no pattern in force (${whyNoPattern(search)})`
}

function lasting(since: number, now: number): string {
  return figureText(Math.max(0, now - since), 'time')
}
