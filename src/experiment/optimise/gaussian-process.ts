/** Gaussian-process regression with a Matérn 5/2 kernel: what a function is worth where it was not computed, and how sure that is. */

import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { math, type Rng } from '../../core/index.js'
import { meanOf, spreadOf } from '../statistics/index.js'
import { CmaEs } from './cma-es.js'
import type { Place } from './range.js'

/** A forecast: normal with this mean and standard deviation. */
export interface Forecast {
  readonly mean: number
  readonly sd: number
}

/** The parameters of the kernel: a length a dimension, and the variance of the noise over that of the function. */
export interface Kernel {
  readonly lengths: readonly number[]
  readonly noise: number
}

/** Where the kernel's parameters are looked for, as powers of e. */
const lengthRange = [math.log(0.03), math.log(5)] as const
const noiseRange = [math.log(1e-7), math.log(1)] as const
/** The usual length, of which the likelihood must convince: without it, few points are explained by anything. */
const usual = { length: math.log(0.5), sd: 1.2 }

export class GaussianProcess {
  private readonly center: number
  private readonly scale: number
  private readonly weights: Matrix
  private readonly cholesky: CholeskyDecomposition
  private readonly variance: number

  constructor(
    private readonly places: readonly Place[],
    values: readonly number[],
    readonly kernel: Kernel,
  ) {
    this.center = meanOf(values)
    this.scale = values.length > 1 ? spreadOf(values) || 1 : 1
    const y = Matrix.columnVector(values.map(value => (value - this.center) / this.scale))
    this.cholesky = decomposed(places, kernel)
    this.weights = this.cholesky.solve(y)
    this.variance = varianceOf(y, this.weights)
  }

  /** With the kernel that makes the values most likely (Rasmussen and Williams 2006, §5.4.1), found by CMA-ES. */
  static fitted(places: readonly Place[], values: readonly number[], rng: Rng): GaussianProcess {
    const dimensions = places[0]?.length ?? 0
    const search = new CmaEs(dimensions + 1, rng)
    let best = kernelAt(new Array<number>(dimensions + 1).fill(0.5))
    let least = Number.POSITIVE_INFINITY
    const center = meanOf(values)
    const scale = spreadOf(values) || 1
    const y = Matrix.columnVector(values.map(value => (value - center) / scale))
    for (let done = 0; done < 60 + 30 * dimensions; ) {
      const kernels = search.ask().map(kernelAt)
      const losses = kernels.map(kernel => loss(places, y, kernel))
      search.tell(losses)
      done += kernels.length
      losses.forEach((value, i) => {
        if (value < least) [least, best] = [value, kernels[i] as Kernel]
      })
    }
    return new GaussianProcess(places, values, best)
  }

  /** Of the function itself, without noise. */
  forecast(at: readonly Place[]): Forecast[] {
    const { places, kernel, center, scale, variance } = this
    const near = new Matrix(places.map(place => at.map(other => correlation(place, other, kernel.lengths))))
    const solved = this.cholesky.solve(near)
    return at.map((_, j) => {
      let mean = 0
      let known = 0
      for (let i = 0; i < places.length; i++) {
        mean += near.get(i, j) * this.weights.get(i, 0)
        known += near.get(i, j) * solved.get(i, j)
      }
      return { mean: center + scale * mean, sd: scale * Math.sqrt(variance * Math.max(0, 1 - known)) }
    })
  }
}

function kernelAt(place: Place): Kernel {
  const within = ([low, high]: readonly [number, number], u: number) => math.exp(low + u * (high - low))
  return {
    lengths: place.slice(0, -1).map(u => within(lengthRange, u)),
    noise: within(noiseRange, place.at(-1) as number),
  }
}

/** The negative log likelihood, its variance put at its best, and the usual lengths. */
function loss(places: readonly Place[], y: Matrix, kernel: Kernel): number {
  const cholesky = decomposed(places, kernel)
  if (!cholesky.isPositiveDefinite()) return Number.POSITIVE_INFINITY
  const n = places.length
  let logDeterminant = 0
  for (let i = 0; i < n; i++) logDeterminant += 2 * math.log(cholesky.lowerTriangularMatrix.get(i, i))
  const unusual = kernel.lengths.reduce((sum, length) => sum + ((math.log(length) - usual.length) / usual.sd) ** 2, 0)
  return (n * math.log(varianceOf(y, cholesky.solve(y))) + logDeterminant + unusual) / 2
}

function varianceOf(y: Matrix, weights: Matrix): number {
  let sum = 0
  for (let i = 0; i < y.rows; i++) sum += y.get(i, 0) * weights.get(i, 0)
  return Math.max(sum / y.rows, 1e-12)
}

function decomposed(places: readonly Place[], { lengths, noise }: Kernel): CholeskyDecomposition {
  const n = places.length
  const matrix = Matrix.zeros(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = correlation(places[i] as Place, places[j] as Place, lengths)
      matrix.set(i, j, value)
      matrix.set(j, i, value)
    }
    matrix.set(i, i, 1 + noise + 1e-9)
  }
  return new CholeskyDecomposition(matrix)
}

/** Matérn 5/2. */
function correlation(a: Place, b: Place, lengths: readonly number[]): number {
  let square = 0
  for (let i = 0; i < lengths.length; i++) square += (((a[i] as number) - (b[i] as number)) / (lengths[i] as number)) ** 2
  const r = Math.sqrt(5 * square)
  return (1 + r + (r * r) / 3) * math.exp(-r)
}
