/** The look-ahead check of a scenario: its future is cut off and scrambled, and what was decided before must stay as it was. */

import { OperatorError, rootOf, Stream } from '../../core/index.js'
import { type Simulation, type SourceTick, simulate } from '../../model/index.js'
import { planRun, type RunRequest } from '../../world/index.js'
import type { FutureChange } from './check-strategy.js'
import { type Inputs, inputsOf } from './inputs.js'
import { scrambledAfter } from './other-future.js'
import { pointsWithin } from './points.js'

/** What is checked, and at how many places. */
export interface LookaheadRequest
  extends Pick<
    RunRequest,
    'scenario' | 'seed' | 'params' | 'pairs' | 'instruments' | 'timeframe' | 'market' | 'moats' | 'from' | 'to' | 'timezone'
  > {
  /** Steps of the run; default 500. */
  readonly steps?: number | undefined
  /** Places at which the future is changed; default 10. Each costs two runs up to there. */
  readonly points?: number | undefined
  readonly onProgress?: ((done: number, of: number) => void) | undefined
}

/** Something that depended on what came after it. */
export interface Lookahead {
  /** The last step that was left as it is. */
  readonly knownUntil: number
  readonly future: FutureChange
  /** The step and time of the first decision that came out otherwise. */
  readonly step: number
  readonly time: number
  /** The topic of that decision, or `state`: what agents or model hold. */
  readonly what: string
}

/** What a look-ahead check found. */
export interface LookaheadCheck {
  readonly scenario: string
  readonly seed: number
  /** Steps of the run; 0 where nothing comes into the model from outside, so that it has no future to look at. */
  readonly steps: number
  /** The steps after which the future was changed. */
  readonly points: readonly number[]
  readonly found: readonly Lookahead[]
}

/** Steps that the market goes on after the last place, so that a scrambled future has something in it. */
const stepsBeyond = 100

/**
 * Runs a scenario as it is, then again with the inputs after a place cut off, and again with other inputs after it, at many places, and
 * compares decisions and state up to there. What a model knows from elsewhere, such as a file that it reads itself, is not changed.
 */
export async function checkLookahead(request: LookaheadRequest): Promise<LookaheadCheck> {
  const { steps: wanted = 500, points = 10, onProgress, ...given } = request
  const plan = await planRun({ ...given, steps: wanted })
  const { scenario, seed, params } = plan
  const inputs = inputsOf(plan, wanted + stepsBeyond)
  const steps = Math.min(wanted, inputs?.steps.length ?? 0)
  if (inputs === undefined || steps === 0) return { scenario: scenario.name, seed, steps: 0, points: [], found: [] }
  const runOn = (ticks: readonly SourceTick[]) =>
    simulate(inputs.scenarioOn(ticks), { seed, params, collect: false, ...inputs.sourceOn(ticks) })
  const places = pointsWithin(steps, points, seed)
  const truth = follow(runOn(inputs.ticks), places)
  assertRepeatable(truth, follow(runOn(inputs.ticks), places.slice(0, 1)), scenario.name)
  const found: Lookahead[] = []
  places.forEach((place, i) => {
    for (const [future, ticks] of futuresOf(inputs, place, seed)) {
      const difference = differenceUntil(place, truth, follow(runOn(ticks), [place]))
      if (difference !== undefined)
        found.push({ knownUntil: place, future, step: stepAt(inputs, difference.time), ...difference })
    }
    onProgress?.(i + 1, places.length)
  })
  return { scenario: scenario.name, seed, steps, points: places, found }
}

/** The step that an instant belongs to: the last one that had begun. */
function stepAt({ ticks, steps }: Inputs, time: number): number {
  return steps.findLastIndex(tick => (ticks[tick] as SourceTick).time <= time) + 1
}

/** The inputs with another future after a step. */
function futuresOf({ ticks, steps }: Inputs, place: number, seed: number): [FutureChange, readonly SourceTick[]][] {
  const last = steps[place - 1] as number
  const rng = new Stream(rootOf(seed), 'look-ahead future', place)
  return [
    ['cut', ticks.slice(0, last + 1)],
    ['scrambled', scrambledAfter(ticks, last, rng)],
  ]
}

/** A message that counts as decided. */
interface Decided {
  readonly time: number
  readonly topic: string
  readonly text: string
}

/** What a run decided, and after each place how much of it and the digest of everything. */
interface Followed {
  readonly decided: readonly Decided[]
  readonly at: ReadonlyMap<number, { readonly count: number; readonly time: number; readonly digest: string }>
}

function follow(sim: Simulation, places: readonly number[]): Followed {
  const { model } = sim
  const decided: Decided[] = []
  const at = new Map<number, { count: number; time: number; digest: string }>()
  const stop = sim.tap((topic, message) => {
    if (!topic.fact) return
    decided.push({ time: model.now, topic: topic.name, text: JSON.stringify(topic.factOf(message)) ?? '' })
  })
  for (const place of places) {
    sim.run({ steps: place - model.steps })
    at.set(place, { count: decided.length, time: model.now, digest: sim.digest })
  }
  stop()
  return { decided, at }
}

/** The first decision up to a step that is not the same; else `state`, where the digests differ. */
function differenceUntil(place: number, truth: Followed, other: Followed): Pick<Lookahead, 'time' | 'what'> | undefined {
  const expected = truth.at.get(place)
  const got = other.at.get(place)
  for (let i = 0; i < Math.max(expected?.count ?? 0, got?.count ?? 0); i++) {
    const [left, right] = [truth.decided[i], other.decided[i]]
    if (left?.topic === right?.topic && left?.text === right?.text && left?.time === right?.time) continue
    const { time, topic } = (right ?? left) as Decided
    return { time, what: topic }
  }
  return expected?.digest === got?.digest ? undefined : { time: expected?.time ?? Number.NaN, what: 'state' }
}

function assertRepeatable(truth: Followed, again: Followed, scenario: string): void {
  for (const [place, { digest }] of again.at) {
    if (truth.at.get(place)?.digest === digest) continue
    throw new OperatorError({
      what: `scenario ${scenario}`,
      expected: 'the same run from the same seed',
      got: `another one by step ${place}`,
      next: 'It uses chance or time of its own: a run with `strict` names where.',
    })
  }
}
