/** The state of a non-finance learner, which turns one stream, by one transform, into a standardised cross-moat signal. */

import { type DiscoverySignal, type Standardiser, standardise, standardiser } from '../../discovery/index.js'
import type { MoatSignal, OutsideMoat } from '../../market/index.js'
import type { CrossMoatSignal } from '../../trading/index.js'

/** Plain data. */
export interface MoatLearnerState {
  readonly signal: DiscoverySignal
  readonly stream: string
  readonly past: Standardiser
  last: number
}

export function moatLearnerState(signal: DiscoverySignal): MoatLearnerState {
  return { signal, stream: signal.driver.slice(signal.driver.indexOf(':') + 1), past: standardiser(), last: Number.NaN }
}

/** The signal a new value makes, or undefined while too little is known. */
export function readStream(
  state: MoatLearnerState,
  { time, value, placebo }: MoatSignal<OutsideMoat>,
): CrossMoatSignal | undefined {
  const z = standardise(state.past, state.signal.transform === 'change' ? value - state.last : value)
  state.last = value
  if (Number.isNaN(z)) return undefined
  const { driver, transform, moat } = state.signal
  return { moat: moat as OutsideMoat, driver, transform, time, z, placebo }
}
