/** Accounts, intents and days of prices for the rules that look at a portfolio as a whole. */

import fc from 'fast-check'
import { DAY_MS, decodeValue, encodeValue, fromUsdE6 } from '../../../src/core/index.js'
import type { Bar } from '../../../src/market/index.js'
import {
  type Account,
  type Gate,
  gateOnBar,
  gateOnStep,
  houseRules,
  type Intent,
  judge,
  type Limits,
  newGate,
} from '../../../src/trading/index.js'
import { anyRules } from '../support.js'

export const USD = 1_000_000
export const UNIT = 100_000_000

/** A pair and its signed value in USD. */
export type Exposure = readonly [pair: string, usd: number]

/** An account of so many dollars with these exposures. */
export function accountOf(equityUsd: number, exposures: readonly Exposure[] = []): Account {
  return {
    startE6: equityUsd * USD,
    equityE6: () => Math.round(equityUsd * USD),
    grossE6: () => exposures.reduce((sum, [, usd]) => sum + Math.abs(Math.round(usd * USD)), 0),
    openCount: () => exposures.length,
    eachExposure(visit) {
      for (const [pair, usd] of exposures) visit(pair, Math.round(usd * USD))
    },
    market: () => ({ priceUsd: 1, barTime: 0, barMs: DAY_MS, flags: 0 }),
    position: () => null,
    doubt: () => null,
  }
}

/** A long of so many dollars of A, at 1 USD a unit. */
export function intentOf(usd: number, over: Partial<Intent> = {}): Intent {
  const { priceUsd = 1 } = over
  return {
    pair: 'A',
    direction: 1,
    qtyE8: Math.round((usd / priceUsd) * UNIT),
    priceUsd,
    time: 0,
    reduces: false,
    renews: false,
    opposes: false,
    freesE6: 0,
    slippage: 0,
    confidence: 1,
    agreeing: 1,
    decidedAt: 0,
    expiresAt: 1,
    closesAt: 2,
    strategy: 'mycelial',
    instrument: anyRules,
    ...over,
  }
}

export function gateOf(limits: Limits): Gate {
  return newGate('portfolio', 'mycelial', limits, houseRules)
}

/** The gate as a checkpoint gives it back. */
export function savedAndLoaded(gate: Gate): Gate {
  return decodeValue(encodeValue(gate)) as Gate
}

export function keeperOf(gate: Gate, account: Account) {
  return { gate, rules: houseRules, account, announce: () => {} }
}

/** What the gate makes of an intent. */
export function verdictOf(gate: Gate, account: Account, intent: Intent) {
  return judge(keeperOf(gate, account), intent, 'entry')
}

/** The same in dollars. */
export function allowedUsd(gate: Gate, account: Account, intent: Intent): number {
  return fromUsdE6(Math.round((verdictOf(gate, account, intent).qtyE8 * intent.priceUsd * USD) / UNIT))
}

export function barOf(pair: string, day: number, close: number, over: Partial<Bar> = {}): Bar {
  const at = { time: day * DAY_MS, barMs: DAY_MS }
  return { pair, ...at, open: close, high: close, low: close, close, volume: 1, flags: 0, ...over }
}

/** Shows the gate one daily bar of each pair a day: a first close of 100, then these returns; NaN: no bar that day. */
export function feedReturns(gate: Gate, returns: Readonly<Record<string, readonly number[]>>): void {
  const closes = new Map<string, number>()
  const days = Math.max(...Object.values(returns).map(r => r.length))
  for (let day = 0; day <= days; day++) {
    for (const [pair, ofPair] of Object.entries(returns)) {
      const dayReturn = day === 0 ? 0 : (ofPair[day - 1] ?? Number.NaN)
      if (Number.isNaN(dayReturn)) continue
      const close = (closes.get(pair) ?? 100) * (1 + dayReturn)
      closes.set(pair, close)
      gateOnBar(keeperOf(gate, accountOf(1)), barOf(pair, day, close))
    }
    gateOnStep(keeperOf(gate, accountOf(1)), (day + 1) * DAY_MS)
  }
}

/** So many returns of a mixed congruential stream, of about this size. */
export function someReturns(seed: number, n: number, size = 0.02): number[] {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: n }, () => (uniform() + uniform() + uniform() + uniform() - 2) * size)
}

const signedUsd = fc.double({ min: -2_000, max: 2_000, noNaN: true })

/** Exposures in the pairs A to D. */
export const someExposures: fc.Arbitrary<Exposure[]> = fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C', 'D'), signedUsd), {
  maxLength: 6,
})

/** An intent in one of them. */
export const someIntent: fc.Arbitrary<Intent> = fc
  .record({
    pair: fc.constantFrom('A', 'B', 'C', 'D'),
    direction: fc.constantFrom(1 as const, -1 as const),
    usd: fc.double({ min: 0.01, max: 5_000, noNaN: true }),
    priceUsd: fc.constantFrom(0.003, 1, 17.3, 61_234.5),
  })
  .map(({ usd, ...over }) => intentOf(usd, over))
