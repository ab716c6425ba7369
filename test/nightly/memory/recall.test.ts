/** How many of the ten nearest trades, by their standardised features, are among the ten nearest embeddings. */

import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { simulatedTrades } from '../../../bench/memory/simulated-trades.js'
import { featureEmbedder, sentenceEmbedder } from '../../../src/memory/index.js'
import { recallAt10 } from '../../memory/recall.js'

const installed = existsSync(new URL('../../../node_modules/@xenova/transformers/package.json', import.meta.url))
const skip = installed ? undefined : 'transformers.js is not installed: npm run setup -- --with memory'

describe('recall of embeddings on 5,000 simulated trades, other than those the scale was fitted on', () => {
  const trades = simulatedTrades(5_000, 101)

  it.each([
    ['the features', () => Promise.resolve(featureEmbedder()), undefined],
    ['the shipped model', () => sentenceEmbedder(), skip],
  ] as const)('%s: at least 0.9 of the ten nearest', async (name, make, skip) => {
    if (skip !== undefined) return console.log(`skipped: ${skip}`)
    const recall = await recallAt10(trades, await make())
    console.log(`recall@10 of ${name}: ${recall.toFixed(3)}`)
    expect(recall).toBeGreaterThanOrEqual(0.9)
  })
})
