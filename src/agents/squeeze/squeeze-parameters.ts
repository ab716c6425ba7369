/** The parameters of a squeeze: a crowd that is levered one way, and a buyer that moves the price against it. */

import * as z from 'zod'
import { MINUTE_MS } from '../../core/index.js'
import { usualPerp } from '../../exchange/index.js'

const share = z.number().min(0).max(1)

/** The parameters of a squeeze with ranges, defaults and descriptions. */
export const squeezeSchema = z.object({
  traders: z.number().int().min(1).max(5_000).default(300).describe('levered traders'),
  shortShare: share.default(0.75).describe('share of them that bet on a fall; the others bet on a rise'),
  leverage: z.number().min(1).max(usualPerp.maxLeverage).default(5).describe('their leverage'),
  capitalUsd: z.number().positive().max(1e6).default(10_000).describe('mean capital of a trader, USD'),
  enterShare: share.default(0.01).describe('chance of a trader without a position to enter one in a step'),
  takeProfit: share.default(0.1).describe('gain on margin at which a trader closes, as a share of it'),
  kappa: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe('how far trades move the price: last · exp(kappa · net notional / depthUsd)'),
  depthUsd: z.number().positive().max(1e12).default(40_000_000).describe('depth of the market, USD'),
  pull: share.default(0.01).describe('share of the gap to the index that others close in a step'),
  follow: share.default(0.2).describe('share of the gap to the last price that the index closes in a step: spot follows futures'),
  noise: share.default(0.0005).describe('standard deviation of the index in a step, as a share of price'),
  startPriceUsd: z.number().positive().max(1e6).default(100).describe('price at the start, USD'),
  shockStep: z.number().int().min(0).max(1_000_000).default(240).describe('step at which a buyer begins'),
  shockSteps: z.number().int().min(1).max(10_000).default(30).describe('steps for which it buys'),
  shockUsd: z.number().min(0).max(1e9).default(10_000_000).describe('what it buys for in all, USD'),
  insuranceUsd: z.number().min(0).max(1e9).default(50_000).describe('the insurance fund at the start, USD'),
  stepMs: z.number().int().min(1_000).max(3_600_000).default(MINUTE_MS).describe('length of a step, ms'),
})
