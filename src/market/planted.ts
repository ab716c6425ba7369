/**
 * Planted causes and scheduled shocks of the synthetic market, as plain data: what a scenario writes, what the manifest
 * repeats, and what discoveries are judged by.
 */

import * as z from 'zod'

const bar = z.number().int().min(0)

const causeFields = {
  driver: z
    .string()
    .describe(
      'what moves the price: "<moat>:<stream>" such as "code:Rust", "finance:own-return", "finance:btc-return" or "finance:eth-return"',
    ),
  pair: z.string().describe('the pair whose price is moved'),
  lag: z
    .number()
    .int()
    .min(0)
    .max(500)
    .default(0)
    .describe('bars between the value and the first bar it moves; 0 = the next bar'),
  horizon: z.number().int().min(1).max(500).default(1).describe('bars over which the effect is spread evenly'),
  sign: z
    .union([z.literal(1), z.literal(-1)])
    .default(1)
    .describe('+1: a high value lifts the price; −1: it lowers it'),
  whenCalm: z
    .number()
    .min(-1)
    .max(1)
    .default(1)
    .describe('factor on the effect while the market is in its calm regime: −0.5 = reversed at half strength'),
  with: z
    .literal('trend')
    .nullable()
    .default(null)
    .describe(
      "'trend': a value acts only where its effect has the direction of the pair's trend at its close, the sign of EMA(24) − EMA(96) of the closes, and does nothing elsewhere; null = always",
    ),
  response: z
    .enum(['linear', 'even'])
    .default('linear')
    .describe("'even': high and low values move the price alike, by the size of the value less its mean"),
  halfLife: z
    .number()
    .gt(0)
    .nullable()
    .default(null)
    .describe('bars, counted from `from`, after which half of the strength is left; null = it lasts'),
  drift: z
    .strictObject({
      everyBars: z.number().int().min(1).describe('bars, counted from `from`, after which the lag grows by one'),
      most: z.number().int().min(0).max(500).default(2).describe('largest lag'),
    })
    .nullable()
    .default(null)
    .describe('a lag that grows with time; null = it stays'),
  from: bar.default(0).describe('first bar (counted from 0) whose return is moved'),
  until: bar.nullable().default(null).describe('first bar no longer moved; null = to the end'),
}

/** A value seen at the close of bar t shifts the return over bars t+lag+1 … t+lag+horizon. */
export const plantedCauseSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('dense'),
    strength: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.02)
      .describe(
        "share of the variance of the pair's return (of each bar, and of the horizon) that the driver explains: IC = √strength",
      ),
    ...causeFields,
  }),
  z.strictObject({
    kind: z.literal('sparse'),
    strength: z.number().min(0).max(20).default(1).describe("whole effect of one event, in the pair's long-run bar sigmas"),
    rate: z.number().gt(0).max(0.5).default(0.02).describe('share of bars with an event on the driver'),
    ...causeFields,
  }),
])

/** What happens to the market on a schedule. Bars count from 0. */
export const plantedShockSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('crash'),
    at: bar.describe('first bar of the fall'),
    bars: z.number().int().min(1).default(6).describe('bars the fall takes; the market is stormy meanwhile'),
    depth: z.number().gt(0).max(0.95).default(0.3).describe('fall of every pair, as a share of its price, noise aside'),
  }),
  z.strictObject({
    kind: z.literal('shift'),
    at: bar.describe('first bar moved by the new rule'),
    factor: z
      .number()
      .min(-1)
      .max(1)
      .default(-1)
      .describe('factor on planted effects from here on: −1 reverses, 0 ends, 1 restores them'),
    driver: z.string().optional().describe('only the causes of this driver; all by default'),
  }),
  z.strictObject({
    kind: z.literal('outage'),
    at: bar.describe('first bar missed'),
    bars: z.number().int().min(1).describe('bars missed'),
    pairs: z.array(z.string()).readonly().optional().describe('the pairs that fall silent; all by default'),
    as: z.enum(['filled', 'absent']).default('filled').describe('flagged bars of volume 0, or no bars at all'),
  }),
  z.strictObject({
    kind: z.literal('contagion'),
    at: bar.describe('first bar moved'),
    bars: z.number().int().min(1).default(2000).describe('bars the driver rules'),
    driver: z.string(),
    pair: z.string(),
    strength: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.3)
      .describe("share of the variance of the pair's return: strong, so that every learner finds it; 0 = no contagion"),
    lag: causeFields.lag,
    horizon: causeFields.horizon,
    sign: causeFields.sign,
  }),
])

/** A cause that a synthetic market is made to hold: what drives which pair, how late and how strongly. */
export type PlantedCause = z.output<typeof plantedCauseSchema>
/** A shock that a synthetic market is made to hold. */
export type PlantedShock = z.output<typeof plantedShockSchema>

/** A cause that acts with the trend acts on about half of its values. */
const SHARE_WITH_TREND = 0.5

/** Share of a pair's bar variance a cause takes up at full strength; it is taken from the noise, so that the total stays put. */
export function plantedVariance(cause: PlantedCause): number {
  const always = cause.kind === 'dense' ? cause.strength : (cause.rate * cause.strength ** 2) / cause.horizon
  return cause.with === 'trend' ? SHARE_WITH_TREND * always : always
}

/** Lag of a cause for the bar it moves. */
export function lagAt({ lag, drift, from }: PlantedCause, bar: number): number {
  if (drift === null) return lag
  return Math.max(lag, Math.min(drift.most, lag + Math.floor((bar - from) / drift.everyBars)))
}

/** Longest lag a cause ever has. */
export function longestLag({ lag, drift }: PlantedCause): number {
  return Math.max(lag, drift?.most ?? 0)
}

/** The causes of a market: those listed and those its contagion shocks stand for. */
export function allCauses(causes: readonly PlantedCause[], shocks: readonly PlantedShock[]): PlantedCause[] {
  const strong = shocks.flatMap(s => (s.kind === 'contagion' ? [contagionCause(s)] : []))
  return [...causes, ...strong]
}

/** The causes that move something: one of strength 0 is not planted. */
export function plantedCauses(causes: readonly PlantedCause[], shocks: readonly PlantedShock[]): PlantedCause[] {
  return allCauses(causes, shocks).filter(cause => cause.strength > 0)
}

function contagionCause(shock: Extract<PlantedShock, { kind: 'contagion' }>): PlantedCause {
  const { at, bars, driver, pair, strength, lag, horizon, sign } = shock
  const plain = { whenCalm: 1, with: null, response: 'linear', halfLife: null, drift: null } as const
  return { kind: 'dense', driver, pair, strength, lag, horizon, sign, ...plain, from: at, until: at + bars }
}
