/** Gamma and beta variates. */

import { exp } from '../math/exp.js'
import { log } from '../math/log.js'
import type { Chance } from './chance.js'

/** Of scale 1. Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); `shape` is above 0. */
export function gamma(rng: Chance, shape: number): number {
  return shape < 1 ? exp(logGammaBelowOne(rng, shape)) : gammaFromOne(rng, shape)
}

/** X / (X + Y) of two gamma variates; by logarithms where both shapes are below 1, as both variates may be too small for a double. */
export function beta(rng: Chance, a: number, b: number): number {
  if (a < 1 && b < 1) {
    const difference = logGammaBelowOne(rng, b) - logGammaBelowOne(rng, a)
    return 1 / (1 + exp(difference))
  }
  const x = gamma(rng, a)
  return x / (x + gamma(rng, b))
}

function gammaFromOne(rng: Chance, shape: number): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  while (true) {
    const x = rng.normal()
    const root = 1 + c * x
    if (root <= 0) continue
    const v = root * root * root
    const u = 1 - rng.float()
    const square = x * x
    if (u < 1 - 0.0331 * square * square || log(u) < 0.5 * square + d * (1 - v + log(v))) return d * v
  }
}

/** The logarithm of one: shape + 1 is drawn, and a power of a uniform number takes it down. */
function logGammaBelowOne(rng: Chance, shape: number): number {
  return log(gammaFromOne(rng, shape + 1)) + log(1 - rng.float()) / shape
}
