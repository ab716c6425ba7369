/** The hypothesis space: every (driver, transform, lag, pair, horizon) the swarm may test, enumerable and bounded. */

import { assert, OperatorError, powerOfTwoFrom, registerSaveable, type Saveable, unknownName } from '../core/index.js'
import { discoveryLimits, protocol } from './limits.js'
import type { DiscoverySignal } from './signal.js'

export interface HypothesisSpaceOptions {
  readonly signals: readonly DiscoverySignal[]
  readonly pairs: readonly string[]
  /** Bars between the driver's value and the first bar of the return; default 0, 1, 2. */
  readonly lags?: readonly number[]
  /** Bars of the return; each divides a block of 24; default 1, 4. */
  readonly horizons?: readonly number[]
  /** Most hypotheses; default 6,000. */
  readonly limit?: number
}

/** One hypothesis by its parts. */
export interface Hypothesis {
  readonly signal: DiscoverySignal
  readonly lag: number
  readonly pair: string
  readonly horizon: number
}

/** Hypotheses are numbered by (signal, lag, pair, horizon); the horizon varies fastest. */
export class HypothesisSpace implements Saveable {
  static readonly savedAs = 'KeySpace'

  signals: readonly DiscoverySignal[] = []
  pairs: readonly string[] = []
  lags: readonly number[] = []
  horizons: readonly number[] = []
  /** Number of hypotheses. */
  size = 0
  /** Width of a rolling window's row of driver values: one column a shared signal, one a pair for an own signal. */
  columns = 0
  /** Cells of such a row: `columns` rounded up to a power of two, so that an index takes one sum and one mask. */
  stride = 0
  /** Distinct drivers, whatever the transform. */
  drivers: readonly string[] = []
  /** Per signal: its first column and its driver's number. */
  firstColumn = new Int32Array(0)
  driverOf = new Int32Array(0)

  constructor(options: HypothesisSpaceOptions) {
    this.build(options)
  }

  saveState(): unknown {
    const { signals, pairs, lags, horizons } = this
    return { signals, pairs, lags, horizons, limit: this.size }
  }

  loadState(state: unknown): void {
    this.build(state as HypothesisSpaceOptions)
  }

  signalIndex(hypothesis: number): number {
    return Math.floor(hypothesis / (this.lags.length * this.pairs.length * this.horizons.length))
  }

  lagOf(hypothesis: number): number {
    return this.lags[Math.floor(hypothesis / (this.pairs.length * this.horizons.length)) % this.lags.length] as number
  }

  pairIndex(hypothesis: number): number {
    return Math.floor(hypothesis / this.horizons.length) % this.pairs.length
  }

  horizonIndex(hypothesis: number): number {
    return hypothesis % this.horizons.length
  }

  horizonOf(hypothesis: number): number {
    return this.horizons[this.horizonIndex(hypothesis)] as number
  }

  signalOf(hypothesis: number): DiscoverySignal {
    return this.signals[this.signalIndex(hypothesis)] as DiscoverySignal
  }

  /** The moat behind a hypothesis. */
  moatOf(hypothesis: number): string {
    return this.signalOf(hypothesis).moat
  }

  /** The column of the rolling window for a signal and a pair. */
  columnOf(signal: number, pair: number): number {
    return (this.firstColumn[signal] as number) + (this.signals[signal]?.own ? pair : 0)
  }

  /** The column of the rolling window that a hypothesis reads. */
  hypothesisColumn(hypothesis: number): number {
    return this.columnOf(this.signalIndex(hypothesis), this.pairIndex(hypothesis))
  }

  /** Index of a hypothesis's driver value in the rolling window, relative to the row of the bar before its return. */
  windowOffset(hypothesis: number): number {
    return this.hypothesisColumn(hypothesis) - this.lagOf(hypothesis) * this.stride
  }

  /** Index of a hypothesis's return among those that end at a bar: [horizon × pair]. */
  returnSlot(hypothesis: number): number {
    return this.horizonIndex(hypothesis) * this.pairs.length + this.pairIndex(hypothesis)
  }

  /** The hypothesis at these four places. */
  hypothesisAt(signal: number, lag: number, pair: number, horizon: number): number {
    return ((signal * this.lags.length + lag) * this.pairs.length + pair) * this.horizons.length + horizon
  }

  describe(hypothesis: number): Hypothesis {
    assert(
      Number.isInteger(hypothesis) && hypothesis >= 0 && hypothesis < this.size,
      `hypothesis ${hypothesis} is outside the space of ${this.size}`,
    )
    return {
      signal: this.signalOf(hypothesis),
      lag: this.lagOf(hypothesis),
      pair: this.pairs[this.pairIndex(hypothesis)] as string,
      horizon: this.horizonOf(hypothesis),
    }
  }

  /** The canonical name, `driver|transform|lag|pair|horizon`. */
  nameOf(hypothesis: number): string {
    const { signal, lag, pair, horizon } = this.describe(hypothesis)
    return `${signal.driver}|${signal.transform}|${lag}|${pair}|${horizon}`
  }

  /** The hypothesis of a canonical name; throws with a "did you mean" where a part is unknown. */
  indexOf(name: string): number {
    const parts = name.split('|')
    if (parts.length !== 5)
      throw new OperatorError({ what: 'a hypothesis', expected: 'driver|transform|lag|pair|horizon', got: name })
    const [driver, transform, lag, pair, horizon] = parts as [string, string, string, string, string]
    const names = this.signals.map(s => `${s.driver}|${s.transform}`)
    return this.hypothesisAt(
      place('signal', `${driver}|${transform}`, names),
      place('lag', lag, this.lags.map(String)),
      place('pair', pair, this.pairs),
      place('horizon', horizon, this.horizons.map(String)),
    )
  }

  private build(options: HypothesisSpaceOptions): void {
    const { signals, pairs, lags = [0, 1, 2], horizons = [1, 4], limit = discoveryLimits.hypotheses } = options
    this.signals = signals
    this.pairs = pairs
    this.lags = lags
    this.horizons = horizons
    this.size = signals.length * pairs.length * lags.length * horizons.length
    checkShape(this, limit)
    this.drivers = [...new Set(signals.map(s => s.driver))]
    this.driverOf = Int32Array.from(signals, s => this.drivers.indexOf(s.driver))
    this.firstColumn = new Int32Array(signals.length)
    this.columns = 0
    signals.forEach((signal, i) => {
      this.firstColumn[i] = this.columns
      this.columns += signal.own ? pairs.length : 1
    })
    this.stride = powerOfTwoFrom(this.columns)
  }
}

registerSaveable(HypothesisSpace)

function place(kind: string, name: string, known: readonly string[]): number {
  const at = known.indexOf(name)
  if (at < 0) throw unknownName(kind, name, known)
  return at
}

function checkShape({ signals, pairs, lags, horizons, size }: HypothesisSpace, limit: number): void {
  if (size > limit) {
    throw new OperatorError({
      what: `a hypothesis space of ${signals.length} signals × ${lags.length} lags × ${pairs.length} pairs × ${horizons.length} horizons`,
      expected: `at most ${limit} hypotheses`,
      got: size,
      next: 'Name fewer pairs, lags, horizons or streams, or raise the limit: more tests need more bars.',
    })
  }
  if (size === 0)
    throw new OperatorError({ what: 'a hypothesis space', expected: 'at least one signal, lag, pair and horizon', got: 'none' })
  for (const h of horizons) {
    if (!Number.isInteger(h) || h < 1 || protocol.blockBars % h !== 0)
      throw new OperatorError({ what: 'a horizon', expected: `whole bars that divide ${protocol.blockBars}`, got: h })
  }
  for (const lag of lags) {
    if (!Number.isInteger(lag) || lag < 0 || lag > 1_000)
      throw new OperatorError({ what: 'a lag', expected: 'whole bars from 0 to 1000', got: lag })
  }
  const names = signals.map(s => `${s.driver}|${s.transform}`)
  if (new Set(names).size < names.length)
    throw new OperatorError({ what: 'the signals of a hypothesis space', expected: 'distinct names', got: names.join(', ') })
}
