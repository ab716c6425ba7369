/** A spot and a futures portfolio side by side: the same market, and nothing else in common: capital, gate, exchange and decisions are each its own. */

import { DAY_MS, type TimeMs } from '../../core/index.js'
import { type Bar, InstrumentTable, type MarketInput, type MarketSource, marketOf, scenarioMarket } from '../../market/index.js'
import { Model, runOf, type TickInput } from '../../model/index.js'
import {
  analysisNext,
  analysisState,
  type Divergence,
  type InstrumentRules,
  instrumentRules,
  isObservation,
  MarketData,
  type MarketRegime,
  newRegimeDetector,
  type RegimeDetector,
  regimeNext,
  seenOfBar,
} from '../../trading/index.js'
import { FuturesAgent } from './futures.js'
import { Narrator } from './narrator.js'
import type { spotFuturesSchema } from './parameters.js'
import type { PairView, SpotFuturesModel } from './ports.js'
import { SpotAgent } from './spot.js'
import { spotFuturesSummary } from './summary.js'
import { Headlines } from './topics.js'

/** A spot and a futures portfolio on the same market, each with its own capital. */
export class SpotFutures extends Model<typeof spotFuturesSchema> implements SpotFuturesModel {
  /** @internal */
  views = new Map<string, PairView>()
  stale = new Map<string, TimeMs>()
  /** @internal */
  rules = new Map<string, InstrumentRules>()
  /** @internal Of the pair that leads the market. */
  detector: RegimeDetector = newRegimeDetector()
  decisions = 0
  /** @internal */
  readonly spots = this.agentsOf(SpotAgent)
  /** @internal */
  readonly futures = this.agentsOf(FuturesAgent)
  /** @internal */
  readonly narrators = this.agentsOf(Narrator)

  setup(): void {
    const table = new InstrumentTable(this.params.instruments)
    for (const pair of this.params.pairs) this.rules.set(pair, instrumentRules(table.instrument(pair)))
    this.spawn(Narrator)
    this.spawn(SpotAgent)
    this.spawn(FuturesAgent)
  }

  /** The model subscribes first, so that what is known of a pair is known before an agent receives its bar. */
  wire(): void {
    this.on(MarketData, bar => {
      if (isObservation(bar)) this.know(bar)
    })
  }

  step(): void {
    this.narrators.do(narrator => narrator.step())
    this.spots.do(spot => spot.step())
    this.futures.do(futures => futures.step())
  }

  override receive(input: TickInput): void {
    const given = input as MarketInput
    if (given.kind === 'bar') this.publish(MarketData.at(given.bar.pair), given.bar)
    if (given.kind === 'headline') this.publish(Headlines, given.headline)
    if (given.kind !== 'stale') return
    if (given.since === null) this.stale.delete(given.pair)
    else this.stale.set(given.pair, given.since)
  }

  override finish(): void {
    for (const spot of this.spots) spot.closeAll()
    for (const futures of this.futures) futures.closeAll()
  }

  override source(world?: unknown): MarketSource {
    const { pairs, barMs } = this.params
    return scenarioMarket(marketOf({ run: world }) ?? { kind: 'synthetic' }, { pairs, barMs, seed: runOf(this).seed })
  }

  /** Quarantines an agent that throws, so that the other goes on. */
  override onAgentFailure(): 'quarantine' {
    return 'quarantine'
  }

  override summary(): Record<string, unknown> {
    return spotFuturesSummary(this)
  }

  /** @internal */
  get regime(): MarketRegime {
    return this.detector.regime
  }

  /** @internal */
  divergenceOf(pair: string): Divergence | undefined {
    return this.narrators.at(0)?.latest.get(pair)
  }

  nextDecision(): number {
    return ++this.decisions
  }

  private know(bar: Bar): void {
    const { pair, time, barMs, flags, close } = bar
    let view = this.views.get(pair)
    if (view === undefined) {
      view = { analysis: analysisState(), closes: [], barTime: time, barMs, flags, volume: 0, dayReturn: Number.NaN }
      this.views.set(pair, view)
    }
    if (pair === this.params.pairs[0]) {
      const seen = seenOfBar(bar, view.analysis.close)
      if (seen !== null) regimeNext(this.detector, seen)
    }
    analysisNext(view.analysis, bar)
    view.closes.push(close)
    if (view.closes.length > this.keptCloses) view.closes.shift()
    view.barTime = time
    view.barMs = barMs
    view.flags = flags
    view.volume = bar.volume
    const before = view.closes.at(-1 - this.dayBars)
    view.dayReturn = before === undefined ? Number.NaN : close / before - 1
  }

  private get dayBars(): number {
    return Math.max(1, Math.round(DAY_MS / this.params.barMs))
  }

  private get keptCloses(): number {
    return 1 + Math.max(this.params.momentumBars, this.dayBars)
  }
}
