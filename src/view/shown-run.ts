/** A simulation, and what viewers see of it. */

import type { Table } from '../core/index.js'
import type { Simulation, TickInput } from '../model/index.js'
import type { Checkpoint } from './checkpoint-ring.js'
import { type ObservedBefore, Observer } from './observer.js'

export class ShownRun {
  /** The last step that was made to its end. */
  private whole: number

  private constructor(
    readonly sim: Simulation,
    readonly observer: Observer,
  ) {
    this.whole = sim.model.steps
  }

  /** `before`: who observed the same run up to the step the simulation begins from. */
  static of(make: (handing: (table: Table) => void) => Simulation, epoch: number, before?: ObservedBefore): ShownRun {
    let observer: Observer | undefined
    const sim = make(table => observer?.handing(table))
    observer = new Observer(sim, epoch, before)
    return new ShownRun(sim, observer)
  }

  get step(): number {
    return this.whole
  }

  /** Makes the next step, with what came from outside before it. False where the model or its data have ended. */
  advance(inputs: readonly TickInput[] = []): boolean {
    const { sim } = this
    for (const input of inputs) sim.input(input)
    if (!sim.step()) return false
    this.whole = sim.model.steps
    this.observer.stepped()
    return true
  }

  /** Right after a step, while no input waits. */
  checkpoint(): Checkpoint {
    return { step: this.step, bytes: this.sim.save(), rows: this.observer.handed }
  }
}
