/** The parameters of the order-book world: the market, the value behind it, and who trades there. */

import * as z from 'zod'

const traders = (standard: number, of: string) => z.number().int().min(0).max(100_000).default(standard).describe(of)
const share = (standard: number) => z.number().min(0).max(1).default(standard)
const seconds = (standard: number) => z.number().min(0.001).max(86_400).default(standard)
const ppm = (of: string) => z.number().int().min(-10_000).max(100_000).default(0).describe(of)

const fundamental = z
  .strictObject({
    mean: z.number().min(10).max(1e7).default(100_000),
    reversion: z.number().min(0).max(1).default(1.67e-7),
    sd: z.number().min(0).max(1e5).default(2.2),
    shockRate: z.number().min(0).max(1).default(2.78e-5),
    shockSd: z.number().min(0).max(1e6).default(224),
  })
  .prefault({})
  .describe('what a lot is worth: mean and deviations in ticks, rates a second')

const band = z
  .strictObject({ share: z.number().min(0.001).max(0.9).default(0.05), pauseS: seconds(300) })
  .nullable()
  .default(null)
  .describe('nothing trades further than this share from the price of the last minute; who comes there pauses trading')

const halt = z
  .strictObject({ atS: z.number().min(0).max(1e9), forS: seconds(300) })
  .nullable()
  .default(null)
  .describe('trading is halted once, from atS on for forS seconds, and goes on with an auction of a minute or more')

const value = z
  .strictObject({
    wakeRate: z.number().min(0).max(10).default(0.0057),
    errorSd: z.number().min(0).max(1e6).default(100),
    aggressive: share(0.1),
    depthSpreads: z.number().min(0).max(100).default(2),
  })
  .prefault({})
  .describe(
    'value traders: wake-ups a second, error of what they see (ticks), part that crosses the spread, and how deep the others bid, in spreads',
  )

const momentum = z
  .strictObject({
    everyS: seconds(37),
    short: z.number().int().min(1).max(500).default(20),
    long: z.number().int().min(2).max(1_000).default(50),
  })
  .refine(({ short, long }) => short < long, 'momentum.short must be below momentum.long')
  .prefault({})
  .describe('momentum traders: seconds between looks, and looks in the two averages')

const maker = z
  .strictObject({
    everyS: seconds(60),
    volumeShare: z.number().min(0).max(1).default(0.025),
    levels: z.number().int().min(1).max(100).default(10),
    spacing: z.number().min(0).max(100).default(0.5),
    smoothing: share(0.75),
    skew: z.number().min(0).max(1).default(0),
  })
  .prefault({})
  .describe(
    'market makers: seconds between quotes, their part of the volume, prices a side, distance of prices in spreads, weight of the newest spread, and ticks their prices move for each lot they hold',
  )

const switching = z
  .strictObject({
    everyS: seconds(60),
    memory: z.number().min(0).max(0.9999).default(0.98),
    intensity: z.number().min(0).max(1e6).default(300),
    herding: z.number().min(0).max(10).default(1.5),
    errorSd: z.number().min(0).max(1e6).default(50),
    appetite: z.number().min(0).max(100).default(0.3),
  })
  .prefault({})
  .describe(
    'traders that switch between trend and value: seconds between looks, what they keep of a fitness, how strongly fitness and popularity decide, error of what they see (ticks), and trades for a signal of one spread',
  )

const forecasting = z
  .strictObject({
    everyS: seconds(120),
    valueWeight: z.number().min(0).max(100).default(1),
    trendWeight: z.number().min(0).max(100).default(1.4),
    noiseWeight: z.number().min(0).max(100).default(1),
    noiseSd: z.number().min(0).max(0.1).default(1e-6),
    reversionS: seconds(3_600),
    horizonS: seconds(600),
    looks: z.number().int().min(1).max(200).default(10),
    margin: z.number().min(0).max(0.5).default(0.002),
    waitsS: seconds(1_800),
  })
  .prefault({})
  .describe(
    'forecasters: mean weights of value, trend and chance, deviation of chance a second, seconds in which a price returns to its value, horizon, looks of a trend, the largest margin of their prices, and seconds for which an order waits',
  )

const executing = z
  .strictObject({
    everyS: seconds(20),
    style: z.enum(['time', 'volume']).default('time'),
    partShare: z.number().min(0.01).max(100).default(1),
    volumeShare: z.number().min(0.001).max(1).default(0.1),
    leastLots: z.number().int().min(1).default(500),
    mostLots: z.number().int().min(1).default(200_000),
    tail: z.number().min(1.01).max(10).default(1.5),
  })
  .refine(({ leastLots, mostLots }) => leastLots <= mostLots, 'executing.leastLots must be at most executing.mostLots')
  .prefault({})
  .describe(
    'executors of large orders: seconds between parts, even in time (parts of partShare mean orders) or a part of the volume, least and most lots, and the exponent of the sizes',
  )

/** The parameters with ranges, defaults and descriptions. */
export const bookSchema = z.object({
  dayS: z.number().int().min(60).max(86_400).default(23_400).describe('seconds of a trading day'),
  auctionS: z
    .number()
    .int()
    .min(0)
    .max(3_600)
    .default(0)
    .describe('seconds of the auctions that begin and end a day; 0: there are none'),
  ticks: z
    .number()
    .int()
    .min(1_000)
    .max(2 ** 24)
    .default(2 ** 18)
    .describe('prices are 1 to this number, less 1'),
  makerFee: ppm('fee of an order that waited, in millionths of what is traded; below 0 it is paid'),
  takerFee: ppm('fee of an order that came, in millionths of what is traded'),
  latencyS: z
    .tuple([z.number().min(0).max(60), z.number().min(0).max(60)])
    .default([0.000_02, 0.002])
    .refine(([least, most]) => least <= most, 'latencyS must ascend')
    .describe('seconds that a message takes: each trader has its own between these, and up to a tenth more by chance'),
  lots: z.number().int().min(1).max(100_000).default(100).describe('mean size of an order'),
  noiseTraders: traders(1_000, 'traders that buy or sell by chance, once a day'),
  valueTraders: traders(102, 'traders that compare the price with the value'),
  momentumTraders: traders(12, 'traders that follow the price'),
  marketMakers: traders(2, 'traders that bid and ask around the price'),
  switchingTraders: traders(0, 'traders that switch between trend and value'),
  forecasters: traders(0, 'traders that expect a return from value, trend and chance'),
  executors: traders(0, 'traders that work through large orders in parts'),
  fundamental,
  band,
  halt,
  value,
  momentum,
  maker,
  switching,
  forecasting,
  executing,
})

/** The parameters, complete. */
export type BookParameters = z.output<typeof bookSchema>
/** What may be given of them. */
export type BookOptions = z.input<typeof bookSchema>
