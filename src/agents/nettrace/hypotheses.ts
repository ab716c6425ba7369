/** What latency is said to tell, as hypotheses with a sign that is fixed beforehand, and the test of each. */

import type { TimeMs } from '../../core/index.js'
import { type NetSignalType, netSignalTypes } from '../../market/index.js'
import { addMoment, type NetSignal, newMoments, type RunningMoments, sampleSd, studentQuantile } from '../../trading/index.js'

/** Returns of a hypothesis, a unit a finding at a host: its pairs fall and rise together, and so do signals that overlap. */
export interface HypothesisRecords {
  readonly returns: Record<NetSignalType, RunningMoments>
  /** When the unit that was counted last ends, by host, type and direction. */
  readonly until: Map<string, TimeMs>
}

export function newHypothesisRecords(): HypothesisRecords {
  return {
    returns: Object.fromEntries(netSignalTypes.map(type => [type, newMoments()])) as HypothesisRecords['returns'],
    until: new Map(),
  }
}

/** Counts what matured at one instant: the mean of each finding's pairs, unless it overlaps the finding of its kind before. */
export function recordUnit(
  { returns, until }: HypothesisRecords,
  matured: readonly { readonly signal: NetSignal; readonly signedReturn: number }[],
  barMs: number,
): void {
  const units = new Map<string, { readonly signal: NetSignal; readonly moments: RunningMoments }>()
  for (const { signal, signedReturn } of matured) {
    const key = `${signal.host}|${signal.type}|${signal.direction}`
    const unit = units.get(key) ?? { signal, moments: newMoments() }
    if (unit.signal.agent === signal.agent) addMoment(unit.moments, signedReturn)
    units.set(key, unit)
  }
  for (const [key, { signal, moments }] of units) {
    if (signal.decidedAt < (until.get(key) ?? Number.NEGATIVE_INFINITY)) continue
    until.set(key, signal.decidedAt + signal.horizonBars * barMs)
    addMoment(returns[signal.type], moments.mean)
  }
}

/** One hypothesis at the end of a run. */
export interface TestedHypothesis {
  readonly type: NetSignalType
  readonly units: number
  /** Mean return in the direction, before costs, and its ratio to its error; null below two units. */
  readonly mean: number | null
  readonly t: number | null
  readonly confirmed: boolean
}

/** Units below which nothing is confirmed. */
const LEAST_UNITS = 20
/** One-sided quantile of 1 %. */
const Z_CONFIRM = 2.3263478740408408

/** Every hypothesis: worse latency is followed by a fall, better by a rise. One is confirmed whose mean is above 0, one-sided at 1 %. */
export function testHypotheses({ returns }: HypothesisRecords): TestedHypothesis[] {
  return netSignalTypes.map(type => {
    const { n, mean } = returns[type]
    const error = sampleSd(returns[type]) / Math.sqrt(n)
    const t = error > 0 ? mean / error : null
    const confirmed = n >= LEAST_UNITS && t !== null && t > studentQuantile(n - 1, Z_CONFIRM)
    return { type, units: n, mean: n < 2 ? null : mean, t, confirmed }
  })
}
