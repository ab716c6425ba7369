/**
 * The synthetic market's volatility: persistent regimes times a log-normal mixture of slow and fast parts, times the hour of
 * the day and the day of the week. A sum of a few AR(1) processes with half-lives spread over decades has the slowly falling
 * autocorrelation of real |r| (Corsi 2009 uses the same idea), costs a few multiplications a bar, and its mean square is known
 * exactly. Every pair has parts of its own with the same half-lives.
 */

import { math, type Rng } from '../core/index.js'
import { standardNormal } from './synthetic-normal.js'

/** The market's regimes, from quiet to loud. */
export const volatilityRegimes = ['calm', 'normal', 'stormy'] as const
/** How wildly a market moves, by name. */
export type VolatilityRegime = (typeof volatilityRegimes)[number]
const CALM = 0
const NORMAL = 1
const STORMY = 2

export interface VolatilityOptions {
  /** Standard deviation of the logarithm of volatility inside a regime. */
  readonly sd: number
  /** AR(1) parts of log volatility: half-life in bars, and weight in its variance. */
  readonly parts: readonly { readonly halfLife: number; readonly share: number }[]
  /** Share of the variance of log volatility that is a pair's own. */
  readonly ownShare: number
  /** Per regime: volatility relative to the others, and mean stay in bars. */
  readonly regimes: Readonly<Record<VolatilityRegime, { readonly factor: number; readonly meanBars: number }>>
}

/** Multipliers of volatility with mean square 1 in the long run: one for the market, one more for each pair. */
export class Volatility {
  /** The market's multiplier for the current bar. */
  market = 1
  /** Each pair's multiplier on top of the market's. */
  readonly own: Float64Array
  private regimeIndex = NORMAL
  private readonly shared: Float64Array
  /** Each pair's own parts, one row a pair. */
  private readonly ownParts: Float64Array
  private readonly decay: Float64Array
  private readonly sharedShock: Float64Array
  private readonly ownShock: Float64Array
  private readonly sharedVariance: number
  private readonly ownVariance: number
  private readonly factors: readonly number[]
  private readonly leave: readonly number[]
  private readonly parts: number

  constructor(options: VolatilityOptions, pairs: number) {
    const { sd, parts, ownShare, regimes } = options
    const variance = parts.length === 0 ? 0 : sd * sd
    const whole = parts.reduce((sum, p) => sum + p.share, 0)
    this.parts = parts.length
    this.sharedVariance = variance * (1 - ownShare)
    this.ownVariance = variance * ownShare
    this.decay = Float64Array.from(parts, p => math.pow(0.5, 1 / p.halfLife))
    const shocks = (all: number) => Float64Array.from(parts, (p, j) => shockOf(this.decay[j] as number, (all * p.share) / whole))
    this.sharedShock = shocks(this.sharedVariance)
    this.ownShock = shocks(this.ownVariance)
    this.leave = volatilityRegimes.map(r => 1 / regimes[r].meanBars)
    const meanSquare = volatilityRegimes.reduce((sum, r, i) => sum + (this.shares()[i] ?? 0) * regimes[r].factor ** 2, 0)
    this.factors = volatilityRegimes.map(r => regimes[r].factor / Math.sqrt(meanSquare))
    this.shared = new Float64Array(parts.length)
    this.own = new Float64Array(pairs).fill(1)
    this.ownParts = new Float64Array(pairs * parts.length)
  }

  get regime(): VolatilityRegime {
    return volatilityRegimes[this.regimeIndex] ?? 'normal'
  }

  get calm(): boolean {
    return this.regimeIndex === CALM
  }

  /** Draws the long-run law, so that the first bar is like any other. */
  begin(rng: Rng, ownRngs: readonly Rng[]): void {
    const u = rng.float()
    const [calm = 0, normal = 0] = this.shares()
    this.regimeIndex = u < calm ? CALM : u < calm + normal ? NORMAL : STORMY
    for (let j = 0; j < this.parts; j++) {
      const spread = 1 / Math.sqrt(1 - (this.decay[j] as number) ** 2)
      this.shared[j] = (this.sharedShock[j] as number) * spread * standardNormal(rng)
      ownRngs.forEach((own, i) => {
        this.ownParts[i * this.parts + j] = (this.ownShock[j] as number) * spread * standardNormal(own)
      })
    }
  }

  /** Moves the market's part on to the next bar, whose season multiplies it; `storm` holds it in the stormy regime. */
  nextMarket(rng: Rng, season: number, storm: boolean): void {
    const u = rng.float()
    if (storm) this.regimeIndex = STORMY
    else this.regimeIndex = this.nextRegime(u)
    const log = this.advance(this.shared, 0, this.sharedShock, rng)
    this.market = season * (this.factors[this.regimeIndex] as number) * math.exp(log - this.sharedVariance)
  }

  /** Moves pair `i`'s own part on and gives its multiplier. */
  nextOwn(i: number, rng: Rng): number {
    const own = math.exp(this.advance(this.ownParts, i * this.parts, this.ownShock, rng) - this.ownVariance)
    this.own[i] = own
    return own
  }

  save() {
    return {
      regime: this.regimeIndex,
      market: this.market,
      shared: this.shared.slice(),
      ownParts: this.ownParts.slice(),
      own: this.own.slice(),
    }
  }

  restore(state: ReturnType<Volatility['save']>): void {
    this.regimeIndex = state.regime
    this.market = state.market
    this.shared.set(state.shared)
    this.ownParts.set(state.ownParts)
    this.own.set(state.own)
  }

  /** One step of each AR(1) part from `first` on; gives their sum. */
  private advance(state: Float64Array, first: number, shock: Float64Array, rng: Rng): number {
    let log = 0
    for (let j = 0; j < this.parts; j++) {
      const next = (state[first + j] as number) * (this.decay[j] as number) + (shock[j] as number) * standardNormal(rng)
      state[first + j] = next
      log += next
    }
    return log
  }

  /** Calm and stormy lead to normal; normal leads to either with equal chance. */
  private nextRegime(u: number): number {
    const leave = this.leave[this.regimeIndex] as number
    if (u >= leave) return this.regimeIndex
    if (this.regimeIndex !== NORMAL) return NORMAL
    return u < leave / 2 ? CALM : STORMY
  }

  /** Long-run share of bars in each regime: visits (1 : 2 : 1) times mean stay. */
  private shares(): number[] {
    const time = this.leave.map((leave, i) => (i === NORMAL ? 2 : 1) / leave)
    const all = time.reduce((a, b) => a + b, 0)
    return time.map(t => t / all)
  }
}

/** Shock size that keeps an AR(1) at the given variance. */
function shockOf(decay: number, variance: number): number {
  return Math.sqrt(variance * (1 - decay * decay))
}
