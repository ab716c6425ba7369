/** The policies that learners follow, by how many follow each: their colours, and a table. */

import type { AgentStyle, GaugePanel, TablePanel } from '../../../model/index.js'
import type { PatternLearner } from '../pattern-learner.js'
import type { Swarm } from '../swarm.js'
import { percent } from './cells.js'

/** Okabe and Ito's colours, for the policies that most learners follow, the commonest first. */
const colors = ['#d55e00', '#e69f00', '#009e73', '#56b4e9', '#cc79a7'] as const
const ranks = ['the commonest policy', 'the second', 'the third', 'the fourth', 'the fifth'] as const
const otherPolicy = { color: '#0072b2', label: 'another policy' } as const
const noPolicy = { color: '#999999', label: 'no policy' } as const
const moatLearner = { color: '#f0e442', label: 'learner of a moat' } as const
const rest = { color: '#7f7f7f', shape: 'square' } as const

/** How many follow each policy, as the risk manager has heard. */
function followersOf(model: Swarm): ReadonlyMap<string, number> {
  return model.riskManagers.at(0)?.followers ?? new Map()
}

/** The colour of a learner, by the rank of its policy among all. */
export function learnerStyle({ finance, model }: Pick<PatternLearner, 'finance'> & { readonly model: unknown }): AgentStyle {
  if (finance === null) return moatLearner
  if (finance.policy === null) return noPolicy
  const rank = rankOf(finance.policy, followersOf(model as Swarm))
  const [color, name] = [colors[rank], ranks[rank]]
  return color === undefined || name === undefined ? otherPolicy : { color, label: `follows ${name}` }
}

/** Agents that follow no policy, by their type. */
export function plainStyle(): AgentStyle {
  return rest
}

/** How many policies have more followers; of equally many, the name decides. */
function rankOf(policy: string, followers: ReadonlyMap<string, number>): number {
  const own = followers.get(policy) ?? 0
  let rank = 0
  for (const [name, n] of followers) if (n > own || (n === own && name < policy)) rank++
  return rank
}

export const policies: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Swarm',
  about:
    'What the finance learners believe most: a driver, the pair it moves, and in which direction. The colours of the map follow this order.',
  columns: ['policy', 'followers', 'share, %'],
  empty: 'No learner follows a policy yet.',
  look: ({ model }) =>
    [...followersOf(model)]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([policy, n]) => ({ cells: { policy, followers: n, 'share, %': percent(n / model.financeOrdinals.length) } })),
}

export const contagion: GaugePanel<Swarm> = {
  kind: 'gauge',
  tab: 'Swarm',
  unit: 'share of learners',
  about:
    'The share of finance learners that follow the commonest policy. From the warning on the risk manager pauses all entries.',
  min: 0,
  max: 1,
  warnAt: model => model.params.contagionPause,
  look: ({ model }) => {
    const share = model.risk?.share
    return share === undefined || Number.isNaN(share) ? null : share
  },
}
