/** The regime of a pair's market: bull, bear or sideways, by a hidden Markov model that is fitted again on what has passed, and never on what comes. */

import { math } from '../../core/index.js'
import { type Emission, filterNext, fitHmm, type Hmm, logLikelihood, oneState, type Seen } from './hmm.js'

/** unknown: nothing is fitted yet, or no state is likelier than the others together. */
export type MarketRegime = 'bull' | 'bear' | 'sideways' | 'unknown'

/** What a detector is made by. */
export interface RegimeSettings {
  /** Bars that a fit looks back on, and bars between two fits. */
  readonly windowBars: number
  readonly refitBars: number
  /** A regime begins when its probability has been this for so many bars, and ends as unknown below the other. */
  readonly switchAt: number
  readonly switchBars: number
  readonly unknownBelow: number
}

export const usualRegime: RegimeSettings = {
  windowBars: 3_000,
  refitBars: 500,
  switchAt: 0.7,
  switchBars: 3,
  unknownBelow: 0.5,
}

/** Three states are enough for bull, bear and between. */
const STATES = 3
/** Numbers that the three states have more than one state, of which the criterion of Schwarz is made. */
const MORE_NUMBERS = 16
const firstFit = { rounds: 40, least: 0.05 } as const
/** A model that was fitted before begins near its best. */
const nextFit = { rounds: 8, least: 0.1 } as const

/** A detector of one pair as plain data. */
export interface RegimeDetector {
  readonly settings: RegimeSettings
  readonly seen: Seen[]
  /** Bars since the last fit. */
  sinceFit: number
  /** The fitted model, its states from bear over sideways to bull; null: nothing is fitted, or one state explains as much. */
  hmm: Hmm | null
  posterior: number[] | null
  regime: MarketRegime
  /** The regime that may begin, and for how many bars it has been likely. */
  next: MarketRegime
  nextBars: number
  switches: number
  fits: number
}

/** A detector before its first bar. */
export function newRegimeDetector(settings: RegimeSettings = usualRegime): RegimeDetector {
  return {
    settings,
    seen: [],
    sinceFit: 0,
    hmm: null,
    posterior: null,
    regime: 'unknown',
    next: 'unknown',
    nextBars: 0,
    switches: 0,
    fits: 0,
  }
}

/** What a bar shows: its return against the close before, and the logarithm of its range (Parkinson 1980); null: it shows nothing. */
export function seenOfBar(
  bar: { readonly high: number; readonly low: number; readonly close: number },
  closeBefore: number,
): Seen | null {
  if (!(closeBefore > 0 && bar.low > 0 && bar.high >= bar.low && bar.close > 0)) return null
  const range = math.log(bar.high / bar.low) / PARKINSON
  return { x: math.log(bar.close / closeBefore), y: math.log(Math.max(range, LEAST_RANGE)) }
}

/** √(4 ln 2), and the range of a bar in which the price stood still. */
const PARKINSON = 1.6651092223153954
const LEAST_RANGE = 1e-6

/** Takes the next bar, and says the regime after it. Nothing that comes later changes it. */
export function regimeNext(detector: RegimeDetector, seen: Seen): MarketRegime {
  const { settings } = detector
  detector.seen.push(seen)
  if (detector.seen.length > settings.windowBars) detector.seen.shift()
  detector.sinceFit++
  if (detector.sinceFit >= settings.refitBars) refit(detector)
  else if (detector.hmm !== null) detector.posterior = filterNext(detector.hmm, detector.posterior, seen).posterior
  change(detector)
  return detector.regime
}

function refit(detector: RegimeDetector): void {
  const { seen } = detector
  detector.sinceFit = 0
  detector.fits++
  const one = oneState(seen)
  const fitted = inOrder(bestFit(detector, one))
  const single: Hmm = { start: [1], moves: [[1]], states: [one] }
  const gain = 2 * (logLikelihood(fitted, seen) - logLikelihood(single, seen))
  const isBetter = one.x.variance > 0 && gain > MORE_NUMBERS * math.log(seen.length)
  detector.hmm = isBetter ? fitted : null
  detector.posterior = isBetter ? lastPosterior(fitted, seen) : null
}

/** From the last model, or where there is none from a first guess. */
function bestFit({ hmm, seen }: RegimeDetector, one: Emission): Hmm {
  return hmm === null ? fitHmm(firstGuess(one), seen, firstFit) : fitHmm(hmm, seen, nextFit)
}

/** Three states that last, around the mean: falling and wild, calm, rising. */
function firstGuess({ x, y }: Emission): Hmm {
  const [sx, sy] = [Math.sqrt(x.variance), Math.sqrt(y.variance)]
  const state = (mx: number, my: number): Emission => ({
    x: { mean: x.mean + mx * sx, variance: Math.max(x.variance, 1e-300) },
    y: { mean: y.mean + my * sy, variance: Math.max(y.variance, 1e-300) },
  })
  const stays = 0.98
  const moves = Array.from({ length: STATES }, (_, i) =>
    Array.from({ length: STATES }, (_, j) => (i === j ? stays : (1 - stays) / (STATES - 1))),
  )
  return { start: new Array(STATES).fill(1 / STATES), moves, states: [state(-0.5, 0.7), state(0, -0.7), state(0.5, 0.2)] }
}

/** The same model, its states by mean return. */
function inOrder({ start, moves, states }: Hmm): Hmm {
  const order = states.map((_, i) => i).sort((a, b) => (states[a]?.x.mean ?? 0) - (states[b]?.x.mean ?? 0) || a - b)
  return {
    start: order.map(i => start[i] ?? 0),
    moves: order.map(i => order.map(j => moves[i]?.[j] ?? 0)),
    states: order.flatMap(i => states[i] ?? []),
  }
}

function lastPosterior(hmm: Hmm, seen: readonly Seen[]): number[] | null {
  let posterior: number[] | null = null
  for (const each of seen) posterior = filterNext(hmm, posterior, each).posterior
  return posterior
}

const names = ['bear', 'sideways', 'bull'] as const

function change(detector: RegimeDetector): void {
  const { settings, posterior, fits } = detector
  const [now, probability] = likeliest(posterior, fits)
  if (probability < settings.unknownBelow) become(detector, 'unknown')
  else if (now === detector.regime) detector.nextBars = 0
  else if (probability >= settings.switchAt) {
    detector.nextBars = now === detector.next ? detector.nextBars + 1 : 1
    detector.next = now
    if (detector.nextBars >= settings.switchBars) become(detector, now)
  } else detector.nextBars = 0
}

/** Where one state explains as much as three, nothing changes sides. */
function likeliest(posterior: readonly number[] | null, fits: number): readonly [MarketRegime, number] {
  if (fits === 0) return ['unknown', 0]
  if (posterior === null) return ['sideways', 1]
  const most = Math.max(...posterior)
  return [names[posterior.indexOf(most)] ?? 'unknown', most]
}

function become(detector: RegimeDetector, regime: MarketRegime): void {
  detector.nextBars = 0
  if (detector.regime === regime) return
  detector.regime = regime
  detector.switches++
}
