/** The hypothesis space: every (driver, transform, lag, pair, horizon) the swarm may test, enumerable and bounded. */

import { assert, OperatorError, registerSaveable, type Saveable, unknownName } from '../core/index.js'
import { discoveryLimits, protocol } from './limits.js'
import type { DiscoverySignal } from './signal.js'

/** When a driver acts: so many bars late, over so many bars. */
export interface Timing {
  /** Bars between the driver's value and the first bar of the return. */
  readonly lag: number
  /** Bars of the return; it divides a block of 24. */
  readonly horizon: number
}

/** Lags 0 to 2 over one bar and over four; over twelve bars at lag 0 only, because there one lag is much like the next. */
export const defaultTimings: readonly Timing[] = [
  { lag: 0, horizon: 1 },
  { lag: 0, horizon: 4 },
  { lag: 1, horizon: 1 },
  { lag: 1, horizon: 4 },
  { lag: 2, horizon: 1 },
  { lag: 2, horizon: 4 },
  { lag: 0, horizon: 12 },
]

export interface HypothesisSpaceOptions {
  readonly signals: readonly DiscoverySignal[]
  readonly pairs: readonly string[]
  /** Lags and horizons that are tested together; default `defaultTimings`. */
  readonly timings?: readonly Timing[]
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

/** Hypotheses are numbered by (signal, timing, pair); the pair varies fastest. */
export class HypothesisSpace implements Saveable {
  static readonly savedAs = 'KeySpace'

  signals: readonly DiscoverySignal[] = []
  pairs: readonly string[] = []
  timings: readonly Timing[] = []
  /** The horizons of the timings, each once, ascending. */
  horizons: readonly number[] = []
  /** Number of hypotheses. */
  size = 0
  /** Driver values of a bar: one column a shared signal, one a pair for an own signal. */
  columns = 0
  /** Distinct drivers, whatever the transform. */
  drivers: readonly string[] = []
  /** Per signal: its first column and its driver's number. */
  firstColumn = new Int32Array(0)
  driverOf = new Int32Array(0)

  constructor(options: HypothesisSpaceOptions) {
    this.build(options)
  }

  saveState(): unknown {
    const { signals, pairs, timings } = this
    return { signals, pairs, timings, limit: this.size }
  }

  loadState(state: unknown): void {
    this.build(state as HypothesisSpaceOptions)
  }

  signalIndex(hypothesis: number): number {
    return Math.floor(hypothesis / (this.timings.length * this.pairs.length))
  }

  timingIndex(hypothesis: number): number {
    return Math.floor(hypothesis / this.pairs.length) % this.timings.length
  }

  pairIndex(hypothesis: number): number {
    return hypothesis % this.pairs.length
  }

  timingOf(hypothesis: number): Timing {
    return this.timings[this.timingIndex(hypothesis)] as Timing
  }

  lagOf(hypothesis: number): number {
    return this.timingOf(hypothesis).lag
  }

  horizonOf(hypothesis: number): number {
    return this.timingOf(hypothesis).horizon
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

  /** The hypothesis at these three places. */
  hypothesisAt(signal: number, timing: number, pair: number): number {
    return (signal * this.timings.length + timing) * this.pairs.length + pair
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
    const signals = this.signals.map(s => `${s.driver}|${s.transform}`)
    place('horizon', horizon, this.horizons.map(String))
    const signal = place('signal', `${driver}|${transform}`, signals)
    const timing = place(`lag over ${horizon} bars`, lag, lagsOver(this.timings, horizon))
    return this.hypothesisAt(signal, timing, place('pair', pair, this.pairs))
  }

  /** As {@link indexOf}; undefined where the space has no hypothesis of this name. */
  find(name: string): number | undefined {
    const [driver, transform, lag, pair, horizon] = name.split('|')
    const signal = this.signals.findIndex(s => s.driver === driver && s.transform === transform)
    const timing = this.timings.findIndex(t => String(t.lag) === lag && String(t.horizon) === horizon)
    const target = this.pairs.indexOf(pair ?? '')
    return signal < 0 || timing < 0 || target < 0 ? undefined : this.hypothesisAt(signal, timing, target)
  }

  private build(options: HypothesisSpaceOptions): void {
    const { signals, pairs, timings = defaultTimings, limit = discoveryLimits.hypotheses } = options
    this.signals = signals
    this.pairs = pairs
    this.timings = timings
    this.horizons = [...new Set(timings.map(t => t.horizon))].sort((a, b) => a - b)
    this.size = signals.length * timings.length * pairs.length
    checkShape(this, limit)
    this.drivers = [...new Set(signals.map(s => s.driver))]
    this.driverOf = Int32Array.from(signals, s => this.drivers.indexOf(s.driver))
    this.firstColumn = new Int32Array(signals.length)
    this.columns = 0
    signals.forEach((signal, i) => {
      this.firstColumn[i] = this.columns
      this.columns += signal.own ? pairs.length : 1
    })
  }
}

registerSaveable(HypothesisSpace)

function place(kind: string, name: string, known: readonly string[]): number {
  const at = known.indexOf(name)
  if (at < 0) throw unknownName(kind, name, known.filter(Boolean))
  return at
}

/** The lags of the timings as text, '' where the horizon is another. */
function lagsOver(timings: readonly Timing[], horizon: string): string[] {
  return timings.map(t => (String(t.horizon) === horizon ? String(t.lag) : ''))
}

function checkShape({ signals, pairs, timings, size }: HypothesisSpace, limit: number): void {
  if (size > limit) {
    throw new OperatorError({
      what: `a hypothesis space of ${signals.length} signals × ${timings.length} timings × ${pairs.length} pairs`,
      expected: `at most ${limit} hypotheses`,
      got: size,
      next: 'Name fewer pairs, timings or streams, or raise the limit: more tests need more bars.',
    })
  }
  if (size === 0)
    throw new OperatorError({ what: 'a hypothesis space', expected: 'at least one signal, timing and pair', got: 'none' })
  for (const { lag, horizon } of timings) {
    if (!Number.isInteger(horizon) || horizon < 1 || protocol.blockBars % horizon !== 0)
      throw new OperatorError({ what: 'a horizon', expected: `whole bars that divide ${protocol.blockBars}`, got: horizon })
    if (!Number.isInteger(lag) || lag < 0 || lag > 1_000)
      throw new OperatorError({ what: 'a lag', expected: 'whole bars from 0 to 1000', got: lag })
  }
  assertDistinct(
    'the signals of a hypothesis space',
    signals.map(s => `${s.driver}|${s.transform}`),
  )
  assertDistinct(
    'the timings of a hypothesis space',
    timings.map(t => `lag ${t.lag} over ${t.horizon}`),
  )
}

function assertDistinct(what: string, names: readonly string[]): void {
  if (new Set(names).size < names.length) throw new OperatorError({ what, expected: 'distinct names', got: names.join(', ') })
}
