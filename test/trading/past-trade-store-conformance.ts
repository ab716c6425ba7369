/** What every store of past trades must do, in-process or behind a vector database: run by each implementation's tests. */

import { describe, expect, it } from 'vitest'
import {
  type Neighbour,
  type PastTrade,
  type PastTradeStore,
  recallOf,
  type TradeContext,
  tradeVector,
} from '../../src/trading/index.js'
import { noFeatures } from './support.js'

export function subject(rsi: number, over: Partial<TradeContext> = {}): TradeContext {
  return {
    features: { ...noFeatures, rsi, bollinger: 0.5, atr: 0.01, volume: 1 },
    direction: 1,
    prediction: null,
    crossMoatScore: 0,
    ...over,
  }
}

export function finished(id: string, rsi: number, win: boolean, closedAt = 10, agent = 'PatternLearner-1'): PastTrade {
  return { id, agent, closedAt, win, moat: 'code', vector: tradeVector(subject(rsi)) }
}

const ask = (rsi: number) => tradeVector(subject(rsi))

/** `make` gives an empty store. */
export function pastTradeStoreConformance(make: () => PastTradeStore): void {
  describe('a store of past trades', () => {
    it('knows nothing at first, and says so with a factor of 1', () => {
      const neighbours = make().query({ vector: ask(50), before: 1e15 })
      expect(neighbours).toEqual([])
      expect(recallOf(neighbours, null)).toMatchObject({ factor: 1, cases: 0, nearest: [] })
    })

    it('answers from the nearest: wins near wins, losses near losses', () => {
      const store = make()
      for (let i = 0; i < 30; i++) {
        store.add(finished(`w${i}`, 20 + i / 100, true))
        store.add(finished(`l${i}`, 80 + i / 100, false))
      }
      const [low, high] = [20, 80].map(rsi => store.query({ vector: ask(rsi), before: 11 })) as [Neighbour[], Neighbour[]]
      expect([low.length, low.every(n => n.win), high.length, high.some(n => n.win)]).toEqual([20, true, 20, false])
      expect(low[0]).toMatchObject({ id: 'w0', moat: 'code', distance: 0 })
      expect(low.map(n => n.distance)).toEqual(low.map(n => n.distance).sort((a, b) => a - b))
      expect(recallOf(low, 'code').won).toBeGreaterThan(19)
      expect(recallOf(low, 'code').factor).toBeGreaterThan(1.4)
      expect(recallOf(high, 'code').factor).toBeLessThan(0.6)
    })

    it('never looks ahead: a trade closed at or after t is not there yet', () => {
      const store = make()
      store.add(finished('a', 50, true, 100))
      store.add(finished('b', 50, false, 200))
      const seen = (before: number) => store.query({ vector: ask(50), before }).length
      expect([seen(100), seen(101), seen(200), seen(201)]).toEqual([0, 1, 1, 2])
    })

    it('asks one agent’s knowledge alone where told', () => {
      const store = make()
      store.add(finished('a', 50, true, 10, 'X'))
      store.add(finished('b', 50, false, 10, 'Y'))
      expect(store.query({ vector: ask(50), before: 11, agent: 'X' }).map(n => n.id)).toEqual(['a'])
    })

    it('takes a case once', () => {
      const store = make()
      expect([store.add(finished('a', 50, true)), store.add(finished('a', 50, true))]).toEqual([true, false])
      expect(store.size()).toBe(1)
    })

    it('counts wins, losses and knowledge in their collections', () => {
      const store = make()
      for (let i = 0; i < 5; i++) store.add(finished(String(i), i, i < 2))
      expect([store.size('trading_patterns'), store.size('failed_patterns'), store.size('agent_knowledge')]).toEqual([2, 3, 5])
    })

    it('asks for at most 20 neighbours, and for fewer where told', () => {
      const store = make()
      for (let i = 0; i < 40; i++) store.add(finished(String(i), i, true))
      expect(store.query({ vector: ask(5), before: 11, k: 1_000 }).length).toBe(20)
      expect(store.query({ vector: ask(5), before: 11, k: 3 }).length).toBe(3)
    })

    it('compares what is known where something is not', () => {
      const store = make()
      for (let i = 0; i < 30; i++) store.add(finished(String(i), i * 3, i < 15))
      const found = store.query({ vector: tradeVector(subject(0, { features: { ...noFeatures, rsi: 3 } })), before: 11, k: 5 })
      expect(found.map(n => n.win)).toEqual(Array(5).fill(true))
    })

    it('answers the same after being saved and restored, and goes on the same', () => {
      const one = make()
      for (let i = 0; i < 25; i++) one.add(finished(`c${i}`, (i * 37) % 100, i % 3 === 0, i))
      const two = make()
      two.restore(one.save())
      for (const store of [one, two]) store.add(finished('later', 33, true, 30))
      expect(two.add(finished('c3', 1, true))).toBe(false)
      for (const rsi of [0, 30, 99])
        expect(two.query({ vector: ask(rsi), before: 40 })).toEqual(one.query({ vector: ask(rsi), before: 40 }))
      expect(two.size('trading_patterns')).toBe(one.size('trading_patterns'))
    })
  })
}
