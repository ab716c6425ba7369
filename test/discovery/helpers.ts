/** Small worlds for the discovery tests. */

import { signalsOf } from '../../src/agents/mycelial/roster.js'
import { swarmSchema } from '../../src/agents/mycelial/swarm-parameters.js'
import { type DiscoverySignal, HypothesisSpace, RollingWindow } from '../../src/discovery/index.js'

const signal = (driver: string, own = false): DiscoverySignal => ({ driver, transform: 'level', moat: 'code', own })

/** The 44 signals of the swarm's defaults. */
export const defaultSignals = () => signalsOf(swarmSchema.parse({}))

/** The score of a hypothesis at this bar, by its definition: one-bar return over volatility × the sum of h driver values. */
export function scoreOf(window: RollingWindow, space: HypothesisSpace, hypothesis: number): number {
  const { lag, horizon } = space.timingOf(hypothesis)
  const column = space.hypothesisColumn(hypothesis)
  let z = 0
  for (let k = 1; k <= horizon; k++) z += window.zAt(column, lag + k)
  return z * (window.scaled[space.pairIndex(hypothesis)] ?? Number.NaN)
}

/** Two shared signals and one own one, two pairs: 3 signals × 7 timings × 2 pairs = 42 hypotheses. */
export function smallSpace(): HypothesisSpace {
  return new HypothesisSpace({ signals: [signal('code:A'), signal('code:B'), signal('finance:own', true)], pairs: ['X', 'Y'] })
}

export interface Row {
  readonly closes: readonly number[]
  readonly z: readonly number[]
}

/** Feeds a bar; NaN closes are missing. */
export function feed(rollingWindow: RollingWindow, step: number, { closes, z }: Row): void {
  closes.forEach((close, pair) => {
    if (!Number.isNaN(close)) rollingWindow.putClose(pair, close)
  })
  z.forEach((value, column) => {
    rollingWindow.putZ(column, value)
  })
  rollingWindow.advance(step)
}

/** Bars of a random walk with white drivers; `effect` × the first driver's value moves pair 0 one bar later. */
export function walk(rng: { normal(mean?: number, sd?: number): number }, bars: number, effect = 0): Row[] {
  const rows: Row[] = []
  const closes = [100, 50]
  let last = 0
  for (let i = 0; i < bars; i++) {
    closes[0] = (closes[0] as number) * (1 + 0.01 * (rng.normal() + effect * last))
    closes[1] = (closes[1] as number) * (1 + 0.01 * rng.normal())
    const z = Array.from({ length: 4 }, () => rng.normal())
    last = z[0] as number
    rows.push({ closes: [...closes], z })
  }
  return rows
}

export function windowOf(
  space: HypothesisSpace,
  rows: readonly Row[],
  each: (rollingWindow: RollingWindow, step: number) => void = () => {},
): RollingWindow {
  const rollingWindow = new RollingWindow(space)
  rows.forEach((row, i) => {
    feed(rollingWindow, i + 1, row)
    each(rollingWindow, i + 1)
  })
  return rollingWindow
}
