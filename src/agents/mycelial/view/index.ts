/** How any scenario of the swarm is drawn: the looks of its agents, and its panels in seven tabs. */

import type { AgentStyle, Panel, View } from '../../../model/index.js'
import type { SwarmAgents } from '../roster.js'
import { swarmAgents } from '../roster.js'
import type { Swarm } from '../swarm.js'
import { chance, collisions } from './collisions.js'
import { drawdown, equity, statistics } from './equity.js'
import { limits, locks, refused } from './gate.js'
import { health, messages, why } from './health.js'
import { memoryEffect, tradeMap } from './memory.js'
import { operatorOrders } from './orders-of-operator.js'
import { patterns } from './patterns.js'
import { contagion, learnerStyle, plainStyle, policies } from './policies.js'
import { orders, positions } from './positions.js'
import { prices } from './prices.js'
import { swarmMap } from './swarm-map.js'

const panels: Readonly<Record<string, Panel<Swarm>>> = {
  'Why is nothing traded?': why,
  Prices: prices,
  Equity: equity,
  Drawdown: drawdown,
  Statistics: statistics,
  'Open positions': positions,
  Orders: orders,
  Collisions: collisions,
  'Collisions and chance': chance,
  Patterns: patterns,
  'Swarm map': swarmMap,
  'Map of trades': tradeMap,
  'What memory says': memoryEffect,
  Contagion: contagion,
  Policies: policies,
  Locks: locks,
  'Orders of operators': operatorOrders,
  Limits: limits,
  'Not traded': refused,
  Health: health,
  Messages: messages,
}

/** The types beside the learners look alike; the learners have the colours of their policies. */
function agentLooks(): Record<string, (agent: never) => AgentStyle> {
  const looks = Object.fromEntries(Object.keys(swarmAgents({})).map(type => [type, plainStyle]))
  return { ...looks, PatternLearner: learnerStyle }
}

export const swarmView: View<Swarm, SwarmAgents> = {
  charts: ['contagion', 'approved'],
  agents: agentLooks() as NonNullable<View<Swarm, SwarmAgents>['agents']>,
  panels: { ...panels },
}
