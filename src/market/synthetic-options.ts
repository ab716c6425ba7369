/** The synthetic market's options: a schema with defaults and ranges, and the helper scenarios name the market with. */

import * as z from 'zod'
import { HOUR_MS, OperatorError, unknownName } from '../core/index.js'
import { defaultPairs, moatStreams, moats } from './candle.js'
import { allCauses, plantedCauseSchema, plantedShockSchema, plantedVariance } from './planted.js'

/** The largest share of a pair's variance that jumps and causes may take from its noise. */
const LARGEST_PLANTED_SHARE = 0.9

const share = z.number().min(0).max(1)
const positive = z.number().gt(0)

const regime = (factor: number, meanBars: number) =>
  z
    .strictObject({
      factor: positive.default(factor).describe('volatility relative to the other regimes'),
      meanBars: z.number().min(1).default(meanBars).describe('mean stay, in bars'),
    })
    .prefault({})

const volatilityPart = z.strictObject({
  halfLife: positive.describe('bars'),
  share: positive.describe('weight in the variance of log volatility'),
})
/** From minutes of the same news to months of the same mood. */
const volatilityParts = [
  { halfLife: 1.5, share: 0.26 },
  { halfLife: 20, share: 0.22 },
  { halfLife: 200, share: 0.26 },
  { halfLife: 1_000, share: 0.26 },
]

const clustering = z.strictObject({
  sd: z.number().min(0).max(1.5).default(0.72).describe('standard deviation of log volatility inside a regime'),
  parts: z
    .array(volatilityPart)
    .max(8)
    .readonly()
    .default(volatilityParts)
    .describe('AR(1) parts of log volatility; the regimes stand for much of what lasts a few hundred bars'),
  ownShare: share.default(0.2).describe("share of log volatility's variance that is a pair's own"),
  regimes: z.strictObject({ calm: regime(0.7, 300), normal: regime(1, 300), stormy: regime(1.45, 150) }).prefault({}),
})

const season = z.strictObject({
  daily: z.number().min(0).max(1).default(0.25).describe('half the range of log volatility over the hours of a day (UTC)'),
  weekend: z
    .number()
    .min(-2)
    .max(2)
    .default(-0.13)
    .describe('log volatility on Saturdays and Sundays (UTC), less that of weekdays'),
})

const volume = z.strictObject({
  follows: z.number().min(0).max(2).default(1).describe("power of the bar's volatility that volume is in proportion to"),
  move: share.default(0.3).describe("share of volume that depends on the size of the bar's own move"),
  sd: z.number().min(0).max(1.5).default(0.55).describe('standard deviation of the rest of log volume'),
  halfLife: positive.default(20).describe('half-life of the lasting part of that rest, bars'),
  lasting: share.default(0.8).describe("share of that rest's variance that lasts; the rest is drawn afresh at every bar"),
})

const jumps = z.strictObject({
  rate: share.max(0.1).default(0.001).describe('chance of a jump per bar and pair'),
  size: positive.max(20).default(5).describe('typical size in bar sigmas, either sign alike'),
})

const stream = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('white') }),
  z.strictObject({ kind: z.literal('ar1'), phi: z.number().gt(-1).lt(1).describe('autocorrelation at one bar') }),
  z.strictObject({
    kind: z.literal('events'),
    rate: positive.max(0.5).describe('share of bars with an event'),
    follows: z.string().optional().describe('a stream with events; some of them are events of this one too, of the same sign'),
    share: share.default(0.5).describe('chance that an event of the stream followed is one of this stream too'),
  }),
])

const persistence = z.strictObject({
  share: share.max(0.5).default(0).describe("share of a bar's variance that an AR(1) drift of the pair holds; 0 = none"),
  halfLife: positive.default(48).describe('half-life of the drift, bars'),
  pairs: z.array(z.string()).readonly().default([]).describe('the pairs that have it'),
})

const pairNames = z.array(z.string().min(1)).min(1).max(1000).readonly()
const startTime = z.number().int().min(0)
const ofHour = "long-run standard deviation of an hour's simple return; a bar's is this × √(bar / 1 h)"
const tails = 'tail index ν of one bar given its volatility (Student-like); 100 ≈ normal'

/** The settings of a synthetic market, checked. */
export const syntheticSchema = z.strictObject({
  kind: z.literal('synthetic').default('synthetic').describe('the name of this market'),
  pairs: pairNames.default(defaultPairs).describe('the pairs, in the order of their bars'),
  barMs: z.number().int().min(1000).default(HOUR_MS).describe('length of a bar, ms; clustering and regimes count bars'),
  startTime: startTime.default(1_704_067_200_000).describe('start of the first bar, ms since 1970 (2024-01-01)'),
  startPrices: z.record(z.string(), positive).default({}).describe('first open per pair, USD; else one typical of it, or 100'),
  hourlyVolatility: positive.max(0.1).default(0.0115).describe(ofHour),
  volatilitySpread: share.max(0.9).default(0.1).describe('pairs’ volatilities lie evenly within ± this share'),
  commonShare: share.max(0.95).default(0.68).describe('share of variance from the common factor, about the correlation of pairs'),
  fallSize: z
    .number()
    .min(0.5)
    .max(2)
    .default(1.35)
    .describe('size of a fall of the common factor; a rise is 1 / this, and likelier, so that the mean is 0; 1 = symmetric'),
  tailIndex: z.number().min(2.5).max(100).default(5).describe(tails),
  clustering: clustering.prefault({}).describe('how volatility comes and goes'),
  season: season.prefault({}).describe('how volatility depends on the time'),
  volume: volume.prefault({}).describe('what is traded'),
  openGap: share
    .max(0.5)
    .default(0.04)
    .describe("standard deviation of an open about the last close, in the bar's own volatility"),
  jumps: jumps.prefault({}).describe('large gaps between a close and the next open'),
  streams: z.record(z.string(), stream).default({}).describe('law of a stream, by "<moat>:<stream>"; white noise by default'),
  causes: z.array(plantedCauseSchema).max(1000).readonly().default([]).describe('planted causes'),
  persistence: persistence.prefault({}).describe('trends that last: what following a trend can earn'),
  shocks: z.array(plantedShockSchema).max(1000).readonly().default([]).describe('scheduled shocks'),
})

/** Options as a scenario writes them: everything may be left out. */
export type SyntheticOptions = z.input<typeof syntheticSchema>
/** Options with every default filled in. */
export type SyntheticSettings = z.output<typeof syntheticSchema>

/** Names the synthetic market in a scenario, as plain data: `market: synthetic({ causes: [...] })`. */
export function synthetic(options: SyntheticOptions = {}): SyntheticOptions & { readonly kind: 'synthetic' } {
  return { ...options, kind: 'synthetic' }
}

/** Fills in defaults and checks every name; throws OperatorError naming the option at fault. */
export function syntheticSettings(options: unknown): SyntheticSettings {
  const parsed = syntheticSchema.safeParse(options)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const path = issue?.path.map(String).join('.') ?? ''
    throw new OperatorError({
      what: path === '' ? 'The synthetic market' : `Option "${path}" of the synthetic market`,
      next: issue?.message ?? 'Check its options.',
    })
  }
  checkNames(parsed.data)
  checkVariance(parsed.data)
  return parsed.data
}

/** "code:Python" … "corporations:Industry", in the order their signals are sent. */
export const moatDrivers: readonly string[] = moats.flatMap(moat => moatStreams[moat].map(stream => `${moat}:${stream}`))

/** A pair's own return as a driver, and the returns of the pairs that lead the market. */
export const ownReturnDriver = 'finance:own-return'
export const leadingPairs: Readonly<Record<string, string>> = {
  'finance:btc-return': 'XXBTZUSD',
  'finance:eth-return': 'XETHZUSD',
}

/** Long-run standard deviation of a pair's bar return. */
export function barSigma(settings: SyntheticSettings, pairIndex: number): number {
  const { pairs, hourlyVolatility, volatilitySpread, barMs } = settings
  const place = pairs.length === 1 ? 0 : (2 * pairIndex) / (pairs.length - 1) - 1
  return hourlyVolatility * (1 + volatilitySpread * place) * Math.sqrt(barMs / HOUR_MS)
}

/** Variance of the gaps before opens, in squared bar sigmas: sizes of jumps are uniform within ± 40 % of the typical one. */
export function gapVariance(settings: SyntheticSettings): number {
  const { rate, size } = settings.jumps
  return rate * size ** 2 * (1 + 0.4 ** 2 / 3) + settings.openGap ** 2
}

function checkNames({ pairs, causes, shocks, streams, startPrices, persistence }: SyntheticSettings): void {
  const known = new Set(pairs)
  const leading = Object.entries(leadingPairs).filter(([, pair]) => pairs.includes(pair))
  const drivers = new Set([...moatDrivers, ownReturnDriver, ...leading.map(([driver]) => driver)])
  const check = (kind: string, name: string, names: Set<string>) => {
    if (!names.has(name)) throw unknownName(kind, name, names)
  }
  if (known.size < pairs.length) throw new OperatorError({ what: 'The synthetic market lists a pair twice' })
  for (const cause of allCauses(causes, shocks)) {
    check('driver', cause.driver, drivers)
    check('pair', cause.pair, known)
    if (cause.response === 'even' && !moatDrivers.includes(cause.driver)) {
      throw new OperatorError({
        what: `An even response to "${cause.driver}"`,
        expected: 'a moat stream, whose mean size is known',
        next: 'Choose a moat stream, or a linear response.',
      })
    }
  }
  for (const shock of shocks) {
    if (shock.kind === 'outage') for (const pair of shock.pairs ?? []) check('pair', pair, known)
    if (shock.kind === 'shift' && shock.driver !== undefined) check('driver', shock.driver, drivers)
  }
  for (const name of Object.keys(streams)) check('stream', name, new Set(moatDrivers))
  for (const law of Object.values(streams)) {
    if (law.kind === 'events' && law.follows !== undefined) check('stream', law.follows, new Set(moatDrivers))
  }
  for (const pair of [...Object.keys(startPrices), ...persistence.pairs]) check('pair', pair, known)
}

function checkVariance(settings: SyntheticSettings): void {
  const jumps = gapVariance(settings)
  const taken = new Map(settings.pairs.map(pair => [pair, jumps]))
  for (const pair of settings.persistence.pairs) taken.set(pair, (taken.get(pair) ?? 0) + settings.persistence.share)
  for (const cause of settings.causes) taken.set(cause.pair, (taken.get(cause.pair) ?? 0) + plantedVariance(cause))
  for (const [pair, share] of taken) {
    if (share <= LARGEST_PLANTED_SHARE) continue
    throw new OperatorError({
      what: `Planted causes and jumps of ${pair}`,
      expected: `at most ${LARGEST_PLANTED_SHARE} of its variance`,
      got: Number(share.toFixed(3)),
      next: 'Lower their strength or rate.',
    })
  }
}
