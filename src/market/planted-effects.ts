/** Planted causes at work: remembers what drivers did and says how far each pair's next bar is shifted by it. */

import { allCauses, type PlantedCause, type PlantedShock, plantedVariance } from './planted.js'
import { barSigma, leadingPairs, moatDrivers, type SyntheticSettings } from './synthetic-options.js'
import type { SyntheticStreams } from './synthetic-streams.js'

/** Largest driver value of a return, in its bar sigmas: the learners' own clip. */
const LARGEST_RETURN = 4

/** A cause with its names resolved. */
interface Wire {
  readonly cause: PlantedCause
  readonly driver: number
  readonly pair: number
  /** Shift of the simple return per bar and unit of impulse. */
  readonly amplitude: number
  readonly variance: number
}

type Shift = Extract<PlantedShock, { kind: 'shift' }>

export class PlantedEffects {
  /** Shift of each pair's simple return over the coming bar. */
  readonly shift: Float64Array
  /** Share of each pair's bar variance the active causes take up. */
  readonly taken: Float64Array
  private readonly wires: Wire[]
  private readonly shifts: Shift[]
  /** Index of every driver in use: a stream's, or 20 + a pair's. */
  private readonly drivers: number[]
  private readonly sigmas: Float64Array
  /** Impulses of the drivers over the last `depth` bars, one circular buffer per driver. */
  private readonly history: Float64Array
  private readonly depth: number

  constructor(
    settings: SyntheticSettings,
    private readonly streams: SyntheticStreams,
  ) {
    const causes = allCauses(settings.causes, settings.shocks)
    const indexOf = (c: PlantedCause) => driverIndex(c, settings.pairs)
    this.drivers = [...new Set(causes.map(indexOf))]
    this.sigmas = Float64Array.from(settings.pairs, (_, i) => barSigma(settings, i))
    this.wires = causes.map(c => this.wire(c, indexOf(c), settings.pairs.indexOf(c.pair)))
    this.shifts = settings.shocks.filter(s => s.kind === 'shift').sort((a, b) => a.at - b.at)
    this.depth = causes.reduce((most, c) => Math.max(most, c.lag + c.horizon), 1)
    this.history = new Float64Array(this.drivers.length * this.depth)
    this.shift = new Float64Array(settings.pairs.length)
    this.taken = new Float64Array(settings.pairs.length)
  }

  /** Works out `shift` and `taken` for bar `bar`, before it is made. */
  prepare(bar: number, calm: boolean): void {
    this.shift.fill(0)
    this.taken.fill(0)
    for (const w of this.wires) {
      const factor = this.factor(w.cause, bar, calm)
      if (factor === 0) continue
      this.shift[w.pair] = (this.shift[w.pair] as number) + factor * w.amplitude * this.recent(w, bar)
      this.taken[w.pair] = (this.taken[w.pair] as number) + factor * factor * w.variance
    }
  }

  /** Remembers what the drivers showed at the close of bar `bar`; `returns` are the pairs' simple returns over it. */
  remember(bar: number, returns: Float64Array): void {
    const slot = bar % this.depth
    this.drivers.forEach((driver, d) => {
      this.history[d * this.depth + slot] = this.impulse(driver, returns)
    })
  }

  save() {
    return { history: this.history.slice() }
  }

  restore(state: ReturnType<PlantedEffects['save']>): void {
    this.history.set(state.history)
  }

  private impulse(driver: number, returns: Float64Array): number {
    if (driver < moatDrivers.length) return this.streams.impulses[driver] as number
    const pair = driver - moatDrivers.length
    const z = (returns[pair] as number) / (this.sigmas[pair] as number)
    return Math.max(-LARGEST_RETURN, Math.min(LARGEST_RETURN, z))
  }

  /** Sum of the impulses that move bar `bar`: those of the closes bar − lag − horizon … bar − lag − 1. */
  private recent({ cause, driver }: Wire, bar: number): number {
    const row = this.drivers.indexOf(driver) * this.depth
    const last = bar - cause.lag - 1
    let sum = 0
    for (let t = Math.max(0, last - cause.horizon + 1); t <= last; t++) sum += this.history[row + (t % this.depth)] as number
    return sum
  }

  private factor(cause: PlantedCause, bar: number, calm: boolean): number {
    if (bar < cause.from || (cause.until !== null && bar >= cause.until)) return 0
    let factor = calm ? cause.whenCalm : 1
    let rule = 1
    for (const s of this.shifts) if (s.at <= bar && (s.driver ?? cause.driver) === cause.driver) rule = s.factor
    factor *= rule
    return factor
  }

  private wire(cause: PlantedCause, driver: number, pair: number): Wire {
    const sigma = this.sigmas[pair] as number
    const { strength, horizon, sign } = cause
    const perUnit = cause.kind === 'sparse' ? strength / horizon : Math.sqrt(strength / horizon) / this.impulseSd(driver)
    return { cause, driver, pair, amplitude: sign * sigma * perUnit, variance: plantedVariance(cause) }
  }

  private impulseSd(driver: number): number {
    return driver < moatDrivers.length ? this.streams.impulseSd(driver) : 1
  }
}

function driverIndex({ driver, pair }: PlantedCause, pairs: readonly string[]): number {
  const stream = moatDrivers.indexOf(driver)
  if (stream >= 0) return stream
  return moatDrivers.length + pairs.indexOf(leadingPairs[driver] ?? pair)
}
