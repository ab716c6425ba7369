import { expect, it } from 'vitest'
import { featureEmbedder, readTradeScale, shippedModel, tradeSentence } from '../../src/memory/index.js'
import { pastTradeFeatureNames } from '../../src/trading/index.js'
import { embedderConformance } from './embedder-conformance.js'
import { subjectOf } from './past-cases.js'

embedderConformance('the features themselves', async () => featureEmbedder())

it('a far value counts as four standard deviations', async () => {
  const [vector] = await featureEmbedder().embed([subjectOf(50, { crossMoatScore: 1e9, prediction: -1e9 })])
  expect(vector?.[pastTradeFeatureNames.indexOf('crossMoat')]).toBe(4)
  expect(vector?.[pastTradeFeatureNames.indexOf('prediction')]).toBe(-4)
})

it('a trade is a sentence of one word a feature', () => {
  const sentence = tradeSentence(readTradeScale(), subjectOf(null, { crossMoatScore: 1e9 }))
  expect(sentence.split(' ').map(word => word.split('_')[0])).toEqual([...pastTradeFeatureNames])
  expect(sentence).toMatch(/^rsi_none macd_\d{3} /)
  expect(sentence).toContain('crossMoat_255')
})

it('the shipped scale is refused where it is of other features', async () => {
  const { mkdtempSync, writeFileSync, rmSync } = await import('node:fs')
  const folder = mkdtempSync(`${(await import('node:os')).tmpdir()}/mycelia-scale-`)
  const scale = readTradeScale(shippedModel())
  writeFileSync(`${folder}/features.json`, JSON.stringify({ ...scale, features: scale.features.slice(1) }))
  expect(() => readTradeScale(folder)).toThrow(/expected rsi, macd.*got "macd.*npm run model -- fit/)
  rmSync(folder, { recursive: true })
})
