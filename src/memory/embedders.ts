/** The embedders by their names. */

import type { Embedder } from './embedder.js'
import { sentenceEmbedder } from './sentence-embedder.js'
import { weightedEmbedder } from './weighted-embedder.js'

/**
 * `features` (the default): the features themselves, ranked by what tells wins from losses. `sentences`: the shipped model of trade
 * sentences. Anything else is the name of a model of the Hugging Face hub.
 */
export async function embedderNamed(name = 'features'): Promise<Embedder> {
  if (name === 'features') return weightedEmbedder()
  return sentenceEmbedder(name === 'sentences' ? {} : { model: name })
}
