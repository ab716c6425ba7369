/** The functions of `math` over a sample of arguments of every size: one hash of all results, for any engine to come to. */

import { math, type Rng, rootOf, Stream } from '../../src/core/index.js'

export type Unary = 'log' | 'log1p' | 'exp' | 'sin' | 'cos' | 'atan'
export type Binary = 'pow' | 'atan2' | 'hypot'
export const unary: readonly Unary[] = ['log', 'log1p', 'exp', 'sin', 'cos', 'atan']
export const binary: readonly Binary[] = ['pow', 'atan2', 'hypot']

const value = new Float64Array(1)
const words = new Uint32Array(value.buffer)

/** Any double: every exponent is as likely. */
function anyDouble(rng: Rng): number {
  words[0] = rng.uint32()
  words[1] = rng.uint32()
  return value[0] as number
}

/** Arguments as models have them, next to 1 and 0, and of any size. */
const kinds: readonly ((rng: Rng) => number)[] = [
  rng => rng.float(),
  rng => rng.between(-10, 10),
  rng => rng.between(-750, 750),
  rng => 1 + rng.between(-1e-6, 1e-6),
  rng => rng.between(-1e-4, 1e-4),
  rng => rng.int(64) - 32,
  anyDouble,
]

const special = [0, -0, 1, -1, 2, -2, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE]
const edges = [
  ...special,
  3,
  709.8,
  -745.2,
  2 ** 31,
  4294967297,
  1e300,
  -1e300,
  Math.PI / 2,
  Math.PI,
  6381956970095103 * 2 ** 797,
]

/** Calls `f` with so many pairs of arguments, after all pairs of edges. */
export function eachPair(count: number, f: (x: number, y: number) => void): void {
  for (const x of edges) for (const y of edges) f(x, y)
  const rng = new Stream(rootOf('math'), 'sample')
  for (let i = 0; i < count; i++) {
    const [kindX, kindY] = [kinds[i % 7], kinds[((i / 7) % 7) | 0]]
    if (kindX !== undefined && kindY !== undefined) f(kindX(rng), kindY(rng))
  }
}

/** FNV-1a over the bits of all results, NaN as one. */
export function hashOfMath(count: number): string {
  let hash = 0x811c9dc5
  const add = (x: number) => {
    value[0] = Number.isNaN(x) ? Number.NaN : x
    for (const word of Number.isNaN(x) ? [1, 2] : words) hash = Math.imul(hash ^ word ^ (word >>> 16), 0x01000193)
  }
  eachPair(count, (x, y) => {
    for (const name of unary) add(math[name](x))
    for (const name of binary) add(math[name](x, y))
  })
  return (hash >>> 0).toString(16)
}
