/** A search for expensive functions: the next place is where most improvement is to be expected (EGO: Jones, Schonlau and Welch 1998). */

import { math, type Rng } from '../../core/index.js'
import { normalProbability } from '../statistics/index.js'
import { type Forecast, GaussianProcess } from './gaussian-process.js'
import { searchLimits } from './limits.js'
import { anywhere, type Place } from './range.js'

/** Random places, and ones near the best, among which the next is looked for. */
const candidates = { anywhere: 500, near: 200 }
/** Rounds in which the place found is moved about, each half as far. */
const polishing = 4

export class GpSearch {
  private readonly places: Place[] = []
  private readonly values: number[] = []
  private latest: readonly Place[] = []
  private process: GaussianProcess | undefined
  /** Places that the kernel was fitted to. */
  private fittedTo = 0

  constructor(
    private readonly dimensions: number,
    private readonly rng: Rng,
  ) {}

  ask(): readonly Place[] {
    this.latest = this.places.length === 0 ? this.spread(2 * this.dimensions + 3) : [this.mostPromising()]
    return this.latest
  }

  tell(values: readonly number[]): void {
    this.places.push(...this.latest)
    this.values.push(...values)
    const excess = Math.max(0, this.places.length - searchLimits.gaussianProcessPlaces)
    this.places.splice(0, excess)
    this.values.splice(0, excess)
    const known = finite(this.values)
    const isDue = this.process === undefined || this.places.length >= this.fittedTo * 1.1 + 1 || excess > 0
    this.process = isDue
      ? GaussianProcess.fitted(this.places, known, this.rng)
      : new GaussianProcess(this.places, known, (this.process as GaussianProcess).kernel)
    if (isDue) this.fittedTo = this.places.length
  }

  /** A Latin hypercube. */
  private spread(n: number): Place[] {
    const { rng } = this
    const columns = Array.from({ length: this.dimensions }, () =>
      rng.shuffle(Array.from({ length: n }, (_, i) => (i + rng.float()) / n)),
    )
    return Array.from({ length: n }, (_, i) => columns.map(column => column[i] as number))
  }

  private mostPromising(): Place {
    const process = this.process as GaussianProcess
    const forecasts = process.forecast(this.places)
    const best = forecasts.reduce((least, { mean }, i) => (mean < (forecasts[least] as Forecast).mean ? i : least), 0)
    const goal = (forecasts[best] as Forecast).mean
    const about = (center: Place, sd: number, n: number) => Array.from({ length: n }, () => this.beside(center, sd))
    const random = Array.from({ length: candidates.anywhere }, () => anywhere(this.dimensions, this.rng))
    let found = bestOf(process, [...random, ...about(this.places[best] as Place, 0.1, candidates.near)], goal)
    for (let round = 0; round < polishing; round++) found = bestOf(process, [found, ...about(found, 0.05 / 2 ** round, 60)], goal)
    return found
  }

  private beside(center: Place, sd: number): Place {
    return center.map(x => Math.min(1, Math.max(0, this.rng.normal(x, sd))))
  }
}

function bestOf(process: GaussianProcess, places: readonly Place[], goal: number): Place {
  const gains = process.forecast(places).map(forecast => expectedImprovement(forecast, goal))
  return places[gains.indexOf(Math.max(...gains))] as Place
}

/** E[max(goal − f, 0)]. */
function expectedImprovement({ mean, sd }: Forecast, goal: number): number {
  if (sd === 0) return Math.max(0, goal - mean)
  const z = (goal - mean) / sd
  return (goal - mean) * normalProbability(z) + (sd * math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
}

/** What could not be computed counts as the worst that could. */
function finite(values: readonly number[]): number[] {
  const worst = Math.max(...values.filter(Number.isFinite), Number.NEGATIVE_INFINITY)
  return values.map(value => (Number.isFinite(value) ? value : Number.isFinite(worst) ? worst : 0))
}
