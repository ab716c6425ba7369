/** Why ideas led to nothing, by reason, and why there are no patterns to have ideas of. */

import { whyNoPattern } from '../../../agents/index.js'
import { grouped } from '../../../core/index.js'
import { refusalReasons } from '../../../trading/index.js'
import type { LiveCondition } from './condition.js'
import type { LiveFacts, PortfolioStatus } from './status.js'

/** How many signals led to nothing for one reason. */
export interface UntradedReason {
  readonly code: string
  readonly count: number
  /** One sentence. */
  readonly says: string
}

/** Reasons named before the others are only counted. */
const mostReasons = 5

/** Over all portfolios, the commonest first. */
export function untradedReasons(portfolios: LiveFacts['portfolios']) {
  const all = Object.values(portfolios).filter(portfolio => portfolio !== undefined)
  const counts = ignoredBy(all)
  const reasons = [...counts]
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([code, count]): UntradedReason => ({ code, count, says: refusalReasons[code]?.says ?? `The rule ${code} refused it.` }))
  return {
    signals: all.reduce((sum, { signals }) => sum + signals, 0),
    total: reasons.reduce((sum, { count }) => sum + count, 0),
    reasons: reasons.slice(0, mostReasons),
  }
}

/** Counts of all reasons over these portfolios. */
export function ignoredBy(portfolios: readonly Pick<PortfolioStatus, 'ignored'>[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { ignored } of portfolios)
    for (const [code, n] of Object.entries(ignored)) counts.set(code, (counts.get(code) ?? 0) + n)
  return counts
}

/** Patterns in force, or how far the search for the first one has come; undefined where none are searched for. */
export function patternsCondition({ search }: Pick<LiveFacts, 'search'>): LiveCondition | undefined {
  if (search === null) return undefined
  const { inForce, traded } = search
  const condition = { code: 'patterns', isTrouble: false, since: null } as const
  const of = traded === inForce ? '' : `, ${grouped(traded)} of them traded`
  if (inForce > 0) {
    const short = `${grouped(inForce)} ${inForce === 1 ? 'pattern' : 'patterns'} in force${of}`
    const idle = traded === 0 ? ' None is traded: their values do not pay for a round trip.' : ''
    return { ...condition, short, text: `${capital(short)}.${idle}` }
  }
  const why = whyNoPattern(search)
  return { ...condition, short: `no pattern in force: ${why}`, text: `No pattern in force: ${why}.` }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
