/** Planted causes at work: remembers what drivers did and says how far each pair's next bar is shifted by it. */

import { math } from '../core/index.js'
import { allCauses, lagAt, longestLag, type PlantedCause, type PlantedShock, plantedVariance } from './planted.js'
import { barSigma, leadingPairs, moatDrivers, type SyntheticSettings } from './synthetic-options.js'
import type { SyntheticStreams } from './synthetic-streams.js'
import { Trends } from './trends.js'

/** Largest driver value of a return, in its bar sigmas: the learners' own clip. */
const LARGEST_RETURN = 4

/** A cause with its names resolved. */
interface Wire {
  readonly cause: PlantedCause
  /** Index of the driver: a stream's, or 20 + a pair's. */
  readonly driver: number
  readonly pair: number
  /** Shift of the simple return per bar and unit of response. */
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
  private readonly sigmas: Float64Array
  private readonly trends: Trends
  /** Responses to the drivers over the last `depth` bars, one circular buffer per cause. */
  private readonly history: Float64Array
  private readonly depth: number

  /** @param prices the pairs' first prices. */
  constructor(
    settings: SyntheticSettings,
    private readonly streams: SyntheticStreams,
    prices: Float64Array,
  ) {
    const causes = allCauses(settings.causes, settings.shocks)
    this.sigmas = Float64Array.from(settings.pairs, (_, i) => barSigma(settings, i))
    this.wires = causes.map(c => this.wire(c, driverIndex(c, settings.pairs), settings.pairs.indexOf(c.pair)))
    this.shifts = settings.shocks.filter(s => s.kind === 'shift').sort((a, b) => a.at - b.at)
    this.depth = causes.reduce((most, c) => Math.max(most, longestLag(c) + c.horizon), 1)
    this.history = new Float64Array(causes.length * this.depth)
    this.trends = new Trends(prices)
    this.shift = new Float64Array(settings.pairs.length)
    this.taken = new Float64Array(settings.pairs.length)
  }

  /** Works out `shift` and `taken` for bar `bar`, before it is made. */
  prepare(bar: number, calm: boolean): void {
    this.shift.fill(0)
    this.taken.fill(0)
    for (let w = 0; w < this.wires.length; w++) {
      const { cause, pair, amplitude, variance } = this.wires[w] as Wire
      const factor = this.factor(cause, bar, calm)
      if (factor === 0) continue
      this.shift[pair] = (this.shift[pair] as number) + factor * amplitude * this.recent(w, cause, bar)
      this.taken[pair] = (this.taken[pair] as number) + factor * factor * variance
    }
  }

  /** Remembers what the drivers showed at the close of bar `bar`: the pairs' simple returns over it, and prices at its end. */
  remember(bar: number, returns: Float64Array, prices: Float64Array): void {
    this.trends.update(prices)
    const slot = bar % this.depth
    for (let w = 0; w < this.wires.length; w++) {
      this.history[w * this.depth + slot] = this.response(this.wires[w] as Wire, returns)
    }
  }

  save() {
    return { history: this.history.slice(), trends: this.trends.save() }
  }

  restore(state: ReturnType<PlantedEffects['save']>): void {
    this.history.set(state.history)
    this.trends.restore(state.trends)
  }

  /** What of a driver's value acts on the price; its mean is 0 without a trend. */
  private response({ cause, driver, pair }: Wire, returns: Float64Array): number {
    const impulse = this.impulse(driver, returns)
    const response = cause.response === 'even' ? this.streams.evenImpulse(driver) : impulse
    const agrees = cause.with === null || response * cause.sign * this.trends.of(pair) > 0
    return agrees ? response : 0
  }

  private impulse(driver: number, returns: Float64Array): number {
    if (driver < moatDrivers.length) return this.streams.impulses[driver] as number
    const pair = driver - moatDrivers.length
    const z = (returns[pair] as number) / (this.sigmas[pair] as number)
    return Math.max(-LARGEST_RETURN, Math.min(LARGEST_RETURN, z))
  }

  /** Sum of the responses that move bar `bar`: those of the closes bar − lag − horizon … bar − lag − 1. */
  private recent(wire: number, cause: PlantedCause, bar: number): number {
    const row = wire * this.depth
    const last = bar - lagAt(cause, bar) - 1
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
    return cause.halfLife === null ? factor : factor * math.pow(0.5, (bar - cause.from) / cause.halfLife)
  }

  private wire(cause: PlantedCause, driver: number, pair: number): Wire {
    const sigma = this.sigmas[pair] as number
    const { strength, horizon, sign } = cause
    const perUnit = cause.kind === 'sparse' ? strength / horizon : Math.sqrt(strength / horizon) / this.responseSd(cause, driver)
    return { cause, driver, pair, amplitude: sign * sigma * perUnit, variance: plantedVariance(cause) }
  }

  private responseSd({ response }: PlantedCause, driver: number): number {
    if (driver >= moatDrivers.length) return 1
    return response === 'even' ? this.streams.evenSd(driver) : this.streams.impulseSd(driver)
  }
}

function driverIndex({ driver, pair }: PlantedCause, pairs: readonly string[]): number {
  const stream = moatDrivers.indexOf(driver)
  if (stream >= 0) return stream
  return moatDrivers.length + pairs.indexOf(leadingPairs[driver] ?? pair)
}
