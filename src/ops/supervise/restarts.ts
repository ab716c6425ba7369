/** When a child is started again: after 1, 2, 4 … 60 s with jitter, and after five times in ten minutes not any more. */

import type { Clock } from '../clock.js'
import type { RestartSettings } from './settings.js'

export class Restarts {
  private times: number[] = []

  /** `chance`: numbers in [0, 1), which spread the restarts of several children. */
  constructor(
    private readonly settings: RestartSettings,
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly chance: () => number,
  ) {}

  /** The pause before the restart that is due now, ms; undefined: there were too many. */
  next(): number | undefined {
    const { firstMs, longestMs, jitter, most } = this.settings
    const { inWindow } = this
    if (inWindow >= most) return undefined
    this.times.push(this.clock.monotonic())
    return Math.min(longestMs, firstMs * 2 ** inWindow) * (1 + jitter * (2 * this.chance() - 1))
  }

  /** Restarts in the window that ends now. */
  get inWindow(): number {
    const since = this.clock.monotonic() - this.settings.windowMs
    this.times = this.times.filter(time => time > since)
    return this.times.length
  }
}
