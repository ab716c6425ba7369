/** The controls of a run's portfolios: random entry beside the baseline, thinnings of both others beside the synthesized portfolio. */

import { hashName, Rng, rootOf } from '../core/index.js'
import { type ControlRecorder, controlLimits, type TradeCosts } from './control-recorder.js'
import { type RandomEntry, randomEntry } from './random-entry.js'
import { repriced, type Thinning, thinning } from './thinning.js'

/** Null: without trades to compare. */
export interface Controls {
  readonly randomEntry: RandomEntry | null
  /** Synthesized against trades of the mycelial portfolio whose ideas did not collide. */
  readonly mycelialThinned: Thinning | null
  /** Synthesized against such trades of the baseline, held as long as the synthesized ones. */
  readonly baselineThinned: Thinning | null
  /** Why trades could not be priced again; undefined where they could. */
  readonly unpriced?: string
}

/** `seed`: the run's; the controls draw from a stream of their own. */
export function controlsOf(recorder: ControlRecorder, costs: TradeCosts, seed: number | string): Controls {
  const rng = Rng.derive(rootOf(seed), hashName('controls'), 0)
  const opens = recorder.opens()
  const alone = (portfolio: 'baseline' | 'mycelial') =>
    recorder.tradesOf(portfolio).filter(trade => !recorder.collided.has(trade.ideaId))
  const synthesized = recorder.tradesOf('synthesized')
  return {
    ...(recorder.overflowed ? { unpriced: `prices of more than ${controlLimits.bars} bars are not kept` } : {}),
    randomEntry: randomEntry(recorder.tradesOf('baseline'), { opens, costs, rng }),
    mycelialThinned: thinning(synthesized, alone('mycelial'), { rng }),
    baselineThinned: thinning(
      synthesized,
      alone('baseline').filter(trade => opens.has(trade.pair)),
      {
        rng,
        price: repriced(opens, costs),
      },
    ),
  }
}
