import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, OperatorError, Rng, rootOf } from '../../src/core/index.js'
import { confidenceFactor, exactPastTradeStore, tradeVector } from '../../src/trading/index.js'
import { finished, pastTradeStoreConformance, subject } from './past-trade-store-conformance.js'

pastTradeStoreConformance(() => exactPastTradeStore())

describe('the exact store of past trades', () => {
  it('finds what a sort over all standardised distances finds', () => {
    const rng = Rng.derive(rootOf(3), 1, 1)
    const store = exactPastTradeStore(500)
    const cases = Array.from({ length: 500 }, (_, i) => ({
      ...finished(String(i), 100 * rng.float(), rng.chance(0.5)),
      vector: Float64Array.from({ length: 9 }, () => rng.normal(0, 5)),
    }))
    for (const c of cases) store.add(c)
    const question = Float64Array.from({ length: 9 }, () => rng.normal(0, 5))
    const variance = Array.from(question, (_, d) => {
      const xs = cases.map(c => c.vector[d] as number)
      const mean = xs.reduce((a, x) => a + x, 0) / xs.length
      return xs.reduce((a, x) => a + (x - mean) ** 2, 0) / (xs.length - 1)
    })
    const ranked = cases
      .map(c => ({
        win: c.win,
        d2: c.vector.reduce((a, x, d) => a + (x - (question[d] as number)) ** 2 / (variance[d] as number), 0) / 9,
      }))
      .sort((a, b) => a.d2 - b.d2)
      .slice(0, 20)
    const weight = (win: boolean) => ranked.filter(r => r.win === win).reduce((a, r) => a + 1 / (1 + r.d2), 0)
    const got = store.query({ vector: question, before: 11 })
    expect(got.wins).toBeCloseTo(weight(true), 9)
    expect(got.losses).toBeCloseTo(weight(false), 9)
  })

  it('keeps the latest trades within its capacity, and forgets the oldest whole', () => {
    const store = exactPastTradeStore(10)
    for (let i = 0; i < 25; i++) store.add(finished(`c${i}`, i, i < 20))
    expect([store.size(), store.size('trading_patterns'), store.size('failed_patterns')]).toEqual([10, 5, 5])
    expect(store.add(finished('c0', 1, true))).toBe(true)
    expect(store.add(finished('c24', 1, true))).toBe(false)
  })

  it('saves plain data that the checkpoint can hold', () => {
    const store = exactPastTradeStore(10)
    for (let i = 0; i < 13; i++) store.add(finished(`c${i}`, i, true))
    const again = exactPastTradeStore(10)
    again.restore(decodeValue(encodeValue(store.save())))
    const question = { vector: tradeVector(subject(5)), before: 11 }
    expect(again.query(question)).toEqual(store.query(question))
  })

  it('refuses a capacity of 0', () => {
    expect(() => exactPastTradeStore(0)).toThrow(OperatorError)
  })
})

describe('confidence after asking memory', () => {
  it('shifts by Beta(10, 10): 20 wins × 1.5, 20 losses × 0.5, a draw not at all', () => {
    expect(confidenceFactor({ wins: 20, losses: 0, neighbours: 20 })).toBe(1.5)
    expect(confidenceFactor({ wins: 0, losses: 20, neighbours: 20 })).toBe(0.5)
    expect(confidenceFactor({ wins: 7, losses: 7, neighbours: 14 })).toBe(1)
  })
})
