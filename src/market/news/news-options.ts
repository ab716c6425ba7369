/** The options of made news: how many stories there are, what they are worth, and how much of that is in the price at once. */

import * as z from 'zod'
import { OperatorError } from '../../core/index.js'
import type { SyntheticOptions } from '../synthetic-options.js'

const share = z.number().min(0).max(1)

/** The parameters of a market of news. */
export const newsSchema = z.strictObject({
  storiesPerDay: z.number().min(0).max(50).default(0.7).describe('mean number of stories of a pair in a day'),
  valueSd: z.number().min(0).max(0.5).default(0.025).describe('standard deviation of what a story is worth, as a share of price'),
  pricedAtOnce: share
    .default(0.5)
    .describe('φ: share of that value that is in the price at once; 1: the null, nothing is left to say'),
  lagBars: z.number().int().min(1).max(10_000).default(24).describe('bars over which the rest comes into the price'),
  delayMs: z.number().min(0).max(86_400_000).default(1_200_000).describe('mean time after which an outlet prints a story, ms'),
  wrong: share.default(0.05).describe('share of reports that say the opposite'),
  repeats: share.default(0.3).describe('share of reports that are printed again in nearly the same words'),
  noisePerDay: z
    .number()
    .min(0)
    .max(100)
    .default(4)
    .describe('mean number a day of headlines about no asset, or with loud words and nothing behind them'),
  truthDays: z.number().int().min(0).max(3_650).default(30).describe('days of which the manifest lists every story'),
})

/** What a market of news may be given. */
export type NewsOptions = z.input<typeof newsSchema>
export type NewsSettings = z.output<typeof newsSchema>

/** A market with news about it, as plain data. */
export interface NewsMarketOptions {
  readonly kind: 'news'
  /** The prices, before any story moves them. */
  readonly market?: SyntheticOptions | undefined
  readonly news?: NewsOptions | undefined
}

/** Fills in defaults and checks; throws an OperatorError that names the option at fault. */
export function newsSettings(options: unknown): NewsSettings {
  const parsed = newsSchema.safeParse(options ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new OperatorError({
    what: `Option "${issue?.path.map(String).join('.') ?? ''}" of made news`,
    next: issue?.message ?? 'Check its options.',
  })
}
