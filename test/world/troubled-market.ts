/**
 * A scripted exchange with bad days, and the small swarm of live tests on it, in memory and on a clock led by hand: spikes, gaps,
 * corrected candles and outages come when a seed says. The same seed without them is the same market.
 */

import { memoryRequestHandler, type Swarm, type SwarmParameters, swarmScenario } from '../../src/agents/index.js'
import type { LiveFeed, LiveStart, PairStatus } from '../../src/feed/index.js'
import { type Bar, BarFlag, type MarketInput, type MarketTrade, synthetic } from '../../src/market/index.js'
import { type Simulation, simulate } from '../../src/model/index.js'
import {
  equityE6,
  type Fill,
  Fills,
  type OrderEnd,
  OrderEnds,
  portfolioNames,
  type Trade,
  TradeConfirmations,
} from '../../src/trading/index.js'
import { Answers } from '../../src/world/live/engine/answers.js'
import { Inputs } from '../../src/world/live/engine/inputs.js'
import { decodeInputs, encodeInputs } from '../../src/world/live/engine/journal-entry.js'
import { LiveLoop } from '../../src/world/live/engine/loop.js'
import { noSource } from '../../src/world/live/engine/open-shard.js'
import type { LiveTick, Shard } from '../../src/world/live/engine/shard.js'
import { warmUp } from '../../src/world/live/engine/warm-up.js'
import { printCounters } from '../../src/world/live/operations/prints.js'
import { ManualClock } from './live-kit.js'
import { lively, pairs } from './live-scenario.js'

const barMs = 60_000
const start = Date.UTC(2026, 0, 1)
const historyBars = 60
const liveFrom = start + historyBars * barMs
/** σ of a bar. Eight of them are more than 3 %, so that a spike of ten is a jump. */
export const barSigma = 0.005
const printsPerBar = 8
const firstPrices: Readonly<Record<string, number>> = { XXBTZUSD: 60_000, XETHZUSD: 3_000, SOLUSD: 150, ADAUSD: 0.8 }
/** The most a print waits for a second one. */
const waitMs = 60_000

export interface Trouble {
  readonly spikes?: boolean
  readonly revisions?: boolean
  readonly gaps?: boolean
  readonly outages?: boolean
}

/** Uniform in [0, 1) (mulberry32). */
function uniform(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A print of the script; `isBad`: nobody traded near it before or after. */
export interface ScriptedPrint extends MarketTrade {
  readonly id: number
  readonly isBad: boolean
}

interface Outage {
  readonly from: number
  readonly to: number
  /** Its bars are never served. */
  readonly isGap: boolean
}

interface ScriptedEvent {
  readonly time: number
  readonly act: () => void
}

interface PairScript {
  readonly pair: string
  /** As the exchange's candles have them: every trade is in them, bad ones too. */
  readonly bars: readonly Bar[]
  readonly prints: readonly ScriptedPrint[]
  readonly outages: readonly Outage[]
}

/** A random walk of prints; those of troubles are added beside them, so that the walk is the same with and without. */
function scriptOf(pair: string, seed: number, bars: number, trouble: Trouble): PairScript {
  const walk = uniform(seed * 31 + 1)
  const luck = uniform(seed * 31 + 2)
  const prints: ScriptedPrint[] = []
  let price = (firstPrices[pair] as number) * (0.5 + walk())
  const all = (historyBars + bars) * printsPerBar
  for (let i = 0; i < all; i++) {
    const shock = walk() + walk() + walk() + walk() - 2
    price *= 1 + (shock * Math.sqrt(3) * barSigma) / Math.sqrt(printsPerBar)
    const time = start + Math.floor(((i + 0.1 + 0.8 * walk()) * barMs) / printsPerBar)
    prints.push({ pair, id: 2 * i, time, price, volume: 1, isBad: false })
  }
  const live = historyBars * printsPerBar
  if (trouble.spikes === true) addSpikes(prints, live, luck)
  prints.sort((a, b) => a.time - b.time)
  const outages = trouble.outages === true ? outagesOf(bars, trouble, luck) : []
  return { pair, prints, bars: candlesOf(pair, prints), outages }
}

/** One in about four minutes, each of ten σ of a bar and more, up to ten times the price or a tenth; no two of them agree. */
function addSpikes(prints: ScriptedPrint[], live: number, luck: () => number): void {
  const regular = prints.length
  let last = 0
  for (let i = live; i < regular; i++) {
    const at = prints[i] as ScriptedPrint
    if (luck() >= 1 / 30 || at.time - last <= 2 * waitMs) continue
    last = at.time
    const size = 1 + 10 * barSigma * (200 ** luck() * 0.9 + 0.1)
    const price = luck() < 0.5 ? at.price * size : at.price / size
    prints.push({ ...at, id: at.id + 1, time: at.time + 1, price: luck() < 0.2 ? at.price * 9 : price, volume: 2, isBad: true })
  }
}

function outagesOf(bars: number, { gaps }: Trouble, luck: () => number): Outage[] {
  const outages: Outage[] = []
  for (let bar = historyBars + 5; bar < historyBars + bars - 5; bar++) {
    if (luck() >= 1 / 15) continue
    const from = start + Math.floor((bar + luck()) * barMs)
    const to = from + Math.floor(luck() * 4 * barMs)
    outages.push({ from, to, isGap: gaps === true && luck() < 0.4 })
    bar += 6
  }
  return outages
}

class TroubledFeed implements LiveFeed {
  readonly barMs = barMs
  /** Prints that were handed to the run. */
  readonly served: ScriptedPrint[] = []
  private readonly waitingInputs: MarketInput[] = []
  private readonly events: readonly ScriptedEvent[]
  private played = 0
  private readonly down = new Set<string>()
  private readonly luck: () => number

  constructor(
    private readonly scripts: readonly PairScript[],
    private readonly clock: ManualClock,
    private readonly trouble: Trouble,
    seed: number,
  ) {
    this.luck = uniform(seed * 31 + 3)
    this.events = scripts.flatMap(script => this.eventsOf(script)).sort((a, b) => a.time - b.time)
  }

  async start(): Promise<LiveStart> {
    const history: Bar[] = []
    for (const { bars } of this.scripts) history.push(...bars.slice(0, historyBars))
    return { pairs, missing: [], history }
  }

  take(): MarketInput[] {
    this.play()
    return this.waitingInputs.splice(0)
  }

  waiting = () => this.waitingInputs.length
  now = () => this.clock.now()
  barFinal = (_: string, barEnd: number) => this.now() >= barEnd
  closeBars(): void {}
  status = (): readonly PairStatus[] => []
  counters = () => ({})
  async stop(): Promise<void> {}

  private play(): void {
    for (;;) {
      const event = this.events[this.played]
      if (event === undefined || event.time > this.now()) return
      this.played++
      event.act()
    }
  }

  private eventsOf(script: PairScript): ScriptedEvent[] {
    const { pair, prints, outages, bars } = script
    return [
      ...outages.map(outage => ({ time: outage.from, act: () => this.fail(pair, outage.from) })),
      ...outages.map(outage => ({ time: outage.to, act: () => this.recover(script, outage) })),
      ...prints.map(print => ({ time: print.time, act: () => this.serve(print) })),
      ...bars.map((bar, k) => ({ time: bar.time + barMs, act: () => this.close(script, k) })),
    ].filter(({ time }) => time > liveFrom)
  }

  private serve(print: ScriptedPrint): void {
    if (this.down.has(print.pair)) return
    this.served.push(print)
    const { isBad: _, ...trade } = print
    this.waitingInputs.push({ kind: 'trade', trade })
  }

  private close(script: PairScript, k: number): void {
    if (this.down.has(script.pair)) return
    this.waitingInputs.push({ kind: 'bar', bar: script.bars[k] as Bar })
    if (this.trouble.revisions === true && this.luck() < 0.2) this.revise(script, k)
  }

  /** The exchange corrects a candle: it has a little more range, and rarely a price that nobody traded at. */
  private revise(script: PairScript, k: number): void {
    const bar = script.bars[k] as Bar
    const more = this.luck() < 0.3 ? 1 + 20 * barSigma : 1 + barSigma / 4
    const revised = { ...bar, high: bar.high * more, close: bar.close * more }
    this.waitingInputs.push({ kind: 'revision', bar: revised })
  }

  private fail(pair: string, since: number): void {
    this.down.add(pair)
    this.waitingInputs.push({ kind: 'stale', pair, since })
  }

  /** After an outage its bars are back-filled, or their absence is said; then data flow again. */
  private recover(script: PairScript, { from, to, isGap }: Outage): void {
    const { pair, bars } = script
    const [first, after] = [from, to].map(time => Math.floor((time - start) / barMs)) as [number, number]
    if (isGap && after > first)
      this.waitingInputs.push({ kind: 'gap', pair, from: start + first * barMs, to: start + after * barMs })
    else
      for (const bar of bars.slice(first, after))
        this.waitingInputs.push({ kind: 'bar', bar: { ...bar, flags: bar.flags | BarFlag.stale } })
    this.waitingInputs.push({ kind: 'stale', pair, since: null })
    this.down.delete(pair)
  }
}

/** The exchange's candles: there is a trade in every one. */
function candlesOf(pair: string, prints: readonly ScriptedPrint[]): Bar[] {
  const bars: Bar[] = []
  for (const { time, price, volume } of prints) {
    const k = Math.floor((time - start) / barMs)
    const bar = bars[k] ?? { pair, time: start + k * barMs, barMs, open: price, high: price, low: price, volume: 0, flags: 0 }
    const [high, low] = [Math.max(bar.high, price), Math.min(bar.low, price)]
    bars[k] = { ...bar, high, low, close: price, volume: bar.volume + volume }
  }
  return bars
}

const scenario = swarmScenario({ name: 'troubled', title: 'A swarm on bad days', market: synthetic(), defaults: lively })
const params: Partial<SwarmParameters> = {
  barMs,
  fillOn: 'ticks',
  latencyMs: 250,
  feeRate: 0.004,
  baselineHorizonBars: 8,
  stopAtr: 1.5,
  targetAtr: 2.5,
}

export interface TroubledRun {
  readonly fills: readonly Fill[]
  readonly trades: readonly Trade[]
  readonly orders: readonly OrderEnd[]
  readonly served: readonly ScriptedPrint[]
  readonly outages: ReadonlyMap<string, readonly Outage[]>
  readonly counters: Readonly<Record<string, number>>
  /** Equity of all portfolios, 1e-6 USD. */
  readonly equityE6: number
  readonly settings: {
    readonly halfSpread: number
    readonly slippage: number
    readonly latencyMs: number
    readonly feeRate: number
  }
}

/** So many live bars of a seed's market, with these troubles. */
export async function troubledRun(seed: number, bars: number, trouble: Trouble): Promise<TroubledRun> {
  const clock = new ManualClock(liveFrom)
  const scripts = pairs.map((pair, i) => scriptOf(pair, seed * 100 + i, bars, trouble))
  const feed = new TroubledFeed(scripts, clock, trouble, seed)
  const requestHandler = memoryRequestHandler()
  const sim = simulate(scenario, {
    seed,
    params,
    source: noSource,
    requestHandler,
    collect: false,
  }) as unknown as Simulation<Swarm>
  const heard = listen(sim)
  const shard = shardOf(sim, new Answers(sim, requestHandler))
  await warmUp({ shard, history: (await feed.start()).history, feed, clock, until: new AbortController().signal })
  const inputs = new Inputs({ feed, answers: shard.components.answers })
  const loop = new LiveLoop({ shard, feed, inputs, clock, isFinal: () => true, checkpointEvery: 1e9 })
  for (let ms = 0; ms < bars * barMs; ms += 500) {
    clock.pass(500)
    loop.poll()
  }
  const portfolios = sim.model.traders.at(0)?.portfolios
  return {
    ...heard,
    served: feed.served,
    outages: new Map(scripts.map(({ pair, outages }) => [pair, outages])),
    counters: printCounters(sim.model),
    equityE6: portfolioNames.reduce((sum, name) => sum + (portfolios === undefined ? 0 : equityE6(portfolios[name])), 0),
    settings: sim.model.params,
  }
}

function listen(sim: Simulation<Swarm>) {
  const fills: Fill[] = []
  const trades: Trade[] = []
  const orders: OrderEnd[] = []
  sim.tap((topic, message) => {
    const named: unknown = topic
    if (named === Fills) fills.push(message as Fill)
    else if (named === TradeConfirmations) trades.push(message as Trade)
    else if (named === OrderEnds) orders.push(message as OrderEnd)
  })
  return { fills, trades, orders }
}

/** A shard without a disk: inputs still pass through the journal's bytes. */
function shardOf(sim: Simulation<Swarm>, answers: Answers): Shard {
  const position = { time: 0, closedUntil: 0 }
  return Object.assign(position, {
    model: sim.model,
    components: { sim, answers },
    checkpoint: () => undefined,
    run({ time, step, inputs }: LiveTick, closedUntil = position.closedUntil) {
      sim.tick({ time, step, inputs: decodeInputs(encodeInputs(inputs)) })
      Object.assign(position, { time, closedUntil })
    },
  }) as unknown as Shard
}
