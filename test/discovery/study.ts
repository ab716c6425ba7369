/** Monte Carlo studies of the stages: many hypotheses in a market whose volatility clusters as in reality. */

import { rootOf, Stream } from '../../src/core/index.js'
import { blockZ, bootstrapP, type DiscoverySignal, HypothesisSpace, RollingWindow } from '../../src/discovery/index.js'

const pairs = Array.from({ length: 18 }, (_, i) => `P${i}`)
const stageHalves = 108
const screenHalves = 20
/** Bars before the screen: volatility is known by then. A multiple of 24. */
const warmup = 240
const bars = warmup + 240 + 2 * 1_296

/** Half-lives of the parts of log volatility, bars, and their shares of a variance of .52. */
const volatilityParts = [
  [1.5, 0.26],
  [20, 0.22],
  [200, 0.26],
  [1_000, 0.26],
] as const

/** How a driver behaves: white noise, or events of ±4 at a rate, small noise else. */
export type Law = 'white' | { readonly rate: number }

/**
 * Driver i moves pair i of each study, `lag` bars late and over `horizon` bars, by `strength` σ of a bar for each event or unit of noise:
 * σ in the long run, or of the bar at hand.
 */
export interface Cause {
  readonly scaled?: boolean
  readonly lag: number
  readonly horizon: number
  readonly strength: number
}

/** Sums of half blocks by hypothesis, over a screen, a confirmation and an approval. */
export interface Study {
  readonly space: HypothesisSpace
  readonly sums: readonly Float64Array[]
}

export function study(seed: number, laws: readonly Law[], cause?: Cause): Study {
  const signals = laws.map((_, i): DiscoverySignal => ({ driver: `code:S${i}`, transform: 'level', moat: 'code', own: false }))
  const space = new HypothesisSpace({ signals, pairs })
  const window = new RollingWindow(space)
  const rng = new Stream(rootOf(seed), 'study')
  const levels = volatilityParts.map(([, share]) => Math.sqrt(0.52 * share) * rng.normal())
  const closes = new Float64Array(pairs.length).fill(100)
  const impulses: Float64Array[] = []
  const sums: Float64Array[] = []
  for (let step = 0; step < bars; step++) {
    const volatility = 0.01 * Math.exp(nextLog(levels, rng) - 0.52)
    pairs.forEach((_, p) => {
      let shift = 0
      if (cause !== undefined)
        for (let k = 1; k <= cause.horizon; k++)
          shift += ((impulses[step - cause.lag - k]?.[p] ?? 0) * cause.strength) / cause.horizon
      closes[p] = (closes[p] as number) * (1 + volatility * student9(rng) + (cause?.scaled === true ? volatility : 0.01) * shift)
      window.putClose(p, closes[p] as number)
    })
    impulses.push(drive(laws, window, rng))
    window.advance(step)
    if ((step + 1) % 12 === 0 && step >= warmup) sums.push(window.scores.sums.slice())
  }
  return { space, sums }
}

/** Draws every driver's value, puts in its z, and returns what acts on prices. */
function drive(laws: readonly Law[], window: RollingWindow, rng: Stream): Float64Array {
  return Float64Array.from(laws, (law, i) => {
    const noise = rng.normal()
    if (law === 'white') {
      window.putZ(i, Math.max(-4, Math.min(4, noise)))
      return noise
    }
    const event = rng.chance(law.rate) ? (rng.chance(0.5) ? 1 : -1) : 0
    const sd = Math.sqrt(16 * law.rate + 0.01 * (1 - law.rate))
    window.putZ(i, Math.max(-4, Math.min(4, (event === 0 ? 0.1 * noise : 4 * event) / sd)))
    return event
  })
}

function nextLog(levels: number[], rng: Stream): number {
  let log = 0
  volatilityParts.forEach(([halfLife, share], i) => {
    const decay = 0.5 ** (1 / halfLife)
    levels[i] = decay * (levels[i] as number) + Math.sqrt(0.52 * share * (1 - decay * decay)) * rng.normal()
    log += levels[i] as number
  })
  return log
}

/** Student's law with 9 degrees of freedom, of variance 1. */
function student9(rng: Stream): number {
  let chi = 0
  for (let i = 0; i < 9; i++) chi += rng.normal() ** 2
  return (rng.normal() / Math.sqrt(chi / 9)) * Math.sqrt(7 / 9)
}

/** z of the screen of a hypothesis. */
export function screenZ({ sums }: Study, hypothesis: number): number {
  return zOf(sums.slice(0, screenHalves).map(each => each[hypothesis] as number))
}

/** z of each fold of its confirmation, or of all 54 blocks where there is one. */
export function foldZs(of: Study, hypothesis: number, folds: number, sign = 1): number[] {
  const blocks = blocksOf(of, hypothesis, screenHalves)
  return Array.from({ length: folds }, (_, fold) => sign * zOf(blocks.filter((_, i) => i % folds === fold)))
}

/** p of each share of its approval. */
export function sharePs(of: Study, hypothesis: number, folds: number, rng: Stream, sign = 1) {
  const blocks = blocksOf(of, hypothesis, screenHalves + stageHalves)
  return Array.from({ length: folds }, (_, fold) => {
    const own = Float64Array.from(
      blocks.filter((_, i) => i % folds === fold),
      b => sign * b,
    )
    return bootstrapP(own, own.length, rng)
  })
}

function blocksOf({ sums }: Study, hypothesis: number, from: number): number[] {
  return Array.from(
    { length: stageHalves / 2 },
    (_, i) => (sums[from + 2 * i]?.[hypothesis] as number) + (sums[from + 2 * i + 1]?.[hypothesis] as number),
  )
}

function zOf(values: readonly number[]): number {
  return blockZ(
    values.length,
    values.reduce((a, b) => a + b, 0),
    values.reduce((a, b) => a + b * b, 0),
  )
}
