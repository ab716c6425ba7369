/** The options of `simulate`, `resume` and `run`; one that is not known is refused, since it would do nothing, without a word. */

import type { z } from 'zod'
import { OperatorError, unknownName } from '../core/index.js'
import type { RequestHandler, Source } from '../scheduler/index.js'
import type { CheckLooking } from './look-check.js'
import type { Model } from './model.js'
import type { PopulationView } from './run-view.js'
import type { Sink } from './sink.js'

/** What may be given as a scenario's parameters: what its schema takes, or anything where the schema is not known. */
export type GivenParameters<P extends z.ZodType> = unknown extends z.input<P> ? Record<string, unknown> : z.input<P>

/** Seed, parameters, and what stands in for the model’s own inputs, answers and tables. */
export interface SimulateOptions<P extends z.ZodType = z.ZodType> {
  /** The seed of every random stream; default 1. */
  seed?: number | string
  params?: GivenParameters<P>
  /** The inputs; default: the model's own. */
  source?: Source
  /** Answers requests; default: the model's own handler. */
  requestHandler?: RequestHandler
  /** How long a simulated answer takes, ms; an answer never arrives in a tick that is a step. */
  answerDelayMs?: number
  /** Where collected rows go instead of memory. */
  sink?: Sink
  /** Collect nothing, whatever the scenario says. */
  collect?: boolean
  /** SHA-256 of the market files behind the source: part of what the run is. */
  inputDigests?: readonly string[]
  /**
   * Compare the state before and after every reporter, `onStep` and `until`, and stop where one changed it, naming it and what it changed.
   * `first`: only the first two looks at each table, and only while the state is below 4 MB. Default: no check, since it costs as much as
   * a checkpoint (20 ms for 10,000 agents).
   */
  checkLooking?: CheckLooking
  /**
   * Resume the first checkpoints in memory, and stop where a resumed run goes on otherwise than this one, naming in what. Default: no
   * check, since some steps are made twice.
   */
  checkResume?: boolean
  /** A wall clock in ms, to name the slowest agent; never acted upon. */
  stopwatch?: () => number
  /** Called once in 65,536 births; throws where the population outgrows the memory. */
  heapProbe?: (population: PopulationView) => void
  /** `Math.random`, the wall clock and timers throw within set-up, ticks and end of the model; outside them they work as ever. */
  guard?: boolean
}

/** Of the options of `simulate`, those that a checkpoint does not hold. */
export type ResumeOptions = Omit<SimulateOptions, 'seed' | 'params' | 'inputDigests'>

/** How far `Simulation.run` goes. */
export interface RunOptions<M extends Model = Model> {
  /** Steps to do now, a whole number; default: to the scenario's `steps`, or else until the model or the data stop. */
  steps?: number
  /** Asked after each step. It only looks, as a reporter does. */
  until?: (model: M) => boolean
  /** Called after each step. It only looks, as a reporter does; what is to change a run is an input of a `source`. */
  onStep?: (model: M) => void
}

const ofResume: readonly (keyof ResumeOptions)[] = [
  'source',
  'requestHandler',
  'answerDelayMs',
  'sink',
  'collect',
  'checkLooking',
  'checkResume',
  'stopwatch',
  'heapProbe',
  'guard',
]

/** What a checkpoint holds, so that no resume is given it. */
const held: readonly (keyof SimulateOptions)[] = ['seed', 'params', 'inputDigests']

const ofRun: readonly (keyof RunOptions)[] = ['steps', 'until', 'onStep']

export function assertSimulateOptions(options: object): void {
  assertNames(options, 'simulate', [...held, ...ofResume], 'Write simulate(scenario, { seed: 1 }).')
}

export function assertResumeOptions(options: ResumeOptions): void {
  const kept = held.find(name => name in Object(options))
  if (kept !== undefined)
    throw new OperatorError({
      what: `option "${kept}" of resume`,
      expected: `none, since the checkpoint holds its ${kept}`,
      next: 'Leave it out; another begins another run: simulate(scenario, { … }).',
    })
  assertNames(options, 'resume', ofResume, 'Write resume(scenario, checkpoint, { … }).')
}

export function assertRunOptions(options: object): void {
  const steps: unknown = options
  assertNames(options, 'run', ofRun, typeof steps === 'number' ? `Write run({ steps: ${steps} }).` : 'Write run({ steps: 100 }).')
  for (const name of ['until', 'onStep'] as const) {
    const got = (options as Record<string, unknown>)[name]
    if (got !== undefined && typeof got !== 'function')
      throw new OperatorError({
        what: `run({ ${name} })`,
        expected: 'a function of the model',
        got,
        next: name === 'until' ? 'Write run({ until: model => model.now >= 10 }).' : 'Write run({ onStep: model => { … } }).',
      })
  }
}

function assertNames(options: object, of: string, known: readonly string[], next: string): void {
  if (typeof options !== 'object' || options === null)
    throw new OperatorError({ what: `the options of ${of}`, expected: 'an object', got: options ?? String(options), next })
  const unknown = Object.keys(options).find(name => !known.includes(name))
  if (unknown !== undefined) throw unknownName(`option of ${of}`, unknown, known)
}
