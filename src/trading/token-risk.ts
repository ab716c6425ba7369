/** How risky a launched token looks: six readings from 0 to 1, weighted to one score, which a calibration turns into a probability. */

import { math } from '../core/index.js'

/** What can be seen of a token, each from 0, harmless, to 1. */
export interface RiskFeatures {
  /** Young tokens are risky. */
  readonly age: number
  /** Volume that comes in bursts. */
  readonly volumeIrregularity: number
  /** Share of the traded tokens that the ten largest accounts hold. */
  readonly topTen: number
  readonly volatility: number
  /** What is said of it changes from minute to minute. */
  readonly sentimentInstability: number
  /** What is known against its creator: his name, and what he does with this token. */
  readonly creator: number
}

/** What each reading counts for; they add up to 1. */
export const riskWeights: RiskFeatures = {
  age: 0.08,
  volumeIrregularity: 0.08,
  topTen: 0.14,
  volatility: 0.1,
  sentimentInstability: 0.05,
  creator: 0.55,
}

/** The names of the readings, in their order. */
export const riskFeatureNames = Object.keys(riskWeights) as readonly (keyof RiskFeatures)[]

/** Readings at which a feature counts one half. */
const HALF = { ageMs: 600_000, volatility: 0.15, instability: 0.3, bought: 0.05, wallets: 2 } as const

/** What is measured of a token. */
export interface RiskReadings {
  readonly ageMs: number
  /** Of the last minutes, oldest first. */
  readonly volumes: readonly number[]
  readonly closes: readonly number[]
  readonly moods: readonly number[]
  readonly topTen: number
  /** What is known of the creator: 0, launched nothing that lasted, to 1. */
  readonly reputation: number
  /** Share of all tokens that the creator bought, and of those the share that he has sold. */
  readonly creatorBought: number
  readonly creatorSold: number
  /** Accounts that bought in the slot of the launch, before anybody can know of it: the creator’s, and those that he hired. */
  readonly launchBuyers: number
}

export function riskFeatures(readings: RiskReadings): RiskFeatures {
  const { ageMs, volumes, closes, moods, topTen } = readings
  const mean = meanOf(volumes)
  const irregularity = mean > 0 ? deviation(volumes) / mean : 0
  const returns = closes.slice(1).map((close, i) => math.log(close / (closes[i] as number)))
  return {
    age: HALF.ageMs / (HALF.ageMs + ageMs),
    volumeIrregularity: irregularity / (1 + irregularity),
    topTen: clamp(topTen),
    volatility: saturated(deviation(returns), HALF.volatility),
    sentimentInstability: saturated(deviation(moods), HALF.instability),
    creator: creatorRisk(readings),
  }
}

/** Each of four signs alone is enough: a bad name, much that he could sell, hidden wallets, and that he sells. */
function creatorRisk({ reputation, creatorBought, creatorSold, launchBuyers }: RiskReadings): number {
  const hired = Math.max(0, launchBuyers - 1)
  const small = 1 - saturated(creatorBought, HALF.bought)
  return 1 - clamp(reputation) * small * (1 - saturated(hired, HALF.wallets)) * (1 - clamp(creatorSold))
}

/** The weighted score, 0 to 1. */
export function riskScore(features: RiskFeatures): number {
  let score = 0
  for (const name of riskFeatureNames) score += riskWeights[name] * features[name]
  return score
}

/** From which probability of a collapse on nothing is bought. */
const NO_ENTRY = 0.8

/** What a probability of a collapse leaves of a position's size. */
export function riskModifier(probability: number): number {
  return probability >= NO_ENTRY ? 0 : (1 - probability) ** 2
}

function saturated(x: number, half: number): number {
  return x / (x + half)
}

function clamp(x: number): number {
  return Math.min(1, Math.max(0, x))
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, x) => sum + x, 0) / values.length
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1))
}
