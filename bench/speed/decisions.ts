/** One cycle of the trade-agent: a thousand users, some fifty tokens, with five of each user at the gates and with none. */

import { simulate } from 'mycelia'
import tokenLaunch from '../../scenarios/token-launch.js'
import { median, timeOf } from './measure.js'

export interface DecisionSpeed {
  readonly users: number
  readonly tokens: number
  /** A cycle in which nothing reaches the gates. */
  readonly decidedMs: number
  /** One in which up to five tokens a user do, each with its record. */
  readonly gatedMs: number
}

const users = 1_000

export function decisionSpeed(): DecisionSpeed {
  const [none, five] = [cycle(1), cycle(0)]
  return { users, tokens: none.tokens, decidedMs: none.ms, gatedMs: five.ms }
}

/** The median of several first cycles of one run. */
function cycle(minConfidence: number): { tokens: number; ms: number } {
  const taken = Array.from({ length: 7 }, () => {
    const params = { users, minConfidence, fetchEveryMs: 1_000_000, tradeAfterMs: 300_000, launchEveryMs: 21_000 }
    const sim = simulate(tokenLaunch, { seed: 1, collect: false, params })
    sim.run({ steps: 2_501 })
    const { model } = sim
    const agent = model.tradeAgents.at(0)
    if (agent === undefined) throw new Error('no trade-agent')
    const tokens = model.living.length
    return { tokens, ms: timeOf(() => agent.trade()) }
  })
  return { tokens: taken[0]?.tokens ?? 0, ms: median(taken.map(({ ms }) => ms)) }
}
