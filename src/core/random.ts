/**
 * Named, seeded streams. The seed text goes through seedrandom's Alea once to a 128-bit root; every agent and purpose
 * draws from its own small stream derived from the root by integer mixing, so nobody shifts anybody else's draws.
 */

import alea from 'seedrandom/lib/alea.js'
import { assert } from './errors.js'
import { registerSaveable, type Saveable } from './graph.js'

const TWO_32 = 4294967296
const TO_UNIT_53 = 1 / 9007199254740992

/** A 128-bit root, as four signed 32-bit words. */
export type Root = readonly [number, number, number, number]

/** The root of all chance in a run. */
export function rootOf(seed: number | string): Root {
  const source = alea(String(seed))
  return [source.int32() | 0, source.int32() | 0, source.int32() | 0, source.int32() | 0]
}

/** FNV-1a over UTF-16 code units: turns a stream's name into one mixing word. */
export function hashName(name: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h | 0
}

/** Murmur3's finaliser: every input bit reaches every output bit. */
export function mix32(x: number): number {
  let h = x
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/**
 * One stream: sfc32 (Chris Doty-Humphrey's small fast counter generator, period ≥ 2³²), state in four signed words so
 * that V8 keeps them unboxed and a checkpoint can write them as they are.
 */
export class Rng implements Saveable {
  static readonly savedAs = 'Rng'

  /** @internal */ a: number
  /** @internal */ b: number
  /** @internal */ c: number
  /** @internal */ n: number

  constructor(a: number, b: number, c: number, n: number) {
    this.a = a
    this.b = b
    this.c = c
    this.n = n
  }

  /** The stream named by (kind, ordinal) under a root. */
  static derive(root: Root, kind: number, ordinal: number): Rng {
    const k = mix32(kind ^ root[3])
    const o = mix32(ordinal + 0x9e3779b9)
    const rng = new Rng(
      mix32(root[0] ^ k) ^ o,
      mix32(root[1] + Math.imul(o, 0x9e3779b1)) ^ k,
      mix32(root[2] ^ Math.imul(k, 0x85ebca77) ^ Math.imul(o, 0xc2b2ae3d)),
      1,
    )
    for (let i = 0; i < 8; i++) rng.uint32()
    return rng
  }

  saveState(): unknown {
    return [this.a, this.b, this.c, this.n]
  }

  loadState(state: unknown): void {
    const [a, b, c, n] = state as [number, number, number, number]
    this.a = a
    this.b = b
    this.c = c
    this.n = n
  }

  /** Uniform integer in [0, 2³²). */
  uint32(): number {
    const t = (((this.a + this.b) | 0) + this.n) | 0
    this.n = (this.n + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + t) | 0
    return t >>> 0
  }

  /** Uniform in [0, 1), 53 bits. */
  float(): number {
    const high = this.uint32() >>> 5
    return (high * 67108864 + (this.uint32() >>> 6)) * TO_UNIT_53
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.float()
  }

  /** Unbiased uniform integer in [0, n), 1 ≤ n ≤ 2²¹ exactly by multiplication and rejection (Lemire 2019), larger n from 53 bits. */
  int(n: number): number {
    assert(n >= 1, 'rng.int(n) needs n ≥ 1')
    if (n > 2097152) return Math.floor(this.float() * n)
    let product = this.uint32() * n
    let low = product % TWO_32
    if (low < n) {
      const threshold = TWO_32 % n
      while (low < threshold) {
        product = this.uint32() * n
        low = product % TWO_32
      }
    }
    return (product - low) / TWO_32
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.uint32() < p * TWO_32
  }

  /** Normal with the given mean and standard deviation (Box–Muller; no spare is kept, so the state stays four words). */
  normal(mean = 0, sd = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.float()))
    return mean + sd * radius * Math.cos(2 * Math.PI * this.float())
  }

  /** Exponential with the given rate (events per unit of time). */
  exponential(rate = 1): number {
    return -Math.log(1 - this.float()) / rate
  }

  /** A uniformly chosen element; throws on an empty list. */
  pick<T>(list: readonly T[]): T {
    assert(list.length > 0, 'rng.pick needs a non-empty list')
    return list[this.int(list.length)] as T
  }

  /** Fisher–Yates in place, over the first `length` elements. */
  shuffle<T>(list: T[], length = list.length): T[] {
    for (let i = length - 1; i > 0; i--) {
      const j = this.int(i + 1)
      const t = list[i] as T
      list[i] = list[j] as T
      list[j] = t
    }
    return list
  }
}

registerSaveable(Rng)
