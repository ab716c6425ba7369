/** What every embedding of trades promises, by a model or without one. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/memory/embedder.js'
import { subjectOf } from './past-cases.js'

export function embedderConformance(kind: string, make: () => Promise<Embedder>, skip?: string): void {
  describe.skipIf(skip !== undefined)(`an embedding of trades: ${kind}${skip === undefined ? '' : ` (skipped: ${skip})`}`, () => {
    let embedder: Embedder
    beforeAll(async () => {
      if (skip === undefined) embedder = await make()
    })
    afterAll(() => embedder?.close())
    const one = async (subject: Parameters<Embedder['embed']>[0][number]) => (await embedder.embed([subject]))[0] as Float32Array
    const apart = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + (x - (b[i] as number)) ** 2, 0)

    it('has as many numbers as it says, at most 64', async () => {
      expect(embedder.dimension).toBeLessThanOrEqual(64)
      expect(await one(subjectOf(50))).toHaveLength(embedder.dimension)
      expect(await embedder.embed([])).toEqual([])
    })

    it('gives each trade of a batch what it gives it alone', async () => {
      const subjects = Array.from({ length: 150 }, (_, i) => subjectOf((i * 37) % 100, { direction: i % 2 ? 1 : -1 }))
      const batch = await embedder.embed(subjects)
      expect(batch).toHaveLength(150)
      for (const i of [0, 1, 64, 149]) expect(batch[i]).toEqual(await one(subjects[i] as (typeof subjects)[0]))
    })

    it('has an unknown value add nothing, and nothing but numbers', async () => {
      const { features } = subjectOf(50)
      const none = { rsi: null, macd: null, bollinger: null, atr: null, volume: null, trend: null, regime: features.regime }
      const known = await one(subjectOf(90))
      const unknown = await one(subjectOf(null))
      expect(known.filter((x, i) => x !== unknown[i])).toHaveLength(1)
      expect(unknown.filter((x, i) => x !== known[i])).toEqual(Float32Array.of(0))
      const empty = await one({ features: none, direction: 1, prediction: null, crossMoatScore: 0 })
      expect(empty.every(Number.isFinite)).toBe(true)
      const still = await one(subjectOf(50, { features: { ...features, atr: 0 } }))
      expect(still.every(Number.isFinite)).toBe(true)
    })

    it('has nearer values nearer', async () => {
      const [from, ...others] = await embedder.embed([20, 25, 35, 50, 70, 90].map(rsi => subjectOf(rsi)))
      const distances = others.map(other => apart(from as Float32Array, other))
      expect(distances).toEqual([...distances].sort((a, b) => a - b))
      expect(new Set(distances).size).toBe(distances.length)
    })

    it('has what helps a long and harms a short on opposite sides', async () => {
      const long = await one(subjectOf(80))
      const sameForShort = await one(subjectOf(20, { direction: -1, prediction: -0.001 }))
      expect(long.filter((x, i) => Math.abs(x - (sameForShort[i] as number)) > 0.05)).toHaveLength(1)
    })
  })
}
