/** What the agents of spot and futures may ask of their model. */

import type { TimeMs } from '../../core/index.js'
import type { InstrumentRules } from '../../exchange/index.js'
import type { Model } from '../../model/index.js'
import type { AnalysisState, Divergence, MarketRegime } from '../../trading/index.js'
import type { spotFuturesSchema } from './parameters.js'

/** What is known of a pair after its last bar that exists. */
export interface PairView {
  readonly analysis: AnalysisState
  /** The latest closes, oldest first, as many as momentum and a day need. */
  readonly closes: number[]
  /** Start of the last bar that exists, its length and its flags. */
  barTime: TimeMs
  barMs: number
  flags: number
  volume: number
  /** Of the last 24 hours; NaN before there are as many. */
  dayReturn: number
}

/** What agents of the spot and the futures portfolio may ask of their model. */
export interface SpotFuturesModel extends Model<typeof spotFuturesSchema> {
  /** @internal */
  readonly views: ReadonlyMap<string, PairView>
  /** @internal */
  readonly rules: ReadonlyMap<string, InstrumentRules>
  /** Pairs whose data are silent, and since when. */
  readonly stale: ReadonlyMap<string, TimeMs>
  /** @internal The regime of the pair that leads the market. */
  readonly regime: MarketRegime
  /** @internal How the news of a pair stands against its price; undefined: it is not known. */
  divergenceOf(pair: string): Divergence | undefined
  /** The number of the next decision in the run. */
  nextDecision(): number
}
