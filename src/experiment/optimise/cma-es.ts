/**
 * CMA-ES: a population whose normal law learns the shape of the valley (Hansen 2016, The CMA evolution strategy: a tutorial). It begins
 * again with twice the population where it has settled (IPOP: Auger and Hansen 2005).
 */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { math, type Rng } from '../../core/index.js'
import { anywhere, type Place } from './range.js'

/** The first step size, as a share of each range. */
const firstStep = 0.3
/** A law narrower than this has settled. */
const settled = 1e-7
const worstCondition = 1e14

/** The constants of the method, which follow from the dimension and the population. */
interface Constants {
  readonly population: number
  readonly weights: readonly number[]
  readonly effective: number
  readonly cSigma: number
  readonly dSigma: number
  readonly cCovariance: number
  readonly rankOne: number
  readonly rankMu: number
  /** The expected length of a standard normal vector. */
  readonly length: number
}

interface Candidate {
  /** In normal deviates of the law: the step from the mean is sigma · y. */
  readonly y: readonly number[]
  readonly place: Place
}

export class CmaEs {
  private constants: Constants
  private mean: number[]
  private sigma = firstStep
  private covariance: Matrix
  private axes: Matrix
  /** Standard deviations along the axes. */
  private scales: number[]
  private readonly pathCovariance: number[]
  private readonly pathSigma: number[]
  private generation = 0
  private sampled: Candidate[] = []

  constructor(
    private readonly dimensions: number,
    private readonly rng: Rng,
    mean: Place = new Array<number>(dimensions).fill(0.5),
  ) {
    this.constants = constantsOf(dimensions, 4 + Math.floor(3 * math.log(dimensions)))
    this.mean = [...mean]
    this.covariance = Matrix.eye(dimensions)
    this.axes = Matrix.eye(dimensions)
    this.scales = new Array<number>(dimensions).fill(1)
    this.pathCovariance = new Array<number>(dimensions).fill(0)
    this.pathSigma = new Array<number>(dimensions).fill(0)
  }

  ask(): readonly Place[] {
    this.sampled = Array.from({ length: this.constants.population }, () => this.sample())
    return this.sampled.map(({ place }) => place)
  }

  tell(values: readonly number[]): void {
    const order = values.map((_, i) => i).sort((a, b) => compare(values[a], values[b]) || a - b)
    this.generation++
    this.move(order.map(i => this.sampled[i] as Candidate))
    const isFlat = values[order[0] as number] === values[order.at(-1) as number]
    if (isFlat || this.hasSettled()) this.beginAgain()
  }

  /** y = B D z; the step is folded back where it leaves the cube. */
  private sample(): Candidate {
    const z = this.scales.map(scale => scale * this.rng.normal())
    const y = this.mean.map((_, i) => dot(this.axes.getRow(i), z))
    return { y, place: this.mean.map((m, i) => folded(m + this.sigma * (y[i] as number))) }
  }

  private move(best: readonly Candidate[]): void {
    const { weights, effective, cSigma, dSigma, cCovariance, length } = this.constants
    const step = this.mean.map((_, i) => weights.reduce((sum, w, k) => sum + w * (best[k]?.y[i] as number), 0))
    this.mean = this.mean.map((m, i) => folded(m + this.sigma * (step[i] as number)))
    const whitened = this.whitened(step)
    const forSigma = Math.sqrt(cSigma * (2 - cSigma) * effective)
    this.pathSigma.forEach((p, i) => {
      this.pathSigma[i] = (1 - cSigma) * p + forSigma * (whitened[i] as number)
    })
    const norm = Math.sqrt(dot(this.pathSigma, this.pathSigma))
    const expected = length * Math.sqrt(1 - math.pow(1 - cSigma, 2 * this.generation))
    const isStalled = norm / expected >= 1.4 + 2 / (this.dimensions + 1)
    const forCovariance = isStalled ? 0 : Math.sqrt(cCovariance * (2 - cCovariance) * effective)
    this.pathCovariance.forEach((p, i) => {
      this.pathCovariance[i] = (1 - cCovariance) * p + forCovariance * (step[i] as number)
    })
    this.adapt(best, isStalled)
    this.sigma *= math.exp(Math.min(1, (cSigma / dSigma) * (norm / length - 1)))
  }

  /** C^(−½) of a step. */
  private whitened(step: readonly number[]): number[] {
    const along = this.scales.map((scale, k) => dot(this.axes.getColumn(k), step) / scale)
    return step.map((_, i) => dot(this.axes.getRow(i), along))
  }

  private adapt(best: readonly Candidate[], isStalled: boolean): void {
    const { weights, rankOne, rankMu, cCovariance } = this.constants
    const lost = isStalled ? rankOne * cCovariance * (2 - cCovariance) : 0
    const { covariance, pathCovariance } = this
    for (let i = 0; i < this.dimensions; i++) {
      for (let j = 0; j <= i; j++) {
        const one = (pathCovariance[i] as number) * (pathCovariance[j] as number)
        const mu = weights.reduce((sum, w, k) => sum + w * (best[k]?.y[i] as number) * (best[k]?.y[j] as number), 0)
        const value = (1 - rankOne - rankMu + lost) * covariance.get(i, j) + rankOne * one + rankMu * mu
        covariance.set(i, j, value)
        covariance.set(j, i, value)
      }
    }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true })
    this.axes = eigenvectorMatrix
    this.scales = realEigenvalues.map(value => Math.sqrt(Math.max(value, 1e-20)))
  }

  private hasSettled(): boolean {
    const widest = Math.max(...this.scales)
    return this.sigma * widest < settled || (widest / Math.min(...this.scales)) ** 2 > worstCondition
  }

  private beginAgain(): void {
    const { dimensions } = this
    this.constants = constantsOf(dimensions, 2 * this.constants.population)
    this.mean = anywhere(dimensions, this.rng)
    this.sigma = firstStep
    this.covariance = Matrix.eye(dimensions)
    this.axes = Matrix.eye(dimensions)
    this.scales = new Array<number>(dimensions).fill(1)
    this.pathCovariance.fill(0)
    this.pathSigma.fill(0)
    this.generation = 0
  }
}

/** The default constants of the tutorial, table 1, without negative weights. */
function constantsOf(n: number, population: number): Constants {
  const parents = Math.floor(population / 2)
  const raw = Array.from({ length: parents }, (_, i) => math.log((population + 1) / 2) - math.log(i + 1))
  const sum = raw.reduce((a, b) => a + b, 0)
  const weights = raw.map(w => w / sum)
  const effective = 1 / weights.reduce((a, w) => a + w * w, 0)
  const cSigma = (effective + 2) / (n + effective + 5)
  const rankOne = 2 / ((n + 1.3) ** 2 + effective)
  return {
    population,
    weights,
    effective,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + cSigma,
    cCovariance: (4 + effective / n) / (n + 4 + (2 * effective) / n),
    rankOne,
    rankMu: Math.min(1 - rankOne, (2 * (effective - 2 + 1 / effective)) / ((n + 2) ** 2 + effective)),
    length: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  }
}

/** A mirror at 0 and at 1. */
function folded(x: number): number {
  const rest = Math.abs(x) % 2
  return rest > 1 ? 2 - rest : rest
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** Ascending, what is no number last. */
function compare(a = Number.NaN, b = Number.NaN): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a < b ? -1 : a > b ? 1 : 0
}
