/**
 * A run that is watched: plays, pauses and steps it, goes back in it and on from there, and tells what to draw. A carrier drives it, gives
 * it its clock, and sends what it shows. Nothing of it moves a digest.
 *
 * ```ts
 * const session = new Session(new RunsInMemory(scenario), { now: () => performance.now() })
 * session.command({ do: 'play' })
 * session.advance(8)                                  // makes the steps that are due
 * session.look().frame(subscription.since)                   // the bytes a viewer has not seen
 * ```
 */

import type { TickInput } from '../model/index.js'
import type { Clock, RunState } from './clock.js'
import type { Command } from './command.js'
import type { Parts } from './parts.js'
import { Rate } from './rate.js'
import type { Beginning, BranchPoint, Runs } from './runs.js'
import { messageOf, noFurther, WatchedRun } from './watched-run.js'

export interface SessionOptions extends Beginning {
  /** The carrier's clock, ms: it paces, and nothing of the run depends on it. */
  readonly now: () => number
  /** Of the first frames; later ones count up. */
  readonly epoch?: number
}

/** A step on the way to one that is sought is not shown for so long. */
const quietMs = 200
/** A run that is slower than its speed does not make up for more. */
const behindMs = 100

export class Session {
  private readonly now: () => number
  private run: WatchedRun
  private questions: readonly string[] = []
  private epoch: number
  /** The step it goes to; null: it stands still. */
  private goal: number | null = null
  /** Whether it goes there at its speed, with each step shown. */
  private isPlaying = false
  private speed: number | null = null
  private nextAt = 0
  private quietUntil = 0
  private rate = new Rate()
  private hasChanged = true
  /** Why the world could not be drawn; the run goes on. */
  private viewFailure: string | null = null
  private digest: { of: WatchedRun['shown']; step: number; text: string } | undefined

  /** Throws where the scenario cannot be set up with these parameters. */
  constructor(
    private readonly runs: Runs,
    { now, epoch = 1, ...beginning }: SessionOptions,
  ) {
    this.now = now
    this.epoch = epoch
    this.run = this.begun(beginning)
  }

  get state(): RunState {
    const { run } = this
    if (run.end !== undefined && !run.isPast) return run.end.state
    return this.goal === null || this.isSeekingPast ? 'paused' : 'playing'
  }

  /** Whether the run goes as fast as it can, so that whatever else is done slows it. */
  get isFlatOut(): boolean {
    return this.goal !== null && !(this.isPlaying && this.speed !== null)
  }

  /** Whether there is something to show that `look` has not shown. */
  get isStale(): boolean {
    return this.hasChanged && !(this.isSeekingPast && this.now() < this.quietUntil)
  }

  /** What is kept beside the run. */
  get counters() {
    return this.run.counters
  }

  /** What the viewers want to see besides the world, all of them together. */
  ask(questions: readonly string[]): void {
    this.questions = questions
    this.run.ask(questions)
    this.hasChanged = true
  }

  /** Throws an `OperatorError` that says what is wrong with a command; nothing has changed then. */
  command(command: Command): void {
    this.hasChanged = true
    switch (command.do) {
      case 'play':
        return this.go(Number.POSITIVE_INFINITY, true)
      case 'pause':
        return this.halt()
      case 'step':
        return this.go(this.run.shown.step + (command.steps ?? 1), false)
      case 'speed':
        this.speed = command.stepsPerSecond
        this.nextAt = this.now()
        return
      case 'reset':
        return this.reset(command)
      case 'change':
        return this.input({ kind: 'change', key: command.key, value: command.value } as TickInput)
      case 'operate':
        return this.input(this.runs.orderOf(command.order))
      case 'seek':
        return this.seek(command.step)
      case 'branch':
        this.run.branch()
        return this.halt()
    }
  }

  /** Makes the steps that are due, at least one, for about so long. Returns the ms until the next is due: 0 at once; Infinity: none is. */
  advance(budgetMs: number): number {
    const until = this.now() + budgetMs
    for (let now = this.now(); this.goal !== null; now = this.now()) {
      if (!this.isFlatOut && now < this.nextAt) return this.nextAt - now
      this.makeStep(now)
      if (this.now() >= until) break
    }
    return this.goal === null ? Number.POSITIVE_INFINITY : this.isFlatOut ? 0 : Math.max(0, this.nextAt - this.now())
  }

  /** The parts as they stand now, to be sent. Where their epoch is another than before, receivers have nothing of them. */
  look(): Parts {
    const { observer } = this.run.shown
    this.hasChanged = false
    try {
      observer.look(this.clock())
      this.viewFailure = null
    } catch (error) {
      this.viewFailure = `The view could not be drawn: ${messageOf(error)}`
      observer.parts.setJson('clock', this.clock())
    }
    return observer.parts
  }

  /** How a reset begins: what it does not give stays as it is in force. */
  beginningOf({ seed, params }: Beginning): Beginning {
    const { sim } = this.run.shown
    return { seed: seed ?? sim.seed, params: params ?? (sim.model.params as Record<string, unknown>) }
  }

  /** Where `branch` goes on from. Throws an `OperatorError` where no past step is shown. */
  get branchPoint(): BranchPoint {
    return this.run.branchPoint
  }

  private begun(beginning: Beginning): WatchedRun {
    const run = new WatchedRun(this.runs, beginning, () => this.epoch++, this.now)
    run.ask(this.questions)
    return run
  }

  private reset(given: Beginning): void {
    this.run = this.begun(this.beginningOf(given))
    this.rate = new Rate()
    this.viewFailure = null
    this.halt()
  }

  private input(input: TickInput): void {
    this.run.input(input)
  }

  private seek(step: number): void {
    if (!this.isSeekingPast) this.quietUntil = this.now() + quietMs
    this.run.goTowards(step)
    if (step === this.run.shown.step) this.halt()
    else this.go(step, false)
  }

  private go(goal: number, isPlaying: boolean): void {
    const { end, isPast } = this.run
    if (end !== undefined && !isPast) throw noFurther(end.reason)
    this.goal = goal
    this.isPlaying = isPlaying
    this.nextAt = this.now()
  }

  private halt(): void {
    this.goal = null
    this.isPlaying = false
  }

  private get isSeekingPast(): boolean {
    return this.goal !== null && !this.isPlaying && this.run.isPast
  }

  private makeStep(now: number): void {
    const { run } = this
    const goesOn = run.advance(this.isFlatOut)
    this.hasChanged = true
    this.rate.made(now)
    if (this.speed !== null) this.nextAt = Math.max(this.nextAt + 1_000 / this.speed, now - behindMs)
    if (!goesOn || run.shown.step >= (this.goal ?? 0)) this.halt()
  }

  private clock(): Clock {
    const { run, state, speed } = this
    const { shown, newest, earliest, branches: branch } = run
    const { step, sim } = shown
    const reason = (run.isPast ? null : run.end?.reason) ?? run.trouble ?? this.viewFailure
    const rate = state === 'playing' ? this.rate.at(this.now()) : 0
    return { step, time: sim.model.now, state, newest, earliest, speed, rate, reason, digest: this.digestShown(), branch }
  }

  /** While it goes, and of a step half made, there is none. */
  private digestShown(): string | null {
    const { shown, end, isPast } = this.run
    if (this.goal !== null || (end?.state === 'failed' && !isPast)) return null
    if (this.digest?.of !== shown || this.digest.step !== shown.step)
      this.digest = { of: shown, step: shown.step, text: shown.sim.digest }
    return this.digest.text
  }
}
