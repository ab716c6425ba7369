/** Recall of an embedding against the exact neighbours in the space of standardised features. */

import type { Embedder } from '../../src/memory/embedder.js'
import { embeddedVectors, fitTradeScale } from '../../src/memory/index.js'
import { type Trade, type TradeVector, tradeVector } from '../../src/trading/index.js'

/** Share of each trade's ten nearest others that are among its ten nearest embeddings, over 500 trades. */
export async function recallAt10(trades: readonly Trade[], embedder: Embedder): Promise<number> {
  const embedded = await embedder.embed(trades)
  const store = embeddedVectors(embedder.dimension)
  await store.upsert(
    'trading_patterns',
    embedded.map((vector, i) => ({ id: String(i), vector, metadata: {} })),
  )
  const exact = standardised(trades.map(tradeVector))
  let hits = 0
  const asked = Array.from({ length: 500 }, (_, i) => i * Math.floor(trades.length / 500))
  for (const i of asked) {
    const found = await store.query('trading_patterns', { vector: embedded[i] as Float32Array, k: 11 })
    const wanted = new Set(nearest(exact, i).map(String))
    hits += found.filter(({ id }) => id !== String(i)).filter(({ id }) => wanted.has(id)).length
  }
  return hits / (asked.length * 10)
}

/** By the trades' own mean and spread; nothing is cut off, and what is unknown is the mean. */
function standardised(vectors: readonly TradeVector[]): number[][] {
  const { features } = fitTradeScale(vectors, 'the trades themselves')
  return vectors.map(vector =>
    features.map(({ mean, sd }, j) => {
      const z = ((vector[j] as number) - mean) / sd
      return Number.isFinite(z) ? z : 0
    }),
  )
}

function nearest(points: readonly (readonly number[])[], i: number): number[] {
  const from = points[i] as readonly number[]
  return points
    .map((to, at) => ({ at, d: from.reduce((sum, x, j) => sum + (x - (to[j] as number)) ** 2, 0) }))
    .filter(({ at }) => at !== i)
    .sort((a, b) => a.d - b.d)
    .slice(0, 10)
    .map(({ at }) => at)
}
