/** The record of a detector, what it says of its worth, and a clone of its settings. */

import type { Rng } from '../../core/index.js'
import { addMoment, type DetectorSettings, newMoments, type RunningMoments, sampleSd } from '../../trading/index.js'

/** What came of the signals of one detector: plain data. */
export interface Kpi {
  right: number
  /** Returns after costs. */
  readonly net: RunningMoments
}

export function newKpi(): Kpi {
  return { right: 0, net: newMoments() }
}

export function addOutcome(kpi: Kpi, net: number, right: boolean): void {
  addMoment(kpi.net, net)
  if (right) kpi.right++
}

/** Outcomes below which nothing is judged. */
const LEAST_OUTCOMES = 30
/** One-sided quantiles of the normal law: what is fired is below 0 at 95 %, what is promoted above it at 99 %. */
const [Z_FIRE, Z_PROMOTE] = [1.6448536269514722, 2.3263478740408408] as const

/** fire: its signals lose after costs · promote: they gain · keep: neither is known yet. */
export function judgeKpi({ net }: Kpi): 'fire' | 'promote' | 'keep' {
  if (net.n < LEAST_OUTCOMES) return 'keep'
  const error = sampleSd(net) / Math.sqrt(net.n)
  if (net.mean + Z_FIRE * error < 0) return 'fire'
  return net.mean - Z_PROMOTE * error > 0 ? 'promote' : 'keep'
}

/** Settings near those of a detector: each threshold up or down by as much as a fifth. */
export function mutated(settings: DetectorSettings, rng: Rng): DetectorSettings {
  const near = (x: number) => x * rng.between(0.8, 1.2)
  return {
    ...settings,
    flagAt: Math.max(2.5, near(settings.flagAt)),
    leastScale: near(settings.leastScale),
    trendChange: near(settings.trendChange),
    trendScans: Math.max(10, Math.round(near(settings.trendScans))),
    standingScans: Math.max(2, Math.round(near(settings.standingScans))),
  }
}
