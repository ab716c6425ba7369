/** The parameters of the launch world: who is there, what is launched, what of it can be seen, and the curve. */

import * as z from 'zod'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/index.js'
import { MOST_LAMPORTS, publishedCurve, raisedBy } from '../../exchange/index.js'
import { ruleLimits } from '../decision/rules.js'

const share = z.number().min(0).max(1)
const agents = (standard: number, of: string) => z.number().int().min(0).max(10_000).default(standard).describe(of)
const weight = (standard: number) => z.number().min(0).max(1_000).default(standard)
const amount = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const positive = amount.min(1)
const bp = z.number().int().min(0).max(5_000)

const span = z
  .strictObject({ fromMs: z.number().min(0), untilMs: z.number().min(0) })
  .nullable()
  .default(null)

const curve = z
  .strictObject({
    virtualLamports: positive.default(publishedCurve.virtualLamports),
    virtualTokens: positive.default(publishedCurve.virtualTokens),
    curveTokens: positive.default(publishedCurve.curveTokens),
    supplyTokens: positive.default(publishedCurve.supplyTokens),
    fees: z
      .array(z.strictObject({ fromLamports: amount, feeBp: bp }))
      .min(1)
      .max(100)
      .default([...publishedCurve.fees]),
    poolFeeBp: bp.default(publishedCurve.poolFeeBp),
    migrationLamports: amount.default(publishedCurve.migrationLamports),
  })
  .refine(({ curveTokens, virtualTokens }) => curveTokens < virtualTokens, {
    error: 'curveTokens must be fewer than virtualTokens',
    abort: true,
  })
  .refine(({ curveTokens, supplyTokens }) => curveTokens < supplyTokens, 'curveTokens must be fewer than supplyTokens')
  .refine(
    terms => terms.virtualLamports + raisedBy(terms) <= MOST_LAMPORTS,
    `virtualLamports and what the curve raises, virtualLamports × curveTokens ÷ (virtualTokens − curveTokens), must be at most ${MOST_LAMPORTS} lamports together`,
  )
  .refine(
    terms => terms.migrationLamports < raisedBy(terms),
    'migrationLamports must be less than what the curve raises, virtualLamports × curveTokens ÷ (virtualTokens − curveTokens)',
  )
  .refine(({ fees }) => fees[0]?.fromLamports === 0, 'fees must begin at 0 lamports')
  .refine(
    ({ fees }) => fees.every((tier, i) => i === 0 || tier.fromLamports > (fees[i - 1]?.fromLamports ?? 0)),
    'fees must ascend by fromLamports',
  )
  .prefault({})
  .describe('what the launch program prescribes, in lamports, base units and hundredths of a percent')

/** The parameters of a launch model with ranges, defaults and descriptions. */
export const launchSchema = z.object({
  slotMs: z.number().int().min(1).max(60_000).default(400).describe('length of a slot, ms'),
  launchEveryMs: z
    .number()
    .min(1)
    .max(24 * HOUR_MS)
    .default(20 * SECOND_MS)
    .describe('mean time between two launches, ms'),
  creators: z.number().int().min(1).max(10_000).default(40).describe('accounts that launch tokens'),
  snipers: agents(6, 'traders that buy in the first slots'),
  bundlers: agents(4, 'owners of hidden wallets that creators hire'),
  whales: agents(15, 'traders of much money'),
  momentumTraders: agents(120, 'traders of the crowd, that buy what is being bought'),
  copyTraders: agents(10, 'traders that do what a whale or a sniper does'),
  noiseTraders: agents(60, 'traders without a reason'),
  supporters: agents(30, 'traders that buy for a token’s own sake, below what its community holds it to be worth'),
  kinds: z
    .strictObject({
      honest: weight(0.4),
      slowRug: weight(0.15),
      instantRug: weight(0.2),
      bundled: weight(0.15),
      farmed: weight(0.1),
    })
    .refine(weights => Object.values(weights).some(w => w > 0), 'at least one weight must be above 0')
    .prefault({})
    .describe('how often each kind of launch is meant, as weights'),
  leak: share
    .default(0.85)
    .describe(
      'share of launches whose kind shows in creator, manner and the first minutes; 0: the null, in which nothing shows it',
    ),
  support: share
    .default(0.25)
    .describe(
      'share of the honest launches, of those whose kind shows, that find a community: supporters raise their price for an hour and more',
    ),
  reputationNoise: z
    .number()
    .min(0)
    .max(10)
    .default(0.15)
    .describe('standard deviation of what is known of a creator’s reputation'),
  rugWave: z
    .strictObject({
      fromMs: z.number().min(0),
      untilMs: z.number().min(0),
      share,
    })
    .nullable()
    .default(null)
    .describe('a span of the run, ms from its beginning, in which this share of launches are rugs, whoever launches; null: none'),
  latencySlots: z
    .tuple([z.number().int().min(1).max(100), z.number().int().min(1).max(100)])
    .refine(([least, most]) => least <= most, 'the lower bound first')
    .default([1, 3])
    .describe('slots between an order and the one it can stand in: least and most'),
  scoreAgesMin: z
    .array(z.number().int().min(1).max(60))
    .max(20)
    .default([2, 5, 15])
    .describe('ages at which the features of a token are written down, minutes'),
  horizonMs: z
    .number()
    .int()
    .min(1_000)
    .max(24 * HOUR_MS)
    .default(HOUR_MS)
    .describe('time after which a score is judged, ms'),
  collapse: share.default(0.8).describe('fall of the price within that time that is a collapse, as a share'),
  users: agents(40, 'users for whom the trade-agent decides, half of them scalpers, half swing traders'),
  fetchEveryMs: z
    .number()
    .int()
    .min(1_000)
    .max(24 * HOUR_MS)
    .default(20 * MINUTE_MS)
    .describe('time between two fetches, ms'),
  tradeAfterMs: z
    .number()
    .int()
    .min(0)
    .max(24 * HOUR_MS)
    .default(5 * MINUTE_MS)
    .describe('time from a fetch to its decisions, ms'),
  outcomeMs: z
    .number()
    .int()
    .min(1_000)
    .max(24 * HOUR_MS)
    .default(10 * MINUTE_MS)
    .describe('time after which a decision is judged, ms'),
  minConfidence: share.default(0.7).describe('calibrated chance of a gain from which on the trade-agent buys'),
  rules: z
    .string()
    .max(ruleLimits.characters)
    .default('')
    .describe('rules of users: the text of a file id,priority,when,action,value,until'),
  orders: z
    .string()
    .max(ruleLimits.characters)
    .default('')
    .describe('orders of an operator: the text of a file at,do,what,reason'),
  reviewConfidence: share
    .default(0.6)
    .describe('chance of a gain from which on a decision that is not sure enough waits for a reviewer'),
  retrainEveryMs: z
    .number()
    .int()
    .min(1_000)
    .max(366 * 24 * HOUR_MS)
    .default(7 * 24 * HOUR_MS)
    .describe('time between two trainings of a challenger, ms'),
  shadowMs: z
    .number()
    .int()
    .min(1_000)
    .max(366 * 24 * HOUR_MS)
    .default(3 * 24 * HOUR_MS)
    .describe('time that a challenger runs in the champion’s shadow, ms'),
  experiment: z
    .strictObject({
      blockMs: z
        .number()
        .int()
        .min(1_000)
        .max(24 * HOUR_MS)
        .default(HOUR_MS),
      size: z.number().positive().max(10),
    })
    .nullable()
    .default(null)
    .describe('an A/B experiment: entries of arm B are so many times as large; arms are drawn anew each blockMs; null: none'),
  fetchFails: span.describe('a span, ms from the beginning, in which fetches bring nothing; null: none'),
  newsFails: span.describe('a span, ms from the beginning, in which there are no new news; null: none'),
  largestTradeSol: z.number().positive().max(1e6).default(1).describe('most that a user’s entry is worth, SOL'),
  dailyLossSol: z.number().positive().max(1e6).default(2).describe('loss of a UTC day at which a user enters nothing more, SOL'),
  openPositions: z.number().int().min(0).max(10_000).default(5).describe('positions of a user, at most'),
  tradesPerDay: z.number().int().min(0).max(1_000_000).default(30).describe('entries of a user in a UTC day, at most'),
  coordinationShare: share
    .default(0.1)
    .describe('share of a token’s volume of the last hour that all users together buy, at most'),
  curve,
})

/** Parameters of a launch model as a scenario writes them. */
export type LaunchOptions = z.input<typeof launchSchema>
/** The parameters of a launch model, checked and complete. */
export type LaunchParameters = z.output<typeof launchSchema>
