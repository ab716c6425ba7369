/** The swarm's parameters: the roster's counts, how it learns, and everything the broker and the risk manager need. */

import * as z from 'zod'
import { HOUR_MS } from '../../core/index.js'
import { protocol } from '../../discovery/index.js'
import { defaultPairs, type Moat, moatStreams, type OutsideMoat, ownInstrumentsSchema, pairName } from '../../market/index.js'
import { brokerSchema, gateSchema, riskSchema } from '../../trading/index.js'
import { hostsSchema, vantagesSchema } from '../network-parameters.js'

const count = (standard: number, what: string, most = 1_000) => z.number().int().min(0).max(most).default(standard).describe(what)

const streamNames = (moat: Moat) =>
  z
    .array(z.string().min(1))
    .max(100)
    .default([...moatStreams[moat]])

/** Counts by the name of the agents' type. */
const roster = {
  dataMiners: count(18, 'DataMiner agents; one per pair, at most as many as pairs'),
  financeLearners: count(60, 'PatternLearner agents of the finance moat'),
  codeLearners: count(10, 'PatternLearner agents of the code moat'),
  logisticsLearners: count(10, 'PatternLearner agents of the logistics moat'),
  governmentLearners: count(10, 'PatternLearner agents of the government moat'),
  corporationsLearners: count(10, 'PatternLearner agents of the corporations moat'),
  repoScrapes: count(1, 'RepoScrape agents', 1),
  logisticsMiners: count(1, 'LogisticsMiner agents', 1),
  govtDataMiners: count(1, 'GovtDataMiner agents', 1),
  corpDataMiners: count(1, 'CorpDataMiner agents', 1),
  explorersPerTeam: count(3, 'MarketExplorer agents in each of the three teams'),
  instigators: count(3, 'MycelialInstigator agents'),
  researchers: count(
    3,
    'DeepResearch agents; three share the bars of an approval and two must accept, one alone reads all of them and needs p ≤ .007',
  ),
  memories: count(1, 'Memory agents', 1),
  traders: count(1, 'Trading agents', 1),
  riskManagers: count(1, 'RiskManagement agents', 1),
  builders: count(1, 'Builder agents', 1),
  bystanders: count(0, 'agents that do nothing: to show that one more agent changes no other'),
}

const networkMoat = z.strictObject({
  learners: count(12, 'PatternLearner agents of the network moat, two a host: one of its level, one of its change'),
  hosts: hostsSchema,
  vantages: vantagesSchema.describe('vantage points; below two the moat has no values, since most of them must agree'),
})

/** The swarm’s parameters with ranges, defaults and descriptions. */
export const swarmSchema = z.object({
  pairs: z
    .array(z.string().overwrite(pairName))
    .min(1)
    .max(1_000)
    .default([...defaultPairs])
    .describe('pairs, by any of their names'),
  instruments: ownInstrumentsSchema
    .optional()
    .describe('instruments of your own: by pair, what orders in it must respect; all others by table, or by generic rules'),
  barMs: z.number().int().min(1_000).default(HOUR_MS).describe('length of a bar, ms'),
  ...roster,
  streams: z
    .object({
      code: streamNames('code'),
      logistics: streamNames('logistics'),
      government: streamNames('government'),
      corporations: streamNames('corporations'),
    })
    .prefault({})
    .describe('streams of each moat'),
  network: networkMoat
    .optional()
    .describe('the network moat: how late hosts answer, as a driver of prices; absent: there is no such moat'),
  hypothesisLimit: z.number().int().min(1).max(200_000).default(6_000).describe('most hypotheses the swarm may hold'),
  knownPatterns: z
    .array(z.string().min(1))
    .max(10_000)
    .default([])
    .describe('patterns that an earlier run had approved: they are screened first, and proved anew as all others are'),
  imitationRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('chance that a finance learner adopts an announced candidate')
    .meta({ changeable: true }),
  redrawRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('under contagion: chance per bar that an adherent gives its policy up')
    .meta({ changeable: true }),
  confirmationsPer5000: z
    .number()
    .int()
    .min(0)
    .max(2_000)
    .default(protocol.confirmations)
    .describe('confirmations begun in 5,000 bars, at most'),
  confirmationRule: z
    .enum(['three', 'one'])
    .default('three')
    .describe(
      'who confirms a candidate: three learners on disjoint folds, each with z > 0.5 and 3 pooled, or one on all 54 blocks with z > 3',
    ),
  reviewBars: z
    .number()
    .int()
    .min(1)
    .default(24)
    .describe('bars between recommendations, and between reviews by Builder')
    .meta({ changeable: true }),
  recommendPairs: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(9)
    .describe('pairs an explorer recommends at a time')
    .meta({ changeable: true }),
  maxAssets: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(15)
    .describe('TechnicalAnalysis agents deployed at once, at most')
    .meta({ changeable: true }),
  baselineRule: z
    .enum(['technical', 'talkative'])
    .default('technical')
    .describe(
      'technical: the baseline enters a standing view once, where it pays its costs, and TechnicalAnalysis follows trends; talkative: it trades every idea, and TechnicalAnalysis votes with RSI, MACD and Bollinger bands',
    ),
  baselineSkill: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'correlation of a trend with the return over its horizon that TechnicalAnalysis expects: its expected move is skill × strength × volatility',
    ),
  baselineGate: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe('round-trip costs that an expected move must be worth to be entered by the baseline; 0: no gate'),
  baselineMinHold: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('share of its horizon for which a baseline position is kept against an opposite view'),
  baselineHorizonBars: z
    .number()
    .int()
    .min(1)
    .default(24)
    .describe('bars a baseline idea means to hold where its analyst names no horizon'),
  collisionWindowMs: z
    .number()
    .int()
    .min(0)
    .default(5_000)
    .describe('two ideas collide that were decided less than this apart, ms; or less than a bar, where that is longer'),
  forcedHypotheses: z
    .array(z.string())
    .max(200)
    .default([])
    .describe(
      'hypotheses traded without any test, as "driver|transform|lag|pair|horizon|+": to show that the portfolios are honest',
    ),
  ...brokerSchema.shape,
  ...riskSchema.shape,
  ...gateSchema.shape,
})

/** The swarm’s parameters, checked and complete. */
export type SwarmParameters = z.output<typeof swarmSchema>

/** The streams of each moat; the network's are its hosts. */
export function streamsOf({
  streams,
  network,
}: Pick<SwarmParameters, 'streams' | 'network'>): Record<OutsideMoat, readonly string[]> {
  return { ...streams, network: Object.keys(network?.hosts ?? {}) }
}

/** How many learners each moat has. */
export function learnersOf(params: SwarmParameters): Record<OutsideMoat, number> {
  const { codeLearners, logisticsLearners, governmentLearners, corporationsLearners, network } = params
  return {
    code: codeLearners,
    logistics: logisticsLearners,
    government: governmentLearners,
    corporations: corporationsLearners,
    network: network?.learners ?? 0,
  }
}
