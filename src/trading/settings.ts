/** The parameters of the paper broker and the risk manager, each with its default and description. */

import * as z from 'zod'
import { pairEntries } from './gate/pair-entry.js'

const share = () => z.number().min(0).max(1)

/** How portfolios trade. Fractions are of 1, not percent. */
export const brokerSchema = z.object({
  capitalUsd: z.number().positive().max(1e9).default(100_000).describe('starting capital of each portfolio, USD'),
  sizeShare: share()
    .default(0.02)
    .describe(
      'notional of a new position as a fraction of the portfolio’s equity, times clamp((confidence − 0.5) / 0.2, 0.25, 1)',
    ),
  grossLimit: share().default(0.3).describe('most that all positions together may be, as a fraction of equity'),
  minConfidence: share().default(0.5).describe('ideas less sure than this are ignored, and counted'),
  feeRate: z.number().min(0).max(0.1).default(0.004).describe('taker fee as a fraction of notional'),
  halfSpread: z
    .number()
    .min(0)
    .max(0.1)
    .default(0.0002)
    .describe('half the bid-ask spread as a fraction of price, against every order'),
  slippage: z.number().min(0).max(0.1).default(0.0003).describe('slippage as a fraction of price, against every order'),
  borrowRatePerDay: z
    .number()
    .min(0)
    .max(0.1)
    .default(0.0002)
    .describe('cost of a short per day as a fraction of its entry notional'),
  cashRatePerYear: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe('interest on idle cash a year of 365 days, as a fraction; buy-and-hold earns it too until it has bought'),
  stopAtr: z
    .number()
    .min(0)
    .max(100)
    .default(4)
    .describe(
      'stop distance in ATRs of the idea, beyond a horizon of 24 bars times √(horizon / 24); 0, or nearer than the cost of the exit: no stop',
    ),
  targetAtr: z
    .number()
    .min(0)
    .max(100)
    .default(8)
    .describe('target distance in ATRs of the idea, beyond a horizon of 24 bars times √(horizon / 24); 0: no target'),
  maxJump: z
    .number()
    .min(1.01)
    .max(1000)
    .default(3)
    .describe('an entry is cancelled where the price jumped by more than this factor since the decision'),
  dataEndedBars: z
    .number()
    .int()
    .min(1)
    .default(24)
    .describe(
      'bars without a price after which a pair’s data has ended and its positions are closed, if dataEndedDays have passed too',
    ),
  dataEndedDays: z.number().min(0).max(365).default(3).describe('days without a price after which that is so; see dataEndedBars'),
  dataEndedLoss: share()
    .default(0.05)
    .describe('what a position loses against the last close when its pair’s data has ended, as a fraction of price'),
  latencyMs: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(250)
    .describe('ms from decision to market where fillOn is "ticks"; on bars it is taken to be less than one bar'),
  fillOn: z
    .enum(['bars', 'ticks'])
    .default('bars')
    .describe('bars: the open of the pair’s next existing bar; ticks: its first trade at or after decision + latency'),
})

/** How a portfolio trades: the parameters, and what a profile says of its exits. */
export interface BrokerSettings extends z.infer<typeof brokerSchema> {
  /** Gain and loss at which a position is closed, as shares of its entry price; undefined: by its ATR. */
  readonly targetShare?: number | undefined
  readonly stopShare?: number | undefined
  /** How a confidence becomes a size; undefined: by `sizeFactor`. `steep`: five times as much for each unit above 0.55, within the limits of a trade. */
  readonly sizing?: 'steep'
}

/** When trading stops. */
export const riskSchema = z.object({
  maxDrawdown: z
    .number()
    .positive()
    .max(1)
    .default(0.05)
    .describe('peak-to-trough loss of a portfolio, as a fraction of the peak, at which its entries stop'),
  riskReset: z
    .union([z.literal('never'), z.object({ afterBars: z.number().int().min(1) })])
    .default({ afterBars: 168 })
    .describe('when a drawdown halt ends by itself: never (an operator resets it), or after so many bars with the peak re-based'),
  contagionPause: share().default(0.8).describe('share of finance learners with one leading policy at which all entries pause'),
  contagionResume: share().default(0.6).describe('share below which the pause may end'),
  contagionCalmBars: z.number().int().min(1).default(50).describe('consecutive bars below contagionResume that end the pause'),
  contagionLeaders: z
    .number()
    .int()
    .min(1)
    .default(30)
    .describe('learners that must have a leading policy before contagion is judged'),
  forbiddenPairs: pairEntries
    .default([])
    .describe('compliance list: pairs no portfolio may enter, each for good or `PAIR until TIME`'),
})

export type RiskSettings = z.infer<typeof riskSchema>
