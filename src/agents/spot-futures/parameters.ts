/** The parameters of a spot and a futures portfolio side by side. */

import * as z from 'zod'
import { HOUR_MS } from '../../core/index.js'
import { usualPerp } from '../../exchange/index.js'
import { defaultPairs, ownInstrumentsSchema, pairName } from '../../market/index.js'
import { brokerSchema, gateSchema } from '../../trading/index.js'

const broker = brokerSchema.omit({ minConfidence: true, grossLimit: true, latencyMs: true, fillOn: true })

/** The parameters, with ranges, defaults and descriptions. Those of a portfolio without `futures` in their name are of the spot portfolio. */
export const spotFuturesSchema = z.object({
  pairs: z
    .array(z.string().overwrite(pairName))
    .min(1)
    .max(200)
    .default([...defaultPairs])
    .describe('pairs, by any of their names; the first leads the market, and its regime is the market’s'),
  instruments: ownInstrumentsSchema
    .optional()
    .describe('instruments of your own: by pair, what orders in it must respect; all others by table, or by generic rules'),
  barMs: z.number().int().min(1_000).default(HOUR_MS).describe('length of a bar, ms'),
  ...broker.shape,
  sizeShare: broker.shape.sizeShare.default(0.1),
  feeRate: broker.shape.feeRate.default(0.001).describe('taker fee of the spot portfolio as a fraction of notional'),
  profiles: gateSchema.shape.profiles.default(['spot']),
  allowLosingTarget: gateSchema.shape.allowLosingTarget,
  spotEveryBars: z.number().int().min(1).max(10_000).default(12).describe('bars between two looks of the spot agent at a pair'),
  spotHorizonBars: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(48)
    .describe('bars for which a spot position is held, and after which the model learns'),
  minProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.52)
    .describe('the spot agent buys where its model gives a gain after costs at least this probability'),
  learnOutcomes: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(500)
    .describe('outcomes that the model of the spot agent must have learnt before it lets anything enter'),
  futuresCapitalUsd: broker.shape.capitalUsd.describe(
    'starting capital of the futures portfolio, USD; no other money is ever behind it',
  ),
  leverage: z
    .number()
    .min(1)
    .max(usualPerp.maxLeverage)
    .default(3)
    .describe('leverage of the futures portfolio: what a position is worth for each dollar of its margin'),
  futuresTakerBp: z
    .number()
    .min(0)
    .max(1_000)
    .default(usualPerp.takerBp)
    .describe('taker fee of the futures exchange, hundredths of a percent of notional'),
  futuresProfiles: gateSchema.shape.profiles
    .default(['futures'])
    .describe('profiles of limits of the futures portfolio, by name or as { name, limits }'),
  futuresSizeShare: z
    .number()
    .min(0)
    .max(usualPerp.maxLeverage)
    .default(0.15)
    .describe('notional of a new futures position as a share of the portfolio’s equity, before its gate'),
  momentumBars: z.number().int().min(1).max(10_000).default(72).describe('bars over which the futures agent measures momentum'),
  momentumAtr: z
    .number()
    .min(0)
    .max(100)
    .default(6)
    .describe('the futures agent enters where the price has moved by so many mean ranges of a bar over momentumBars'),
  futuresStopAtr: z
    .number()
    .positive()
    .max(100)
    .default(6)
    .describe('distance of its stop from the best close since entry, in mean ranges of a bar at entry'),
  premiumShare: z
    .number()
    .min(-1)
    .max(1)
    .default(0.02)
    .describe('how far futures are above their index, as a share of the last day’s return: the crowd pays for the trend'),
  insuranceUsd: z
    .number()
    .min(0)
    .max(1e9)
    .default(10_000)
    .describe('the insurance fund of the futures exchange at the start, USD'),
})

/** The parameters, checked and complete. */
export type SpotFuturesParameters = z.output<typeof spotFuturesSchema>
