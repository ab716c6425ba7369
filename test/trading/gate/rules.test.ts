/** What every rule of the house promises, whoever adds it, and what each does at exactly its limit. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { notionalE6 } from '../../../src/core/index.js'
import {
  defineRule,
  houseRules,
  type Intent,
  judge,
  type Limits,
  quantityWithin,
  type Rule,
  type Stage,
} from '../../../src/trading/index.js'
import { lock } from '../support.js'
import { account, DAY, HOUR, happenings, houseLimits, intent, keep, keeper, limitsFor, live, T0, trade, USD } from './support.js'

const seed = Number(process.env.MYCELIA_TEST_SEED ?? 20_240_229)
const every = houseRules.map(rule => [rule.code, rule as Rule] as const)
const stages: readonly Stage[] = ['signal', 'entry']

const cents = (max: number) => fc.integer({ min: 0, max: max * 100 }).map(n => n * 10_000)
const anyAccount = fc
  .record({
    equity: fc.oneof(cents(5_000), fc.constant(Number.NaN)),
    gross: fc.oneof(cents(2_000), fc.constant(Number.NaN)),
    open: fc.integer({ min: 0, max: 5 }),
    doubted: fc.constantFrom(null, null, null, 'stalePair', 'linkDown', 'unwatched'),
    held: fc.constantFrom(null, null, { direction: -1 as const, entryTime: T0 - HOUR, closesAt: T0 + DAY }),
  })
  .map(over => account(over))
const lots = { lotE8: 1_000_000, minQtyE8: 2_000_000, minCostE6: 500_000, tickUsd: 0.01 }
const anyIntent: fc.Arbitrary<Intent> = fc
  .record({
    qtyE8: fc.integer({ min: 1, max: 2_000 }).map(n => n * 1_000_000),
    priceUsd: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 50_000 }).map(n => n / 100) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    ),
    direction: fc.constantFrom<1 | -1>(1, -1),
    renews: fc.boolean(),
    freesE6: cents(300),
    confidence: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 100 }).map(n => n / 100) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    ),
    agreeing: fc.integer({ min: 1, max: 5 }),
    age: fc.integer({ min: 0, max: 3 * HOUR }),
    horizon: fc.integer({ min: 1, max: 48 }),
  })
  .map(({ age, horizon, ...over }) =>
    intent({ ...over, instrument: lots, decidedAt: T0 - age, expiresAt: T0 + HOUR, closesAt: T0 - age + horizon * HOUR }),
  )

/** An intent at an instant, with all that is dated moved along. */
function at(time: number, wanted: Intent): Intent {
  const by = time - wanted.time
  return { ...wanted, time, decidedAt: wanted.decidedAt + by, expiresAt: wanted.expiresAt + by, closesAt: wanted.closesAt + by }
}

describe.each(every)('the rule %s', (_, rule) => {
  const cases = fc.record({ limits: limitsFor(rule), past: happenings, of: anyAccount, wanted: anyIntent })

  it('says what it measures, at which boundary, and whose idea it is', () => {
    for (const text of [rule.unit, rule.boundary, rule.source]) expect(text.length).toBeGreaterThan(1)
    for (const { meaning } of Object.values(rule.limits)) expect(meaning.length).toBeGreaterThan(5)
  })

  it('never allows more than is wanted, and whole lots alone', () => {
    fc.assert(
      fc.property(cases, ({ limits, past, of, wanted }) => {
        const kept = keeper(limits, of, [rule])
        const { qtyE8, refusedBy } = judge(kept, at(live(kept, past), wanted), rule.stage)
        expect(qtyE8 >= 0 && qtyE8 <= wanted.qtyE8 && qtyE8 % lots.lotE8 === 0).toBe(true)
        expect(qtyE8 === 0).toBe(refusedBy !== null)
      }),
      { seed, numRuns: 60 },
    )
  })

  it('never refuses a reduction, nor do its locks', () => {
    fc.assert(
      fc.property(cases, ({ limits, past, of, wanted }) => {
        const kept = keeper(limits, of, [rule])
        const leaves = { ...at(live(kept, past), wanted), reduces: true }
        for (const stage of stages)
          expect(judge(kept, leaves, stage)).toMatchObject({ qtyE8: wanted.qtyE8, refusedBy: null, shrunk: [] })
      }),
      { seed, numRuns: 30 },
    )
  })

  it('refuses where a number that it reads is not known', () => {
    let tried = 0
    fc.assert(
      fc.property(cases, ({ limits, past, of, wanted }) => {
        const kept = keeper(limits, of, [rule])
        const now = at(live(kept, past), wanted)
        for (const name of readBy(rule, now, kept)) {
          tried++
          const blind = blinded(name, now, kept.account)
          const most = rule.allows?.(blind.intent, blind.account, limits as never, kept.gate.own[rule.code])
          expect(`${name}: ${(most ?? 0) > 0}`).toBe(`${name}: false`)
        }
      }),
      { seed, numRuns: 60 },
    )
    if (['lowConfidence', 'noPrice', 'grossLimit', 'largestTrade', 'profitLock', 'oldData', 'tooSmall'].includes(rule.code))
      expect(tried).toBeGreaterThan(0)
  })

  it('gives the same verdict for the same inputs', () => {
    fc.assert(
      fc.property(cases, ({ limits, past, of, wanted }) => {
        const kept = keeper(limits, of, [rule])
        const now = at(live(kept, past), wanted)
        const again = keep(structuredClone(kept.gate), of, [rule])
        for (const stage of stages) expect(judge(again, now, stage)).toEqual(judge(kept, now, stage))
        expect(again.gate).toEqual(kept.gate)
      }),
      { seed, numRuns: 30 },
    )
  })
})

/** Numbers that a rule may read and that can be unknown. Time is the model's own, and a quantity that is no number is `tooLarge`. */
const numbers = ['confidence', 'agreeing', 'priceUsd', 'equityE6', 'grossE6', 'barTime', 'barMs'] as const
type NumberRead = (typeof numbers)[number]

/** The numbers that a rule reads where it allows an intent. */
function readBy(rule: Rule, wanted: Intent, kept: ReturnType<typeof keeper>): NumberRead[] {
  const read = new Set<string>()
  const noting = <T extends object>(of: T): T =>
    new Proxy(of, {
      get(from, name) {
        read.add(String(name))
        return Reflect.get(from, name)
      },
    })
  const of = account({ ...kept.account, ...methodsOf(kept.account) })
  const market = kept.account.last
  const seen = noting({ ...of, market: () => (market === undefined ? undefined : noting(market)) })
  const most = rule.allows?.(noting(wanted), seen, kept.gate.limits as never, kept.gate.own[rule.code]) ?? 0
  return most > 0 ? numbers.filter(name => read.has(name)) : []
}

function methodsOf({ equity, gross }: ReturnType<typeof account>) {
  return { equityE6: () => equity, grossE6: () => gross }
}

/** The same with one number unknown. */
function blinded(name: NumberRead, wanted: Intent, of: ReturnType<typeof account>) {
  const last = of.last === undefined || !(name in of.last) ? of.last : { ...of.last, [name]: Number.NaN }
  const lost = {
    ...of,
    market: () => last,
    ...(name === 'equityE6' && { equityE6: () => Number.NaN }),
    ...(name === 'grossE6' && { grossE6: () => Number.NaN }),
  }
  return { intent: name in wanted ? { ...wanted, [name]: Number.NaN } : wanted, account: lost }
}

describe('the list of rules', () => {
  it('asks signals first, then rules that only allow or refuse, then those that shrink, and last what an order must at least be', () => {
    const codes = houseRules.map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    const rest = houseRules.slice(houseRules.findIndex(({ stage }) => stage === 'entry')) as readonly Rule[]
    expect(rest.every(({ stage }) => stage === 'entry')).toBe(true)
    expect(codes.slice(-2)).toEqual(['smallestTrade', 'tooSmall'])
    const shrinking = rest.slice(0, -2).map(({ code, excess }) => excess === 'shrink' || code === 'grossLimit')
    expect(shrinking).toEqual([...shrinking].sort((a, b) => Number(a) - Number(b)))
  })

  it('allows the smallest quantity that any rule allows; the first refusal ends it, and no later rule is asked', () => {
    const options = fc.record({
      most: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(Number.NaN, Infinity)),
      excess: fc.constantFrom<'refuse' | 'shrink'>('refuse', 'shrink'),
    })
    fc.assert(
      fc.property(fc.array(options, { maxLength: 8 }), fc.integer({ min: 1, max: 10 }), (each, wantedE8) => {
        const calls: number[] = []
        const rules = each.map(({ most, excess }, i) =>
          defineRule({
            code: `rule${i}`,
            limits: {},
            unit: '-',
            boundary: '-',
            source: '-',
            excess,
            allows: () => {
              calls.push(i)
              return most
            },
          }),
        )
        const first = each.findIndex(({ most, excess }, i) => {
          const left = Math.min(wantedE8, ...each.slice(0, i).map(one => one.most))
          return !(most >= (excess === 'refuse' ? left : 1))
        })
        const { qtyE8, refusedBy, passed } = judge(keeper({}, account(), rules), intent({ qtyE8: wantedE8 }), 'entry')
        expect(refusedBy).toBe(first < 0 ? null : `rule${first}`)
        expect(calls).toEqual(each.map((_, i) => i).slice(0, first < 0 ? each.length : first + 1))
        expect(passed).toBe(first < 0 ? each.length : first)
        expect(qtyE8).toBe(first < 0 ? Math.min(wantedE8, ...each.map(one => one.most)) : 0)
      }),
      { seed, numRuns: 500 },
    )
  })

  it('refuses an intent without a price, a quantity, a confidence or equity, whatever the limits are', () => {
    for (const [limits, unknown, lost] of [
      [{}, { priceUsd: Number.NaN }, {}],
      [{}, { qtyE8: Number.NaN }, {}],
      [{ minConfidence: 0 }, { confidence: Number.NaN }, {}],
      [{}, {}, { equity: Number.NaN }],
    ] as const) {
      const kept = keeper(limits, account(lost))
      expect(stages.some(stage => judge(kept, intent(unknown), stage).refusedBy !== null)).toBe(true)
      expect(stages.every(stage => judge(keeper(limits), intent(), stage).refusedBy === null)).toBe(true)
    }
  })

  it('with limits of any rules never allows more than is wanted, refuses no reduction under any lock, and judges alike twice', () => {
    const cases = fc.record({ limits: houseLimits, past: happenings, of: anyAccount, wanted: anyIntent })
    fc.assert(
      fc.property(cases, ({ limits, past, of, wanted }) => {
        const kept = keeper(limits, of)
        const now = at(live(kept, past), wanted)
        const again = keep(structuredClone(kept.gate), of)
        for (const stage of stages) {
          const verdict = judge(kept, now, stage)
          expect(verdict.qtyE8 >= 0 && verdict.qtyE8 <= now.qtyE8).toBe(true)
          expect(judge(again, now, stage)).toEqual(verdict)
          kept.gate.locks.push(lock())
          expect(judge(kept, { ...now, reduces: true }, stage).qtyE8).toBe(now.qtyE8)
          kept.gate.locks.pop()
        }
      }),
      { seed, numRuns: 300 },
    )
  })
})

/** What a rule says at its limit, and one unit beyond it: the code that refuses, null, or a smaller quantity. */
interface Boundary {
  readonly rule: string
  readonly limits: Limits
  /** `by`: so many units beyond the limit. */
  judged(limits: Limits, by: number): { refusedBy: string | null; qtyE8: number }
  /** One unit, for the reader. */
  readonly unit: string
  /** What is beyond becomes so much; absent: it is refused. */
  readonly becomes?: number
}

const entry = (limits: Limits, wanted: Partial<Intent>, of = account()) => judge(keeper(limits, of), intent(wanted), 'entry')
const signal = (limits: Limits, wanted: Partial<Intent>, of = account()) => judge(keeper(limits, of), intent(wanted), 'signal')
const one = 100_000_000

/** The first of the two allows, the second refuses: `by` 0 and 1. */
const boundaries: readonly Boundary[] = [
  {
    rule: 'lowConfidence',
    unit: '1e-9',
    limits: { minConfidence: 0.7 },
    judged: (l, by) => signal(l, { confidence: 0.7 - by * 1e-9 }),
  },
  { rule: 'expired', unit: '1 ms', limits: {}, judged: (l, by) => signal(l, { expiresAt: T0 - by }) },
  { rule: 'expired', unit: '1 ms of the horizon', limits: {}, judged: (l, by) => signal(l, { closesAt: T0 + 1 - by }) },
  { rule: 'tooFewAgree', unit: '1 signal', limits: { minAgreeing: 3 }, judged: (l, by) => signal(l, { agreeing: 3 - by }) },
  {
    rule: 'oldSignal',
    unit: '1 ms',
    limits: { maxSignalAgeMs: 500 },
    judged: (l, by) => signal(l, { decidedAt: T0 - 500 - by }),
  },
  {
    rule: 'minHold',
    unit: '1 ms of the horizon',
    limits: { minHoldMs: HOUR },
    judged: (l, by) => signal(l, { closesAt: T0 + HOUR - by }),
  },
  {
    rule: 'minHold',
    unit: '1 ms of a position’s age',
    limits: { minHoldMs: HOUR },
    judged: (l, by) => signal(l, {}, account({ held: { direction: -1, entryTime: T0 - HOUR + by, closesAt: T0 + DAY } })),
  },
  {
    rule: 'forbiddenPair',
    unit: '1 ms',
    limits: { blackList: ['A until 2024-01-01T00:00Z'] },
    judged: (l, by) => entry(l, { time: T0 - by }),
  },
  {
    rule: 'unlistedPair',
    unit: '1 ms',
    limits: { whiteList: ['A until 2024-01-01T00:00Z'] },
    judged: (l, by) => entry(l, { time: T0 - 1 + by }),
  },
  {
    rule: 'oldData',
    unit: '1 ms',
    limits: { maxDataAgeMs: 500 },
    judged: (l, by) => entry(l, {}, account({ last: { priceUsd: 100, barTime: T0 - 600 - by, barMs: 100, flags: 0 } })),
  },
  {
    rule: 'tooLarge',
    unit: '1e-8',
    limits: {},
    judged: (l, by) => entry(l, { qtyE8: Number.MAX_SAFE_INTEGER + by, priceUsd: 1e-9 }),
  },
  {
    rule: 'dailyLoss',
    unit: '1e-6 USD',
    limits: { dailyLossUsd: 2 },
    judged(l, by) {
      const kept = keeper(l)
      judge(kept, intent(), 'entry')
      kept.account.equity -= 2 * USD - 1 + by
      return judge(kept, intent(), 'entry')
    },
  },
  {
    rule: 'equityFloor',
    unit: '1e-6 USD',
    limits: { equityFloorUsd: 10 },
    judged: (l, by) => entry(l, {}, account({ equity: 10 * USD + 1 - by })),
  },
  {
    rule: 'cooldown',
    unit: '1 ms',
    limits: { cooldownMs: HOUR },
    judged: (l, by) => judge(after(l, [trade(T0 - HOUR + by)]), intent(), 'entry'),
  },
  {
    rule: 'cooldown',
    unit: 'a position that leaves at the same open',
    limits: { cooldownMs: 1 },
    judged: (l, by) => entry(l, { freesE6: by }),
  },
  {
    rule: 'stopLossGuard',
    unit: '1 stop',
    limits: { stopLossCount: 3, stopLossLookbackMs: 10 },
    judged: (l, by) =>
      judge(
        after(
          l,
          [2, 1, 0].slice(1 - by).map(ago => trade(T0 - ago, { reason: 'stop' })),
        ),
        intent(),
        'entry',
      ),
  },
  {
    rule: 'stopLossGuard',
    unit: '1 ms of the lookback',
    limits: { stopLossCount: 2, stopLossLookbackMs: 10 },
    judged: (l, by) =>
      judge(
        after(
          l,
          [11 - by, 0].map(ago => trade(T0 - ago, { reason: 'stop' })),
        ),
        intent(),
        'entry',
      ),
  },
  {
    rule: 'stopLossGuard',
    unit: '1 ms of the pause',
    limits: { stopLossCount: 1, stopLossPauseMs: 10 },
    judged: (l, by) => judge(after(l, [trade(T0 - 10 + by, { reason: 'stop' })]), intent(), 'entry'),
  },
  {
    rule: 'losingStreak',
    unit: '1 losing trade',
    limits: { losingStreak: 3 },
    judged: (l, by) =>
      judge(
        after(
          l,
          [3, 2, 1].slice(1 - by).map(ago => trade(T0 - ago, { pnlE6: -1 })),
        ),
        intent(),
        'entry',
      ),
  },
  {
    rule: 'losingStreak',
    unit: '1e-6 USD of the last trade',
    limits: { losingStreak: 2 },
    judged: (l, by) => judge(after(l, [trade(T0 - 1, { pnlE6: -1 }), trade(T0, { pnlE6: -by })]), intent(), 'entry'),
  },
  {
    rule: 'priceAnomaly',
    unit: '1 of 1e9 of the limit',
    // Every move before it is 1 %, up and down: the volatility is a little more than that, and known below.
    limits: { anomalyPriceJump: 4 },
    judged: (l, by) =>
      judge(
        jumped(l, usual => usual.close * (1 + 4 * Math.sqrt(usual.mean) * (1 - 1e-9 + 2e-9 * by)), 10),
        intent(),
        'entry',
      ),
  },
  {
    rule: 'volumeAnomaly',
    unit: '1 of volume',
    limits: { anomalyVolumeJump: 4 },
    judged: (l, by) =>
      judge(
        jumped(l, usual => usual.close, 39 + by),
        intent(),
        'entry',
      ),
  },
  {
    rule: 'priceAnomaly',
    unit: '1 bar too few',
    limits: { anomalyPriceJump: 4 },
    judged: (l, by) =>
      judge(
        jumped(l, usual => usual.close, 10, 20 - by),
        intent(),
        'entry',
      ),
  },
  {
    rule: 'volumeAnomaly',
    unit: '1 bar too few',
    limits: { anomalyVolumeJump: 4 },
    judged: (l, by) =>
      judge(
        jumped(l, usual => usual.close, 10, 19 - by),
        intent(),
        'entry',
      ),
  },
  {
    rule: 'tradesPerDay',
    unit: '1 entry',
    limits: { tradesPerDay: 3 },
    judged(l, by) {
      const kept = keeper(l)
      live(
        kept,
        Array.from({ length: 2 + by }, () => ({ kind: 'entry' })),
      )
      return judge(kept, intent({ time: T0 + DAY - 1 }), 'entry')
    },
  },
  {
    rule: 'tradesPerDay',
    unit: '1 ms before the next day',
    limits: { tradesPerDay: 1 },
    judged(l, by) {
      const kept = keeper(l)
      live(kept, [{ kind: 'entry' }])
      return judge(kept, intent({ time: T0 + DAY - by }), 'entry')
    },
  },
  {
    rule: 'openPositions',
    unit: '1 position',
    limits: { openPositions: 3 },
    judged: (l, by) => entry(l, {}, account({ open: 2 + by })),
  },
  {
    rule: 'openPositions',
    unit: '1 position beside one that leaves',
    limits: { openPositions: 3 },
    judged: (l, by) => entry(l, { freesE6: 1 }, account({ open: 3 + by })),
  },
  {
    rule: 'reducedSize',
    unit: 'a half of it',
    limits: { entryShare: 0.5 },
    judged: (l, by) => entry(l, { qtyE8: one + by }),
    becomes: one / 2,
  },
  {
    rule: 'largestTrade',
    unit: '1e-6 USD',
    limits: { largestTradeUsd: 100 },
    judged: (l, by) => entry(l, { qtyE8: one + by }),
    becomes: one,
  },
  {
    rule: 'grossLimit',
    unit: '1e-6 USD',
    limits: { grossShare: 0.3 },
    judged: (l, by) => entry(l, {}, account({ gross: 200 * USD + by })),
  },
  {
    rule: 'profitLock',
    unit: '1e-6 USD',
    limits: { profitLockShare: 0.5 },
    // Equity was 1,700 USD: 200 are locked, and of today's 1,400 may 1,200 be in positions.
    judged(l, by) {
      const kept = keeper(l, account({ equity: 1_700 * USD }))
      judge(kept, intent(), 'entry')
      Object.assign(kept.account, { equity: 1_400 * USD, gross: 1_100 * USD + by })
      return judge(kept, intent(), 'entry')
    },
    becomes: one - 1,
  },
  {
    rule: 'profitLock',
    unit: 'nothing left',
    limits: { profitLockShare: 0.5 },
    judged(l, by) {
      const kept = keeper(l, account({ equity: 1_700 * USD }))
      judge(kept, intent(), 'entry')
      Object.assign(kept.account, { equity: 1_400 * USD, gross: 1_100 * USD + by * 100 * USD })
      return judge(kept, intent(), 'entry')
    },
  },
  {
    rule: 'smallestTrade',
    unit: '1e-6 USD',
    limits: { smallestTradeUsd: 100 },
    judged: (l, by) => entry(l, { qtyE8: one - by }),
  },
  {
    rule: 'tooSmall',
    unit: '1e-8',
    limits: {},
    judged: (l, by) => entry(l, { instrument: { ...lots, lotE8: 1, minQtyE8: one + by } }),
  },
  {
    rule: 'tooSmall',
    unit: '1e-6 USD',
    limits: {},
    judged: (l, by) => entry(l, { instrument: { ...lots, minCostE6: 100 * USD + by } }),
  },
]

/** A keeper after trades. */
function after(limits: Limits, trades: readonly ReturnType<typeof trade>[]) {
  const kept = keeper(limits)
  for (const each of trades) live(kept, [{ kind: 'trade', pnlE6: each.pnlE6, reason: each.reason }], each.exitTime - HOUR)
  return kept
}

/** A keeper after bars that move by 1 % and have a volume of 10, and one more that is the test's. */
function jumped(limits: Limits, close: (usual: { close: number; mean: number }) => number, volume: number, bars = 30) {
  const kept = keeper(limits)
  const from = T0 - (bars + 1) * HOUR
  live(
    kept,
    Array.from({ length: bars }, (_, i) => ({ kind: 'bar', close: i % 2 === 0 ? 100 : 101, volume: 10 })),
    from,
  )
  const own = (kept.gate.own.priceAnomaly ?? kept.gate.own.volumeAnomaly) as Map<string, { close: number; mean: number }>
  live(kept, [{ kind: 'bar', close: close(own.get('A') ?? { close: 0, mean: 0 }), volume }], T0 - HOUR)
  return kept
}

describe('the quantity within an amount', () => {
  it('is the largest that does not cost more, at any price', () => {
    const amounts = fc.record({
      amountE6: fc.integer({ min: 0, max: 1e9 }),
      priceUsd: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    })
    fc.assert(
      fc.property(amounts, ({ amountE6, priceUsd }) => {
        const qtyE8 = quantityWithin(amountE6, intent({ priceUsd }))
        fc.pre(Number.isSafeInteger(qtyE8))
        expect(notionalE6(priceUsd, qtyE8)).toBeLessThanOrEqual(amountE6)
        expect((priceUsd * (qtyE8 + 2)) / 100).toBeGreaterThan(amountE6)
      }),
      { seed, numRuns: 3_000 },
    )
  })
})

describe('at exactly its limit, and one unit beyond', () => {
  it.each(boundaries)('$rule: $unit', ({ rule, limits, judged, becomes }) => {
    expect(judged(limits, 0)).toMatchObject({ refusedBy: null })
    if (becomes === undefined) expect(judged(limits, 1)).toMatchObject({ refusedBy: rule, qtyE8: 0 })
    else expect(judged(limits, 1)).toMatchObject({ refusedBy: null, qtyE8: becomes })
  })

  it('is said of rules of the house', () => {
    const codes = new Set<string>(houseRules.map(({ code }) => code))
    for (const { rule } of boundaries) expect(codes.has(rule)).toBe(true)
  })
})
