import { describe, expect, it } from 'vitest'
import { Backoff } from '../../src/feed/backoff.js'
import { systemClock, type WallClock } from '../../src/feed/clock.js'
import { Counters } from '../../src/feed/counters.js'
import { PairCandles } from '../../src/feed/kraken/candles.js'
import { barStart } from '../../src/feed/kraken/intervals.js'
import { PairFeed, type PairOutput } from '../../src/feed/kraken/pair.js'
import { gatherCandles } from '../../src/feed/kraken/rows.js'
import { FeedTime } from '../../src/feed/kraken/time.js'
import { InputQueue } from '../../src/feed/queue.js'
import { type Bar, BarFlag, type Candle, type MarketInput } from '../../src/market/index.js'

const M = 60_000
const t0 = 1_760_000_040_000 - (1_760_000_040_000 % M)

function candles(settled = true, barMs = M) {
  const bars: Bar[] = []
  const revisions: Bar[] = []
  const gaps: [number, number][] = []
  const counters = new Counters()
  const built = new PairCandles('XXBTZUSD', barMs, settled, {
    bar: b => bars.push(b),
    revision: b => revisions.push(b),
    gap: (from, to) => gaps.push([from, to]),
    count: e => counters.add(e),
  })
  let id = 1
  const trade = (at: number, price: number, volume = 1, tradeId = id++) =>
    built.trade({ id: tradeId, time: t0 + at, price, volume })
  return { built, bars, revisions, gaps, counters, trade }
}

const candle = (at: number, o: number, h: number, l: number, c: number, volume: number): Candle => ({
  time: t0 + at,
  open: o,
  high: h,
  low: l,
  close: c,
  volume,
  trades: 3,
})

describe('candles built from trades', () => {
  it('close when the next interval begins, with open, high, low, close, volume and count of their trades', () => {
    const { bars, trade, built } = candles()
    built.openAt(t0)
    trade(1000, 10)
    trade(2000, 12)
    trade(3000, 9, 2)
    expect(bars).toEqual([])
    trade(M, 11)
    expect(bars).toEqual([
      { pair: 'XXBTZUSD', barMs: M, time: t0, open: 10, high: 12, low: 9, close: 9, volume: 4, trades: 3, flags: 0 },
    ])
  })

  it('fill an interval without trades with the last close, volume 0 and the flag', () => {
    const { bars, trade, built } = candles()
    built.openAt(t0)
    trade(1000, 10)
    built.closeUntil(t0 + 3 * M)
    expect(bars.map(b => [b.time - t0, b.close, b.volume, b.flags])).toEqual([
      [0, 10, 1, 0],
      [M, 10, 0, BarFlag.filled],
      [2 * M, 10, 0, BarFlag.filled],
    ])
  })

  it('tell of a gap where too many intervals in a row are empty', () => {
    const { bars, gaps, trade, built } = candles()
    built.openAt(t0)
    trade(1000, 10)
    trade(200 * M, 11)
    expect(bars).toHaveLength(1)
    expect(gaps).toEqual([[t0 + M, t0 + 200 * M]])
  })

  it('I3: a duplicate is dropped; out of order inside the interval changes all but open and close; before it is late', () => {
    const { built, bars, trade } = candles()
    built.openAt(t0)
    expect(trade(10_000, 10, 1, 5)).toBe('applied')
    expect(trade(10_000, 99, 1, 5)).toBe('duplicate')
    expect(trade(20_000, 11, 1, 7)).toBe('applied')
    expect(trade(15_000, 14, 1, 6)).toBe('outOfOrder')
    expect(trade(5_000, 9, 1, 4)).toBe('outOfOrder')
    trade(M, 10, 1, 8)
    expect(bars[0]).toMatchObject({ open: 9, high: 14, low: 9, close: 11, volume: 4, trades: 4 })
    expect(trade(30_000, 20, 1, 9)).toBe('late')
    expect(trade(-50 * M, 20, 1, 2)).toBe('tooLate')
    expect(bars).toHaveLength(1)
  })

  it('I3: the latest 4,096 trades are recognised again, also beside one that comes very late or far ahead', () => {
    const { built, trade } = candles()
    built.openAt(t0)
    for (let id = 1; id <= 10_000; id++) trade(id, 10, 1, id)
    const again = (from: number, to: number) => {
      let duplicates = 0
      for (let id = from; id <= to; id++) if (trade(id, 10, 1, id) === 'duplicate') duplicates++
      return duplicates
    }
    expect(again(10_000 - 4_095, 10_000)).toBe(4_096)
    expect(trade(3, 10, 1, 3)).not.toBe('duplicate')
    expect(trade(20_000, 10, 1, 9e15)).not.toBe('duplicate')
    expect(trade(20_000, 10, 1, 9e15)).toBe('duplicate')
    expect(again(10_000 - 4_095, 10_000)).toBeGreaterThanOrEqual(4_095)
  })

  it('I3: where Kraken has no candle, a late trade corrects the closed bar in a revision beside it', () => {
    const { built, bars, revisions, trade } = candles(false, 1000)
    built.openAt(t0)
    trade(100, 10)
    trade(1100, 11)
    expect(trade(900, 12)).toBe('late')
    const seen = (of: readonly Bar[]) => of.map(b => [b.time - t0, b.high, b.close, b.volume, b.flags])
    expect(seen(bars)).toEqual([[0, 10, 10, 1, 0]])
    expect(seen(revisions)).toEqual([[0, 12, 12, 2, 0]])
  })

  it('I4: a spike ×10 and /10 is handed on as it is: which prints are believed is decided in one place, the pair’s guard', () => {
    const { built, bars, trade } = candles()
    built.openAt(t0)
    trade(1000, 10)
    trade(M, 10)
    expect([99, 100, 1, 10].map((price, i) => trade(M + 1 + i, price))).toEqual(Array(4).fill('applied'))
    trade(2 * M, 10)
    trade(3 * M, 10)
    expect(bars.map(b => [b.low, b.high, b.flags])).toEqual([
      [10, 10, 0],
      [1, 100, 0],
      [10, 10, 0],
    ])
  })

  it("settles with Kraken's own candle when the next interval begins; a difference is a revision, never silent", () => {
    const { built, bars, revisions, counters, trade } = candles()
    built.openAt(t0)
    trade(1000, 10)
    built.exchangeCandle(candle(0, 10, 10, 10, 10, 1))
    trade(M, 11)
    built.exchangeCandle(candle(M, 11, 13, 11, 13, 5))
    built.closeUntil(t0 + 2 * M)
    expect(bars.map(b => [b.high, b.flags])).toEqual([
      [10, 0],
      [11, 0],
    ])
    built.exchangeCandle(candle(2 * M, 13, 13, 13, 13, 1))
    expect(revisions).toMatchObject([{ time: t0 + M, high: 13, close: 13, volume: 5, flags: 0 }])
    expect(counters.all()).toMatchObject({ revised: 1, settled: 2 })
    built.exchangeCandle(candle(M, 11, 14, 11, 13, 6))
    expect(revisions[1]).toMatchObject({ time: t0 + M, high: 14, flags: 0 })
    expect(bars).toHaveLength(2)
  })

  it("takes Kraken's candle for an interval that was not watched from its beginning", () => {
    const { built, bars, counters, trade } = candles()
    built.openAt(t0)
    trade(1000, 10)
    built.missedSome(t0 + 2000)
    built.exchangeCandle(candle(0, 8, 12, 7, 10, 9))
    trade(M, 11)
    expect(bars[0]).toMatchObject({ open: 8, high: 12, low: 7, volume: 9, flags: 0 })
    expect(counters.get('snapshotWins')).toBe(1)
  })

  it('I6: after a gap the snapshot wins where it disagrees, counted; what it does not reach is an explicit gap', () => {
    const { built, bars, gaps, counters, trade } = candles()
    built.openAt(t0)
    trade(1000, 10)
    for (let m = 5; m < 9; m++) built.settle(candle(m * M, m, m, m, m, m === 7 ? 0 : 1))
    built.restore(t0 + 9 * M)
    expect(gaps).toEqual([[t0, t0 + 5 * M]])
    expect(bars.map(b => [(b.time - t0) / M, b.flags])).toEqual([
      [5, 0],
      [6, 0],
      [7, BarFlag.filled],
      [8, 0],
    ])
    const other = candles()
    other.built.openAt(t0)
    other.trade(1000, 10)
    other.built.settle(candle(0, 10, 15, 10, 12, 4))
    other.built.restore(t0 + M)
    expect(other.bars[0]).toMatchObject({ high: 15, close: 12 })
    expect(other.counters.get('snapshotWins')).toBe(1)
    expect(counters.get('gaps')).toBe(1)
  })

  it('puts larger candles together from smaller ones, ignoring intervals without trades', () => {
    const small = [candle(0, 5, 5, 5, 5, 0), candle(M, 6, 9, 6, 8, 2), candle(2 * M, 8, 8, 4, 4, 1)]
    const start = barStart(t0, 5 * M)
    const rows = small.map(c => ({ ...c, time: c.time - t0 + start }))
    expect(gatherCandles(rows, 5 * M)).toEqual([{ time: start, open: 6, high: 9, low: 4, close: 4, volume: 3, trades: 6 }])
  })
})

describe('a pair of the feed', () => {
  function pairFeed() {
    const inputs: MarketInput[] = []
    const counters = new Counters()
    const names = { pair: 'XXBTZUSD', id: 'XXBTZUSD', symbol: 'BTC/USD' }
    const repairs: number[] = []
    const output: PairOutput = { push: (_, input) => inputs.push(input), repair: () => repairs.push(1) }
    const pair = new PairFeed({ names, barMs: M, settledByExchange: false, counters, output })
    return { pair, inputs, counters, repairs }
  }
  const trade = (id: number, at: number) => ({ id, time: t0 + at, price: 10, volume: 1 })

  it('holds trades while it is back-filled, and hands none on twice', () => {
    const { pair, inputs, counters } = pairFeed()
    pair.beginSync()
    pair.trades([trade(1, 0), trade(2, 1)], true, t0)
    pair.trades([trade(3, 2)], false, t0)
    expect(inputs).toEqual([])
    pair.backfill(trade(1, 0))
    pair.goLive(t0)
    expect(inputs.filter(i => i.kind === 'trade')).toHaveLength(1)
    pair.trades([trade(3, 2)], false, t0)
    expect(inputs.filter(i => i.kind === 'trade')).toHaveLength(1)
    expect(counters.get('trades.duplicate')).toBe(1)
  })

  it('I3: counts the trades that are missing from the sequence exactly, and asks for them', () => {
    const { pair, counters, repairs } = pairFeed()
    pair.beginSync()
    pair.goLive(t0)
    pair.trades([trade(10, 0)], false, t0)
    pair.trades([trade(15, 1)], false, t0)
    expect(counters.get('missedTrades')).toBe(4)
    expect(repairs).toEqual([1])
  })

  it('knows from a snapshot that reaches back to the last trade that nothing was missed', () => {
    const { pair } = pairFeed()
    pair.beginSync()
    pair.goLive(t0)
    pair.trades([trade(10, 0)], false, t0)
    pair.offline()
    pair.beginSync()
    pair.trades([trade(11, 5), trade(12, 6)], true, t0)
    expect(pair.covered).toBe(true)
    pair.beginSync()
    pair.trades([trade(12, 6)], true, t0)
    expect(pair.covered).toBe(false)
  })

  it('is stale when its data is old or its connection gone, says since when, and says when it is over', () => {
    const { pair, inputs } = pairFeed()
    pair.beginSync()
    pair.goLive(t0)
    pair.touch(t0, 1000)
    pair.watch(2000, 5000)
    expect(pair.state).toBe('live')
    pair.watch(6001, 5000)
    expect(pair.status()).toMatchObject({ state: 'stale', staleSince: t0 })
    pair.touch(t0 + 9000, 9000)
    pair.offline()
    expect(inputs).toEqual([
      { kind: 'stale', pair: 'XXBTZUSD', since: t0 },
      { kind: 'stale', pair: 'XXBTZUSD', since: null },
      { kind: 'stale', pair: 'XXBTZUSD', since: t0 + 9000 },
    ])
    expect(pair.isFinal(t0 + 99 * M)).toBe(true)
  })
})

describe('time of the feed', () => {
  function handClock() {
    const hand = { wall: t0, mono: 500 }
    const clock: WallClock = { now: () => hand.wall, monotonic: () => hand.mono, setTimer: () => () => {} }
    const pass = (ms: number) => {
      hand.wall += ms
      hand.mono += ms
    }
    return { hand, clock, pass }
  }

  it('T1: a jump of the wall clock by an hour or a day either way moves nothing, and is counted', () => {
    for (const jump of [3_600_000, -3_600_000, 86_400_000, -86_400_000]) {
      const { hand, clock, pass } = handClock()
      const time = new FeedTime(clock, 5000)
      pass(1000)
      expect(time.now()).toBe(t0 + 1000)
      hand.wall += jump
      pass(1000)
      expect(time.now()).toBe(t0 + 2000)
      time.confirm(t0 + 1990)
      expect(time.now()).toBe(t0 + 2000)
      expect(time.isFuture(t0 + 3000)).toBe(false)
      hand.wall -= jump
      expect(time.now()).toBe(t0 + 2000)
      expect(time.jumps).toBe(1)
    }
  })

  it('T1: slewing is followed; after a sleep, which stops the monotonic clock, the exchange settles who is right', () => {
    const { hand, clock, pass } = handClock()
    const time = new FeedTime(clock, 5000)
    for (let i = 0; i < 100; i++) {
      pass(100)
      hand.wall += 10
      expect(time.now()).toBe(hand.wall)
    }
    hand.wall += 600_000
    expect(time.now()).toBe(hand.wall - 600_000)
    expect(time.isFuture(hand.wall)).toBe(false)
    time.confirm(0)
    expect(time.now()).toBe(hand.wall - 600_000)
    time.confirm(hand.wall - 20)
    expect(time.now()).toBe(hand.wall)
  })

  it('T4: a timer longer than 2³¹−1 ms does not fire at once', async () => {
    let fired = false
    const cancel = systemClock().setTimer(2 ** 31 + 1000, () => {
      fired = true
    })
    await new Promise(resolve => setTimeout(resolve, 30))
    cancel()
    expect(fired).toBe(false)
  })

  it('I5: attempts back off with jitter and never exceed the cap of a minute', async () => {
    const hand = { mono: 0 }
    const clock: WallClock = {
      now: () => hand.mono,
      monotonic: () => hand.mono,
      setTimer: (ms, fire) => {
        hand.mono += ms
        queueMicrotask(fire)
        return () => {}
      },
    }
    let turn = 0
    const backoff = new Backoff(clock, { baseMs: 100, maxMs: 1000, attemptsPerMinute: 6 }, () => (turn++ % 10) / 10)
    const at: number[] = []
    for (let i = 0; i < 60; i++) {
      await backoff.wait()
      at.push(hand.mono)
      backoff.failed()
    }
    for (const [i, t] of at.entries())
      expect(at.filter(u => u > t - 60_000 && u <= t).length, `attempt ${i}`).toBeLessThanOrEqual(6)
    const gaps = at.slice(1, 6).map((t, i) => t - (at[i] ?? 0))
    expect(new Set(gaps.map(Math.round)).size).toBeGreaterThan(3)
    expect(at[59]).toBeLessThan(60 * 60_000)
  })
})

describe('the queue of inputs', () => {
  const tradeInput = (pair: string, time: number): MarketInput => ({ kind: 'trade', trade: { pair, time, price: 1, volume: 1 } })

  it('keeps order of arrival, and takes no more of a pair than asked', () => {
    const queue = new InputQueue(100)
    for (let i = 0; i < 10; i++) queue.push(i % 3 === 0 ? 'A' : 'B', tradeInput(i % 3 === 0 ? 'A' : 'B', i))
    const times = (inputs: MarketInput[]) => inputs.map(i => (i.kind === 'trade' ? i.trade.time : -1))
    expect(times(queue.take(2))).toEqual([0, 1, 2, 3])
    expect(queue.length).toBe(6)
    expect(times(queue.take(500))).toEqual([4, 5, 6, 7, 8, 9])
  })

  it('is bounded: the oldest trade goes before any bar, and is counted', () => {
    const queue = new InputQueue(3)
    const gap: MarketInput = { kind: 'gap', pair: 'A', from: 0, to: 1 }
    queue.push('A', gap)
    for (let i = 0; i < 5; i++) queue.push('A', tradeInput('A', i))
    expect(queue.take(10)).toEqual([gap, tradeInput('A', 3), tradeInput('A', 4)])
    expect(queue.dropped).toBe(3)
  })
})
