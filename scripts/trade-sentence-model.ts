/** The files of the model `trade-sentence`, made from the scale of the features alone: the same bytes on every machine. */

import { buckets, centreOf, type TradeScale, word } from '../src/memory/index.js'
import { pastTradeFeatureNames, type TradeVector } from '../src/trading/index.js'
import { gatherModel } from './onnx.js'

const unknown = '[UNK]'

/** File name in the model's folder → content. */
export function modelFiles(scale: TradeScale): Record<string, Uint8Array | string> {
  const width = scale.features.length
  const words = vocabulary(scale)
  const table = new Float32Array(words.length * width)
  words.forEach(({ feature, bucket }, row) => {
    // The mean over the words of a sentence, one a feature, gives each its deviation.
    if (bucket !== undefined) table[row * width + feature] = width * centreOf(bucket)
  })
  return {
    'features.json': json(scale),
    'config.json': json({ model_type: 'bert', hidden_size: width, vocab_size: words.length }),
    'tokenizer.json': json(tokenizer(words.map(({ text }) => text))),
    'tokenizer_config.json': json({
      tokenizer_class: 'PreTrainedTokenizer',
      unk_token: unknown,
      pad_token: unknown,
      model_max_length: width,
    }),
    'onnx/model.onnx': gatherModel(table, width),
  }
}

/** Row by row: the unknown word, then of each feature its buckets and the word for no value, which is nowhere. */
function vocabulary({ features }: TradeScale): { text: string; feature: number; bucket?: number }[] {
  const words = features.flatMap(({ name }, feature) => [
    ...Array.from({ length: buckets }, (_, bucket) => ({ text: word(name, bucket), feature, bucket })),
    { text: word(name, undefined), feature },
  ])
  return [{ text: unknown, feature: 0 }, ...words]
}

function tokenizer(words: readonly string[]): unknown {
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [{ id: 0, content: unknown, ...special }],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab: Object.fromEntries(words.map((text, id) => [text, id])), unk_token: unknown },
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}

/** The scale of these vectors; unknown values do not enter. */
export function fitTradeScale(vectors: readonly TradeVector[], fittedOn: string): TradeScale {
  const features = pastTradeFeatureNames.map((name, j) => {
    const known = vectors.map(vector => vector[j] as number).filter(Number.isFinite)
    const mean = known.reduce((sum, x) => sum + x, 0) / Math.max(1, known.length)
    const variance = known.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, known.length - 1)
    return { name, mean: rounded(mean), sd: rounded(Math.sqrt(variance)) }
  })
  return { fittedOn, trades: vectors.length, features }
}

/** Six digits, so that the file is read easily and is the same on every machine. */
function rounded(x: number): number {
  return Number(x.toPrecision(6))
}
