/**
 * A hidden Markov model of a few states, each of which emits pairs of numbers by two independent normal laws: the forward filter, the
 * likelihood, and Baum and Welch's estimate. Source: Rabiner 1989, with his scaling.
 */

import { math } from '../../core/index.js'

/** One observation: the return of a bar, and the logarithm of its volatility. */
export interface Seen {
  readonly x: number
  readonly y: number
}

/** The normal law of one number in one state. */
export interface Normal {
  readonly mean: number
  readonly variance: number
}

/** What a state emits. */
export interface Emission {
  readonly x: Normal
  readonly y: Normal
}

/** A hidden Markov model as plain data. */
export interface Hmm {
  /** Probability of each state before the first observation. */
  readonly start: readonly number[]
  /** From row to column. */
  readonly moves: readonly (readonly number[])[]
  readonly states: readonly Emission[]
}

/** The filter after one observation: what it says of the state, and the density of what was seen. */
export interface Filtered {
  readonly posterior: number[]
  readonly logDensity: number
}

/** The states before the next observation, of those after the last one. */
function predicted({ moves }: Hmm, posterior: readonly number[]): number[] {
  return moves.map((_, to) => posterior.reduce((sum, p, from) => sum + p * at(moves, from, to), 0))
}

/** A state that was left for good would make every observation of it impossible. */
const LEAST_PRIOR = 1e-12

/** Takes one observation; `before`: the posterior after the last one, null before the first. */
export function filterNext(hmm: Hmm, before: readonly number[] | null, seen: Seen): Filtered {
  const prior = before === null ? hmm.start : predicted(hmm, before)
  const logs = hmm.states.map(state => densityOf(state)(seen))
  // The largest is taken out, so that no density is 0 because all are small.
  const most = Math.max(...logs)
  const joint = logs.map((log, k) => Math.max(prior[k] ?? 0, LEAST_PRIOR) * math.exp(log - most))
  const sum = joint.reduce((a, b) => a + b, 0)
  return { posterior: joint.map(p => p / sum), logDensity: most + math.log(sum) }
}

/** Logarithm of the density of all observations. */
export function logLikelihood(hmm: Hmm, seen: readonly Seen[]): number {
  let posterior: readonly number[] | null = null
  let sum = 0
  for (const each of seen) {
    const next: Filtered = filterNext(hmm, posterior, each)
    posterior = next.posterior
    sum += next.logDensity
  }
  return sum
}

/** Baum and Welch: betters a model `rounds` times, or until its likelihood grows by less than `least`. */
export function fitHmm(
  start: Hmm,
  seen: readonly Seen[],
  { rounds, least }: { readonly rounds: number; readonly least: number },
): Hmm {
  const floors = varianceFloors(seen)
  let hmm = start
  let last = Number.NEGATIVE_INFINITY
  for (let i = 0; i < rounds; i++) {
    const { next, logLikelihood: now } = betterHmm(hmm, seen, floors)
    hmm = next
    if (now - last < least) break
    last = now
  }
  return hmm
}

interface Better {
  readonly next: Hmm
  /** Of the model before. */
  readonly logLikelihood: number
}

/** One round, on flat arrays: it is the one costly thing here. */
function betterHmm(hmm: Hmm, seen: readonly Seen[], floors: Seen): Better {
  const [n, k] = [seen.length, hmm.states.length]
  const moves = Float64Array.from(hmm.moves.flat())
  const passed = forward(hmm, moves, seen)
  const counts = new Float64Array(k * k)
  const gamma = backward(passed, moves, counts, n, k)
  const states = hmm.states.map((state, i) => emissionOf(state, seen, gamma, { i, k, floors }))
  const rows = hmm.moves.map((old, i) => normalised([...counts.subarray(i * k, i * k + k)], old))
  return { next: { start: [...gamma.subarray(0, k)], moves: rows, states }, logLikelihood: passed.logLikelihood }
}

interface Passed {
  readonly alpha: Float64Array
  /** Of each observation in each state, as a part of the largest. */
  readonly density: Float64Array
  readonly scale: Float64Array
  readonly logLikelihood: number
}

function forward(hmm: Hmm, moves: Float64Array, seen: readonly Seen[]): Passed {
  const [n, k] = [seen.length, hmm.states.length]
  const [alpha, density, scale] = [new Float64Array(n * k), new Float64Array(n * k), new Float64Array(n)]
  const laws = hmm.states.map(densityOf)
  const logs = new Float64Array(k)
  let total = 0
  for (let t = 0; t < n; t++) {
    const each = seen[t] as Seen
    let most = Number.NEGATIVE_INFINITY
    for (let j = 0; j < k; j++) {
      logs[j] = (laws[j] as LogDensity)(each)
      if ((logs[j] as number) > most) most = logs[j] as number
    }
    let sum = 0
    for (let j = 0; j < k; j++) {
      let prior = t === 0 ? (hmm.start[j] as number) : 0
      if (t > 0) for (let i = 0; i < k; i++) prior += (alpha[(t - 1) * k + i] as number) * (moves[i * k + j] as number)
      prior = Math.max(prior, LEAST_PRIOR)
      const emitted = math.exp((logs[j] as number) - most)
      density[t * k + j] = emitted
      alpha[t * k + j] = prior * emitted
      sum += prior * emitted
    }
    for (let j = 0; j < k; j++) alpha[t * k + j] = (alpha[t * k + j] as number) / sum
    scale[t] = sum
    total += most + math.log(sum)
  }
  return { alpha, density, scale, logLikelihood: total }
}

/** The probability of each state at each instant; adds the expected moves from state to state to `counts`. */
function backward(
  { alpha, density, scale }: Passed,
  moves: Float64Array,
  counts: Float64Array,
  n: number,
  k: number,
): Float64Array {
  const gamma = new Float64Array(n * k)
  const [beta, ahead] = [new Float64Array(k).fill(1), new Float64Array(k)]
  for (let t = n - 1; t >= 0; t--) {
    for (let i = 0; i < k; i++) gamma[t * k + i] = (alpha[t * k + i] as number) * (beta[i] as number)
    if (t === 0) break
    // What comes after t − 1, seen from each state there.
    for (let j = 0; j < k; j++) ahead[j] = ((beta[j] as number) * (density[t * k + j] as number)) / (scale[t] as number)
    for (let i = 0; i < k; i++) {
      const from = alpha[(t - 1) * k + i] as number
      let sum = 0
      for (let j = 0; j < k; j++) {
        const step = (moves[i * k + j] as number) * (ahead[j] as number)
        counts[i * k + j] = (counts[i * k + j] as number) + from * step
        sum += step
      }
      beta[i] = sum
    }
  }
  return gamma
}

interface OfState {
  readonly i: number
  readonly k: number
  readonly floors: Seen
}

function emissionOf(old: Emission, seen: readonly Seen[], gamma: Float64Array, { i, k, floors }: OfState): Emission {
  let [weight, x, y, xx, yy] = [0, 0, 0, 0, 0]
  // Around the old means, so that squares of small numbers lose nothing.
  const [x0, y0] = [old.x.mean, old.y.mean]
  for (let t = 0; t < seen.length; t++) {
    const each = seen[t] as Seen
    const g = gamma[t * k + i] as number
    const [dx, dy] = [each.x - x0, each.y - y0]
    weight += g
    x += g * dx
    y += g * dy
    xx += g * dx * dx
    yy += g * dy * dy
  }
  // A state that explains nothing keeps what it was.
  if (!(weight > 1)) return old
  const [mx, my] = [x / weight, y / weight]
  return {
    x: { mean: x0 + mx, variance: Math.max(floors.x, xx / weight - mx * mx) },
    y: { mean: y0 + my, variance: Math.max(floors.y, yy / weight - my * my) },
  }
}

/** No state may shrink to a single point, where its likelihood has no bound. */
function varianceFloors(seen: readonly Seen[]): Seen {
  const whole = oneState(seen)
  return { x: whole.x.variance / 1_000 + 1e-300, y: whole.y.variance / 1_000 + 1e-300 }
}

/** The one state that explains all observations best. */
export function oneState(seen: readonly Seen[]): Emission {
  const n = seen.length
  const mean = { x: seen.reduce((s, o) => s + o.x, 0) / n, y: seen.reduce((s, o) => s + o.y, 0) / n }
  return {
    x: { mean: mean.x, variance: seen.reduce((s, o) => s + (o.x - mean.x) ** 2, 0) / n },
    y: { mean: mean.y, variance: seen.reduce((s, o) => s + (o.y - mean.y) ** 2, 0) / n },
  }
}

function normalised(row: readonly number[], otherwise: readonly number[]): readonly number[] {
  const sum = row.reduce((a, b) => a + b, 0)
  return sum > 0 ? row.map(p => p / sum) : otherwise
}

function at(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? 0
}

const LOG_TWO_PI = 1.8378770664093453

type LogDensity = (seen: Seen) => number

/** The logarithm of the density of a state. */
function densityOf({ x, y }: Emission): LogDensity {
  const constant = -LOG_TWO_PI - 0.5 * (math.log(x.variance) + math.log(y.variance))
  const [halfX, halfY] = [0.5 / x.variance, 0.5 / y.variance]
  return seen => constant - (seen.x - x.mean) ** 2 * halfX - (seen.y - y.mean) ** 2 * halfY
}
