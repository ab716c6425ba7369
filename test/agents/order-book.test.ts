/** The order-book world: money and lots are exact, messages take their time, days begin and end, and the value behind is what its formula says. */
import { type Simulation, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import orderBook from '../../scenarios/order-book.js'
import type { BookOptions, OrderBookModel } from '../../src/agents/index.js'
import { addedVariance, advanceFundamental, keptAfter, newFundamental } from '../../src/agents/market/fundamental.js'
import { BookPauses, BookTrades, Metaorders } from '../../src/agents/market/topics.js'
import { Rng, rootOf } from '../../src/core/index.js'
import { bestAsk, bestBid, depthOf } from '../../src/exchange/index.js'
import { times } from '../tier.js'

type World = Simulation<OrderBookModel>

/** Everybody is there, and a day is short. */
const lively: BookOptions = {
  dayS: 1_200,
  auctionS: 60,
  noiseTraders: 200,
  switchingTraders: 30,
  forecasters: 30,
  executors: 2,
  makerFee: -20,
  takerFee: 300,
  value: { wakeRate: 0.05 },
  executing: { everyS: 5, leastLots: 200, mostLots: 1_000 },
}

function begun(params: BookOptions = lively, seed = 1): World {
  return simulate(orderBook, { seed, params, collect: false })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

describe('the order-book world', () => {
  it('makes and loses no money and no lot, and traders know what they hold once messages have arrived', () => {
    const sim = begun()
    const { model } = sim
    const { exchange } = model
    for (let i = 0; i < times(13, 40); i++) {
      sim.run({ steps: 100 })
      expect(sum(exchange.cash) + exchange.fees).toBe(0)
      expect(sum(exchange.lots)).toBe(0)
      const [bid, ask] = [bestBid(exchange.book), bestAsk(exchange.book)]
      if (exchange.book.phase === 'continuous' && bid > 0 && ask > 0) expect(bid).toBeLessThan(ask)
    }
    expect(exchange.book.trades).toBeGreaterThan(500)
    expect(exchange.fees).toBeGreaterThan(0)
    sim.run({ steps: 1_201 - (model.now % 1_200) })
    const late = exchange.traders.filter((trader, owner) => trader.position !== exchange.lots[owner])
    expect(late.length).toBeLessThan(3)
  })

  it('ends every order of a day at its close, and no trader believes that one of yesterday lives', () => {
    const sim = begun()
    sim.run({ steps: 1_199 })
    expect(sim.model.exchange.book.orders.live).toBeGreaterThan(20)
    sim.run({ steps: 1 })
    const { book, traders } = sim.model.exchange
    expect(book.expired).toBeGreaterThan(20)
    sim.run({ steps: 2 })
    expect(sum(traders.map(({ living }) => living.length))).toBe(book.orders.live)
  })

  it('begins and ends a day with an auction, in which nothing trades before its end', () => {
    const sim = begun()
    const times: number[] = []
    sim.tap((topic, message) => {
      if (topic.name === BookTrades.name) times.push((message as { time: number }).time)
    })
    sim.run({ steps: 1_200 })
    expect(times.filter(time => time < 60)).toEqual([])
    expect(times.filter(time => time === 60).length).toBeGreaterThan(0)
    expect(times.filter(time => time > 1_140 && time < 1_200)).toEqual([])
    expect(times.filter(time => time === 1_200).length).toBeGreaterThan(0)
  })

  it('lets a message take the latency of its trader and at most a tenth more', () => {
    const sim = begun({ ...lively, latencyS: [0.25, 0.25] })
    const [trader] = sim.model.exchange.traders
    if (trader === undefined) throw new Error('no trader')
    const arrivals = Array.from({ length: 200 }, () => {
      trader.lastHeard = 0
      return trader.hears()
    })
    expect(Math.min(...arrivals)).toBeGreaterThanOrEqual(0.25)
    expect(Math.max(...arrivals)).toBeLessThanOrEqual(0.275)
    expect(new Set(arrivals).size).toBeGreaterThan(190)
  })

  it('lets no message overtake another', () => {
    const sim = begun()
    const [trader] = sim.model.exchange.traders
    const arrivals = Array.from({ length: 200 }, () => trader?.hears() ?? 0)
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b))
  })

  it('pauses trading where the price comes to the edge of its band, and goes on with an auction', () => {
    const sim = begun({
      ...lively,
      auctionS: 0,
      band: { share: 0.002, pauseS: 30 },
      fundamental: { shockRate: 0.005, shockSd: 2_000 },
    })
    const pauses: { time: number }[] = []
    const trades: { time: number }[] = []
    sim.tap((topic, message) => {
      if (topic.name === BookPauses.name) pauses.push(message as { time: number })
      if (topic.name === BookTrades.name) trades.push(message as { time: number })
    })
    sim.run({ steps: 1_190 })
    expect(pauses.length).toBeGreaterThan(2)
    for (const { time } of pauses) expect(trades.filter(trade => trade.time > time && trade.time < time + 30)).toEqual([])
    expect(trades.some(({ time }) => time > (pauses[0]?.time ?? 0) + 30)).toBe(true)
  })

  it('goes on trading after a pause, beyond the band that it began with', () => {
    const band = { share: 0.002, pauseS: 30 }
    const sim = begun({ ...lively, auctionS: 0, band, fundamental: { shockRate: 0.005, shockSd: 2_000 } })
    const trades: { time: number; tick: number }[] = []
    sim.tap((topic, message) => {
      if (topic.name === BookTrades.name) trades.push(message as { time: number; tick: number })
    })
    sim.run({ steps: 1_190 })
    const moved = trades.map(({ tick }) => Math.abs(tick / 100_000 - 1))
    expect(Math.max(...moved)).toBeGreaterThan(0.004)
    expect(new Set(trades.filter(({ time }) => time > 1_000).map(({ time }) => time)).size).toBeGreaterThan(20)
  })

  it('does not let a halt outlast its day, nor put the next one into an auction', () => {
    const sim = begun({ ...lively, auctionS: 0, halt: { atS: 1_190, forS: 120 } })
    sim.run({ steps: 1_195 })
    expect(sim.model.exchange.book.phase).toBe('halted')
    for (let i = 0; i < 30; i++) {
      sim.run({ steps: 10 })
      if (sim.model.now > 1_200) expect(sim.model.exchange.book.phase).toBe('continuous')
    }
  })

  it('does not let a pause end the closing auction, nor the opening auction of the next day', () => {
    const sim = begun({ ...lively, band: { share: 0.001, pauseS: 400 }, fundamental: { shockRate: 0.005, shockSd: 2_000 } })
    const trades: number[] = []
    const pauses: number[] = []
    sim.tap((topic, message) => {
      if (topic.name === BookTrades.name) trades.push((message as { time: number }).time)
      if (topic.name === BookPauses.name) pauses.push((message as { time: number }).time)
    })
    sim.run({ steps: 6_000 })
    expect(pauses.some(time => time % 1_200 > 800)).toBe(true)
    const inDay = trades.map(time => time % 1_200)
    expect(inDay.filter(time => (time > 1_140 && time < 1_200) || (time > 0 && time < 60))).toEqual([])
  })

  it('lets an order wait for its time and no longer, and be changed meanwhile', () => {
    const sim = begun({ ...lively, forecasting: { everyS: 5, waitsS: 12 } })
    sim.run({ steps: 600 })
    const { exchange } = sim.model
    expect(exchange.book.expired).toBeGreaterThan(20)
    const [first] = exchange.traders
    if (first === undefined) throw new Error('no trader')
    exchange.receive({ owner: first.owner, side: 'buy', lots: 3, limit: 10, forS: 30 })
    const id = Math.max(...exchange.book.orders.ids)
    exchange.change({ id, owner: first.owner, lots: 2, limit: 11 })
    expect(depthOf(exchange.book, 'buy', 1_000).at(-1)).toEqual({ tick: 11, lots: 2 })
    sim.run({ steps: 31 })
    expect(exchange.book.orders.ids.includes(id)).toBe(false)
  })

  it('halts trading where it is asked to, and goes on with an auction', () => {
    const sim = begun({ ...lively, halt: { atS: 200, forS: 120 } })
    const trades: number[] = []
    sim.tap((topic, message) => {
      if (topic.name === BookTrades.name) trades.push((message as { time: number }).time)
    })
    sim.run({ steps: 210 })
    expect(sim.model.exchange.book.phase).toBe('halted')
    sim.run({ steps: 300 })
    expect(trades.filter(time => time > 200 && time < 380)).toEqual([])
    expect(trades.filter(time => time >= 380).length).toBeGreaterThan(10)
    expect(sim.model.exchange.book.rejected.phase).toBeGreaterThan(0)
  })

  it('lets executors finish large orders, and says what they paid', () => {
    const sim = begun()
    const done: { side: string; lots: number; start: number; average: number }[] = []
    sim.tap((topic, message) => {
      if (topic.name === Metaorders.name) done.push(message as (typeof done)[number])
    })
    sim.run({ steps: 1_500 })
    expect(done.length).toBeGreaterThan(3)
    for (const { lots, average } of done) {
      expect(lots).toBeGreaterThanOrEqual(200)
      expect(Math.abs(average / 100_000 - 1)).toBeLessThan(0.05)
    }
  })

  it('refuses what cannot be: a day shorter than its auctions, latencies that descend', () => {
    expect(() => begun({ dayS: 100, auctionS: 60 })).toThrow(/auctionS/)
    expect(() => begun({ latencyS: [2, 1] })).toThrow(/latencyS must ascend/)
    expect(() => begun({ momentum: { short: 100, long: 50 } })).toThrow(/momentum.short/)
    expect(() => begun({ executing: { leastLots: 9, mostLots: 8 } })).toThrow(/executing.leastLots/)
  })
})

describe('the value', () => {
  it('returns to its mean and spreads as its formula says, whatever steps it is drawn in', () => {
    const options = { mean: 1_000, reversion: 0.01, sd: 2, shockRate: 0, shockSd: 0 }
    const ends = (steps: number) =>
      Array.from({ length: 4_000 }, (_, i) => {
        const rng = Rng.derive(rootOf('value'), steps, i)
        const fundamental = { ...newFundamental(options, rng), value: 1_100 }
        for (let k = 1; k <= steps; k++) advanceFundamental(fundamental, (60 * k) / steps, rng)
        return fundamental.value
      })
    for (const steps of [1, 7]) {
      const values = ends(steps)
      const mean = sum(values) / values.length
      const variance = sum(values.map(v => (v - mean) ** 2)) / values.length
      const expected = 4 * addedVariance(0.01, 60)
      expect(Math.abs(mean - (1_000 + 100 * keptAfter(0.01, 60)))).toBeLessThan(4 * Math.sqrt(expected / values.length))
      expect(variance / expected).toBeGreaterThan(0.9)
      expect(variance / expected).toBeLessThan(1.1)
    }
  })

  it('is shocked as often and as strongly as its parameters say', () => {
    const rng = Rng.derive(rootOf('shocks'), 1, 0)
    const fundamental = newFundamental({ mean: 0, reversion: 0, sd: 0, shockRate: 0.1, shockSd: 50 }, rng)
    const jumps: number[] = []
    for (let time = 0.1; time <= 20_000; time += 0.1) {
      const before = fundamental.value
      advanceFundamental(fundamental, time, rng)
      if (fundamental.value !== before) jumps.push(fundamental.value - before)
    }
    expect(Math.abs(jumps.length - 1_990)).toBeLessThan(180)
    expect(Math.sqrt(sum(jumps.map(j => j * j)) / jumps.length) / 50).toBeCloseTo(1, 0)
  })
})
