/** Locks that rules begin: they survive a restart, end at their recorded instant alone, and stop entries and nothing else. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTime } from '../../../src/market/index.js'
import {
  gateKeeper,
  gateOnTrade,
  type Halt,
  haltPortfolio,
  houseRules,
  judge,
  type Limits,
  lockOn,
  newGate,
  newPortfolio,
  portfolioOnBar,
  type Rule,
  submitSignal,
} from '../../../src/trading/index.js'
import { anyRules, bar, portfolio, settings, signal, submitNow } from '../support.js'
import { account, DAY, HOUR, happenings, intent, type Kept, keep, keeper, limitsFor, live, T0, trade, USD } from './support.js'

const seed = Number(process.env.MYCELIA_TEST_SEED ?? 20_240_229)

/** A gate of one rule in which a lock has just begun. */
interface Locked {
  readonly kept: Kept
  readonly lock: Halt
}

/** Lets random things happen under random limits until the rule begins a lock; none where it never does. */
function provoked(rule: Rule): readonly Locked[] {
  const found: Locked[] = []
  for (const [limits, past] of fc.sample(fc.tuple(limitsFor(rule), happenings), { seed, numRuns: 400 })) {
    const kept = keeper(limits, account(), [rule])
    let time = T0
    for (const one of past) {
      time = live(kept, [one], time)
      const lock = kept.gate.locks.at(-1)
      if (lock === undefined) continue
      found.push({ kept, lock })
      break
    }
    if (found.length === 12) break
  }
  return found
}

const pausing = (houseRules as readonly Rule[])
  .map(rule => ({ rule, locked: provoked(rule) }))
  .filter(({ locked }) => locked.length > 0)
const each = pausing.map(({ rule, locked }) => [rule.code, rule, locked] as const)

/** Judges an intent by the locks and a rule that is there again after a restart. */
const judgedAgain = ({ kept }: Locked, time: number, rule: Rule) =>
  judge(keep(structuredClone(kept.gate), kept.account, [rule]), intent({ time }), 'entry')

it('a rule that begins a lock says what ends it', () => {
  expect(pausing.filter(({ rule }) => rule.lockEnds === undefined).map(({ rule }) => rule.code)).toEqual([])
})

it('rules that pause are these, at least', () => {
  const own = ['dailyLoss', 'equityFloor', 'cooldown', 'stopLossGuard', 'losingStreak', 'priceAnomaly', 'volumeAnomaly']
  expect(pausing.map(({ rule }) => rule.code)).toEqual(expect.arrayContaining(own))
})

describe.each(each)('a lock of the rule %s', (code, rule, locked) => {
  it('R1: survives a restart with its reason and end, stops entries and no exit', () => {
    for (const one of locked) {
      const { kept, lock } = one
      const gate = structuredClone(kept.gate)
      expect(gate.locks).toContainEqual(lock)
      expect(lock).toMatchObject({ kind: code, on: true, portfolio: 'mycelial' })
      expect(lock.reason.length).toBeGreaterThan(5)
      expect(judgedAgain(one, lock.time, rule)).toMatchObject({ qtyE8: 0, refusedBy: code })
      const leaves = intent({ time: lock.time, reduces: true })
      expect(judge(keep(gate, kept.account, [rule]), leaves, 'entry')).toMatchObject({ qtyE8: leaves.qtyE8, refusedBy: null })
    }
  })

  it('R2: ends at its recorded instant, not 1 ms before, and is said to have ended; without one it goes on', () => {
    for (const one of locked) {
      const { lock } = one
      const last = lock.until === null ? lock.time + 36_500 * DAY : lock.until - 1
      expect(judgedAgain(one, last, rule).refusedBy).toBe(code)
      if (lock.until === null) continue
      expect(lock.ends).toContain(formatTime(lock.until))
      const kept = keep(structuredClone(one.kept.gate), one.kept.account, [rule])
      judge(kept, intent({ time: lock.until }), 'entry')
      expect(kept.said[0]).toMatchObject({ id: lock.id, on: false, time: lock.until })
    }
  })

  it('R2: a clock that steps back never lifts it, nor makes it shorter', () => {
    for (const one of locked) {
      const { lock } = one
      const kept = keep(structuredClone(one.kept.gate), one.kept.account, [rule])
      for (const back of [1, HOUR, DAY, 40 * DAY]) {
        expect(judge(kept, intent({ time: lock.time - back }), 'entry').refusedBy).toBe(code)
        expect(kept.gate.locks.find(({ id }) => id === lock.id)?.until).toBe(lock.until)
      }
      expect(kept.said).toEqual([])
    }
  })

  it('R3: a price that goes missing ends no lock, and lets nothing enter', () => {
    for (const one of locked) {
      const { lock } = one
      const kept = keep(structuredClone(one.kept.gate), account({ equity: Number.NaN, last: undefined }))
      for (const time of [lock.time, lock.until ?? lock.time + DAY]) {
        const { refusedBy } = judge(kept, intent({ time, priceUsd: Number.NaN }), 'entry')
        expect(refusedBy).not.toBeNull()
        if (time === lock.time) expect(refusedBy).toBe(code)
      }
    }
  })

  it('holds in its pair alone, or in all', () => {
    for (const { kept, lock } of locked) {
      expect(lockOn(kept.gate.locks, 'A')).toEqual(lock)
      expect(lockOn(kept.gate.locks, 'B')).toEqual(lock.pair === null ? lock : undefined)
    }
  })

  it('cancels the entries that wait where it holds', () => {
    for (const { lock } of locked) {
      const p = portfolio({}, ['A', 'B'])
      for (const pair of ['A', 'B']) {
        portfolioOnBar(p, bar(0, 100, { pair }), { fill: () => undefined, trade: () => undefined })
        expect(submitNow(p, signal({ pair }), { step: 1, time: T0 + HOUR })).toBe('entry')
      }
      haltPortfolio(p, lock)
      expect(p.broker.orders.cancelled.halted).toBe(lock.pair === null ? 2 : 1)
      expect(p.instruments.get('A')?.entry).toBeNull()
      expect(p.instruments.get('B')?.entry === null).toBe(lock.pair === null)
    }
  })
})

describe('a lock', () => {
  it('that begins again while it holds is made longer, never shorter, and keeps its id', () => {
    const kept = keeper({ cooldownMs: HOUR })
    gateOnTrade(kept, trade(T0))
    gateOnTrade(kept, trade(T0 + 10))
    gateOnTrade(kept, trade(T0 + 5))
    expect(kept.gate.locks).toMatchObject([{ id: kept.said[0]?.id, time: T0, until: T0 + 10 + HOUR }])
    expect(kept.said).toHaveLength(2)
  })

  it('whose time has come is over before another of its kind begins, though no intent came between', () => {
    const kept = keeper({ cooldownMs: HOUR })
    gateOnTrade(kept, trade(T0))
    gateOnTrade(kept, trade(T0 + HOUR))
    expect(kept.said.map(({ on, time }) => [on, time])).toEqual([
      [true, T0],
      [false, T0 + HOUR],
      [true, T0 + HOUR],
    ])
    expect(kept.said[2]?.id).not.toBe(kept.said[0]?.id)
    expect(kept.gate.locks).toEqual([kept.said[2]])
  })

  it('of what the end of a run closes does not begin', () => {
    const kept = keeper({ cooldownMs: HOUR, losingStreak: 1 })
    gateOnTrade(kept, trade(T0, { reason: 'end', pnlE6: -1 }))
    expect(kept.gate.locks).toEqual([])
  })
})

describe('R7: a loss of exactly the limit stops entries, one unit of 1e-6 USD less does not', () => {
  /** A portfolio of 1,000 USD under these limits, with what has just been lost of its cash. */
  function lost(limits: Limits, lossE6: number) {
    const gate = newGate('portfolio', 'mycelial', limits, houseRules)
    const p = newPortfolio('mycelial', settings({ capitalUsd: 1_000 }), [['A', anyRules]], gate)
    const kept = gateKeeper(p, houseRules, { doubt: () => null, announce: () => undefined })
    portfolioOnBar(p, bar(0, 100), { fill: () => undefined, trade: () => undefined })
    judge(kept, intent({ time: T0 + HOUR }), 'entry')
    p.cashE6 -= lossE6
    const now = { step: 1, time: T0 + HOUR }
    return submitSignal(p, { ...signal(), decidedAt: now.time, closesAt: T0 + DAY }, now, kept).outcome
  }

  it.each([
    ['dailyLoss', { dailyLossUsd: 2 }, 2 * USD],
    ['equityFloor', { equityFloorUsd: 900 }, 100 * USD],
  ] as const)('%s', (code, limits, exactly) => {
    expect(lost(limits, exactly - 1)).toBe('entry')
    expect(lost(limits, exactly)).toBe(code)
    expect(lost(limits, exactly + 1)).toBe(code)
  })

  it('and a day is that of UTC: the loss of the day before counts no more, a clock that steps back does not begin it again', () => {
    const kept = keeper({ dailyLossUsd: 2 })
    judge(kept, intent({ time: T0 + DAY - 1 }), 'entry')
    kept.account.equity -= 2 * USD - 1
    expect(judge(kept, intent({ time: T0 + DAY - 1 }), 'entry').refusedBy).toBeNull()
    expect(judge(kept, intent({ time: T0 + DAY }), 'entry').refusedBy).toBeNull()
    kept.account.equity -= USD
    expect(judge(kept, intent({ time: T0 + DAY - 1 }), 'entry').refusedBy).toBeNull()
    kept.account.equity -= USD
    expect(judge(kept, intent({ time: T0 + DAY }), 'entry').refusedBy).toBe('dailyLoss')
    expect(kept.gate.locks[0]?.until).toBe(T0 + 2 * DAY)
  })
})
