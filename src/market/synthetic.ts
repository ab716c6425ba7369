/**
 * The synthetic market: a seeded, endless, fair game with the stylized facts of real crypto prices, into which causes are planted.
 * With none planted, every price is a martingale: E[P(t+1) | past] = P(t), and so is every level its bars touch.
 */

import { math, type Root, rootOf, Stream } from '../core/index.js'
import { BarFlag, filledBar, type MoatSignal, moatStreams, moats } from './candle.js'
import { type PlantedShock, plantedCauses } from './planted.js'
import { PlantedEffects } from './planted-effects.js'
import { PlantedPersistence } from './planted-persistence.js'
import { seasonFactor } from './season.js'
import type { MarketInput, MarketSource, MarketTick } from './source.js'
import { openUnit, standardNormal } from './synthetic-normal.js'
import { gapVariance, type SyntheticOptions, type SyntheticSettings, syntheticSettings } from './synthetic-options.js'
import { type PairGenerator, pairGenerator } from './synthetic-pair.js'
import { IntrabarPath } from './synthetic-path.js'
import { SyntheticStreams, streamLaws } from './synthetic-streams.js'
import { SyntheticVolumes } from './synthetic-volume.js'
import { Volatility } from './volatility.js'

/** Noise never falls below this share of a pair's variance, whatever is planted at once. */
const LEAST_NOISE = 0.05
/** No gap before an open moves a price by more, up or down. */
const LARGEST_GAP = 0.4
type Outage = Extract<PlantedShock, { kind: 'outage' }>
type Crash = Extract<PlantedShock, { kind: 'crash' }>

/** Makes the market of a seed. Ends never: the run's number of steps ends it. Throws OperatorError on impossible options. */
export function syntheticMarket(options: SyntheticOptions & { readonly seed: number | string }): MarketSource {
  const { seed, ...rest } = options
  return new SyntheticMarket(syntheticSettings(rest), rootOf(seed))
}

class SyntheticMarket implements MarketSource {
  readonly barMs: number
  readonly pairs: readonly string[]
  private bar = 0
  /** The price behind each pair, moving on while the pair is silent, and the close it last showed. */
  private readonly prices: Float64Array
  private readonly shown: Float64Array
  private readonly returns: Float64Array
  private readonly makers: readonly PairGenerator[]
  private readonly rng: Stream
  private readonly volatility: Volatility
  private readonly season: (startMs: number) => number
  private readonly volumes: SyntheticVolumes
  private readonly streams: SyntheticStreams
  private readonly effects: PlantedEffects
  private readonly persistence: PlantedPersistence
  private readonly path = new IntrabarPath()
  private readonly signals: readonly Pick<MoatSignal, 'moat' | 'stream' | 'placebo'>[]
  private readonly outages: readonly Outage[]
  private readonly crashes: readonly Crash[]
  private readonly gaps: number
  private readonly tailScale: number
  /** Chance that a common leg falls: what makes falls and rises of unlike sizes fair. */
  private readonly fallChance: number
  private readonly tailPower: number
  /** The common factor's two legs in the current bar: where each ends and the end it did not reach, in bar sigmas. */
  private readonly common = { first: 0, firstOther: 0, second: 0, secondOther: 0 }

  constructor(
    private readonly settings: SyntheticSettings,
    root: Root,
  ) {
    const { pairs, barMs, tailIndex, shocks } = settings
    this.barMs = barMs
    this.pairs = pairs
    this.makers = pairs.map((_, i) => pairGenerator(settings, i, root))
    this.prices = Float64Array.from(this.makers, m => m.price)
    this.shown = this.prices.slice()
    this.returns = new Float64Array(pairs.length)
    this.rng = new Stream(root, 'market:common')
    this.volatility = new Volatility(settings.clustering, pairs.length)
    this.season = seasonFactor(settings.season, barMs)
    this.volumes = new SyntheticVolumes(settings.volume, pairs.length)
    this.streams = new SyntheticStreams(root, streamLaws(settings))
    this.effects = new PlantedEffects(settings, this.streams, this.prices)
    this.persistence = new PlantedPersistence(settings, root)
    const drivers = new Set(plantedCauses(settings.causes, shocks).map(c => c.driver))
    this.signals = moats.flatMap(moat =>
      moatStreams[moat].map(stream => ({ moat, stream, placebo: !drivers.has(`${moat}:${stream}`) })),
    )
    this.outages = shocks.filter(s => s.kind === 'outage')
    this.crashes = shocks.filter(s => s.kind === 'crash')
    this.gaps = gapVariance(settings)
    this.tailPower = -1 / tailIndex
    this.fallChance = 1 / (1 + settings.fallSize ** 2)
    this.tailScale = Math.sqrt((tailIndex - 2) / tailIndex)
    const rngs = this.makers.map(m => m.rng)
    this.volatility.begin(this.rng, rngs)
    this.volumes.begin(rngs)
  }

  /** The next bar of every pair, and before them what the moat streams show at its close. */
  next(): MarketTick {
    const time = this.settings.startTime + (this.bar + 1) * this.barMs
    const inputs: MarketInput[] = []
    this.streams.next()
    this.sendSignals(time, inputs)
    const crash = this.crashMove()
    this.moveCommon(crash !== 0)
    this.effects.prepare(this.bar, this.volatility.calm)
    this.persistence.add(this.effects.shift, this.effects.taken)
    for (const outage of this.outages) this.sendStale(outage, inputs)
    let bars = 0
    for (let i = 0; i < this.makers.length; i++) bars += this.sendBar(i, crash, inputs)
    this.effects.remember(this.bar, this.returns, this.prices)
    this.bar++
    return { time, step: bars > 0, inputs }
  }

  save(): unknown {
    return {
      bar: this.bar,
      prices: this.prices.slice(),
      shown: this.shown.slice(),
      rngs: [this.rng, ...this.makers.map(m => m.rng)].map(r => r.saveState()),
      volatility: this.volatility.save(),
      volumes: this.volumes.save(),
      streams: this.streams.save(),
      effects: this.effects.save(),
      persistence: this.persistence.save(),
    }
  }

  restore(saved: unknown): void {
    const state = saved as SyntheticState
    this.bar = state.bar
    this.prices.set(state.prices)
    this.shown.set(state.shown)
    ;[this.rng, ...this.makers.map(m => m.rng)].forEach((rng, i) => {
      rng.loadState(state.rngs[i])
    })
    this.volatility.restore(state.volatility)
    this.volumes.restore(state.volumes)
    this.streams.restore(state.streams)
    this.effects.restore(state.effects)
    this.persistence.restore(state.persistence)
  }

  describe(): Record<string, unknown> {
    const { causes, shocks, persistence } = this.settings
    return {
      kind: 'synthetic',
      planted: plantedCauses(causes, shocks),
      persistence:
        persistence.share > 0
          ? persistence.pairs.map(pair => ({ pair, share: persistence.share, halfLife: persistence.halfLife }))
          : [],
      placebo: this.signals.filter(s => s.placebo).map(s => `${s.moat}:${s.stream}`),
      barSigma: Object.fromEntries(this.makers.map(m => [m.name, m.sigma])),
      options: this.settings,
    }
  }

  private sendSignals(time: number, inputs: MarketInput[]): void {
    const { values } = this.streams
    for (let i = 0; i < this.signals.length; i++) {
      const { moat, stream, placebo } = this.signals[i] as (typeof this.signals)[number]
      inputs.push({ kind: 'signal', signal: { moat, stream, time, value: values[i] as number, placebo } })
    }
  }

  /** Draws what all pairs share: volatility, and the common factor's two legs. */
  private moveCommon(storm: boolean): void {
    const { rng, volatility, common } = this
    volatility.nextMarket(rng, this.season(this.settings.startTime + this.bar * this.barMs), storm)
    const size = this.legSize(openUnit(rng), this.settings.commonShare) * volatility.market
    const { fallSize } = this.settings
    const riseSize = 1 / fallSize
    const first = size * Math.abs(standardNormal(rng))
    const second = size * Math.abs(standardNormal(rng))
    const firstFalls = rng.chance(this.fallChance)
    const secondFalls = rng.chance(this.fallChance)
    common.first = first * (firstFalls ? -fallSize : riseSize)
    common.firstOther = first * (firstFalls ? riseSize : fallSize)
    common.second = second * (secondFalls ? -fallSize : riseSize)
    common.secondOther = second * (secondFalls ? riseSize : fallSize)
  }

  /** Scale of one of two legs that together hold `share` of the variance, with a Pareto factor u^(−1/ν) of mean square 1. */
  private legSize(u: number, share: number): number {
    return Math.sqrt(share / 2) * this.tailScale * math.pow(u, this.tailPower)
  }

  /** Makes pair `i`'s bar and sends it, or what stands in for it while the pair is silent; gives the bars sent. */
  private sendBar(i: number, crash: number, inputs: MarketInput[]): number {
    const maker = this.makers[i] as PairGenerator
    const before = this.prices[i] as number
    const volume = this.walk(i, maker, crash)
    const { open, high, low, price } = this.path
    this.prices[i] = price
    const outage = this.outages.length === 0 ? undefined : this.outageOf(maker.name)
    const time = this.settings.startTime + this.bar * this.barMs
    const { barMs } = this
    if (outage !== undefined) {
      this.returns[i] = 0
      if (outage.as === 'absent') return 0
      inputs.push({
        kind: 'bar',
        bar: { ...filledBar(maker.name, time, this.shown[i] as number, barMs), flags: BarFlag.filled | BarFlag.stale },
      })
      return 1
    }
    this.returns[i] = price / before - 1
    this.shown[i] = price
    inputs.push({ kind: 'bar', bar: { time, open, high, low, close: price, volume, pair: maker.name, barMs, flags: 0 } })
    return 1
  }

  /**
   * Walks pair `i` through the coming bar (jump before the open, planted drift, then common and own legs in turn) and
   * gives the volume traded. Every draw is made whatever is planted, so that runs of one seed can be compared.
   */
  private walk(i: number, { rng, sigma, floor, volume }: PairGenerator, crash: number): number {
    const { path, volatility, common } = this
    const before = this.prices[i] as number
    const scale = before < floor ? (sigma * before) / floor : sigma
    const own = volatility.market * volatility.nextOwn(i, rng)
    const noise = scale * Math.sqrt(Math.max(LEAST_NOISE, 1 - this.gaps - (this.effects.taken[i] as number)))
    const ownSize = noise * own * this.legSize(openUnit(rng), 1 - this.settings.commonShare)
    path.start(before * (1 + this.gap(rng, scale * own)))
    path.drift((scale / sigma) * (this.effects.shift[i] as number) + crash)
    path.skewedLeg(noise * common.first, noise * common.firstOther, openUnit(rng))
    path.leg(ownSize * standardNormal(rng), openUnit(rng))
    path.skewedLeg(noise * common.second, noise * common.secondOther, openUnit(rng))
    path.leg(ownSize * standardNormal(rng), openUnit(rng))
    return volume * this.volumes.next(i, rng, own, Math.abs(path.price / path.open - 1) / scale)
  }

  /** The gap between the last close and the open, as a fraction of the price: small in every bar, a jump in a few. */
  private gap(rng: Stream, scale: number): number {
    const { openGap, jumps } = this.settings
    const small = clip(scale * openGap * standardNormal(rng))
    if (!rng.chance(jumps.rate)) return small
    const move = clip(scale * jumps.size * rng.between(0.6, 1.4))
    return small + (rng.chance(0.5) ? move : -move)
  }

  /** The crash's move over the coming bar, 0 without one. */
  private crashMove(): number {
    let price = 1
    for (const { at, bars, depth } of this.crashes) {
      if (this.bar >= at && this.bar < at + bars) price *= math.pow(1 - depth, 1 / bars)
    }
    return price - 1
  }

  private outageOf(pair: string): Outage | undefined {
    return this.outages.find(o => this.bar >= o.at && this.bar < o.at + o.bars && (o.pairs?.includes(pair) ?? true))
  }

  /** Says at the first missed close that a pair has fallen silent, and at its first close after that it is back. */
  private sendStale({ at, bars, pairs, as }: Outage, inputs: MarketInput[]): void {
    const from = this.settings.startTime + at * this.barMs
    for (const pair of pairs ?? this.pairs) {
      if (this.bar === at) inputs.push({ kind: 'stale', pair, since: from })
      if (this.bar !== at + bars) continue
      inputs.push({ kind: 'stale', pair, since: null })
      if (as === 'absent') inputs.push({ kind: 'gap', pair, from, to: from + bars * this.barMs })
    }
  }
}

interface SyntheticState {
  readonly bar: number
  readonly prices: Float64Array
  readonly shown: Float64Array
  readonly rngs: readonly unknown[]
  readonly volatility: ReturnType<Volatility['save']>
  readonly volumes: ReturnType<SyntheticVolumes['save']>
  readonly streams: ReturnType<SyntheticStreams['save']>
  readonly effects: ReturnType<PlantedEffects['save']>
  readonly persistence: ReturnType<PlantedPersistence['save']>
}

function clip(move: number): number {
  return Math.max(-LARGEST_GAP, Math.min(LARGEST_GAP, move))
}
