/** What the news of a pair says by now, set against its price: a decaying sum of scores, and how far it is from the last day's return. */

import { HOUR_MS, math, type TimeMs } from '../../core/index.js'
import { decayOf, withoutOutliers } from './scorer.js'

export const narrativeLimits = {
  /** Stories of a pair whose weight is not negligible; beyond it the oldest go, and are counted. */
  stories: 500,
  /** Divergences of a pair from which its own threshold follows. */
  divergences: 500,
} as const

/** A story's weight halves in so long; after ten times that it is forgotten. */
const HALF_MS = 6 * HOUR_MS
/** A bar weighs this much of the bar after it in means and deviations: about 30 days of hours. */
const DECAY = 1 - 1 / 720
/** Bars before which neither is known. */
const LEAST_BARS = 48
const [QUANTILE, LEAST_THRESHOLD, RENEW_BARS] = [0.9, 1, 24] as const

/** Exponentially weighted mean and variance. */
export interface RunningScale {
  n: number
  mean: number
  variance: number
}

const newScale = (): RunningScale => ({ n: 0, mean: 0, variance: 0 })

/** How many deviations x is from the mean of what came before, which it then joins; NaN while too little is known. */
function scoreOf(scale: RunningScale, x: number): number {
  const known = scale.n >= LEAST_BARS && scale.variance > 0
  const z = known ? (x - scale.mean) / Math.sqrt(scale.variance) : Number.NaN
  scale.n++
  const weight = Math.max(1 - DECAY, 1 / scale.n)
  const off = x - scale.mean
  scale.mean += weight * off
  scale.variance = (1 - weight) * (scale.variance + weight * off * off)
  return z
}

interface Story {
  readonly time: TimeMs
  readonly weight: number
  readonly score: number
}

/** The narrative of one pair as plain data. */
export interface Narrative {
  readonly stories: Story[]
  readonly news: RunningScale
  readonly price: RunningScale
  readonly volume: RunningScale
  /** Sizes of the latest divergences. */
  readonly sizes: number[]
  threshold: number
  sinceThreshold: number
  /** Stories for which there was no room. */
  forgotten: number
}

export function newNarrative(): Narrative {
  return {
    stories: [],
    news: newScale(),
    price: newScale(),
    volume: newScale(),
    sizes: [],
    threshold: LEAST_THRESHOLD,
    sinceThreshold: 0,
    forgotten: 0,
  }
}

/** A story joins the narrative. */
export function tell(narrative: Narrative, story: Story): void {
  if (narrative.stories.length >= narrativeLimits.stories) {
    narrative.stories.shift()
    narrative.forgotten++
  }
  narrative.stories.push(story)
}

/** Σ w·s·2^(−age / 6 h) of what is not an outlier. */
export function narrativeAt(narrative: Narrative, now: TimeMs): number {
  const { stories } = narrative
  while (stories.length > 0 && (stories[0] as Story).time < now - 10 * HALF_MS) stories.shift()
  const kept = withoutOutliers(stories.map(({ score }) => score))
  return stories.reduce(
    (sum, { time, weight, score }, i) => (kept[i] ? sum + weight * score * decayOf(now - time, HALF_MS) : sum),
    0,
  )
}

/** aligned: both say the same · news-leads: the news is ahead of the price · price-leads: the price of the news · crowded: both are far out on one side, with volume. */
export const divergenceLabels = ['aligned', 'news-leads', 'price-leads', 'crowded'] as const
export type DivergenceLabel = (typeof divergenceLabels)[number]

/** How the narrative of a pair stands against its price after a bar. */
export interface Divergence {
  readonly narrative: number
  /** Deviations of the narrative, of the last day's return, and of the volume, from what is usual. */
  readonly newsZ: number
  readonly priceZ: number
  readonly volumeZ: number
  /** The price's own score, from −1 to 1. */
  readonly priceScore: number
  /** newsZ − priceZ, and from where it acts. */
  readonly size: number
  readonly threshold: number
  readonly acts: boolean
  readonly label: DivergenceLabel
}

/** What a bar shows. */
export interface NarrativeBar {
  readonly now: TimeMs
  /** Of the last 24 hours. */
  readonly dayReturn: number
  readonly volume: number
}

/** Takes the next bar; null while too little is known. Nothing that comes later changes it. */
export function divergenceNext(narrative: Narrative, { now, dayReturn, volume }: NarrativeBar): Divergence | null {
  const narrated = narrativeAt(narrative, now)
  const newsZ = scoreOf(narrative.news, narrated)
  const priceZ = Number.isFinite(dayReturn) ? scoreOf(narrative.price, dayReturn) : Number.NaN
  const volumeZ = volume >= 0 ? scoreOf(narrative.volume, math.log(1 + volume)) : Number.NaN
  const size = newsZ - priceZ
  if (!Number.isFinite(size)) return null
  const threshold = thresholdNext(narrative, Math.abs(size))
  const acts = Math.abs(size) > threshold
  const label = labelFor({ newsZ, priceZ, volumeZ, acts })
  return { narrative: narrated, newsZ, priceZ, volumeZ, priceScore: tanh(priceZ), size, threshold, acts, label }
}

/** The larger of 1 and the 90 % quantile of its own past, which is found again once a day of bars. */
function thresholdNext(narrative: Narrative, size: number): number {
  const { threshold, sizes } = narrative
  if (++narrative.sinceThreshold >= RENEW_BARS && sizes.length >= LEAST_BARS) {
    narrative.sinceThreshold = 0
    const sorted = Float64Array.from(sizes).sort()
    narrative.threshold = Math.max(LEAST_THRESHOLD, sorted[Math.floor(QUANTILE * sorted.length)] ?? LEAST_THRESHOLD)
  }
  sizes.push(size)
  if (sizes.length > narrativeLimits.divergences) sizes.shift()
  return threshold
}

type Scores = Pick<Divergence, 'newsZ' | 'priceZ' | 'volumeZ' | 'acts'>
const FAR = 1.5

function labelFor({ newsZ, priceZ, volumeZ, acts }: Scores): DivergenceLabel {
  if (acts) return Math.abs(newsZ) >= Math.abs(priceZ) ? 'news-leads' : 'price-leads'
  return newsZ * priceZ > 0 && Math.min(Math.abs(newsZ), Math.abs(priceZ)) > FAR && volumeZ > 1 ? 'crowded' : 'aligned'
}

/** Why a divergence has its label, in a sentence. */
export function divergenceReason({ label, newsZ, priceZ, size, threshold }: Divergence): string {
  const figures = `news ${signed(newsZ)}, price ${signed(priceZ)} deviations; apart by ${Math.abs(size).toFixed(1)}, acting from ${threshold.toFixed(1)}`
  if (label === 'news-leads') return `The news is ${newsZ > 0 ? 'better' : 'worse'} than the price says: ${figures}.`
  if (label === 'price-leads') return `The price has ${priceZ > 0 ? 'risen' : 'fallen'} without the news: ${figures}.`
  if (label === 'crowded') return `News and price are both far ${newsZ > 0 ? 'up' : 'down'}, on much volume: ${figures}.`
  return `News and price say the same: ${figures}.`
}

function signed(x: number): string {
  return `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(1)}`
}

function tanh(x: number): number {
  const e = math.exp(-2 * Math.abs(x))
  return (Math.sign(x) * (1 - e)) / (1 + e)
}
