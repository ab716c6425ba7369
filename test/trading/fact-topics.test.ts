/** What the swarm decides is in its digest: the topics of facts, by name. One that is left out would let two different runs look alike. */

import { expect, it } from 'vitest'
import * as between from '../../src/agents/mycelial/topics.js'
import { Topic } from '../../src/bus/index.js'
import * as trading from '../../src/trading/topics.js'

it('ideas, verdicts on patterns, halts, fills and closed trades are facts; readings of the market and drafts are none', () => {
  const topics = Object.values({ ...trading, ...between } as Record<string, unknown>).filter(each => each instanceof Topic)
  const names = (fact: boolean) =>
    topics
      .filter(each => each.fact === fact)
      .map(each => each.name)
      .sort()
  expect(names(true)).toEqual([
    'baseline-trade-ideas',
    'fills',
    'mycelial-trade-ideas',
    'pattern-verdicts',
    'synthesized-trade-log',
    'system-control',
    'trade-confirmations',
  ])
  expect(names(false)).toContain('market-data')
  expect(names(false).length).toBe(topics.length - 7)
})
