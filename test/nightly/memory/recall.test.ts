/** How many of the ten nearest trades, by their standardised features, are among the ten nearest embeddings. */

import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { simulatedTrades } from '../../../bench/memory/simulated-trades.js'
import { type Embedder, featureEmbedder, sentenceEmbedder } from '../../../src/memory/index.js'
import { recallAt10 } from '../../memory/recall.js'

const installed = existsSync(new URL('../../../node_modules/@xenova/transformers/package.json', import.meta.url))
const skip = installed ? undefined : 'transformers.js is not installed: npm run setup -- --with memory'

describe('recall of embeddings on 5,000 simulated trades, other than those the scale was fitted on', () => {
  const trades = simulatedTrades(5_000, 101)

  async function atLeast(embedder: Embedder): Promise<void> {
    const recall = await recallAt10(trades, embedder)
    await embedder.close()
    console.log(`recall@10 of ${embedder.name}: ${recall.toFixed(4)}`)
    expect(recall).toBeGreaterThanOrEqual(0.9)
  }

  it('the features find at least 0.9 of the ten nearest', () => atLeast(featureEmbedder()))
  it.skipIf(skip)(`the shipped model too${skip === undefined ? '' : ` (skipped: ${skip})`}`, async () =>
    atLeast(await sentenceEmbedder()),
  )
})
