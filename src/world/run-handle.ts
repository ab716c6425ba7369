/** What the owner of a run may say to it while it goes on, in the same process. */

import { OperatorError } from '../core/index.js'
import type { TickInput } from '../model/index.js'
import type { RunInProgress } from './run-in-progress.js'
import type { RunHandle } from './run-request.js'

/** Given to the owner for as long as the run goes on. */
export class OpenRunHandle implements RunHandle {
  readonly runDir: string
  /** Undefined once the run has ended: a handle that is kept must not keep the simulation. */
  private run: RunInProgress | undefined

  constructor(run: RunInProgress) {
    this.run = run
    this.runDir = run.parts.directory.path
  }

  get step(): number {
    return this.goingOn('step').sim.model.steps
  }

  change(key: string, value: unknown): void {
    this.input({ kind: 'change', key, value } as TickInput)
  }

  input(input: TickInput): void {
    this.goingOn('an input').input(input)
  }

  /** The run has ended. */
  close(): void {
    this.run = undefined
  }

  private goingOn(what: string): RunInProgress {
    if (this.run !== undefined) return this.run
    throw new OperatorError({
      what: `${what} of the run ${this.runDir}`,
      expected: 'a run that goes on',
      got: 'one that has ended',
      next: 'Resume it with more `steps`, or begin another.',
    })
  }
}
