/**
 * Named, seeded streams. The seed text goes through seedrandom's Alea once to a 128-bit root; every agent and purpose
 * draws from its own small stream derived from the root by integer mixing, so the draws of one never shift those of another.
 */

import alea from 'seedrandom/lib/alea.js'
import {
  assertLength,
  assertLogs,
  assertMean,
  assertScale,
  assertShape,
  assertTrials,
  assertWeights,
  beta,
  binomial,
  gamma,
  multivariateNormal,
  poisson,
  weightedPlace,
} from './draws/index.js'
import { OperatorError } from './errors.js'
import { exp } from './math/exp.js'
import { log } from './math/log.js'
import { cosOfModerate } from './math/trig.js'
import { registerSaveable, type Saveable } from './saveable.js'

const TWO_32 = 4294967296
const FROM_32 = 1 / TWO_32
const TO_UNIT_53 = 1 / 9007199254740992
/** The largest n whose `int(n)` is exact: u · n stays a safe integer. */
const MOST_EXACT = 2097152
const imul = Math.imul

/** A 128-bit root, as four signed 32-bit words. */
export interface Root {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

/** The root from which every stream of a run is derived. A text and a number are two seeds, '1' and 1 as well: digests tell them apart too. */
export function rootOf(seed: number | string): Root {
  if (typeof seed !== 'string' && !Number.isFinite(seed))
    throw new OperatorError({ what: 'seed', expected: 'a finite number or a text', got: seed })
  const source = alea(isNumberText(seed) ? `"${seed}"` : String(seed))
  return { a: source.int32() | 0, b: source.int32() | 0, c: source.int32() | 0, d: source.int32() | 0 }
}

/** Whether a text reads like a number, whose stream it must not share. */
function isNumberText(seed: number | string): boolean {
  return typeof seed === 'string' && String(Number(seed)) === seed
}

/** FNV-1a over UTF-16 code units: turns a stream's name into one mixing word. */
export function hashName(name: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = imul(h ^ name.charCodeAt(i), 0x01000193)
  return h | 0
}

/** A 32-bit finaliser of low bias (constants: C. Wellons' search of 2018): every input bit reaches every output bit. */
export function mix32(x: number): number {
  x = imul(x ^ (x >>> 16), 0x7feb352d)
  x = imul(x ^ (x >>> 15), 0x846ca68b)
  return x ^ (x >>> 16)
}

/** A random stream. Subclasses supply 32 uniform bits at a time; every other draw is made from them. */
export abstract class Rng implements Saveable {
  /** Uniform integer in [0, 2³²). */
  abstract uint32(): number
  abstract saveState(): unknown
  abstract loadState(state: unknown): void

  /** The stream named by (kind, ordinal) under a root. */
  static derive(root: Root, kind: number, ordinal: number): Rng {
    return new Stream(root, kind, ordinal)
  }

  /** Uniform in [0, 1), 53 bits. */
  float(): number {
    const high = this.uint32() >>> 5
    return (high * 67108864 + (this.uint32() >>> 6)) * TO_UNIT_53
  }

  /** Uniform in [low, high); `low` itself where they are equal. */
  between(low: number, high: number): number {
    const width = high - low
    if (!(width >= 0 && width < Number.POSITIVE_INFINITY)) throw wrongRange(low, high)
    return low + width * this.float()
  }

  /** Unbiased uniform integer in [0, n), 1 ≤ n ≤ 2²¹ exactly by multiplication and rejection (Lemire 2019), larger n from 53 bits. */
  int(n: number): number {
    return below(this, n)
  }

  /** True with probability `p`, from 0 to 1. */
  chance(p: number): boolean {
    if (!(p >= 0 && p <= 1)) throw wrongChance(p)
    return this.uint32() < p * TWO_32
  }

  /** Normal with the given mean and standard deviation (Box–Muller; no spare is kept, so the state stays four words). */
  normal(mean = 0, sd = 1): number {
    if (!(sd >= 0 && sd + Math.abs(mean) < Number.POSITIVE_INFINITY)) throw wrongNormal(mean, sd)
    const radius = Math.sqrt(-2 * log(1 - this.float()))
    return mean + sd * radius * cosOfModerate(2 * Math.PI * this.float())
  }

  /** Exponential with the given rate (events per unit of time), which is above 0. */
  exponential(rate = 1): number {
    if (!(rate > 0 && rate < Number.POSITIVE_INFINITY)) throw wrongRate(rate)
    return -log(1 - this.float()) / rate
  }

  /** How many events come where `mean` are expected, at most 2³¹. */
  poisson(mean: number): number {
    assertMean(mean)
    return poisson(this, mean)
  }

  /** How many of `n` trials succeed, each with probability `p`. */
  binomial(n: number, p: number): number {
    assertTrials(n, p)
    return binomial(this, n, p)
  }

  /** Gamma with mean shape · scale and variance shape · scale². */
  gamma(shape: number, scale = 1): number {
    assertShape('gamma(shape, scale)', shape)
    assertScale(scale)
    return scale * gamma(this, shape)
  }

  /** Beta in [0, 1], with mean a / (a + b). */
  beta(a: number, b: number): number {
    assertShape('beta(a, b)', a)
    assertShape('beta(a, b)', b)
    return beta(this, a, b)
  }

  /** Lognormal: its logarithm is normal with mean `mu` and standard deviation `sigma`. */
  lognormal(mu = 0, sigma = 1): number {
    assertLogs(mu, sigma)
    return exp(this.normal(mu, sigma))
  }

  /** Normal numbers with the given means and covariance, a symmetric, positive semidefinite matrix as rows. */
  multivariateNormal(mean: readonly number[], covariance: readonly (readonly number[])[]): number[] {
    return multivariateNormal(this, mean, covariance)
  }

  /** 0 … n − 1 in random order. */
  permutation(n: number): number[] {
    assertLength(n)
    return this.shuffle(Array.from({ length: n }, (_, i) => i))
  }

  /** An element with probability in proportion to its weight, a finite number ≥ 0: a list of weights, or a function of an element. */
  pickWeighted<T>(list: readonly T[], weights: readonly number[] | ((element: T) => number)): T {
    if (!isList(list)) throw noList('pick', list)
    if (typeof weights === 'function') return list[weightedPlace(this, list.length, i => weights(list[i] as T))] as T
    assertWeights(list.length, weights.length)
    return list[weightedPlace(this, list.length, i => weights[i] as number)] as T
  }

  /** A uniformly chosen element; throws on an empty list. */
  pick<T>(list: readonly T[]): T {
    if (!(list?.length > 0)) throw nothingToPick(list)
    const picked = list[this.int(list.length)]
    if (picked === undefined && !isList(list)) throw noList('pick', list)
    return picked as T
  }

  /** Fisher–Yates in place, over the first `length` elements. */
  shuffle<T>(list: T[], length = list.length): T[] {
    if (list[0] === undefined && !isList(list)) throw noList('shuffle', list)
    if (!(length >= 0 && length <= list.length && length % 1 === 0)) throw wrongLength(list, length)
    for (let i = length - 1; i > 0; i--) {
      const j = this.int(i + 1)
      const t = list[i] as T
      list[i] = list[j] as T
      list[j] = t
    }
    return list
  }
}

/**
 * @internal `rng.int(n)`. Not a method: a compiler keeps the `this` of a method with a loop alive, and as a function a stream made for
 * one draw costs nothing.
 */
export function below(rng: Rng, n: number): number {
  if (!(n >= 1 && n <= MOST_EXACT && n % 1 === 0)) return belowLarge(rng, n)
  let u = 0
  let low = 0
  do {
    u = rng.uint32()
    low = imul(u, n) >>> 0
  } while (low < n && low < TWO_32 % n)
  // u · n is below 2⁵³, so | 0 rounds it down exactly; and tells the compiler that this is a whole number and needs no box.
  return (u * n * FROM_32) | 0
}

/** `below` where n is large or wrong; apart, since a compiler takes in small functions only. */
function belowLarge(rng: Rng, n: number): number {
  if (!(n >= 1) || n % 1 !== 0) {
    throw new OperatorError({
      what: 'rng.int(n)',
      expected: 'a whole number ≥ 1',
      got: n,
      next: 'It draws one of 0 … n − 1; for a real number use between(low, high).',
    })
  }
  return Math.floor(rng.float() * n)
}

// The errors are made outside the draws, which must stay small to be inlined.

function wrongRange(low: number, high: number): OperatorError {
  const swapped = low > high
  return new OperatorError({
    what: 'rng.between(low, high)',
    expected: 'two finite numbers, the lower first',
    got: `${low}, ${high}`,
    next: swapped ? `Swap them: between(${high}, ${low}).` : 'Look at what they were computed from.',
  })
}

function wrongChance(p: number): OperatorError {
  const next = p > 1 ? 'If beyond 1 means certain, say Math.min(1, p).' : 'Look at what it was computed from.'
  return new OperatorError({ what: 'rng.chance(p)', expected: 'a probability from 0 to 1', got: p, next })
}

function wrongNormal(mean: number, sd: number): OperatorError {
  return new OperatorError({
    what: 'rng.normal(mean, sd)',
    expected: 'a finite mean and a standard deviation ≥ 0',
    got: `${mean}, ${sd}`,
    next: 'The second is a standard deviation, not a variance.',
  })
}

function wrongRate(rate: number): OperatorError {
  return new OperatorError({
    what: 'rng.exponential(rate)',
    expected: 'a finite rate above 0',
    got: rate,
    next: 'It is the number of events per unit of time; the mean is 1 / rate.',
  })
}

/** Asked where an element is undefined alone: a set of agents has a length, but no elements by number. */
function isList(list: unknown): boolean {
  return Array.isArray(list) || ArrayBuffer.isView(list)
}

function nothingToPick(list: unknown): OperatorError {
  if (!isList(list)) return noList('pick', list)
  return new OperatorError({ what: 'rng.pick(list)', expected: 'at least one element', next: 'Check length first.' })
}

function noList(method: 'pick' | 'shuffle', got: unknown): OperatorError {
  const ofSet = method === 'pick' ? 'agents.random(rng)' : 'agents.shuffled(rng)'
  return new OperatorError({
    what: `rng.${method}(list)`,
    expected: 'an array',
    got: got ?? String(got),
    next: `Of a set of agents write ${ofSet}; of another collection rng.${method}([...it]).`,
  })
}

function wrongLength(list: readonly unknown[], length: number): OperatorError {
  return new OperatorError({
    what: `rng.shuffle(list, length) of ${list.length} elements`,
    expected: `a whole number from 0 to ${list.length}`,
    got: length,
    next: 'Leave `length` out to shuffle the whole list.',
  })
}

/**
 * A named stream: sfc32 (Chris Doty-Humphrey's small fast counter generator, period ≥ 2³²), state in four signed words so
 * that V8 keeps them unboxed and a checkpoint can write them as they are.
 */
export class Stream extends Rng {
  static readonly savedAs = 'Stream'
  private a: number
  private b: number
  private c: number
  private n = 1
  /** @internal True while code only looks: the stream is put back afterwards, so nothing that its draws lead to may stay. */
  borrowed = false

  constructor(root: Root, kind: string | number, ordinal = 0) {
    super()
    const k = mix32((typeof kind === 'string' ? hashName(kind) : kind) ^ root.d)
    const o = mix32(ordinal + 0x9e3779b9)
    this.a = mix32(root.a ^ k) ^ o
    this.b = mix32(root.b + imul(o, 0x9e3779b1)) ^ k
    this.c = mix32(root.c ^ imul(k, 0x85ebca77) ^ imul(o, 0xc2b2ae3d))
    for (let i = 0; i < 12; i++) this.uint32()
  }

  saveState(): unknown {
    return [this.a, this.b, this.c, this.n]
  }

  loadState(state: unknown): void {
    const [a, b, c, n] = state as [number, number, number, number]
    Object.assign(this, { a, b, c, n, borrowed: false })
  }

  /** @internal Copies the state into four places of an array, from where `putBack` takes it: neither makes an object. */
  lend(states: Int32Array, at: number): void {
    states[at] = this.a
    states[at + 1] = this.b
    states[at + 2] = this.c
    states[at + 3] = this.n
    this.borrowed = true
  }

  /** @internal */
  putBack(states: Int32Array, at: number, borrowed: boolean): void {
    this.a = states[at] as number
    this.b = states[at + 1] as number
    this.c = states[at + 2] as number
    this.n = states[at + 3] as number
    this.borrowed = borrowed
  }

  /** The same draws as the general one, with the state in local variables: a step's order costs 3 ns an agent. */
  override shuffle<T>(list: T[], length = list.length): T[] {
    if (!(length <= MOST_EXACT && length <= list.length && length >= 0 && length % 1 === 0)) return super.shuffle(list, length)
    if (list[0] === undefined && !isList(list)) throw noList('shuffle', list)
    let { a, b, c, n } = this
    for (let i = length - 1; i > 0; i--) {
      const range = (i + 1) >>> 0
      let t = 0
      let low = 0
      do {
        t = (((a + b) | 0) + n) | 0
        n = (n + 1) | 0
        a = b ^ (b >>> 9)
        b = (c + (c << 3)) | 0
        c = (((c << 21) | (c >>> 11)) + t) | 0
        low = imul(t, range) >>> 0
      } while (low < range && low < TWO_32 % range)
      const j = ((t >>> 0) * range * FROM_32) | 0
      const taken = list[i] as T
      list[i] = list[j] as T
      list[j] = taken
    }
    this.a = a
    this.b = b
    this.c = c
    this.n = n
    return list
  }

  uint32(): number {
    const t = (((this.a + this.b) | 0) + this.n) | 0
    this.n = (this.n + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + t) | 0
    return t >>> 0
  }
}

registerSaveable(Stream)

/**
 * The n-th draw of member `ordinal` of a family of streams: a keyed counter, so that a stream's whole state is n. Two
 * independent hashes of the ordinal (64 bits of key) go in before and between the rounds; no two members share a sequence.
 */
export function counterDraw(root: Root, family: number, ordinal: number, n: number): number {
  const before = mix32(root.a ^ family ^ imul(ordinal, 0x9e3779b1))
  const between = mix32((root.b + imul(ordinal, 0x85ebca77)) ^ ((family << 16) | (family >>> 16)))
  const h = mix32(imul(n, 0x9e3779b1) ^ before)
  return mix32(((h ^ root.c) + between) | 0) >>> 0
}
