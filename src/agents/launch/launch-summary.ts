/** The summary of a launch run: what was launched, the truth of it, what graduated, and which orders came to nothing. */

import type { Lamports } from '../../exchange/index.js'
import type { AgentSet } from '../../model/index.js'
import { mermaid } from '../decision/graph.js'
import { userGraph } from '../decision/user-graph.js'
import { effectsOf } from './experiment.js'
import { type LaunchKind, launchKinds } from './kinds.js'
import { calibrationErrorOf, weightsOf } from './learning.js'
import type { TradeAgent } from './trade-agent.js'
import type { User } from './user.js'

/** What the summary reads of a launch model. */
export interface SummarySource {
  readonly launched: number
  readonly graduated: number
  readonly trades: number
  readonly refusedLaunches: number
  readonly kinds: readonly LaunchKind[]
  readonly lost: Readonly<Record<string, number>>
  readonly priorityFees: Lamports
  readonly users: AgentSet<User>
  readonly tradeAgents: AgentSet<TradeAgent>
}

export function launchSummary(model: SummarySource): Record<string, unknown> {
  const { launched, graduated, trades, refusedLaunches, kinds, lost, priorityFees } = model
  const byKind = Object.fromEntries(launchKinds.map(kind => [kind, kinds.filter(k => k === kind).length]))
  return {
    launches: launched,
    refusedLaunches,
    graduated,
    graduatedShare: launched === 0 ? null : graduated / launched,
    trades,
    ordersLost: { ...lost },
    priorityFeesSol: priorityFees / 1e9,
    ...agentPart(model),
    /** The truth, which no trader knows: how many of each kind, and the kind of each launch in order. */
    kinds: { ...byKind, ofLaunches: [...kinds] },
  }
}

/** What the trade-agent did, where there is one. */
function agentPart({ users, tradeAgents }: SummarySource): Record<string, unknown> {
  const agent = tradeAgents.at(0)
  if (agent === undefined) return {}
  const { cycle, entries, failedFetches, unlearnt, skips, learning } = agent
  const [model, news] = weightsOf(learning)
  return {
    tradeAgent: {
      users: users.size,
      cycles: cycle,
      entries,
      profitSol: users.sum(user => user.profit) / 1e9,
      failedFetches,
      skippedBy: { ...skips },
      matured: learning.matured,
      unlearnt,
      gained: learning.reliability.reduce((sum, { gained }) => sum + gained, 0),
      calibrationError: calibrationErrorOf(learning),
      weights: { model, news },
      /** Versions of the model that were trained, and the one that decides. */
      modelVersions: { trained: learning.trained, deciding: learning.version },
      /** The experiment: what arm B does to the net return of a trade. */
      ...(agent.experiment === undefined ? {} : { experiment: effectsOf(agent.experiment) }),
      /** What a decision is made by, as a Mermaid drawing. */
      graph: mermaid(userGraph),
    },
  }
}
