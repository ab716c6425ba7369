import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fitTradeScale, modelFiles } from '../../scripts/trade-sentence-model.js'
import { readTradeScale, shippedModel } from '../../src/memory/index.js'
import { pastTradeFeatureNames, tradeVector } from '../../src/trading/index.js'

const folder = shippedModel()
/** `write`: the files are made again from the scale; `fit`: the scale too, from simulated trades (minutes). */
const update = process.env.MODEL
const from = 'trifecta, seeds 1, 2, … of 5,000 steps: npm run model -- fit'

async function fitted() {
  const { simulatedTrades } = await import('../../bench/memory/simulated-trades.js')
  return fitTradeScale(simulatedTrades(5_000).map(tradeVector), from)
}

if (update !== undefined) {
  for (const [name, content] of Object.entries(modelFiles(update === 'fit' ? await fitted() : readTradeScale()))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

describe('the shipped model of trade sentences', () => {
  const files = Object.entries(modelFiles(readTradeScale()))

  it.each(files)('has the very bytes its script makes: %s', (name, content) => {
    expect(Buffer.compare(readFileSync(join(folder, name)), Buffer.from(content))).toBe(0)
  })

  it('is smaller than 2 MB', () => {
    expect(files.reduce((sum, [name]) => sum + statSync(join(folder, name)).size, 0)).toBeLessThan(2_000_000)
  })

  it('has a mean and a spread of every feature that past trades are compared by', () => {
    const { features, trades } = readTradeScale()
    expect(features.map(({ name }) => name)).toEqual([...pastTradeFeatureNames])
    expect(trades).toBe(5_000)
    for (const { mean, sd } of features) expect(Number.isFinite(mean) && sd > 0).toBe(true)
  })
})
