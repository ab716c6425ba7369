/** The options of the made network: hosts, vantage points, what happens to routes, and what of it moves prices. */

import * as z from 'zod'
import { HOUR_MS, OperatorError, unknownName } from '../../core/index.js'
import type { SyntheticOptions, SyntheticSettings } from '../synthetic-options.js'

const share = z.number().min(0).max(1)
const rate = (standard: number, of: string) =>
  z
    .number()
    .min(0)
    .max(100)
    .default(standard)
    .describe(`mean number a day ${of}, while none is on and the last has been over for an hour: so fewer where they last long`)
const range = (low: number, high: number, least: number, of: string) =>
  z
    .tuple([z.number().min(least), z.number().min(least)])
    .readonly()
    .default([low, high])
    .describe(`${of}: least and most, all between alike`)
const minutes = (low: number, high: number) => range(low, high, 1, 'how long one lasts, minutes')
const factor = (low: number, high: number) => range(low, high, 1, 'what it multiplies round-trip times by')

/** Hosts that are traced and the pairs that trade there. */
export const defaultHosts: Readonly<Record<string, readonly string[]>> = {
  'api.coinbase.com': ['XXBTZUSD', 'XETHZUSD', 'SOLUSD'],
  'api.kraken.com': ['ADAUSD'],
  'api.gemini.com': ['LINKUSD'],
  'www.bitstamp.net': ['XLMUSD'],
  'api.bitfinex.com': ['DOGEUSD'],
  'api.crypto.com': ['TRXUSD'],
}

const outages = z.strictObject({
  perDay: rate(0.5, 'of each host'),
  minutes: minutes(30, 90),
  factor: factor(2, 4),
  dark: share.default(0.2).describe('share of them in which the host answers nothing'),
  rerouted: share.default(0.5).describe('share of them in which routes take a detour'),
})

const planted = z.strictObject({
  share: share
    .default(0.5)
    .describe('share of outages that move the pairs of their host; the others look the same and move nothing'),
  move: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.003)
    .describe('fall of the price after such an outage has begun, and rise after its end, as a share; 0: the null'),
  lead: range(10, 15, 0, 'time between the outage and the beginning of the move, minutes'),
  over: z.number().min(1).max(600).default(15).describe('time that the move takes, minutes'),
})

/** The settings of a made network, checked. */
export const netSchema = z.strictObject({
  hosts: z
    .record(z.string().min(1), z.array(z.string().min(1)).min(1).readonly())
    .default({ ...defaultHosts })
    .describe('hosts, and the pairs that trade there'),
  vantages: z
    .array(z.string().min(1))
    .min(1)
    .max(16)
    .readonly()
    .default(['Frankfurt', 'New-York', 'Singapore'])
    .describe('vantage points'),
  everyMs: z.number().int().min(1_000).default(120_000).describe('time between two scans of a host by a vantage point, ms'),
  jitterMs: z.number().min(0).max(100).default(0.2).describe('mean of the gamma-distributed delay that each link adds, ms'),
  load: z.number().min(0).max(1).default(0.06).describe('how much longer routes take at the busiest hour of the day, as a share'),
  loss: share.max(0.9).default(0.01).describe('share of probes without an answer'),
  outages: outages.prefault({}).describe('trouble at a host, which every vantage point sees'),
  degradations: z
    .strictObject({ perDay: rate(0.2, 'of each host'), minutes: minutes(180, 360), factor: factor(1.3, 1.6) })
    .prefault({})
    .describe('round-trip times that grow slowly, and fall again within a third of that time'),
  reroutes: z
    .strictObject({ perDay: rate(0.3, 'of each host'), minutes: minutes(240, 720) })
    .prefault({})
    .describe('harmless changes of the route'),
  vantageTroubles: z
    .strictObject({
      perDay: rate(0.5, 'of each vantage point'),
      minutes: minutes(10, 60),
      factor: factor(2, 4),
      dark: share.default(0.3).describe('share of them in which the vantage point hears nothing, its own gateway included'),
    })
    .prefault({})
    .describe('trouble near one vantage point, which no other sees'),
  rateLimits: z
    .strictObject({ perDay: rate(1, 'of each host'), minutes: minutes(30, 180) })
    .prefault({})
    .describe('a router on the way that answers few probes: it looks like loss, and is none'),
  planted: planted.prefault({}).describe('what outages do to prices'),
  truthDays: z.number().int().min(0).max(3_650).default(30).describe('days of which the manifest lists every event'),
})

/** Options of a made network as a scenario writes them. */
export type NetOptions = z.input<typeof netSchema>
export type NetSettings = z.output<typeof netSchema>

/** A market with a network around it, as plain data. */
export interface NetworkMarketOptions {
  readonly kind: 'network'
  /** The prices, before anything that is planted in the network moves them. */
  readonly market?: SyntheticOptions | undefined
  readonly net?: NetOptions | undefined
}

/** Names a market with a made network in a scenario, as plain data: `market: network({ net: { planted: { move: 0 } } })`. */
export function network(options: Omit<NetworkMarketOptions, 'kind'> = {}): NetworkMarketOptions & Record<string, unknown> {
  return { ...options, kind: 'network' }
}

/** Fills in defaults and checks; throws an OperatorError that names the option at fault. */
export function netSettings(options: unknown, { pairs, barMs }: Pick<SyntheticSettings, 'pairs' | 'barMs'>): NetSettings {
  const parsed = netSchema.safeParse(options ?? {})
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new OperatorError({
      what: `Option "${issue?.path.map(String).join('.') ?? ''}" of the made network`,
      next: issue?.message ?? 'Check its options.',
    })
  }
  const settings = parsed.data
  if (settings.everyMs % barMs !== 0)
    throw new OperatorError({
      what: 'Option "everyMs" of the made network',
      expected: `a multiple of the bar, ${barMs} ms`,
      got: settings.everyMs,
    })
  checkRanges(settings)
  for (const names of Object.values(settings.hosts))
    for (const pair of names) if (!pairs.includes(pair)) throw unknownName('pair', pair, pairs)
  return settings
}

function checkRanges(settings: NetSettings): void {
  const { outages, degradations, reroutes, vantageTroubles, rateLimits, planted } = settings
  const ranges = {
    'outages.minutes': outages.minutes,
    'outages.factor': outages.factor,
    'degradations.minutes': degradations.minutes,
    'degradations.factor': degradations.factor,
    'reroutes.minutes': reroutes.minutes,
    'vantageTroubles.minutes': vantageTroubles.minutes,
    'vantageTroubles.factor': vantageTroubles.factor,
    'rateLimits.minutes': rateLimits.minutes,
    'planted.lead': planted.lead,
  }
  for (const [name, [low, high]] of Object.entries(ranges))
    if (low > high)
      throw new OperatorError({
        what: `Option "${name}" of the made network`,
        expected: 'the lower bound first',
        got: `${low}, ${high}`,
      })
}

/** How the prices under a network differ from those of a plain synthetic market: calmer, so that outages can be heard. */
export const networkPrices: SyntheticOptions = { hourlyVolatility: 0.005, clustering: { sd: 0.4 } }

/** A day in the hours by which load is counted. */
export const hoursOf = (timeMs: number): number => (timeMs / HOUR_MS) % 24
