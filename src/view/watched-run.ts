/**
 * A run with its past: the newest step, and any step before it, made again from the nearest checkpoint with the inputs that came then.
 * Looking at the past leaves the run as it was.
 */

import { OperatorError } from '../core/index.js'
import type { TickInput } from '../model/index.js'
import { CheckpointRing } from './checkpoint-ring.js'
import { InputLog } from './input-log.js'
import { CheckpointPace } from './pace.js'
import type { Beginning, BranchPoint, Runs } from './runs.js'
import { ShownRun } from './shown-run.js'

/** Where the next frames come from: a receiver of another epoch begins anew. */
export type Epochs = () => number

export class WatchedRun {
  /** At the newest step. */
  private live: ShownRun
  /** At an earlier one, while a viewer looks there. */
  private past: ShownRun | undefined
  private readonly ring = new CheckpointRing()
  private readonly inputs = new InputLog()
  private readonly pace = new CheckpointPace()
  /** Counts up with each resume from a past step. */
  branches = 0
  /** Why the newest step is the last. */
  end: { readonly state: 'ended' | 'failed'; readonly reason: string } | undefined

  /** What went wrong with the past; the run itself goes on. */
  trouble: string | undefined

  constructor(
    private readonly runs: Runs,
    beginning: Beginning,
    private readonly epochs: Epochs,
    private readonly now: () => number,
  ) {
    this.live = ShownRun.of(handing => runs.start(beginning, handing), epochs())
    this.ring.add(this.live.checkpoint())
    this.takeInputs()
  }

  get shown(): ShownRun {
    return this.past ?? this.live
  }

  get isPast(): boolean {
    return this.past !== undefined
  }

  get newest(): number {
    return this.live.step
  }

  get earliest(): number {
    return this.ring.earliest ?? this.newest
  }

  get counters() {
    return { checkpoints: this.ring.length, checkpointsDropped: this.ring.dropped, inputs: this.inputs.length }
  }

  /** One step on: of the past again, or a new one. `slows`: the run goes as fast as it can. False where there is no further one. */
  advance(slows: boolean): boolean {
    return this.past === undefined ? this.advanceLive(slows) : this.advancePast(this.past)
  }

  /** Goes to the latest known step that is not after the given one. */
  goTowards(step: number): void {
    this.trouble = undefined
    if (step >= this.newest) return this.showNewest()
    const checkpoint = this.ring.before(step)
    if (checkpoint === undefined) throw tooEarly(step, this.earliest)
    const { past, live } = this
    if (past !== undefined && past.step >= checkpoint.step && past.step <= step) return
    const before = { observer: live.observer, rows: checkpoint.rows }
    this.past = ShownRun.of(handing => this.runs.resume(checkpoint.bytes, handing), this.epochs(), before)
    this.past.observer.ask(live.observer.subscribed)
  }

  /** The past step that is shown, for whoever goes on from it. */
  get branchPoint(): BranchPoint {
    const { step, sim } = this.pastShown()
    return {
      step,
      inputs: this.inputs.until(step),
      get checkpoint() {
        return sim.save()
      },
    }
  }

  /** The past that is shown becomes the run. */
  branch(): void {
    const { step, observer } = this.pastShown()
    const point = this.branchPoint
    const before = { observer, rows: observer.handed }
    this.live = ShownRun.of(handing => this.runs.branch(point, handing), this.epochs(), before)
    this.live.observer.ask(observer.subscribed)
    this.past = undefined
    this.end = undefined
    this.branches++
    this.inputs.cut(step)
    this.ring.cut(step)
    this.takeInputs()
  }

  /** Hands an input in at the newest step. */
  input(input: TickInput): void {
    if (this.past !== undefined) throw inThePast()
    if (this.end !== undefined) throw noFurther(this.end.reason)
    this.runs.assertTakesInputs()
    this.inputs.assertRoom()
    this.live.sim.input(input)
    this.inputs.add(this.newest, input)
    this.runs.heard()
  }

  /** What comes by itself at the newest step. */
  private takeInputs(): void {
    for (const input of this.runs.inputsAfter(this.newest)) {
      this.live.sim.input(input)
      this.inputs.add(this.newest, input)
    }
  }

  ask(questions: readonly string[]): void {
    this.live.observer.ask(questions)
    this.past?.observer.ask(questions)
  }

  private pastShown(): ShownRun {
    if (this.past !== undefined) return this.past
    throw notInThePast()
  }

  private showNewest(): void {
    if (this.past === undefined) return
    this.past = undefined
    this.live.observer.parts.beginEpoch(this.epochs())
  }

  private advancePast(past: ShownRun): boolean {
    try {
      if (!past.advance(this.inputs.after(past.step))) return this.leavePast(past, 'The run has ended.')
    } catch (error) {
      return this.leavePast(past, messageOf(error))
    }
    if (past.step >= this.newest) this.showNewest()
    else this.keep(past, false)
    return true
  }

  private leavePast({ step }: ShownRun, why: string): false {
    this.trouble = `Step ${step + 1} could not be made again: ${why}`
    this.showNewest()
    return false
  }

  private advanceLive(slows: boolean): boolean {
    if (this.end !== undefined) return false
    const { live } = this
    try {
      const from = this.now()
      const goesOn = live.advance()
      if (goesOn) this.runs.stepped(this.now() - from)
      if (!goesOn || live.sim.finished || live.step >= this.runs.lastStep) this.finish(live)
      else this.keep(live, slows)
      if (this.end === undefined) this.takeInputs()
      return this.end === undefined
    } catch (error) {
      this.end = { state: 'failed', reason: messageOf(error) }
      this.runs.failed(error)
      return false
    }
  }

  /** The model closes what is open, as at the end of any run. */
  private finish({ sim }: ShownRun): void {
    const reason = sim.endReason ?? 'the last step that was asked for'
    this.runs.finish(sim)
    this.end = { state: 'ended', reason }
  }

  private keep(run: ShownRun, slows: boolean): void {
    const from = this.now()
    if (!this.pace.isDue(from, slows) || this.ring.has(run.step)) return
    this.ring.add(run.checkpoint())
    this.pace.took(from, this.now())
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function tooEarly(step: number, earliest: number): OperatorError {
  return new OperatorError({ what: 'a step to go back to', expected: `${earliest} or later`, got: step })
}

function notInThePast(): OperatorError {
  return new OperatorError({
    what: 'to go on from a past step',
    expected: 'an earlier step that is shown',
    got: 'the newest',
    next: 'Go back first; from the newest step, play goes on.',
  })
}

function inThePast(): OperatorError {
  return new OperatorError({
    what: 'an input',
    expected: 'the newest step',
    got: 'an earlier one that is shown',
    next: 'Resume from here first, or go back to the newest step.',
  })
}

export function noFurther(reason: string): OperatorError {
  return new OperatorError({
    what: 'to go on',
    expected: 'a run that has further steps',
    got: reason,
    next: 'Go back to an earlier step, or begin anew with reset.',
  })
}
