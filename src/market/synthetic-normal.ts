/**
 * Fast standard normals for the synthetic market: the ziggurat with 256 layers (Marsaglia & Tsang 2000). Layer, and sign
 * with size, come from disjoint bits of one draw (Doornik 2005), and the law is exactly symmetric, which the martingale
 * property of the prices rests on.
 */

import { math, type Rng } from '../core/index.js'

const LAYERS = 256
/** Where the tail begins, and the area of every layer. */
const TAIL = 3.6541528853610088
const AREA = 0.00492867323399
const SIZES = 8388608 // 2²³ sizes on either side of 0

const edge = new Float64Array(LAYERS + 1)
const height = new Float64Array(LAYERS + 1)
const width = new Float64Array(LAYERS)

fillTables()

/** One standard normal draw. */
export function standardNormal(rng: Rng): number {
  for (;;) {
    const bits = rng.uint32() | 0
    const layer = bits & 255
    // the half makes −2²³ … 2²³−1 symmetric about 0
    const x = ((bits >> 8) + 0.5) * (width[layer] as number)
    if (Math.abs(x) < (edge[layer + 1] as number)) return x
    if (layer === 0) return tail(rng, x < 0 ? -1 : 1)
    if (underCurve(rng, layer, x)) return x
  }
}

/** Uniform in (0, 1), never 0 or 1: safe under a logarithm, a power or a division. */
export function openUnit(rng: Rng): number {
  return (rng.uint32() + 0.5) / 4294967296
}

function underCurve(rng: Rng, layer: number, x: number): boolean {
  const low = height[layer] as number
  const high = height[layer + 1] as number
  return low + (high - low) * openUnit(rng) < math.exp(-0.5 * x * x)
}

/** Beyond the last edge: Marsaglia's exact method (1964). */
function tail(rng: Rng, sign: number): number {
  for (;;) {
    const beyond = -math.log(openUnit(rng)) / TAIL
    if (-2 * math.log(openUnit(rng)) > beyond * beyond) return sign * (TAIL + beyond)
  }
}

function fillTables(): void {
  const density = (x: number) => math.exp(-0.5 * x * x)
  edge[0] = AREA / density(TAIL)
  edge[1] = TAIL
  for (let i = 2; i < LAYERS; i++) {
    const below = edge[i - 1] as number
    edge[i] = Math.sqrt(-2 * math.log(AREA / below + density(below)))
  }
  edge[LAYERS] = 0
  for (let i = 0; i <= LAYERS; i++) height[i] = density(edge[i] as number)
  for (let i = 0; i < LAYERS; i++) width[i] = (edge[i] as number) / SIZES
}
