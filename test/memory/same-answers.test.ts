/** Chroma, and what is ranked again of its candidates, answers as the exact store of a simulation does. */

import { afterAll, describe, expect, it } from 'vitest'
import { Rng, rootOf } from '../../src/core/index.js'
import { chromaVectors, embeddedVectors, type PastCase, TradeMemory, weightedEmbedder } from '../../src/memory/index.js'
import { exactPastTradeStore, pastTradeOf, recallOf, type TradeContext, tradeVector } from '../../src/trading/index.js'
import { serverForTests } from './chroma-kit.js'
import { tradeOf } from './past-cases.js'

const { server, skip, end } = await serverForTests()
afterAll(end)
const embedder = weightedEmbedder()

function context(rng: Rng): TradeContext {
  const features = {
    rsi: 30 + 40 * rng.float(),
    macd: rng.normal(0, 0.3),
    bollinger: rng.float(),
    atr: 0.01 * Math.exp(rng.normal(0, 0.4)),
    volume: Math.exp(rng.normal(0, 0.6)),
    regime: rng.int(3),
    trend: rng.normal(0, 2),
  }
  const direction = rng.chance(0.5) ? 1 : -1
  return { features, direction, prediction: direction * 0.02 * rng.float(), crossMoatScore: 1 + rng.int(3) }
}

/** Trades that win more often with the trend, as a market would have them. */
function pastCases(count: number): PastCase[] {
  const rng = Rng.derive(rootOf(5), 1, 1)
  return Array.from({ length: count }, (_, i) => {
    const subject = context(rng)
    const win = rng.chance(subject.direction * (subject.features.trend ?? 0) > 0 ? 0.65 : 0.4)
    const trade = { ...tradeOf(`t${i}`, 50), ...subject, exitTime: i, pnlE6: win ? 1e6 : -1e6 }
    return { run: 'run-1', market: 'made', trade }
  })
}

describe.each([
  ['embedded', async () => embeddedVectors(embedder.dimension), undefined],
  ['chroma', async () => chromaVectors({ url: server?.url ?? '', embedding: embedder }), skip],
] as const)('memory over %s', (_, make, why) => {
  it.skipIf(why)(
    'finds at least 95 % of the exact neighbours, and changes a confidence by the same factor to 1 % on average',
    async () => {
      const cases = pastCases(3_000)
      const memory = new TradeMemory({ embedder, store: await make() })
      await memory.remember(cases)
      const exact = exactPastTradeStore(3_000)
      for (const { trade } of cases) exact.add(pastTradeOf(trade))
      const rng = Rng.derive(rootOf(6), 1, 1)
      let [found, wanted, apart] = [0, 0, 0]
      for (let i = 0; i < 100; i++) {
        const subject = context(rng)
        const before = 1_000 + rng.int(2_000)
        const truth = exact.query({ vector: tradeVector(subject), before })
        const answer = await memory.similar({ subject, market: 'made', run: 'run-1', before })
        const ids = new Set(truth.map(({ id }) => id))
        found += answer.filter(({ id }) => ids.has(id)).length
        wanted += truth.length
        apart += Math.abs(recallOf(answer, null).factor - recallOf(truth, null).factor) / 100
      }
      expect(wanted).toBe(2_000)
      expect(found / wanted).toBeGreaterThan(0.95)
      expect(apart).toBeLessThan(0.01)
    },
  )
})
