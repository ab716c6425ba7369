/** A gate before an account that the test invents, and limits, events and intents drawn at random for any rule. */

import fc from 'fast-check'
import * as z from 'zod'
import {
  type Account,
  type Fill,
  type Gate,
  type GateKeeper,
  gateOnBar,
  gateOnEntry,
  gateOnFill,
  gateOnStep,
  gateOnTrade,
  type Halt,
  type HeldPosition,
  houseRules,
  type Intent,
  type Limits,
  newGate,
  type PairMarket,
  type Rule,
  type Trade,
} from '../../../src/trading/index.js'
import { anyRules, HOUR, noFeatures, T0 } from '../support.js'

export { HOUR, T0 }
export const DAY = 24 * HOUR
export const USD = 1e6
export const pairs = ['A', 'B'] as const

/** An account whose numbers a test sets. */
export interface InventedAccount extends Account {
  equity: number
  gross: number
  open: number
  held: HeldPosition | null
  last: PairMarket | undefined
  doubted: string | null
}

/** An account of 1,000 USD in cash, whose pairs have a bar that ended at `T0`; all else is the test's. */
export function account(over: Partial<InventedAccount> = {}): InventedAccount {
  const invented: InventedAccount = {
    startE6: 1_000 * USD,
    equity: 1_000 * USD,
    gross: 0,
    open: 0,
    held: null,
    last: { priceUsd: 100, barTime: T0 - HOUR, barMs: HOUR, flags: 0 },
    doubted: null,
    equityE6: () => invented.equity,
    grossE6: () => invented.gross,
    openCount: () => invented.open,
    eachExposure: visit => (invented.open > 0 ? visit('B', invented.gross) : undefined),
    market: () => invented.last,
    position: () => invented.held,
    doubt: () => invented.doubted,
    ...over,
  }
  return invented
}

/** An intent to buy one unit at 100 USD that every rule of the house allows. */
export function intent(over: Partial<Intent> = {}): Intent {
  return {
    pair: 'A',
    direction: 1,
    qtyE8: 100_000_000,
    priceUsd: 100,
    time: T0,
    reduces: false,
    renews: false,
    opposes: false,
    freesE6: 0,
    slippage: 0,
    confidence: 1,
    agreeing: 10,
    decidedAt: T0,
    expiresAt: T0 + DAY,
    closesAt: T0 + DAY,
    strategy: 'mycelial',
    instrument: anyRules,
    ...over,
  }
}

export interface Kept extends GateKeeper {
  readonly account: InventedAccount
  /** Locks begun and ended so far. */
  readonly said: Halt[]
}

/** A gate with these limits before an account. */
export function keeper(limits: Limits, of = account(), rules: readonly Rule[] = houseRules): Kept {
  return keep(newGate('portfolio', 'mycelial', limits, rules), of, rules)
}

/** The same for a gate that is there already. */
export function keep(gate: Gate, of = account(), rules: readonly Rule[] = houseRules): Kept {
  const said: Halt[] = []
  return { gate, rules, account: of, said, announce: lock => said.push(lock) }
}

/** A trade of pair A that has just closed at an instant. */
export function trade(exitTime: number, over: Partial<Trade> = {}): Trade {
  return {
    tradeId: `mycelial:${exitTime}:PatternLearner-0:0`,
    portfolio: 'mycelial',
    pair: 'A',
    direction: 1,
    style: 'DAY',
    agent: 'PatternLearner-0',
    pattern: null,
    ideaIds: [],
    entryTime: exitTime - HOUR,
    exitTime,
    entryPriceUsd: 100,
    exitPriceUsd: 100,
    qtyE8: 1,
    entryNotionalE6: 1,
    exitNotionalE6: 1,
    feesE6: 0,
    slippageE6: 0,
    borrowE6: 0,
    pnlE6: 0,
    reason: 'horizon',
    collision: false,
    confidence: 1,
    prediction: null,
    crossMoatScore: 0,
    barsHeld: 1,
    features: noFeatures,
    ...over,
  }
}

/** Something that happens to an account, an hour after the last thing. */
export type Happening =
  | { readonly kind: 'bar'; readonly close: number; readonly volume: number }
  | { readonly kind: 'trade'; readonly pnlE6: number; readonly reason: Trade['reason'] }
  | { readonly kind: 'step'; readonly equityUsd: number }
  | { readonly kind: 'entry' }
  | { readonly kind: 'fill'; readonly opens: boolean; readonly notionalE6: number }

const bars = fc.record({
  kind: fc.constant('bar' as const),
  close: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 99, max: 101 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 400 }) },
  ),
  volume: fc.integer({ min: 0, max: 1_000 }),
})
const trades = fc.record({
  kind: fc.constant('trade' as const),
  pnlE6: fc.integer({ min: -5, max: 3 }),
  reason: fc.constantFrom<Trade['reason']>('stop', 'stop', 'stop', 'target', 'horizon', 'opposite', 'data-ended'),
})
const steps = fc.record({ kind: fc.constant('step' as const), equityUsd: fc.integer({ min: 0, max: 2_000 }) })
const entries = fc.record({ kind: fc.constant('entry' as const) })
const fills = fc.record({
  kind: fc.constant('fill' as const),
  opens: fc.boolean(),
  notionalE6: fc.integer({ min: 1, max: 500 * USD }),
})

export const happenings: fc.Arbitrary<readonly Happening[]> = fc
  .tuple(
    fc.array(fc.oneof(bars, trades, steps, entries, fills), { maxLength: 40 }),
    fc.oneof(fc.constant([]), fc.array(bars, { minLength: 25, maxLength: 40 })),
  )
  .map(([mixed, last]) => [...mixed, ...last])

function fillOf(time: number, { opens, notionalE6 }: { opens: boolean; notionalE6: number }): Fill {
  const ids = { portfolio: 'mycelial', tradeId: `mycelial:${time}:PatternLearner-0:0`, pair: 'A' } as const
  return { ...ids, side: 'buy', opens, time, priceUsd: 100, qtyE8: notionalE6, notionalE6, feeE6: 0, slippageE6: 0 }
}

/** Lets things happen one after another from `T0` on; returns the instant after the last one. */
export function live(kept: Kept, all: readonly Happening[], from = T0): number {
  let time = from
  for (const one of all) {
    time += HOUR
    if (one.kind === 'entry') gateOnEntry(kept, intent({ time }))
    else if (one.kind === 'trade') gateOnTrade(kept, trade(time, one))
    else if (one.kind === 'fill') gateOnFill(kept, fillOf(time, one))
    else if (one.kind === 'bar') {
      kept.account.last = { priceUsd: one.close, barTime: time - HOUR, barMs: HOUR, flags: 0 }
      const { close, volume } = one
      gateOnBar(kept, {
        pair: 'A',
        time: time - HOUR,
        barMs: HOUR,
        flags: 0,
        open: close,
        high: close,
        low: close,
        close,
        volume,
      })
    } else {
      kept.account.equity = one.equityUsd * USD
      gateOnStep(kept, time)
    }
  }
  return time
}

interface JsonSchema {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly enum?: readonly unknown[]
}

/** Values that a schema takes, small ones more often. */
function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const min = schema.minimum ?? schema.exclusiveMinimum ?? 0
  const max = Math.min(schema.maximum ?? schema.exclusiveMaximum ?? 1e9, 1e9)
  if (schema.type === 'integer') {
    const near = fc.integer({ min, max: Math.min(max, min + 5) })
    return fc.oneof(near, fc.integer({ min, max: Math.min(max, Math.max(min, 2_000)) }), fc.integer({ min, max }))
  }
  if (schema.type === 'number') {
    const share = fc.integer({ min: 0, max: 1_000 }).map(n => n / 1_000)
    return fc.oneof(
      share.map(x => min + x * Math.min(1, max - min)),
      share.map(x => min + x * Math.min(2_000, max - min)),
      share.map(x => min + x * (max - min)),
    )
  }
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'array') return fc.array(valuesOf(schema.items ?? { type: 'string' }), { maxLength: 3 })
  if (schema.type === 'object' && schema.properties !== undefined)
    return fc.record(Object.fromEntries(Object.entries(schema.properties).map(([name, of]) => [name, valuesOf(of)])))
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object')
    return fc.dictionary(fc.constantFrom(...pairs), valuesOf(schema.additionalProperties), { maxKeys: 2 })
  return fc.constantFrom(...pairs, 'A until 2024-01-02', 'B until 2024-01-02T00:00Z')
}

/** Limits of a rule that switch it on, as its own schemas allow them. */
export function limitsFor(rule: Rule): fc.Arbitrary<Limits> {
  const [first] = Object.keys(rule.limits)
  const values = Object.entries(rule.limits).map(([name, { schema }]) => {
    const valid = valuesOf(z.toJSONSchema(schema, { unrepresentable: 'any' }) as JsonSchema).filter(
      value => schema.safeParse(value).success,
    )
    return [name, valid] as const
  })
  const model = Object.fromEntries(values)
  return (first === undefined ? fc.constant({}) : fc.record(model, { requiredKeys: [first] })) as fc.Arbitrary<Limits>
}

/** Limits of any number of rules of the house. */
export const houseLimits: fc.Arbitrary<Limits> = fc
  .subarray([...houseRules] as Rule[])
  .chain(on => fc.tuple(...on.map(limitsFor)))
  .map(each => Object.assign({}, ...each))
