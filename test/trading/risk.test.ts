import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue } from '../../src/core/index.js'
import {
  entryAllowed,
  entryBarrier,
  type Halt,
  haltsInForce,
  lossLimitE6,
  newRisk,
  operatorHalt,
  type Risk,
  type RiskSettings,
  resetDrawdown,
  riskOnContagion,
  riskOnEquity,
  riskSchema,
} from '../../src/trading/index.js'

const START = 100_000_000_000
const LIMIT = 5_000_000_000

function guard(over: Partial<RiskSettings> = {}) {
  const halts: Halt[] = []
  const risk = newRisk(riskSchema.parse(over))
  let step = 0
  const see = (equity: number, book: 'baseline' | 'mycelial' | 'synthesized' = 'mycelial') => {
    step++
    riskOnEquity(risk, book, equity, { step, time: step * 1_000 }, h => halts.push(h))
  }
  return { risk, halts, see }
}

describe('drawdown', () => {
  it('R7: a loss of exactly the limit halts, one millionth of a dollar less does not', () => {
    expect(lossLimitE6(START, 0.05)).toBe(LIMIT)
    for (const [loss, halted] of [
      [LIMIT - 1, false],
      [LIMIT, true],
      [LIMIT + 1, true],
    ] as const) {
      const { risk, see } = guard()
      see(START)
      see(START - loss)
      expect(entryAllowed(risk, 'mycelial', 'A')).toBe(!halted)
    }
  })

  it('R7: two fills that add up to the limit halt at the second, whichever is larger', () => {
    for (const first of [1, LIMIT / 2, LIMIT - 1]) {
      const { halts, see } = guard()
      see(START)
      see(START - first)
      expect(halts).toHaveLength(0)
      see(START - LIMIT)
      expect(halts).toMatchObject([{ kind: 'drawdown', on: true, book: 'mycelial', ends: 'after 168 bars, peak re-based' }])
    }
  })

  it('is measured from the peak, not the start, and stops its own book alone', () => {
    const { risk, see, halts } = guard()
    see(START)
    see(2 * START)
    see(2 * START - 2 * LIMIT + 1)
    expect(halts).toHaveLength(0)
    see(2 * START - 2 * LIMIT)
    see(START, 'baseline')
    expect(entryBarrier(risk, 'mycelial', 'A')).toBe('drawdown')
    expect(entryAllowed(risk, 'baseline', 'A')).toBe(true)
  })

  it('is announced as the emergency shutdown where it is the synthesized book', () => {
    const { halts, see } = guard()
    see(START, 'synthesized')
    see(START / 2, 'synthesized')
    expect(halts[0]?.reason).toMatch(/^emergency shutdown: loss of 50 %/)
  })

  it('ends by itself after the bars of the rule, with the peak re-based', () => {
    const { risk, halts, see } = guard({ riskReset: { afterBars: 3 } })
    see(START)
    see(START - LIMIT)
    see(START)
    see(START / 2)
    expect(entryAllowed(risk, 'mycelial', 'A')).toBe(false)
    see(START / 2)
    expect(entryAllowed(risk, 'mycelial', 'A')).toBe(true)
    expect(risk.books.mycelial.peakE6).toBe(START / 2)
    expect(halts.map(h => h.on)).toEqual([true, false])
    see(START / 2 - LIMIT / 2)
    expect(entryAllowed(risk, 'mycelial', 'A')).toBe(false)
  })

  it('never ends by itself under "never": the operator resets it', () => {
    const { risk, halts, see } = guard({ riskReset: 'never' })
    see(START)
    see(0)
    for (let i = 0; i < 1_000; i++) see(START)
    expect(entryAllowed(risk, 'mycelial', 'A')).toBe(false)
    expect(resetDrawdown(risk, 'mycelial', Number.NaN, 1, 'operator', h => halts.push(h))).toBe(false)
    expect(resetDrawdown(risk, 'mycelial', START, 1, 'operator', h => halts.push(h))).toBe(true)
    expect(entryAllowed(risk, 'mycelial', 'A')).toBe(true)
  })
})

describe('R3: a loss that cannot be computed', () => {
  it('forbids entries until it can, and never ends a drawdown halt', () => {
    const { risk, halts, see } = guard({ riskReset: { afterBars: 1 } })
    see(START)
    see(Number.NaN)
    see(Number.NaN)
    expect(entryBarrier(risk, 'mycelial', 'A')).toBe('uncomputable')
    expect(halts).toHaveLength(1)
    see(START)
    expect(entryAllowed(risk, 'mycelial', 'A')).toBe(true)
    see(START / 2)
    see(Number.NaN)
    see(Number.NaN)
    expect(entryBarrier(risk, 'mycelial', 'A')).toBe('drawdown')
  })

  it('compares with an unknown peak as nothing lost, and takes the first equity as the peak', () => {
    const { risk, see } = guard()
    see(START)
    expect(risk.books.mycelial.peakE6).toBe(START)
  })
})

describe('contagion', () => {
  const bars = (risk: Risk, share: number, n: number, leaders = 60) => {
    const halts: Halt[] = []
    for (let i = 0; i < n; i++) riskOnContagion(risk, share, leaders, i, h => halts.push(h))
    return halts
  }

  it('pauses all books at 80 %, exactly, in the bar it is seen', () => {
    const { risk } = guard()
    expect(bars(risk, 23 / 30, 1, 30)).toHaveLength(0)
    expect(bars(risk, 24 / 30, 1, 30)).toMatchObject([
      { book: 'all', kind: 'contagion', on: true, ends: 'share < 60 % for 50 bars' },
    ])
    for (const book of ['baseline', 'mycelial', 'synthesized'] as const) expect(entryBarrier(risk, book, 'A')).toBe('contagion')
  })

  it('is not judged before 30 learners have a leading policy, and ever after', () => {
    const { risk } = guard()
    expect(bars(risk, 1, 5, 29)).toHaveLength(0)
    bars(risk, 0.1, 1, 30)
    expect(bars(risk, 1, 1, 5)).toHaveLength(1)
  })

  it('ends after 50 consecutive bars below 60 %: 60 % itself, or not knowing, starts the count again', () => {
    const { risk } = guard()
    bars(risk, 0.9, 1)
    bars(risk, 0.59, 49)
    bars(risk, 0.6, 1)
    bars(risk, 0.59, 49)
    bars(risk, Number.NaN, 1)
    expect(bars(risk, 0.59, 49)).toHaveLength(0)
    expect(entryAllowed(risk, 'baseline', 'A')).toBe(false)
    expect(bars(risk, 0.59, 1)).toMatchObject([{ on: false, kind: 'contagion' }])
    expect(entryAllowed(risk, 'baseline', 'A')).toBe(true)
  })
})

describe('the operator and the compliance list', () => {
  it('halts all three books and lets them go on, each announced once', () => {
    const { risk, halts } = guard()
    const order = (on: boolean) => operatorHalt(risk, on, 5, 'maintenance', h => halts.push(h))
    expect([order(true), order(true)]).toEqual([true, false])
    expect(entryBarrier(risk, 'synthesized', 'A')).toBe('operator')
    expect([order(false), order(false)]).toEqual([true, false])
    expect(halts.map(h => h.on)).toEqual([true, false])
  })

  it('keeps entries out of forbidden pairs', () => {
    const { risk } = guard({ forbiddenPairs: ['XMRUSD'] })
    expect(entryBarrier(risk, 'baseline', 'XMRUSD')).toBe('compliance')
    expect(entryAllowed(risk, 'baseline', 'A')).toBe(true)
  })
})

it('R1: halts survive being saved and read again, with reason and end', () => {
  const { risk, see } = guard({ riskReset: 'never' })
  see(START)
  see(0)
  operatorHalt(risk, true, 7, 'night', () => undefined)
  riskOnContagion(risk, 1, 60, 8, () => undefined)
  const again = decodeValue(encodeValue(risk)) as Risk
  expect(haltsInForce(again)).toEqual(haltsInForce(risk))
  expect(haltsInForce(again).map(h => h.kind)).toEqual(['operator', 'contagion', 'drawdown'])
  expect(entryAllowed(again, 'mycelial', 'A')).toBe(false)
})
