/** Small worlds for the discovery tests. */

import { signalsOf } from '../../src/agents/mycelial/roster.js'
import { swarmSchema } from '../../src/agents/mycelial/swarm-parameters.js'
import { type DiscoverySignal, KeySpace, Tape } from '../../src/discovery/index.js'

const signal = (driver: string, own = false): DiscoverySignal => ({ driver, transform: 'level', moat: 'code', own })

/** The 44 signals of the swarm's defaults. */
export const defaultSignals = () => signalsOf(swarmSchema.parse({}))

/** The score of a hypothesis whose return ends at this bar, read where the learners read it. */
export function scoreOf(tape: Tape, column: number, lag: number, pair: number, horizon: number): number {
  const bars = tape.horizons[horizon] ?? Number.NaN
  return tape.zAt(column, bars + lag) * (tape.scaled[horizon * tape.pairs + pair] ?? Number.NaN)
}

/** Two shared signals and one own one, two pairs: 3 signals × 3 lags × 2 pairs × 2 horizons = 36 keys. */
export function smallSpace(): KeySpace {
  return new KeySpace({ signals: [signal('code:A'), signal('code:B'), signal('finance:own', true)], pairs: ['X', 'Y'] })
}

export interface Row {
  readonly closes: readonly number[]
  readonly z: readonly number[]
}

/** Feeds a bar; NaN closes are missing. */
export function feed(tape: Tape, step: number, { closes, z }: Row): void {
  closes.forEach((close, pair) => {
    if (!Number.isNaN(close)) tape.putClose(pair, close)
  })
  z.forEach((value, column) => {
    tape.putZ(column, value)
  })
  tape.advance(step)
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

export function tapeOf(space: KeySpace, rows: readonly Row[], each: (tape: Tape, step: number) => void = () => {}): Tape {
  const tape = new Tape(space)
  rows.forEach((row, i) => {
    feed(tape, i + 1, row)
    each(tape, i + 1)
  })
  return tape
}
