/** Each kind of data × what may be wrong with it: exactly what is done, and the code that says why. */
import { describe, expect, it } from 'vitest'
import type { Arrival } from '../../src/agents/decision/freshness.js'
import { decide } from '../../src/agents/decision/graph.js'
import { parseRules } from '../../src/agents/decision/rules.js'
import { type DecisionInputs, type DecisionPorts, ruleFields, userGraph } from '../../src/agents/decision/user-graph.js'
import { MINUTE_MS } from '../../src/core/index.js'

const now = Date.UTC(2024, 0, 1, 12)
const ago = (minutes: number, form: Arrival['form'] = 'whole'): Arrival => ({ time: now - minutes * MINUTE_MS, form })
const arrivals = {
  missing: null,
  '30 min': ago(30),
  '31 min': ago(31),
  '46 min': ago(46),
  'future-dated': ago(-1),
  'half-written': ago(5, 'broken'),
  'older schema': ago(5, 'older'),
} as const
const entered = { action: 'buy', amount: 1_000, reasons: ['entry'] }
const halved = { action: 'buy', amount: 500, reasons: ['entry'] }
const refused = (...reasons: string[]) => ({ action: 'none', amount: 0, reasons })

/** What is decided, and what a node said beside it. */
const table = {
  user: {
    missing: [refused('missingUser')],
    '30 min': [entered],
    '31 min': [refused('staleUser')],
    '46 min': [refused('staleUser')],
    'future-dated': [refused('futureUser')],
    'half-written': [refused('brokenUser')],
    'older schema': [entered, 'olderUser'],
  },
  snapshot: {
    missing: [refused('missingSnapshot', 'missingNews', 'risk', 'lowConfidence')],
    '30 min': [entered],
    '31 min': [refused('staleSnapshot')],
    '46 min': [refused('staleSnapshot')],
    'future-dated': [refused('futureSnapshot')],
    'half-written': [refused('brokenSnapshot')],
    'older schema': [entered, 'olderSnapshot'],
  },
  news: {
    missing: [refused('missingNews')],
    '30 min': [entered],
    '31 min': [halved, 'oldNews'],
    '46 min': [refused('staleNews')],
    'future-dated': [refused('futureNews')],
    'half-written': [refused('brokenNews')],
    'older schema': [entered, 'olderNews'],
  },
  // Rules alone ask it: where it is not fresh, none that names it holds.
  social: {
    missing: [entered, 'missingSocial'],
    '30 min': [refused('rule:loud')],
    '31 min': [entered, 'staleSocial'],
    '46 min': [entered, 'staleSocial'],
    'future-dated': [entered, 'futureSocial'],
    'half-written': [entered, 'brokenSocial'],
    'older schema': [refused('rule:loud'), 'olderSocial'],
  },
} as const

const rules = parseRules('id,priority,when,action,value,until\nloud,1,social > 10,refuse,,\n', 'rules.csv', ruleFields)
const ports: DecisionPorts = {
  rules,
  minConfidence: 0.7,
  reviewConfidence: 0.6,
  confidence: (_, score) => (score > 0.4 ? 0.75 : 0.2),
}

function inputsWith(dataset: keyof typeof table, arrival: Arrival | null): DecisionInputs {
  const market = dataset === 'snapshot' ? arrival : ago(5)
  const news = dataset === 'news' ? arrival : ago(5)
  const social = dataset === 'social' ? arrival : ago(5)
  return {
    userData: {
      user: 'User-1',
      profile: 'swing',
      cash: 1e9,
      baseSize: 1_000,
      holdsToken: false,
      consents: true,
      snapshot: dataset === 'user' ? arrival : ago(5),
    },
    tokenData:
      market === null
        ? null
        : {
            pair: 'TOKEN-1',
            fetchedAt: market.time,
            form: market.form,
            ageMs: 10 * MINUTE_MS,
            phase: 'mid',
            progress: 0.5,
            buyers: 30,
            reputation: 0.6,
            creatorShare: 0.02,
            multiLaunch: null,
            dormant: null,
            stopped: null,
            approved: false,
            risk: 0,
            gain: 0.95,
            news: news === null ? null : { ...news, mood: 0.5 },
            social: social === null ? null : { ...social, mentions: dataset === 'social' ? 11 : 1 },
          },
    time: now,
    weights: [0.6, 0.4],
    calibration: { from: [], share: [] },
  }
}

describe.each(Object.entries(table))('%s data', (dataset, rows) => {
  it.each(Object.entries(rows))('that are %s lead to exactly this', (state, [decided, code]) => {
    const arrival = arrivals[state as keyof typeof arrivals]
    const given = inputsWith(dataset as keyof typeof table, arrival)
    expect(decide(userGraph, given, ports).decision).toMatchObject(decided)
    const said = userGraph.nodes.flatMap(node => {
      const before = decide(userGraph, given, ports)
      return node.run(before, ports).reasons ?? []
    })
    const ofAge = said.filter(reason => /^(missing|stale|future|broken|older|old)[A-Z]/.test(reason))
    const expected = code ?? (decided.reasons[0] as string)
    if (/^(missing|stale|future|broken|older|old)[A-Z]/.test(expected)) expect(ofAge).toContain(expected)
    else expect(ofAge).toEqual([])
  })
})
