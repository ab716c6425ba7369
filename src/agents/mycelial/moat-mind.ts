/** The mind of a non-finance learner: turns one stream, by one transform, into a standardised cross-moat signal. */

import { type DiscoverySignal, type Standardiser, standardise, standardiser } from '../../discovery/index.js'
import type { Moat, MoatSignal } from '../../market/index.js'
import type { CrossMoatSignal } from '../../trading/index.js'

/** Plain data. */
export interface MoatMind {
  readonly signal: DiscoverySignal
  readonly stream: string
  readonly past: Standardiser
  last: number
}

export function moatMind(signal: DiscoverySignal): MoatMind {
  return { signal, stream: signal.driver.slice(signal.driver.indexOf(':') + 1), past: standardiser(), last: Number.NaN }
}

/** The signal a new value makes, or undefined while too little is known. */
export function readStream(mind: MoatMind, { time, value, placebo }: MoatSignal): CrossMoatSignal | undefined {
  const z = standardise(mind.past, mind.signal.transform === 'change' ? value - mind.last : value)
  mind.last = value
  if (Number.isNaN(z)) return undefined
  const { driver, transform, moat } = mind.signal
  return { moat: moat as Moat, driver, transform, time, z, placebo }
}
