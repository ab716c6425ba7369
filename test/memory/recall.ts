/** Recall of an embedding against the exact neighbours in the space of standardised features. */

import type { Embedder } from '../../src/memory/embedder.js'
import { embeddedVectors, readTradeScale, type TradeScale } from '../../src/memory/index.js'
import { type Trade, type TradeVector, tradeVector } from '../../src/trading/index.js'

/**
 * Share of the ten nearest embeddings of a trade that are no farther than its tenth neighbour is exactly, over 500 trades. Portfolios
 * that follow the same idea make trades of the same features, so that which of them are the ten is often arbitrary.
 */
export async function recallAt10(
  trades: readonly Trade[],
  embedder: Embedder,
  scale: TradeScale = readTradeScale(),
): Promise<number> {
  const embedded = await embedder.embed(trades)
  const store = embeddedVectors(embedder.dimension)
  await store.upsert(
    'trading_patterns',
    embedded.map((vector, i) => ({ id: String(i), vector, metadata: {} })),
  )
  const exact = trades.map(trade => standardised(scale, tradeVector(trade)))
  let hits = 0
  const chosen = Array.from({ length: 500 }, (_, i) => i * Math.floor(trades.length / 500))
  for (const i of chosen) {
    const found = await store.query('trading_patterns', { vector: embedded[i] as Float32Array, k: 11 })
    const distances = exact.map(to => distance(exact[i] as readonly number[], to))
    const tenth = tenthOf(distances.filter((_, at) => at !== i))
    const others = found.filter(({ id }) => id !== String(i)).slice(0, 10)
    hits += others.filter(({ id }) => (distances[Number(id)] as number) <= tenth + 1e-9).length
  }
  return hits / (chosen.length * 10)
}

/** Nothing is cut off, and what is unknown is the mean. */
function standardised({ features }: TradeScale, vector: TradeVector): number[] {
  return features.map(({ mean, sd }, j) => {
    const z = ((vector[j] as number) - mean) / sd
    return Number.isFinite(z) ? z : 0
  })
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, j) => sum + (x - (b[j] as number)) ** 2, 0)
}

function tenthOf(distances: readonly number[]): number {
  return [...distances].sort((a, b) => a - b)[9] as number
}
