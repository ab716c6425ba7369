/** Whether all parts work: agents, messages, requests, and the feeds as far as the model knows of them. */

import { formatTime } from '../../../market/index.js'
import type { TablePanel, TextPanel } from '../../../model/index.js'
import { runOf } from '../../../model/index.js'
import type { Swarm } from '../swarm.js'
import { idleFacts, whyIdle } from '../why-idle.js'

export const why: TextPanel<Swarm> = {
  kind: 'text',
  tab: 'Market',
  about: 'What stands in the way of trades now: what stops everything, or for each portfolio what became of its signals.',
  look: ({ model, quarantined }) => ({ lines: whyIdle(idleFacts(model, quarantined)).split('\n') }),
}

export const health: TextPanel<Swarm> = {
  kind: 'text',
  tab: 'Health',
  about: 'Agents, messages and requests of this process, and what the model knows of its feeds.',
  look: ({ model, quarantined, counters }) => {
    const memory = model.memories.at(0)
    const { requests } = counters
    const counts = typeof requests === 'object' ? requests : {}
    return {
      lines: troubles(model, quarantined),
      figures: {
        agents: runOf(model).population.size,
        quarantined: quarantined.length,
        'messages published': Number(counters.published),
        'messages delivered': Number(counters.delivered),
        'messages dropped': Number(counters.dropped),
        'messages refused': Number(counters.refused),
        'requests asked': counts.asked ?? 0,
        'requests answered': counts.answered ?? 0,
        'requests dropped': counts.dropped ?? 0,
        'ideas waiting for memory': memory?.waiting.size ?? 0,
        'ideas beyond memory’s limit': memory?.overflow ?? 0,
        'pairs without fresh data': model.stale.size,
      },
    }
  },
}

function troubles(model: Swarm, quarantined: readonly { agent: string; step: number; reason: string }[]): string[] {
  const { stale, linkDownSince, clockOffSince, clocksOff, warming } = model
  const since = (time: number) => `since ${formatTime(time)}`
  const lines = [
    ...(warming ? ['The bars come from the past: nothing is traded on them.'] : []),
    ...(linkDownSince === null ? [] : [`The link to the other processes is down ${since(linkDownSince)}.`]),
    ...(clockOffSince === undefined ? [] : [`This machine's clock is off ${since(clockOffSince)}.`]),
    ...Array.from(clocksOff ?? [], ([pair, time]) => `The clock is off for ${pair} ${since(time)}.`),
    ...Array.from(stale, ([pair, time]) => `${pair} has no fresh data ${since(time)}.`),
    ...quarantined.map(({ agent, step, reason }) => `${agent} is quarantined since step ${step}: ${reason}.`),
  ]
  return lines.length > 0 ? lines : ['All is well.']
}

export const messages: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Health',
  about: 'Messages since the look before, by topic, and how many agents published them.',
  columns: ['topic', 'messages', 'publishers'],
  empty: 'Nothing was published since the look before.',
  look: ({ heard }) => {
    const topics = new Map<string, { messages: number; publishers: number }>()
    for (const { topic, count: n } of heard()) {
      const { messages: sum, publishers } = topics.get(topic) ?? { messages: 0, publishers: 0 }
      topics.set(topic, { messages: sum + n, publishers: publishers + 1 })
    }
    return Array.from(topics, ([topic, of]) => ({ cells: { topic, ...of } })).sort((a, b) => b.cells.messages - a.cells.messages)
  },
}
