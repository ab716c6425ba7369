/** Checks that a checkpoint holds all that a run needs: the first ones are resumed in memory, and go on beside the run. */

import { OperatorError } from '../core/index.js'
import type { SourceTick } from '../scheduler/index.js'
import type { RunState } from './saved.js'

/** The run that is checked. */
export interface ResumableRun {
  readonly steps: () => number
  readonly save: () => RunState
  /** Resumes a checkpoint, repeats the ticks since, and says in what that differs from the run; undefined: in nothing. */
  readonly differenceAfter: (checkpoint: RunState, ticks: readonly SourceTick[]) => string | undefined
}

/** After how many steps a checkpoint is taken, and after how many it is compared. */
const spans: readonly (readonly [from: number, to: number])[] = [
  [0, 2],
  [1, 4],
  [8, 18],
]

interface Trial {
  readonly from: number
  readonly to: number
  readonly checkpoint: RunState
  /** What has happened since. */
  readonly ticks: SourceTick[]
}

export class ResumeCheck {
  private first = 0
  private trials: Trial[] = []

  constructor(private readonly run: ResumableRun) {}

  /** The run is set up, or resumed: from here steps count. */
  begin(): void {
    this.first = this.run.steps()
    this.openTrial()
  }

  /** A tick has ended. */
  tick(tick: SourceTick): void {
    const { trials } = this
    for (const trial of trials) trial.ticks.push(tick)
    if (!tick.step) return
    const done = this.run.steps() - this.first
    this.trials = trials.filter(trial => trial.to > done)
    for (const trial of trials) if (trial.to <= done) this.compare(trial)
    this.openTrial()
  }

  /** The run ends: compares what was not yet due. */
  finish(): void {
    const { trials } = this
    this.trials = []
    for (const trial of trials) if (trial.ticks.length > 0) this.compare(trial)
  }

  private openTrial(): void {
    const done = this.run.steps() - this.first
    for (const [from, to] of spans) if (from === done) this.trials.push({ from, to, checkpoint: this.run.save(), ticks: [] })
  }

  private compare({ from, checkpoint, ticks }: Trial): void {
    const path = this.attempt(from, checkpoint, ticks)
    if (path !== undefined) throw differs(this.first + from, this.run.steps(), path)
  }

  private attempt(from: number, checkpoint: RunState, ticks: readonly SourceTick[]): string | undefined {
    try {
      return this.run.differenceAfter(checkpoint, ticks)
    } catch (error) {
      throw failed(this.first + from, error)
    }
  }
}

const next =
  'State that is not in a field of an agent or the model is not saved: variables of the file, closures, class instances outside them.'

function differs(from: number, to: number, path: string): OperatorError {
  return new OperatorError({
    what: `the checkpoint of step ${from}, resumed and run to step ${to}`,
    expected: 'the same state as in the run',
    got: `a difference in ${path}`,
    next,
  })
}

function failed(from: number, error: unknown): OperatorError {
  const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
  return new OperatorError(
    { what: `the checkpoint of step ${from}, resumed in memory, failed: ${reason}`, next },
    { cause: error },
  )
}
