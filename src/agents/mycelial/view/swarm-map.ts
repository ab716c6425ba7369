/** The map of the swarm: every agent and every topic, lit by the messages since the look before. */

import {
  type Agent,
  type MessageCount,
  type NetworkEdge,
  type NetworkNode,
  type NetworkPanel,
  runOf,
} from '../../../model/index.js'
import { PatternLearner } from '../pattern-learner.js'
import type { Swarm } from '../swarm.js'
import { count } from './cells.js'
import { learnerStyle } from './policies.js'

/** Messages at which an agent or a topic shines brightest. */
const brightest = 16

export const swarmMap: NetworkPanel<Swarm> = {
  kind: 'network',
  tab: 'Swarm',
  about:
    'All agents by type, and the topics they talk on. An agent, a topic and the line between them light up with each message; learners have the colour of their policy.',
  look: ({ model, heard }) => {
    const traffic = heard()
    const sent = countsBy(traffic, ({ from }) => from)
    const agents = [...runOf(model).population]
    const keys = new Map(agents.map(({ id, key }) => [id, key]))
    const said = countsBy(traffic, ({ topic }) => topic)
    for (const topic of said.keys()) topicsOf(model).add(topic)
    return {
      nodes: [...agents.map(agent => agentNode(agent, sent.get(agent.id) ?? 0)), ...topicNodes(topicsOf(model), said)],
      edges: traffic.flatMap(({ from, topic, count: n }) => edgeOf(keys.get(from), topic, n)),
    }
  },
}

/** Topics that were heard so far, so that the map keeps its shape. */
const known = new WeakMap<Swarm, Set<string>>()

function topicsOf(model: Swarm): Set<string> {
  const topics = known.get(model) ?? new Set<string>()
  known.set(model, topics)
  return topics
}

function agentNode(agent: Agent, sent: number): NetworkNode {
  const { type, key } = agent
  const style = agent instanceof PatternLearner ? learnerStyle(agent) : undefined
  const policy = agent instanceof PatternLearner ? agent.finance?.policy : undefined
  const detail = [`${key}: ${count(sent, 'message')} since the look before.`, ...(policy ? [`It follows ${policy}.`] : [])]
  return { id: key, group: type, ...(style?.color !== undefined && { color: style.color }), heat: heatOf(sent), detail }
}

function topicNodes(topics: ReadonlySet<string>, said: ReadonlyMap<string, number>): NetworkNode[] {
  return Array.from(topics, topic => {
    const n = said.get(topic) ?? 0
    return {
      id: `topic ${topic}`,
      label: topic,
      group: 'topics',
      heat: heatOf(n),
      detail: [`${count(n, 'message')} since the look before.`],
    }
  })
}

/** None where the model or the world spoke. */
function edgeOf(from: string | undefined, topic: string, n: number): NetworkEdge[] {
  return from === undefined ? [] : [{ from, to: `topic ${topic}`, heat: heatOf(n) }]
}

function heatOf(n: number): number {
  return Math.round(100 * Math.min(1, Math.sqrt(n / brightest))) / 100
}

function countsBy<K>(traffic: readonly MessageCount[], keyOf: (heard: MessageCount) => K): Map<K, number> {
  const counts = new Map<K, number>()
  for (const heard of traffic) counts.set(keyOf(heard), (counts.get(keyOf(heard)) ?? 0) + heard.count)
  return counts
}
