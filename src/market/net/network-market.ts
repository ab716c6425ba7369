/** A synthetic market with a made network around it: every tick may bring scans, and planted outages move prices. */

import { DAY_MS, type Root, rootOf } from '../../core/index.js'
import type { MarketInput, MarketSource, MarketTick } from '../source.js'
import { syntheticMarket } from '../synthetic.js'
import type { SyntheticSettings } from '../synthetic-options.js'
import { type EventClock, eventClocks, eventsWithin } from './events.js'
import { type NetSettings, netSettings } from './net-options.js'
import { PlantedMoves } from './planted-moves.js'
import { Prober } from './prober.js'

/** Makes the market and the network of a seed. Never ends. */
export function networkMarket(prices: SyntheticSettings, net: unknown, seed: number | string): MarketSource {
  return new NetworkMarket(syntheticMarket({ ...prices, seed }), netSettings(net, prices), rootOf(seed), prices.startTime)
}

class NetworkMarket implements MarketSource {
  private readonly prober: Prober
  private readonly clocks: readonly EventClock[]
  private readonly moves: PlantedMoves
  private truth: Record<string, unknown> | undefined

  constructor(
    private readonly prices: MarketSource,
    private readonly settings: NetSettings,
    private readonly root: Root,
    private readonly startTime: number,
  ) {
    this.prober = new Prober(settings, root)
    this.clocks = eventClocks(settings, root, startTime)
    this.moves = new PlantedMoves(settings)
    for (const clock of this.clocks) this.moves.plan(clock.next)
  }

  get barMs(): number {
    return this.prices.barMs
  }

  get pairs(): readonly string[] {
    return this.prices.pairs
  }

  /** Scans first, then what the market brings: nobody sees a price before the scan of its instant. */
  next(): MarketTick | undefined {
    const tick = this.prices.next()
    if (tick === undefined) return undefined
    const inputs: MarketInput[] = []
    for (const clock of this.clocks) while (clock.advance(tick.time)) this.moves.plan(clock.next)
    if ((tick.time - this.startTime) % this.settings.everyMs === 0)
      this.prober.scanAll(tick.time, this.clocks, scan => inputs.push({ kind: 'scan', scan }))
    for (const input of tick.inputs) inputs.push(input.kind === 'bar' ? { kind: 'bar', bar: this.moves.moved(input.bar) } : input)
    this.moves.settle(tick.time)
    return { ...tick, inputs }
  }

  save(): unknown {
    return {
      prices: this.prices.save(),
      scans: this.prober.rng.saveState(),
      clocks: this.clocks.map(clock => clock.save()),
      moves: this.moves.save(),
    }
  }

  restore(saved: unknown): void {
    const { prices, scans, clocks, moves } = saved as NetworkState
    this.prices.restore(prices)
    this.prober.rng.loadState(scans)
    this.clocks.forEach((clock, i) => {
      clock.restore(clocks[i] as NetworkState['clocks'][number])
    })
    this.moves.restore(moves)
  }

  describe(): Record<string, unknown> {
    this.truth ??= this.network()
    return { ...this.prices.describe(), kind: 'network', network: this.truth }
  }

  /** The settings, and every event of the first days, those that move prices marked. */
  private network(): Record<string, unknown> {
    const { settings, root, startTime: from } = this
    const to = from + settings.truthDays * DAY_MS
    return { options: settings, truth: { from, to, events: eventsWithin(settings, root, { from, to }) } }
  }
}

interface NetworkState {
  readonly prices: unknown
  readonly scans: unknown
  readonly clocks: readonly ReturnType<EventClock['save']>[]
  readonly moves: ReturnType<PlantedMoves['save']>
}
