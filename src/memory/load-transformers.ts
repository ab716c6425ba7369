/** Loads transformers.js, which is optional and large: only embeddings by a model need it. */

import { OperatorError } from '../core/index.js'

/** What a pipeline of feature extraction gives: a row a sentence. */
export interface SentenceTensor {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

export interface SentencePipeline {
  (sentences: readonly string[], options: { pooling: 'mean'; normalize: boolean }): Promise<SentenceTensor>
  dispose(): Promise<unknown>
}

/** The part of the package that is used. Its own types are not there where the package is not. */
export interface TransformersModule {
  pipeline(
    task: 'feature-extraction',
    model: string,
    options: { dtype: 'fp32'; device: 'cpu'; local_files_only: boolean },
  ): Promise<SentencePipeline>
}

/** A variable, so that the compiler does not look for the package. */
const packageName: string = '@xenova/transformers'

/** The package. Throws an `OperatorError` with the commands that install it where it is absent. */
export async function loadTransformers(
  load: () => Promise<TransformersModule> = () => import(packageName),
): Promise<TransformersModule> {
  try {
    return await load()
  } catch (cause) {
    throw new OperatorError(
      {
        what: 'embeddings by a model need the package @xenova/transformers, which is not installed',
        next: 'npm run setup -- --with memory brings it; where mycelia is a dependency: npm install @xenova/transformers@npm:@huggingface/transformers@4',
      },
      { cause },
    )
  }
}
