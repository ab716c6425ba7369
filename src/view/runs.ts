/** Where a watched run comes from: memory alone by default; a world may write it down. */

import { OperatorError, type Table } from '../core/index.js'
import { resume, type Scenario, type Simulation, type Sink, simulate, type TickInput } from '../model/index.js'

/** How a run begins. */
export interface Beginning {
  readonly seed?: number | string
  readonly params?: Readonly<Record<string, unknown>>
}

/** A past step that a run is to go on from. */
export interface BranchPoint {
  readonly step: number
  /** Saved when it is read. */
  readonly checkpoint: Uint8Array
  /** What came from outside until there, oldest first, with the steps after which it came. */
  readonly inputs: readonly (readonly [step: number, input: TickInput])[]
}

/** Takes rows before they leave memory; to be called only once the simulation was returned. */
export type Handing = (table: Table) => void

/** Makes the simulations of one watched scenario. */
export interface Runs {
  start(beginning: Beginning, handing: Handing): Simulation
  /** A look at the past: nothing that it collects is kept. */
  resume(checkpoint: Uint8Array, handing: Handing): Simulation
  /** The run that goes on from a past step; the one before is kept as it is. */
  branch(point: BranchPoint, handing: Handing): Simulation
  /** After this step the run ends by itself; Infinity: never. */
  readonly lastStep: number
  /** What comes from outside by itself after a step, as in a run that was recorded. */
  inputsAfter(step: number): readonly TickInput[]
  /** Throws an `OperatorError` where nothing from outside may come in, as in a record. */
  assertTakesInputs(): void
  /** An input waits for the next tick of the run. */
  heard(): void
  /** A new step of the run was made to its end, in so long. */
  stepped(ms: number): void
  /** No further step follows: the model closes what is open. */
  finish(sim: Simulation): void
  /** A step threw. */
  failed(error: unknown): void
  /** What an operator orders, as an input. Throws an `OperatorError` where it is none. */
  orderOf(order: Readonly<Record<string, unknown>>): TickInput
}

/** Runs whose rows are handed on and forgotten, so that one of ten million steps takes no more memory than one of ten. */
export class RunsInMemory implements Runs {
  readonly lastStep = Number.POSITIVE_INFINITY

  constructor(private readonly scenario: Scenario) {}

  inputsAfter(): readonly TickInput[] {
    return []
  }

  assertTakesInputs(): void {}
  heard(): void {}
  stepped(): void {}
  failed(): void {}

  finish(sim: Simulation): void {
    sim.finish()
  }

  start({ seed, params }: Beginning, handing: Handing): Simulation {
    return simulate(this.scenario, {
      ...(seed !== undefined && { seed }),
      ...(params !== undefined && { params }),
      sink: forgetting(handing),
    })
  }

  resume(checkpoint: Uint8Array, handing: Handing): Simulation {
    return resume(this.scenario, checkpoint, { sink: forgetting(handing) })
  }

  branch({ checkpoint }: BranchPoint, handing: Handing): Simulation {
    return this.resume(checkpoint, handing)
  }

  orderOf(order: Readonly<Record<string, unknown>>): TickInput {
    throw new OperatorError({
      what: 'an order of an operator',
      expected: 'a run that trades and is written down',
      got: order,
      next: 'Run it with "mycelia watch".',
    })
  }
}

/** A sink that hands rows on and keeps none. */
export function forgetting(handing: Handing): Sink {
  return { write: handing, position: () => null, truncate: () => {}, close: () => {} }
}
