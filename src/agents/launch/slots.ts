/** Time in the launch world: a tick and a step each slot. */

import type { TimeMs } from '../../core/index.js'
import type { Source, SourceTick } from '../../model/index.js'

/** Model time at which a run begins: 2024-01-01, UTC. */
export const LAUNCH_START: TimeMs = 1_704_067_200_000

/** A time in whole slots, at least one: so everything happens in slots, and no tick is between two. */
export function inSlots(ms: number, slotMs: number): TimeMs {
  return Math.max(1, Math.round(ms / slotMs)) * slotMs
}

/** A slot every `slotMs`, for ever; nothing comes from outside. */
export class Slots implements Source {
  private made = 0

  constructor(private readonly slotMs: number) {}

  next(): SourceTick {
    this.made++
    return { time: LAUNCH_START + this.made * this.slotMs, step: true, inputs: [] }
  }

  save(): number {
    return this.made
  }

  restore(state: unknown): void {
    this.made = state as number
  }

  describe(): Record<string, unknown> {
    return { kind: 'slots', slotMs: this.slotMs }
  }
}
