/** What an operator has unlocked: it does not lock again by itself, and it locks again as soon as there is something new to see. */

import { describe, expect, it } from 'vitest'
import {
  defineRule,
  gateOnTrade,
  haltPortfolio,
  judge,
  type Limits,
  takeEnded,
  waiveLock,
  watchAccount,
} from '../../../src/trading/index.js'
import { lock, portfolio } from '../support.js'
import { account, DAY, HOUR, intent, type Kept, keep, keeper, T0, trade, USD } from './support.js'

/** Ends the only lock in force, as an operator does. */
function unlocked(kept: Kept): Kept {
  const [ended] = kept.gate.locks.splice(0)
  if (ended !== undefined) waiveLock(kept.gate, ended, kept.rules)
  return kept
}

/** A gate whose lock over this loss has begun and been ended by an operator at T0. */
function waived(limits: Limits, lossUsd: number): Kept {
  const kept = keeper(limits)
  watchAccount(kept, T0)
  kept.account.equity -= lossUsd * USD
  watchAccount(kept, T0)
  expect(kept.gate.locks).toHaveLength(1)
  unlocked(kept)
  watchAccount(kept, T0 + HOUR)
  expect(kept.gate.locks).toEqual([])
  return kept
}

describe('what an operator has unlocked', () => {
  it('ends with its day: the loss of the next day locks, though nothing looked at the account between', () => {
    const kept = waived({ dailyLossUsd: 2 }, 3)
    const before = waived({ dailyLossUsd: 2 }, 3)
    for (const each of [kept, before]) {
      each.gate.own.dailyLoss = { ...(each.gate.own.dailyLoss as object), lastE6: each.account.equity }
      each.account.equity -= 3 * USD
    }
    watchAccount(before, T0 + DAY - 1)
    expect(before.gate.locks).toEqual([])
    watchAccount(kept, T0 + DAY + 9 * HOUR)
    expect(kept.gate.locks).toMatchObject([{ kind: 'dailyLoss', until: T0 + 2 * DAY }])
    expect(kept.gate.waived).toEqual([])
  })

  it('stays unlocked over a missing price, which shows nothing', () => {
    const kept = waived({ equityFloorUsd: 900 }, 100)
    const { equity } = kept.account
    kept.account.equity = Number.NaN
    watchAccount(kept, T0 + 2 * HOUR)
    kept.account.equity = equity
    watchAccount(kept, T0 + 3 * HOUR)
    expect(kept.gate.locks).toEqual([])
  })

  it('locks again once what it watches was over and has come again', () => {
    const kept = waived({ equityFloorUsd: 900 }, 100)
    kept.account.equity += 1
    watchAccount(kept, T0 + 2 * HOUR)
    kept.account.equity -= 1
    watchAccount(kept, T0 + 3 * HOUR)
    expect(kept.gate.locks).toMatchObject([{ kind: 'equityFloor', until: null }])
  })

  it('does not end early by a clock that steps back or is not known', () => {
    const kept = waived({ dailyLossUsd: 2 }, 3)
    for (const time of [T0, T0 - DAY, Number.NaN]) watchAccount(kept, time)
    expect(kept.gate.locks).toEqual([])
  })

  it('does not unlock another pair of the same rule', () => {
    let seen = 'A'
    const watching = defineRule({
      code: 'watching',
      limits: {},
      unit: '-',
      boundary: '-',
      source: '-',
      watch: () => ({ pair: seen, until: null, reason: 'seen' }),
    })
    const kept = keeper({}, account(), [watching])
    watchAccount(kept, T0)
    unlocked(kept)
    watchAccount(kept, T0)
    expect(kept.gate.locks).toEqual([])
    seen = 'B'
    watchAccount(kept, T0)
    expect(kept.gate.locks).toMatchObject([{ pair: 'B' }])
  })

  it('by a trade locks again with the next trade that reaches the limit, and leaves nothing behind', () => {
    for (const limits of [
      { losingStreak: 1 },
      { cooldownMs: DAY },
      { accuracy24h: 0.9, accuracyLeast: 1 },
      { stopLossCount: 1 },
    ]) {
      const kept = keeper(limits)
      const loses = { pnlE6: -5, reason: 'stop' } as const
      gateOnTrade(kept, trade(T0, loses))
      expect(kept.gate.locks).toHaveLength(1)
      unlocked(kept)
      expect(kept.gate.waived).toEqual([])
      expect(judge(kept, intent({ time: T0 + 1 }), 'entry').refusedBy).toBeNull()
      gateOnTrade(kept, trade(T0 + 2, loses))
      expect(kept.gate.locks).toMatchObject([{ time: T0 + 2 }])
    }
  })

  it('is the same after a restart', () => {
    const kept = waived({ equityFloorUsd: 900 }, 100)
    const again = keep(structuredClone(kept.gate), kept.account)
    watchAccount(again, T0 + 2 * HOUR)
    expect(again.gate.locks).toEqual([])
  })

  it('of a portfolio is noted once, by the announcement of its end', () => {
    const p = portfolio({}, ['A'])
    const held = lock({ id: 'mycelial:equityFloor:all:1', portfolio: 'mycelial', kind: 'equityFloor', until: null })
    for (let i = 0; i < 2; i++) {
      haltPortfolio(p, held)
      haltPortfolio(p, { ...held, on: false })
      haltPortfolio(p, { ...held, on: false })
    }
    expect(p.gate.waived).toEqual([{ code: 'equityFloor', pair: null, until: null }])
  })
})

it('an instant that is not known ends no lock', () => {
  const timed = lock({ until: T0 + HOUR })
  const locks = [timed]
  expect(takeEnded(locks, Number.NaN)).toEqual([])
  expect(locks).toEqual([timed])
  const kept = keeper({ cooldownMs: HOUR })
  gateOnTrade(kept, trade(T0))
  expect(judge(kept, intent({ time: Number.NaN }), 'entry').refusedBy).toBe('cooldown')
})

describe('what the record says of a refusal', () => {
  const strict = (limits: Limits, code: string, of = account()) =>
    judge(keeper({ ...limits, excess: { [code]: 'refuse' } }, of), intent({ qtyE8: 300_000_000 }), 'entry')

  it('has its limit in the unit of what was measured: dollars of a profit lock', () => {
    const kept = keeper({ profitLockShare: 0, excess: { profitLock: 'refuse' } })
    kept.account.equity = 1_500 * USD
    watchAccount(kept, T0)
    kept.account.equity = 1_200 * USD
    kept.account.gross = 600 * USD
    expect(judge(kept, intent({ qtyE8: 300_000_000 }), 'entry')).toMatchObject({
      refusedBy: 'profitLock',
      measured: 900,
      limit: 700,
    })
  })

  it('never measures less than the limit where a rule with a largest size has refused', () => {
    const held = () => account({ open: 1, gross: 200 * USD, eachExposure: visit => visit('A', 200 * USD) })
    const cases: readonly [Limits, string][] = [
      [{ largestTradeUsd: 50 }, 'largestTrade'],
      [{ kellyFraction: 0.5 }, 'kelly'],
      [{ grossShare: 0.4 }, 'grossLimit'],
      [{ pairShare: 0.4 }, 'pairLimit'],
      [{ groupShare: 0.4, groups: { one: ['A'] } }, 'groupLimit'],
      [{ clusterShare: 0.4 }, 'clusterLimit'],
    ]
    for (const [limits, code] of cases) {
      const { refusedBy, measured, limit } = strict(limits, code, held())
      expect(refusedBy).toBe(code)
      expect(measured > limit, `${code}: ${measured} of ${limit}`).toBe(true)
    }
  })
})
