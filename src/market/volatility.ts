/**
 * The synthetic market's volatility: persistent regimes times a log-normal mixture of slow and fast components. A sum of
 * a few AR(1) processes with half-lives spread over decades has the slowly falling autocorrelation of real |r| (Corsi 2009
 * uses the same idea), costs a few multiplications a bar, and its mean square is known exactly.
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
  /** Half-lives, in bars, of the components all pairs share. */
  readonly halfLives: readonly number[]
  /** Share of the variance of log volatility that is a pair's own. */
  readonly ownShare: number
  /** Half-life, in bars, of a pair's own component. */
  readonly ownHalfLife: number
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
  private readonly ownLog: Float64Array
  private readonly sharedDecay: readonly number[]
  private readonly sharedShock: readonly number[]
  private readonly ownDecay: number
  private readonly ownShock: number
  private readonly sharedVariance: number
  private readonly ownVariance: number
  private readonly factors: readonly number[]
  private readonly leave: readonly number[]

  constructor(options: VolatilityOptions, pairs: number) {
    const { sd, halfLives, ownShare, ownHalfLife, regimes } = options
    this.sharedVariance = halfLives.length === 0 ? 0 : sd * sd * (1 - ownShare)
    this.ownVariance = sd * sd * ownShare
    this.sharedDecay = halfLives.map(decayOf)
    this.sharedShock = this.sharedDecay.map(d => shockOf(d, this.sharedVariance / halfLives.length))
    this.ownDecay = decayOf(ownHalfLife)
    this.ownShock = shockOf(this.ownDecay, this.ownVariance)
    this.leave = volatilityRegimes.map(r => 1 / regimes[r].meanBars)
    const meanSquare = volatilityRegimes.reduce((sum, r, i) => sum + (this.shares()[i] ?? 0) * regimes[r].factor ** 2, 0)
    this.factors = volatilityRegimes.map(r => regimes[r].factor / Math.sqrt(meanSquare))
    this.shared = new Float64Array(halfLives.length)
    this.own = new Float64Array(pairs).fill(1)
    this.ownLog = new Float64Array(pairs)
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
    const sd = Math.sqrt(this.sharedVariance / Math.max(1, this.shared.length))
    for (let j = 0; j < this.shared.length; j++) this.shared[j] = sd * standardNormal(rng)
    ownRngs.forEach((own, i) => {
      this.ownLog[i] = Math.sqrt(this.ownVariance) * standardNormal(own)
    })
  }

  /** Moves the market's part on to the next bar; `storm` holds it in the stormy regime. */
  nextMarket(rng: Rng, storm: boolean): void {
    const u = rng.float()
    if (storm) this.regimeIndex = STORMY
    else this.regimeIndex = this.nextRegime(u)
    let log = -this.sharedVariance
    for (let j = 0; j < this.shared.length; j++) {
      const next =
        (this.shared[j] as number) * (this.sharedDecay[j] as number) + (this.sharedShock[j] as number) * standardNormal(rng)
      this.shared[j] = next
      log += next
    }
    this.market = (this.factors[this.regimeIndex] as number) * math.exp(log)
  }

  /** Moves pair `i`'s own part on and gives its multiplier. */
  nextOwn(i: number, rng: Rng): number {
    const log = (this.ownLog[i] as number) * this.ownDecay + this.ownShock * standardNormal(rng)
    this.ownLog[i] = log
    const own = math.exp(log - this.ownVariance)
    this.own[i] = own
    return own
  }

  save() {
    return {
      regime: this.regimeIndex,
      market: this.market,
      shared: this.shared.slice(),
      ownLog: this.ownLog.slice(),
      own: this.own.slice(),
    }
  }

  restore(state: ReturnType<Volatility['save']>): void {
    this.regimeIndex = state.regime
    this.market = state.market
    this.shared.set(state.shared)
    this.ownLog.set(state.ownLog)
    this.own.set(state.own)
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

function decayOf(halfLife: number): number {
  return math.pow(0.5, 1 / halfLife)
}

/** Shock size that keeps an AR(1) at the given variance. */
function shockOf(decay: number, variance: number): number {
  return Math.sqrt(variance * (1 - decay * decay))
}
