import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { featureEmbedder, sentenceEmbedder } from '../../src/memory/index.js'
import type { SentencePipeline, TransformersModule } from '../../src/memory/load-transformers.js'
import { embedderConformance } from './embedder-conformance.js'
import { subjectOf } from './past-cases.js'

const installed = existsSync(new URL('../../node_modules/@xenova/transformers/package.json', import.meta.url))
const skip = installed ? undefined : 'transformers.js is not installed: npm run setup -- --with memory'

embedderConformance('the shipped model', () => sentenceEmbedder(), skip)

describe.skipIf(skip)(`the shipped model${skip === undefined ? '' : ` (skipped: ${skip})`}`, () => {
  it('gives what the features give, but for half a bucket', async () => {
    const subjects = Array.from({ length: 100 }, (_, i) => subjectOf((i * 61) % 100, { prediction: (i - 50) / 1e4 }))
    const model = await sentenceEmbedder()
    const [ours, exact] = [await model.embed(subjects), await featureEmbedder().embed(subjects)]
    await model.close()
    for (const [i, vector] of ours.entries())
      for (const [j, x] of vector.entries()) expect(Math.abs(x - (exact[i]?.[j] as number))).toBeLessThan(0.016)
  })

  it('says in a sentence that a model cannot be had', async () => {
    await expect(sentenceEmbedder({ model: 'nobody/no-such-model' })).rejects.toThrow(
      /model "nobody\/no-such-model" cannot be loaded/,
    )
  })
})

/** Stands in for the package: three numbers a sentence, from its length. */
function standIn(calls: number[] = []): () => Promise<TransformersModule> {
  const pipeline = Object.assign(
    async (sentences: readonly string[]) => {
      calls.push(sentences.length)
      return { dims: [sentences.length, 3], data: Float32Array.from(sentences.flatMap(({ length }) => [length, 1, 2])) }
    },
    { dispose: async () => undefined },
  ) satisfies SentencePipeline
  return async () => ({ pipeline: async () => pipeline })
}

it('a sentence seen before is not embedded again, and the cache is bounded and counted', async () => {
  const calls: number[] = []
  const embedder = await sentenceEmbedder({ load: standIn(calls), cached: 2 })
  const [a, b, c] = [subjectOf(10), subjectOf(50), subjectOf(90)]
  await embedder.embed([a, b, a])
  await embedder.embed([a, b])
  expect(embedder.counters()).toEqual({ embedded: 2, fromCache: 3, evicted: 0 })
  await embedder.embed([c])
  await embedder.embed([a])
  expect(embedder.counters()).toEqual({ embedded: 4, fromCache: 3, evicted: 2 })
  expect(calls).toEqual([1, 2, 1, 1])
})

it('many trades go to the model in batches', async () => {
  const calls: number[] = []
  const embedder = await sentenceEmbedder({ load: standIn(calls) })
  const vectors = await embedder.embed(Array.from({ length: 150 }, (_, i) => subjectOf(i, { prediction: i / 1e4 })))
  expect(vectors).toHaveLength(150)
  expect(Math.max(...calls)).toBeLessThanOrEqual(64)
})

it('a missing package is named with the command that brings it', async () => {
  const load = () => Promise.reject(new Error('Cannot find package'))
  await expect(sentenceEmbedder({ load })).rejects.toThrow(
    /@xenova\/transformers, which is not installed. npm run setup -- --with memory/,
  )
})

it('a model that is not to be had is named with the next move', async () => {
  const load = async () => ({ pipeline: () => Promise.reject(new Error('fetch failed')) })
  await expect(sentenceEmbedder({ load, model: 'x/y' })).rejects.toThrow(
    /model "x\/y" cannot be loaded \(fetch failed\). Check its name/,
  )
})
