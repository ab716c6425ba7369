/** What live tests share: clocks that hurry or are led by hand, a scripted exchange in the same process, a small scenario. */

import type { LateHistory, ListedRules, LiveFeed, LiveStart, PairStatus, WallClock } from '../../src/feed/index.js'
import { type Bar, type MarketInput, type MarketSource, type SyntheticOptions, syntheticMarket } from '../../src/market/index.js'

/** Wall time that runs `speed` times as fast as the machine's. */
export function acceleratedClock(speed: number, start: number): WallClock {
  const origin = performance.now()
  const now = () => start + Math.floor((performance.now() - origin) * speed)
  return {
    now,
    monotonic: () => (performance.now() - origin) * speed,
    setTimer(delayMs, fire) {
      const handle = setTimeout(fire, Math.max(0, delayMs / speed))
      return () => clearTimeout(handle)
    },
  }
}

/** Time that stands until it is moved; timers fire as it passes them. */
export class ManualClock implements WallClock {
  private mono = 0
  private timers: { at: number; fire: () => void }[] = []
  constructor(private wall: number) {}

  now(): number {
    return this.wall
  }

  monotonic(): number {
    return this.mono
  }

  setTimer(delayMs: number, fire: () => void): () => void {
    const timer = { at: this.mono + delayMs, fire }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter(t => t !== timer)
    }
  }

  /** Time passes. */
  pass(ms: number): void {
    this.mono += ms
    this.wall += ms
    const due = this.timers.filter(t => t.at <= this.mono)
    this.timers = this.timers.filter(t => t.at > this.mono)
    for (const { fire } of due) fire()
  }

  /** The wall clock is set; no time passes. */
  jump(ms: number): void {
    this.wall += ms
  }
}

export interface ScriptOptions {
  readonly pairs: readonly string[]
  readonly barMs: number
  readonly clock: Pick<WallClock, 'now'>
  /** Start of the script's first bar: the same script whenever the process starts. */
  readonly origin: number
  readonly seed?: number
  readonly market?: SyntheticOptions
  /** Bars of history at the start. */
  readonly history?: number
}

/** Where in a bar its open, extremes and close are traded. */
const moments = [0.05, 0.35, 0.6, 0.85]

/** An exchange that always says the same: bar k of a seeded market is traded in [origin + k·barMs, …). */
export class ScriptedFeed implements LiveFeed {
  readonly barMs: number
  /** No data arrives while true. */
  silent = false
  /** Data arrives, and is not to be trusted yet. */
  stayStale = false
  /** Pairs of which nothing more is heard. */
  readonly muted = new Set<string>()
  /** What the exchange is to say besides. */
  readonly listed: ListedRules[] = []
  readonly histories: LateHistory[] = []
  offsetMs: number | null = null
  private readonly replaced = new Map<string, Bar>()
  private readonly source: MarketSource
  private readonly bars: Bar[][] = []
  private readonly queue: MarketInput[] = []
  private upTo: number
  private stale = false

  constructor(private readonly options: ScriptOptions) {
    this.barMs = options.barMs
    this.source = syntheticMarket({ ...options.market, pairs: options.pairs, barMs: options.barMs, seed: options.seed ?? 1 })
    this.upTo = options.clock.now()
  }

  async start(): Promise<LiveStart> {
    const { pairs, clock, history = 0 } = this.options
    this.upTo = clock.now()
    const last = this.indexAt(this.upTo)
    const bars: Bar[] = []
    for (let k = Math.max(0, last - history); k < last; k++) bars.push(...this.bar(k))
    return { pairs, missing: [], history: bars }
  }

  take(maxPerPair: number): MarketInput[] {
    this.fill()
    const counts = new Map<string, number>()
    const taken: MarketInput[] = []
    const left: MarketInput[] = []
    for (const input of this.queue) {
      const pair = pairOf(input)
      const n = counts.get(pair) ?? 0
      if (n < maxPerPair) taken.push(input)
      else left.push(input)
      counts.set(pair, n + 1)
    }
    this.queue.splice(0, this.queue.length, ...left)
    return taken
  }

  waiting(): number {
    return this.queue.length
  }

  now(): number {
    return this.options.clock.now()
  }

  takeRules(): ListedRules[] {
    return this.listed.splice(0)
  }

  takeHistory(): LateHistory | undefined {
    return this.histories.shift()
  }

  clockOffsetMs(): number | null {
    return this.offsetMs
  }

  barFinal(_pair: string, barEnd: number): boolean {
    return this.silent || this.now() >= barEnd
  }

  closeBars(): void {}

  status(): readonly PairStatus[] {
    const state = this.stale ? 'stale' : 'live'
    return this.options.pairs.map(pair => ({ pair, state, lastDataAt: this.upTo, staleSince: null, closedUntil: this.upTo }))
  }

  counters(): Readonly<Record<string, number>> {
    return { bars: this.bars.length }
  }

  async stop(): Promise<void> {}

  /** Another bar in the place of the script's. */
  replaceBar(pair: string, bar: Bar): void {
    this.replaced.set(`${pair} ${bar.time}`, bar)
  }

  /** The exchange trades the pair no more. */
  mute(pair: string): void {
    this.muted.add(pair)
    this.queue.push({ kind: 'stale', pair, since: this.now() })
  }

  /** The exchange has corrected a bar that it had published. */
  revise(bar: Bar): void {
    this.queue.push({ kind: 'revision', bar })
  }

  /** Trades that arrive at once, after all that has been said. */
  flood(pair: string, trades: number, price: number): void {
    this.fill()
    for (let i = 0; i < trades; i++) {
      this.queue.push({ kind: 'trade', trade: { pair, time: this.now(), price, volume: 0.01 } })
    }
  }

  private fill(): void {
    const now = this.now()
    if (now <= this.upTo) return
    const isStale = this.silent || this.stayStale
    if (isStale !== this.stale) {
      this.stale = isStale
      for (const pair of this.options.pairs) this.queue.push({ kind: 'stale', pair, since: this.stale ? now : null })
    }
    if (!this.silent) {
      for (let k = this.indexAt(this.upTo); k <= this.indexAt(now); k++) this.play(k, this.upTo, now)
    }
    this.upTo = now
  }

  private play(k: number, from: number, to: number): void {
    if (k < 0) return
    const start = this.options.origin + k * this.barMs
    const within = (time: number) => time > from && time <= to
    const bars = this.bar(k).filter(({ pair }) => !this.muted.has(pair))
    moments.forEach((moment, i) => {
      const time = start + Math.floor(moment * this.barMs)
      if (!within(time)) return
      for (const bar of bars) {
        const price = [bar.open, bar.high, bar.low, bar.close][i] as number
        this.queue.push({ kind: 'trade', trade: { pair: bar.pair, time, price, volume: bar.volume / 4 } })
      }
    })
    if (!within(start + this.barMs)) return
    for (const bar of bars) this.queue.push({ kind: 'bar', bar: this.replaced.get(`${bar.pair} ${bar.time}`) ?? bar })
  }

  private indexAt(time: number): number {
    return Math.floor((time - this.options.origin) / this.barMs)
  }

  private bar(k: number): Bar[] {
    while (this.bars.length <= k) {
      const bars: Bar[] = []
      while (bars.length === 0) {
        const tick = this.source.next()
        if (tick === undefined) throw new Error('the script has ended')
        for (const input of tick.inputs) if (input.kind === 'bar') bars.push(input.bar)
      }
      const time = this.options.origin + this.bars.length * this.barMs
      this.bars.push(bars.map(bar => ({ ...bar, time })))
    }
    return this.bars[k] as Bar[]
  }
}

function pairOf(input: MarketInput): string {
  if (input.kind === 'bar' || input.kind === 'revision') return input.bar.pair
  if (input.kind === 'trade') return input.trade.pair
  if (input.kind === 'scan') return input.scan.host
  if (input.kind === 'headline') return input.headline.outlet
  return input.kind === 'signal' ? input.signal.stream : input.pair
}
