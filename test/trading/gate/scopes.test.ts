/** Limits of a user over several portfolios and of an operator over several users hold to the unit, in whatever order the intents come. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Account,
  atEach,
  combinedAccount,
  defineRule,
  type GateKeeper,
  type GateKeepers,
  type GateScope,
  gateOnBar,
  gateOnEntry,
  gateOnFill,
  gateOnStep,
  gateOnTrade,
  houseRules,
  judge,
  judgeAll,
  type Limits,
  newGate,
  profileRules,
} from '../../../src/trading/index.js'
import { times } from '../../tier.js'
import { bar } from '../support.js'
import { account, DAY, intent, keeper, T0, trade, USD } from './support.js'

/** An account of 1,000 USD that holds what it is granted, at the price of the intent. */
class Book implements Account {
  readonly startE6 = 1_000 * USD
  readonly values: (readonly [pair: string, valueE6: number])[] = []
  private sumE6 = 0

  hold(pair: string, valueE6: number): void {
    this.values.push([pair, valueE6])
    this.sumE6 += valueE6
  }
  equityE6 = () => this.startE6
  grossE6 = () => this.sumE6
  openCount = () => this.values.length
  eachExposure(visit: (pair: string, valueE6: number) => void): void {
    for (const [pair, valueE6] of this.values) visit(pair, valueE6)
  }
  market = () => ({ priceUsd: 100, barTime: T0, barMs: DAY, flags: 0 })
  position = () => null
  doubt = () => null
}

function gateOf(scope: GateScope, name: string, limits: Limits, of: Account): GateKeeper {
  return { gate: newGate(scope, name, limits, houseRules), rules: houseRules, account: of, announce: () => undefined }
}

interface Portfolio {
  readonly book: Book
  readonly keepers: GateKeepers
}

/** An operator of so many users with so many portfolios each; every scope has its limits. */
function operatorOf(users: number, each: number, limits: Readonly<Record<GateScope, Limits>>) {
  const books = Array.from({ length: users }, () => Array.from({ length: each }, () => new Book()))
  const ofUsers = books.map(combinedAccount)
  const operator = gateOf('operator', 'house', limits.operator, combinedAccount(ofUsers))
  const portfolios: Portfolio[] = books.flatMap((own, u) => {
    const user = gateOf('user', `user-${u}`, limits.user, ofUsers[u] as Account)
    return own.map((book, p) => ({ book, keepers: [gateOf('portfolio', `${u}-${p}`, limits.portfolio, book), user, operator] }))
  })
  return { operator, ofUsers, portfolios }
}

/** Submits so many units at 100 USD; returns what was granted. */
function submit({ book, keepers }: Portfolio, units: number, pair = 'A'): number {
  const wanted = intent({ pair, qtyE8: Math.round(units * 1e8), time: T0 + DAY })
  const { qtyE8 } = judgeAll(keepers, wanted, 'entry')
  if (qtyE8 > 0) {
    atEach(keepers, gateOnEntry, { ...wanted, qtyE8 })
    book.hold(pair, Math.round((100 * qtyE8 * USD) / 1e8))
  }
  return qtyE8
}

const shrinking = { grossLimit: 'shrink' } as const

describe('limits of several scopes', () => {
  const limits = {
    portfolio: { openPositions: 4 },
    user: { grossShare: 0.3, openPositions: 5, excess: shrinking },
    operator: { grossShare: 0.2, tradesPerDay: 11, excess: shrinking },
  }
  const orders = fc.array(fc.tuple(fc.nat(5), fc.double({ min: 0.01, max: 6, noNaN: true })), { minLength: 30, maxLength: 60 })

  it('hold to the unit over two portfolios of a user and three users of an operator, in any order', () => {
    const met = new Set<string>()
    fc.assert(
      fc.property(orders, all => {
        const { operator, ofUsers, portfolios } = operatorOf(3, 2, limits)
        for (const [at, units] of all) submit(portfolios[at] as Portfolio, units)
        for (const { book } of portfolios) expect(book.openCount()).toBeLessThanOrEqual(4)
        for (const user of ofUsers) {
          expect(user.grossE6()).toBeLessThanOrEqual(600 * USD)
          expect(user.openCount()).toBeLessThanOrEqual(5)
          if (user.grossE6() === 600 * USD) met.add('gross of a user')
          if (user.openCount() === 5) met.add('positions of a user')
        }
        expect(operator.account.grossE6()).toBeLessThanOrEqual(1_200 * USD)
        expect(operator.account.openCount()).toBeLessThanOrEqual(11)
        if (operator.account.grossE6() === 1_200 * USD) met.add('gross of the operator')
        if (operator.account.openCount() === 11) met.add('trades of the operator')
      }),
    )
    expect([...met].sort()).toEqual(['gross of a user', 'gross of the operator', 'positions of a user', 'trades of the operator'])
  })

  it('grant the same to the same intents', () => {
    const granted = (all: readonly (readonly [number, number])[]) => {
      const { portfolios } = operatorOf(3, 2, limits)
      return all.map(([at, units]) => submit(portfolios[at] as Portfolio, units))
    }
    fc.assert(fc.property(orders, all => void expect(granted(all)).toEqual(granted(all))))
  })

  const intents = times(10_000, 50_000)

  it(`take ${intents} intents of 1,000 users in one tick, and keep nothing of those they refuse`, () => {
    const { operator, ofUsers, portfolios } = operatorOf(1_000, 1, {
      portfolio: { largestTradeUsd: 30 },
      user: { tradesPerDay: 2 },
      operator: { grossShare: 0.05, tradesPerDay: 1_700, excess: shrinking },
    })
    const kept = () => portfolios.flatMap(({ keepers }) => keepers.map(({ gate }) => JSON.stringify(gate.own).length))
    let most = 0
    for (let i = 0; i < intents; i++) {
      submit(portfolios[(i * 7) % 1_000] as Portfolio, 1)
      if (i === intents / 5 - 1) most = Math.max(...kept())
    }
    expect([operator.account.openCount(), operator.account.grossE6()]).toEqual([1_667, 50_000 * USD])
    expect(Math.max(...ofUsers.map(user => user.openCount()))).toBe(2)
    expect(Math.max(...kept())).toBeLessThanOrEqual(most)
    for (const { keepers } of portfolios) for (const { gate } of keepers) expect(gate.locks).toEqual([])
  })
})

describe('judging by several gates', () => {
  const gates = (...limits: readonly Limits[]) => limits.map(each => keeper(each)) as unknown as GateKeepers

  it('each gate receives what the one before allowed, and the first refusal says whose it was', () => {
    const [portfolio, user, operator] = gates({ largestTradeUsd: 50 }, { largestTradeUsd: 30 }, { blackList: ['A'] })
    const all = [portfolio, user, operator] as unknown as GateKeepers
    const { qtyE8, refusedBy, verdicts } = judgeAll(all, intent(), 'entry')
    expect([qtyE8, refusedBy]).toEqual([0, operator?.gate])
    expect(verdicts.map(({ verdict }) => verdict.qtyE8)).toEqual([0.5e8, 0.3e8, 0])
    expect(verdicts.at(-1)?.verdict.refusedBy).toBe('forbiddenPair')
  })

  it('a gate whose smallest trade is more than what another leaves refuses, though it is asked first', () => {
    const all = gates({ smallestTradeUsd: 40 }, { largestTradeUsd: 30 })
    expect(judgeAll(all, intent(), 'entry')).toMatchObject({ qtyE8: 0, refusedBy: all[0].gate })
    expect(judgeAll(gates({ smallestTradeUsd: 30 }, { largestTradeUsd: 30 }), intent(), 'entry').qtyE8).toBe(0.3e8)
  })

  it('with one gate it says what that gate says', () => {
    for (const limits of [{}, { largestTradeUsd: 7 }, { openPositions: 0 }]) {
      const alone = judge(keeper(limits), intent(), 'entry')
      expect(judgeAll(gates(limits), intent(), 'entry')).toMatchObject({ qtyE8: alone.qtyE8, verdicts: [{ verdict: alone }] })
    }
  })

  it('no gate refuses a reduction', () => {
    const all = gates({ blackList: ['A'] }, { openPositions: 0 }, { whiteList: [] })
    expect(judgeAll(all, intent({ reduces: true }), 'entry')).toMatchObject({ qtyE8: 1e8, refusedBy: null })
  })

  it('what happens reaches each gate', () => {
    const heard: string[] = []
    const hear = (what: string) => {
      heard.push(what)
      return null
    }
    const listener = defineRule({
      code: 'listener',
      limits: {},
      unit: '',
      boundary: '',
      source: '',
      onEntry: () => void heard.push('entry'),
      onStep: () => void heard.push('step'),
      onBar: () => hear('bar'),
      onFill: () => hear('fill'),
      onTrade: () => hear('trade'),
    })
    const all = [keeper({}, account(), [listener]), keeper({}, account(), [listener])]
    atEach(all, gateOnEntry, intent())
    atEach(all, gateOnStep, T0)
    atEach(all, gateOnBar, bar(0, 100))
    atEach(all, gateOnFill, { time: T0 } as never)
    atEach(all, gateOnTrade, trade(T0))
    expect(heard).toEqual(['entry', 'entry', 'step', 'step', 'bar', 'bar', 'fill', 'fill', 'trade', 'trade'])
  })
})

describe('a combined account', () => {
  it('has the sums, of which one is unknown where that of any account is', () => {
    const [a, b] = [account({ equity: 5, gross: 3, open: 1 }), account({ equity: 7, gross: 4, open: 2 })]
    const both = combinedAccount([a, b])
    expect([both.startE6, both.equityE6(), both.grossE6(), both.openCount()]).toEqual([2_000 * USD, 12, 7, 3])
    const seen: unknown[] = []
    both.eachExposure((pair, valueE6) => seen.push([pair, valueE6]))
    expect(seen).toEqual([
      ['B', 3],
      ['B', 4],
    ])
    b.equity = Number.NaN
    expect(both.equityE6()).toBeNaN()
    expect(both.grossE6()).toBe(7)
    for (const limits of [{ grossShare: 1 }, { dailyLossUsd: 1 }, { equityFloorUsd: 1 }])
      expect(judge(keeper(limits, both as never), intent(), 'entry').qtyE8).toBe(0)
  })

  it('has of a pair the latest bar and the youngest position, and no doubt of its own', () => {
    const held = (entryTime: number) => ({ direction: 1 as const, entryTime, closesAt: DAY })
    const [a, b, c] = [account({ held: held(5) }), account({ held: held(9) }), account({ last: undefined })]
    const all = combinedAccount([a, b, c])
    expect([all.position('A'), all.market('A'), all.doubt('A')]).toEqual([held(9), a.last, null])
    c.doubted = 'linkDown'
    expect(all.doubt('A')).toBeNull()
  })
})

it('two lists of rules with one object of limits are kept apart', () => {
  const limits = { openPositions: 1, largestTradeUsd: 5 }
  const few = houseRules.filter(({ code }) => code === 'openPositions')
  const all = profileRules(limits, houseRules).entry.map(({ code }) => code)
  expect(profileRules(limits, few).entry.map(({ code }) => code)).toEqual(['openPositions'])
  expect(profileRules(limits, houseRules).entry.map(({ code }) => code)).toEqual(all)
  expect(all).toContain('openPositions')
  expect(all.length).toBeGreaterThan(1)
})
