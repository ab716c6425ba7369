/** Volumes of the synthetic market: they follow the volatility of the bar and its move, and have noise that lasts. */

import { math, type Rng } from '../core/index.js'
import { standardNormal } from './synthetic-normal.js'

/** E|move| / volatility of a bar, which makes a move of usual size count as 1. */
const USUAL_MOVE = 0.75

export interface VolumeOptions {
  /** Power of the bar's volatility that volume is in proportion to. */
  readonly follows: number
  /** Share of volume that depends on the size of the bar's own move. */
  readonly move: number
  /** Standard deviation of the rest of log volume, the half-life in bars of what lasts of it, and that part's share of its variance. */
  readonly sd: number
  readonly halfLife: number
  readonly lasting: number
}

/** Multipliers of a pair's typical volume, always positive. */
export class SyntheticVolumes {
  private readonly noise: Float64Array
  private readonly decay: number
  private readonly shock: number
  private readonly lastingSd: number
  private readonly freshSd: number
  private readonly level: number

  constructor(
    private readonly options: VolumeOptions,
    pairs: number,
  ) {
    const { sd, halfLife, lasting } = options
    this.noise = new Float64Array(pairs)
    this.decay = math.pow(0.5, 1 / halfLife)
    this.lastingSd = sd * Math.sqrt(lasting)
    this.shock = this.lastingSd * Math.sqrt(1 - this.decay * this.decay)
    this.freshSd = sd * Math.sqrt(1 - lasting)
    this.level = (sd * sd) / 2
  }

  /** Draws the long-run law, so that the first bar is like any other. */
  begin(rngs: readonly Rng[]): void {
    rngs.forEach((rng, i) => {
      this.noise[i] = this.lastingSd * standardNormal(rng)
    })
  }

  /** The multiplier for pair `i`'s bar of this volatility that moved by `move`, both in bar sigmas. */
  next(i: number, rng: Rng, volatility: number, move: number): number {
    const { follows, move: weight } = this.options
    const noise = (this.noise[i] as number) * this.decay + this.shock * standardNormal(rng)
    this.noise[i] = noise
    const relative = move / (USUAL_MOVE * volatility)
    const size = follows === 1 ? volatility : math.pow(volatility, follows)
    return size * (1 - weight + weight * relative) * math.exp(noise + this.freshSd * standardNormal(rng) - this.level)
  }

  save() {
    return { noise: this.noise.slice() }
  }

  restore(state: ReturnType<SyntheticVolumes['save']>): void {
    this.noise.set(state.noise)
  }
}
