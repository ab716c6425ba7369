/** Time in the launch world: a tick and a step each slot. */

import type { TimeMs } from '../../core/index.js'
import type { Source, SourceTick, TickInput } from '../../model/index.js'

/** Model time at which a run begins: 2024-01-01, UTC. */
export const LAUNCH_START: TimeMs = 1_704_067_200_000

/** A time in whole slots, at least one: so everything happens in slots, and no tick is between two. */
export function inSlots(ms: number, slotMs: number): TimeMs {
  return Math.max(1, Math.round(ms / slotMs)) * slotMs
}

/** An input that comes at a time. */
export interface PlannedOrder {
  readonly at: TimeMs
  readonly input: TickInput
}

/** A slot every `slotMs`, for ever; nothing comes from outside but what an operator orders. */
export class Slots implements Source {
  private made = 0

  /** Orders of an operator come in the first slot that is not before their time. */
  constructor(
    private readonly slotMs: number,
    private readonly orders: readonly PlannedOrder[] = [],
  ) {}

  next(): SourceTick {
    this.made++
    const time = LAUNCH_START + this.made * this.slotMs
    const isDue = ({ at }: PlannedOrder) => at <= time && (at > time - this.slotMs || this.made === 1)
    return { time, step: true, inputs: this.orders.filter(isDue).map(({ input }) => input) }
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
