/** Technical persistence: some pairs drift up for a while and down for a while, which is what following a trend can earn. */

import { math, type Root, Stream } from '../core/index.js'
import { standardNormal } from './synthetic-normal.js'
import { barSigma, type SyntheticSettings } from './synthetic-options.js'

/** An AR(1) drift in the simple returns of each pair that has it, drawing from a stream of its own. */
export class PlantedPersistence {
  private readonly places: number[]
  private readonly rngs: Stream[]
  private readonly sizes: Float64Array
  private readonly levels: Float64Array
  private readonly decay: number
  private readonly shock: number

  constructor(
    private readonly settings: SyntheticSettings,
    root: Root,
  ) {
    const { share, halfLife, pairs } = settings.persistence
    const drifting = share > 0 ? pairs : []
    this.places = drifting.map(pair => settings.pairs.indexOf(pair))
    this.rngs = drifting.map(pair => new Stream(root, `market:persistence:${pair}`))
    this.sizes = Float64Array.from(this.places, i => barSigma(settings, i) * Math.sqrt(share))
    this.decay = math.pow(0.5, 1 / halfLife)
    this.shock = Math.sqrt(1 - this.decay * this.decay)
    this.levels = Float64Array.from(this.rngs, rng => standardNormal(rng))
  }

  /** Moves the drifts on to the coming bar, and adds them and the variance they hold to those of the pairs. */
  add(shift: Float64Array, taken: Float64Array): void {
    const { share } = this.settings.persistence
    for (let k = 0; k < this.places.length; k++) {
      const i = this.places[k] as number
      const level = (this.levels[k] as number) * this.decay + this.shock * standardNormal(this.rngs[k] as Stream)
      this.levels[k] = level
      shift[i] = (shift[i] as number) + (this.sizes[k] as number) * level
      taken[i] = (taken[i] as number) + share
    }
  }

  save() {
    return { levels: this.levels.slice(), rngs: this.rngs.map(r => r.saveState()) }
  }

  restore(state: ReturnType<PlantedPersistence['save']>): void {
    this.levels.set(state.levels)
    this.rngs.forEach((rng, k) => {
      rng.loadState(state.rngs[k])
    })
  }
}
