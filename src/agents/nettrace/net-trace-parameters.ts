/** The parameters of latency signals: what is traced, what a signal means, how it is traded. */

import * as z from 'zod'
import { MINUTE_MS } from '../../core/index.js'
import { defaultHosts, ownInstrumentsSchema, pairName } from '../../market/index.js'
import { brokerSchema, gateSchema, type Limits, shippedProfiles } from '../../trading/index.js'
import { hostsSchema, vantagesSchema } from '../network-parameters.js'

const { accuracy24h: _raw, ...micro } = shippedProfiles.micro ?? {}

/**
 * `micro`, with a sequential alarm in the place of its raw share of right trades, which fires by luck on 25 % of days: at 55 % right and
 * 20 trades a day one false alarm in forty years, and a fall to 40 % is found after some 170 trades. `micro` itself is the raw rule.
 */
const cautious: { readonly name: string; readonly limits: Limits } = {
  name: 'micro-sequential',
  limits: { ...micro, accuracyAlarm: 0.55, accuracyDrop: 0.15, falseAlarmTrades: 300_000 },
}

const broker = brokerSchema.omit({
  minConfidence: true,
  grossLimit: true,
  stopAtr: true,
  targetAtr: true,
  latencyMs: true,
  fillOn: true,
})

/** The parameters of a latency model with ranges, defaults and descriptions. */
export const netTraceSchema = z.object({
  pairs: z
    .array(z.string().overwrite(pairName))
    .min(1)
    .max(1_000)
    .default(Object.values(defaultHosts).flat())
    .describe('pairs, by any of their names'),
  instruments: ownInstrumentsSchema
    .optional()
    .describe('instruments of your own: by pair, what orders in it must respect; all others by table, or by generic rules'),
  barMs: z.number().int().min(1_000).default(MINUTE_MS).describe('length of a bar, ms'),
  hosts: hostsSchema,
  vantages: vantagesSchema.describe('vantage points, a Scanner each; below two nothing is ever found, since two must agree'),
  detectorsPerHost: z.number().int().min(1).max(20).default(2).describe('LatencySignal agents of one host, at most'),
  horizonBars: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(30)
    .describe('bars after which a signal is right or wrong, and its position ends'),
  validBars: z.number().int().min(1).max(10_000).default(10).describe('bars for which a signal may be acted on'),
  reviewBars: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(1_440)
    .describe('bars between two reviews of the detectors, which fire, promote and clone; 0: never'),
  allowShort: z
    .boolean()
    .default(false)
    .describe('sell short on falling signals; otherwise they close what is held, and keep out'),
  ...broker.shape,
  capitalUsd: broker.shape.capitalUsd.default(13).describe('starting capital, USD'),
  feeRate: broker.shape.feeRate
    .default(0.0002)
    .describe('taker fee as a fraction of notional; at Kraken’s 0.004 no accuracy pays'),
  halfSpread: broker.shape.halfSpread
    .default(0.0001)
    .describe('half the bid-ask spread as a fraction of price, against every order'),
  slippage: broker.shape.slippage.default(0.0002).describe('slippage as a fraction of price, against every order'),
  profiles: gateSchema.shape.profiles
    .default([cautious as { name: string; limits: Record<string, unknown> }])
    .describe('profiles of limits, by name (micro, user, spot) or as { name, limits }: of each limit the strictest holds'),
  allowLosingTarget: gateSchema.shape.allowLosingTarget,
})

/** The parameters of a latency model, checked and complete. */
export type NetTraceParameters = z.output<typeof netTraceSchema>
