/** What planted outages do to prices: a fall after the start, a rise after the end, each spread over some minutes. */

import { MINUTE_MS, type TimeMs } from '../../core/index.js'
import { type RampedMove, RampedMoves } from '../ramped-moves.js'
import type { NetEvent } from './events.js'
import type { NetSettings } from './net-options.js'

export class PlantedMoves extends RampedMoves {
  constructor(private readonly settings: NetSettings) {
    super()
  }

  /** Plans what an event does; nothing where it is not planted. */
  plan({ planted, host, start, end, leadMs }: NetEvent): void {
    if (!planted || host === null) return
    const pairs = this.settings.hosts[host] ?? []
    const { move, over } = this.settings.planted
    const from = (at: TimeMs, share: number): RampedMove => ({
      start: at + leadMs,
      end: at + leadMs + over * MINUTE_MS,
      pairs,
      move: share,
    })
    this.add(from(start, -move), from(end, move))
  }
}
