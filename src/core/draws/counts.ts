/** Poisson and binomial counts: small means by inversion, larger ones by Hörmann's transformed rejection (1993), a fixed time whatever the mean. */

import { exp } from '../math/exp.js'
import { log, log1p } from '../math/log.js'
import type { Chance } from './chance.js'
import { logFactorial } from './log-factorial.js'

/** Means up to which counting up is the faster way; both methods are exact. */
const small = 10

/** `mean` ≥ 0. */
export function poisson(rng: Chance, mean: number): number {
  return mean < small ? poissonByInversion(rng, mean) : poissonByRejection(rng, mean)
}

function poissonByInversion(rng: Chance, mean: number): number {
  let rest = rng.float()
  let p = exp(-mean)
  let k = 0
  // Beyond the last p that a double can hold, rounding alone is left of the uniform number.
  while (rest >= p && p > 0) {
    rest -= p
    p *= mean / ++k
  }
  return k
}

/** PTRS. */
function poissonByRejection(rng: Chance, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const vr = 0.9277 - 3.6224 / (b - 2)
  const logMean = log(mean)
  while (true) {
    const u = rng.float() - 0.5
    const v = 1 - rng.float()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= vr) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    if (log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logFactorial(k)) return k
  }
}

/** Of `n` trials, each a success with probability `p`. */
export function binomial(rng: Chance, n: number, p: number): number {
  if (p > 0.5) return n - binomial(rng, n, 1 - p)
  return n * p < small ? binomialByInversion(rng, n, p) : binomialByRejection(rng, n, p)
}

function binomialByInversion(rng: Chance, n: number, p: number): number {
  let rest = rng.float()
  const odds = p / (1 - p)
  let mass = exp(n * log1p(-p))
  let k = 0
  while (rest >= mass && k < n) {
    rest -= mass
    mass *= (odds * (n - k)) / ++k
  }
  return k
}

/** BTRS. */
function binomialByRejection(rng: Chance, n: number, p: number): number {
  const q = 1 - p
  const spread = Math.sqrt(n * p * q)
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const center = n * p + 0.5
  const vr = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const logOdds = log(p / q)
  const mode = Math.floor((n + 1) * p)
  const h = logFactorial(mode) + logFactorial(n - mode)
  while (true) {
    const u = rng.float() - 0.5
    const v = 1 - rng.float()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + center)
    if (k < 0 || k > n) continue
    if (us >= 0.07 && v <= vr) return k
    const bound = h - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds
    if (log((v * alpha) / (a / (us * us) + b)) <= bound) return k
  }
}
