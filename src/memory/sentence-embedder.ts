/** Embeddings by a model: the trade's sentence through transformers.js, pooled by the mean of its words. */

import { OperatorError } from '../core/index.js'
import type { TradeContext } from '../trading/index.js'
import type { Embedder } from './embedder.js'
import { vectorMemoryLimits } from './limits.js'
import { loadTransformers, type SentencePipeline, type TransformersModule } from './load-transformers.js'
import { readTradeScale, shippedModel } from './trade-scale.js'
import { tradeSentence } from './trade-sentence.js'

export interface SentenceEmbedderOptions {
  /** A model of the Hugging Face hub by its name, e.g. `Xenova/all-MiniLM-L6-v2`; fetched when it is first used. Default: the shipped one. */
  readonly model?: string
  /** Vectors kept of sentences seen before. */
  readonly cached?: number
  readonly load?: () => Promise<TransformersModule>
}

export interface SentenceEmbedder extends Embedder {
  counters(): { readonly embedded: number; readonly fromCache: number; readonly evicted: number }
}

/** Sentences at once: more gain nothing. */
const batchSize = 64

/** Loads the model. Throws an `OperatorError` where the package or the model is not to be had. */
export async function sentenceEmbedder(options: SentenceEmbedderOptions = {}): Promise<SentenceEmbedder> {
  const { model } = options
  const pipeline = await pipelineOf(await loadTransformers(options.load), model)
  const scale = readTradeScale()
  const cache = new VectorCache(options.cached ?? vectorMemoryLimits.cachedSentences)
  const vectors = (sentences: readonly string[]) => cache.vectors(sentences, missing => run(pipeline, missing))
  const [probe] = await run(pipeline, ['probe'])
  return {
    name: model === undefined ? 'sentences' : `sentences:${model}`,
    dimension: probe?.length ?? 0,
    embed: (subjects: readonly TradeContext[]) => vectors(subjects.map(subject => tradeSentence(scale, subject))),
    counters: () => cache.counters(),
    async close() {
      await pipeline.dispose()
    },
  }
}

async function pipelineOf(transformers: TransformersModule, model: string | undefined): Promise<SentencePipeline> {
  const options = { dtype: 'fp32', device: 'cpu', local_files_only: model === undefined } as const
  try {
    return await transformers.pipeline('feature-extraction', model ?? shippedModel(), options)
  } catch (cause) {
    throw new OperatorError(
      {
        what: `the embedding model "${model ?? 'trade-sentence'}" cannot be loaded (${(cause as Error).message})`,
        next: 'Check its name on huggingface.co and the network, or leave it out for the shipped one.',
      },
      { cause },
    )
  }
}

async function run(pipeline: SentencePipeline, sentences: readonly string[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (let from = 0; from < sentences.length; from += batchSize) {
    const batch = sentences.slice(from, from + batchSize)
    const { data, dims } = await pipeline(batch, { pooling: 'mean', normalize: false })
    const size = dims.at(-1) ?? 0
    for (let i = 0; i < batch.length; i++) vectors.push(data.slice(i * size, (i + 1) * size))
  }
  return vectors
}

/** Vectors by sentence; the one that was made first makes room. */
class VectorCache {
  private readonly known = new Map<string, Float32Array>()
  private embedded = 0
  private fromCache = 0
  private evicted = 0

  constructor(private readonly size: number) {}

  counters() {
    return { embedded: this.embedded, fromCache: this.fromCache, evicted: this.evicted }
  }

  async vectors(
    sentences: readonly string[],
    make: (missing: readonly string[]) => Promise<Float32Array[]>,
  ): Promise<Float32Array[]> {
    const missing = [...new Set(sentences.filter(sentence => !this.known.has(sentence)))]
    const made = await make(missing)
    const fresh = new Map(missing.map((sentence, i) => [sentence, made[i] as Float32Array]))
    this.embedded += missing.length
    this.fromCache += sentences.length - missing.length
    const vectors = sentences.map(sentence => (fresh.get(sentence) ?? this.known.get(sentence) ?? new Float32Array()).slice())
    for (const [sentence, vector] of fresh) this.keep(sentence, vector)
    return vectors
  }

  private keep(sentence: string, vector: Float32Array): void {
    this.known.set(sentence, vector)
    if (this.known.size <= this.size) return
    const [oldest] = this.known.keys()
    if (oldest !== undefined) this.known.delete(oldest)
    this.evicted++
  }
}
