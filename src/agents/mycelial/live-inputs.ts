/** What only a live world tells the swarm: warming up, which bar it is among processes, messages of other processes. */

import { Analyst } from './analyst.js'
import type { Swarm } from './swarm.js'
import { type Topic, topicsByName } from './topics-by-name.js'

export type LiveInput =
  /** Bars of the past follow (true), or they are over (false). */
  | { readonly kind: 'warmup'; readonly on: boolean }
  /** Messages may be missing, or somebody else may have our agents, since then: exits only. Null: all is well again. */
  | { readonly kind: 'link'; readonly since: number | null }
  /** The next step is this one: parts of a run number their bars alike. */
  | { readonly kind: 'align'; readonly step: number }
  /** Agents that another process has quarantined, by key: nothing is dealt to them any more. */
  | { readonly kind: 'lost'; readonly agents: readonly string[] }
  | RemoteMessage

/** The reason of such a quarantine, here. */
export const lostElsewhere = 'quarantined in another process'

/** What an agent of another process published. */
export interface RemoteMessage {
  readonly kind: 'remote'
  readonly topic: string
  /** The agent's id, the same in every part of a run. */
  readonly agent: number
  readonly message: unknown
}

export function takeLive(swarm: Swarm, input: LiveInput): void {
  switch (input.kind) {
    case 'warmup':
      swarm.warming = input.on
      return
    case 'link':
      swarm.linkDownSince = input.since
      return
    case 'align':
      swarm.kernel.steps = Math.max(swarm.kernel.steps, input.step - 1)
      return
    case 'lost':
      return loseAgents(swarm, input.agents)
    case 'remote': {
      const topic: Topic<unknown> | undefined = topicsByName(input.topic)
      if (topic !== undefined) swarm.kernel.bus.publish(topic, input.message, input.agent)
    }
  }
}

/** Only agents that rest here can be lost elsewhere; each once. */
function loseAgents({ agents, kernel }: Swarm, lost: readonly string[]): void {
  for (const agent of agents) {
    if (!agent.idle || !lost.includes(agent.key) || kernel.quarantined.some(q => q.agent === agent.key)) continue
    kernel.quarantined.push({ agent: agent.key, step: kernel.steps, reason: lostElsewhere })
  }
}

/**
 * The swarm enters another market, experienced: what was learnt, the indicators and the tape go on; no return spans the
 * change, money, orders, halts and what was counted of them begin anew, and nobody waits for an answer of before.
 */
export function enterMarket(swarm: Swarm, now: number): void {
  swarm.kernel.clock.now = now
  swarm.warming = false
  swarm.linkDownSince = null
  swarm.stale.clear()
  for (const miner of swarm.miners) {
    miner.lastClose = 0
    miner.staleSince = null
  }
  for (let pair = 0; pair < swarm.pairs.length; pair++) swarm.tape.breakOff(pair)
  for (const memory of swarm.memories) memory.waiting.clear()
  for (const learner of swarm.learners) if (learner.finance !== null) learner.finance.herd = null
  for (const trader of swarm.traders) trader.openAnew()
  for (const guardian of swarm.guardians) guardian.openAnew()
}

/** The agents another process runs rest here. Whatever class the analysts are of, they go by `TechnicalAnalysis`. */
export function shareAgents(swarm: Swarm, isLocal: (agent: { type: string; ordinal: number }) => boolean): void {
  for (const agent of swarm.agents) {
    const type = agent instanceof Analyst ? 'TechnicalAnalysis' : agent.type
    if (!isLocal({ type, ordinal: agent.ordinal })) swarm.kernel.rest(agent)
  }
}
