/** The guard of a live pair: which prints may move money, and what is believed of bars. */

import { describe, expect, it } from 'vitest'
import { decodeValue, encodeExact } from '../../src/core/index.js'
import { guardedBar, guardedRevision } from '../../src/market/bar-guard.js'
import { type Bar, BarFlag } from '../../src/market/index.js'
import { guardLimits } from '../../src/market/limits.js'
import {
  acceptsPrint,
  beginOutage,
  endOutage,
  lastAcceptedPrice,
  missInterval,
  newPrintGuard,
  type PrintGuard,
} from '../../src/market/print-guard.js'

const barMs = 60_000
const t0 = Date.UTC(2026, 0, 1)
const second = 1_000

/** A guard, and a tape whose trades are numbered one by one. `bars`: closed before, each moving by `move`. */
function guarded({ bars = 0, move = 0.001, price = 100 } = {}) {
  const guard = newPrintGuard(barMs)
  for (let i = bars; i > 0; i--) {
    const close = i % 2 === 0 ? price * (1 + move) : price
    guardedBar(guard, bar(t0 - i * barMs, close))
  }
  let trades = 0
  const print = (ms: number, price: number, id: number | undefined = ++trades) =>
    acceptsPrint(guard, { pair: 'A', time: t0 + ms, price, volume: 1, ...(id !== undefined && { id }) })
  return { guard, print }
}

/** As `guarded`, with a reference at 100 a second before t0. */
function watched(options: { bars?: number; move?: number } = {}) {
  const all = guarded(options)
  for (let i = 5; i >= 0; i--) all.print(-second - i, 100)
  return all
}

function bar(time: number, close: number, more: Partial<Bar> = {}): Bar {
  return { pair: 'A', time, barMs, open: close, high: close, low: close, close, volume: 10, flags: 0, ...more }
}

const shown = ({ open, high, low, close, flags }: Bar) => [open, high, low, close, flags]
const inDoubt = BarFlag.filled | BarFlag.outlier | BarFlag.corrected

describe('a print', () => {
  it('within 3 % of the median of the last five is accepted at once, and one beyond waits', () => {
    for (const price of [97.01, 102.99]) expect(watched().print(0, price)).toBe(true)
    for (const price of [96.99, 103.01, 1_000, 10, 900]) expect(watched().print(0, price)).toBe(false)
    const { print } = watched()
    expect([102, 102, 103.01].map((price, i) => print(i, price))).toEqual([true, true, false])
    expect([102, 103.01].map((price, i) => print(i + 3, price))).toEqual([true, true])
  })

  it('jumps beyond 8 σ of a bar · √(elapsed / bar), where that is more than 3 %', () => {
    const sigma = 1.4826 * 0.01
    const most = (elapsedMs: number) => 8 * sigma * Math.sqrt(elapsedMs / barMs)
    for (const elapsed of [30, 60, 240].map(s => s * second)) {
      const just = (part: number) => watched({ bars: 40, move: 0.01 }).print(elapsed - second, 100 * (1 + part * most(elapsed)))
      expect([just(0.98), just(1.02)]).toEqual([true, false])
    }
  })

  it('that jumps is accepted at the second print: another trade within 1 % of it, at most 60 s later', () => {
    const { guard, print } = watched()
    expect(print(0, 50)).toBe(false)
    expect(lastAcceptedPrice(guard)).toBe(100)
    expect(print(30 * second, 50.5)).toBe(true)
    expect(lastAcceptedPrice(guard)).toBe(50.5)
    expect(guard.rejected).toBe(0)
    expect(print(31 * second, 51)).toBe(true)
    expect(print(32 * second, 100)).toBe(false)
  })

  it('is not confirmed by the same trade, by one 1.1 % away, nor 61 s later once the market has gone on', () => {
    const same = watched()
    same.print(0, 50, 77)
    expect(same.print(1, 50, 77)).toBe(false)
    expect(same.guard.waiting).toHaveLength(1)
    const away = watched()
    away.print(0, 50)
    expect(away.print(1, 50.56)).toBe(false)
    const late = watched()
    late.print(0, 50)
    expect(late.print(second, 100)).toBe(true)
    expect(late.print(60 * second, 50)).toBe(true)
    const later = watched()
    later.print(0, 50)
    later.print(second, 100)
    expect(later.print(60 * second + 1, 50)).toBe(false)
    expect(later.guard.rejected).toBe(1)
  })

  it('that nothing confirms is rejected and counted once, and the reference stays', () => {
    const { guard, print } = watched()
    expect(print(0, 1_000)).toBe(false)
    expect([1, 20, 59].map(s => print(s * second, 100))).toEqual([true, true, true])
    expect(guard.rejected).toBe(0)
    expect(print(61 * second, 100)).toBe(true)
    expect([guard.rejected, guard.waiting.length, lastAcceptedPrice(guard)]).toEqual([1, 0, 100])
  })

  it('of a pair that trades seldom has the next one as its second, however late: no exit waits for ever', () => {
    const { guard, print } = watched()
    expect(print(0, 90)).toBe(false)
    expect(print(600 * second, 90.5)).toBe(true)
    expect(guard.rejected).toBe(0)
  })

  it('after an outage needs another that agrees, whatever the price was before', () => {
    const { guard, print } = watched()
    print(0, 70)
    beginOutage(guard, t0)
    expect(guard.rejected).toBe(1)
    endOutage(guard, t0 + 10 * second)
    expect(lastAcceptedPrice(guard)).toBeNaN()
    expect([print(11 * second, 70), print(12 * second, 100), print(13 * second, 100.5)]).toEqual([false, false, true])
    expect(guard.rejected).toBe(2)
  })

  it('without a number is told apart by its instant alone', () => {
    const { print } = watched()
    const unnumbered = (ms: number, price: number) => print(ms, price, Number.NaN)
    expect(unnumbered(0, 50)).toBe(false)
    const plain = newPrintGuard(barMs)
    const trade = (ms: number, price: number) => acceptsPrint(plain, { pair: 'A', time: t0 + ms, price, volume: 1 })
    expect([trade(0, 50), trade(0, 50), trade(1, 50)]).toEqual([false, false, true])
  })

  it('waits with at most seven others: beyond that the oldest is rejected', () => {
    const { guard, print } = watched()
    for (let i = 0; i < 30; i++) print(i, 200 * 1.05 ** i)
    expect(guard.waiting).toHaveLength(guardLimits.waitingPrints)
    expect(guard.rejected).toBe(30 - guardLimits.waitingPrints)
  })
})

describe('the σ of a bar', () => {
  it('is not raised by outlier bars', () => {
    const { guard, print } = watched({ bars: 40 })
    for (let i = 0; i < 8; i++) guardedBar(guard, bar(t0 + i * barMs, i % 2 === 0 ? 900 : 100))
    print(8 * barMs, 100)
    expect(print(8 * barMs + second, 103.1)).toBe(false)
  })
})

describe('a bar', () => {
  it('has no price of a print that was not accepted, nor its volume', () => {
    const { guard, print } = watched({ bars: 40 })
    print(second, 100)
    print(2 * second, 1_000)
    print(3 * second, 101)
    const given = bar(t0, 101, { open: 100, high: 1_000, low: 100 })
    const believed = guardedBar(guard, given)
    expect(shown(believed)).toEqual([100, 101, 100, 101, BarFlag.corrected])
    expect(believed.volume).toBe(9)
    expect(guard.corrected).toBe(1)
  })

  it('ends at the last accepted print where a jump still waits, and the next begins where it was confirmed', () => {
    const { guard, print } = watched({ bars: 40 })
    print(second, 101)
    print(59 * second, 80)
    expect(shown(guardedBar(guard, bar(t0, 80, { open: 101, high: 101 })))).toEqual([101, 101, 101, 101, BarFlag.corrected])
    expect(print(61 * second, 80)).toBe(true)
    expect(shown(guardedBar(guard, bar(t0 + barMs, 80)))).toEqual([80, 80, 80, 80, 0])
  })

  it('keeps both prints of a jump that was confirmed in it', () => {
    const { guard, print } = watched({ bars: 40 })
    for (const [i, price] of [100, 80, 80.5, 79].entries()) print(i * second, price)
    const given = bar(t0, 79, { open: 100, high: 100, low: 79 })
    expect(guardedBar(guard, given)).toBe(given)
  })

  it('keeps trades that came late, as long as they are no jump away', () => {
    const { guard, print } = watched({ bars: 40 })
    print(second, 100)
    const given = bar(t0, 100, { high: 102, low: 98.5 })
    expect(guardedBar(guard, given)).toBe(given)
  })

  it('of a market at 57,142 that says 190,521 without an accepted print there is none', () => {
    const { guard, print } = guarded({ bars: 40, price: 57_142 })
    for (const ms of [-3, -2, -1]) print(ms * second, 57_142)
    print(second, 190_521)
    expect(shown(guardedBar(guard, bar(t0, 190_521)))).toEqual([57_142, 57_142, 57_142, 57_142, inDoubt])
    print(barMs + second, 57_000)
    const next = guardedBar(guard, bar(t0 + barMs, 57_000, { high: 190_521 }))
    expect(shown(next)).toEqual([57_000, 57_000, 57_000, 57_000, BarFlag.corrected])
  })

  it('without prints, as before the start, is believed where the next one agrees with its jump', () => {
    const jumped = guarded({ bars: 40 }).guard
    expect(shown(guardedBar(jumped, bar(t0, 120)))).toEqual([100, 100, 100, 100, inDoubt])
    const next = bar(t0 + barMs, 121)
    expect(guardedBar(jumped, next)).toBe(next)
    const single = guarded({ bars: 40 }).guard
    guardedBar(single, bar(t0, 900))
    const back = bar(t0 + barMs, 100.1, { open: 900, high: 900 })
    expect(shown(guardedBar(single, back))).toEqual(
      [100, 100.1, 100.1, 100.1, BarFlag.corrected].map((x, i) => (i === 2 ? 100.1 : x)),
    )
  })

  it('without trades stands at the last close that was believed', () => {
    const { guard } = guarded({ bars: 40 })
    guardedBar(guard, bar(t0, 900))
    const flat = bar(t0 + barMs, 900, { volume: 0, flags: BarFlag.filled })
    expect(shown(guardedBar(guard, flat))).toEqual([100, 100, 100, 100, BarFlag.filled])
  })

  it('that nobody watched from its beginning to its end says so', () => {
    const { guard } = guarded({ bars: 40 })
    const flagsAt = (i: number) => guardedBar(guard, bar(t0 + i * barMs, 100)).flags
    expect(flagsAt(0)).toBe(0)
    beginOutage(guard, t0 + 1.5 * barMs)
    expect([flagsAt(1), flagsAt(2)]).toEqual([BarFlag.unwatched, BarFlag.unwatched])
    endOutage(guard, t0 + 3.2 * barMs)
    expect([flagsAt(3), flagsAt(4)]).toEqual([BarFlag.unwatched, 0])
  })

  it('of an outage stays unwatched where bars of it are lost as well', () => {
    const { guard } = guarded({ bars: 40 })
    missInterval(guard, t0, t0 + 4 * barMs)
    const flagsAt = (i: number) => guardedBar(guard, bar(t0 + i * barMs, 100)).flags
    expect(flagsAt(0)).toBe(BarFlag.unwatched)
    missInterval(guard, t0, t0 + barMs)
    expect([flagsAt(1), flagsAt(3), flagsAt(4)]).toEqual([BarFlag.unwatched, BarFlag.unwatched, 0])
  })

  it('that is corrected later is held to the same prints, and moves nothing', () => {
    const { guard, print } = watched({ bars: 40 })
    print(second, 100)
    print(2 * second, 1_000)
    guardedBar(guard, bar(t0, 100))
    const before = encodeExact(guard)
    const revision = bar(t0, 1_000, { open: 100, low: 100 })
    expect(shown(guardedRevision(guard, revision))).toEqual([100, 100, 100, 100, BarFlag.corrected])
    expect(encodeExact(guard)).toEqual(before)
  })
})

it('goes on from a saved state as if it had never stopped', () => {
  const { guard, print } = watched({ bars: 40 })
  print(0, 50)
  const saved = decodeValue(encodeExact(guard)) as PrintGuard
  const trade = { pair: 'A', id: 99, time: t0 + second, price: 50.2, volume: 1 }
  expect([acceptsPrint(saved, trade), acceptsPrint(guard, trade)]).toEqual([true, true])
  expect(encodeExact(saved)).toEqual(encodeExact(guard))
})
