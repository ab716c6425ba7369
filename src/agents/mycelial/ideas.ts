/** From what a learner is convinced of at this bar to the ideas it publishes. */

import { DAY_MS, MINUTE_MS } from '../../core/index.js'
import { expectedReturn, type KeyBook } from '../../discovery/index.js'
import { featuresOf, type Idea, type Style } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

/** One pair, one direction, now: the strongest pattern and every moat that agrees. */
export interface Conviction {
  /** The strongest pattern. */
  key: number
  /** Every pattern behind it. */
  readonly keys: number[]
  /** Expected gross return over the key's horizon, signed. */
  expected: number
  readonly moats: Set<string>
}

/** What is believed of a pair and direction, by that place; made when something is, as most bars nothing is. */
type Found = Map<number, Conviction> | undefined

/** Patterns of a learner's own pairs worth their costs at this bar, merged by pair and direction. */
export function patternConvictions(book: KeyBook, model: SwarmModel, learner: number): Iterable<Conviction> {
  let found: Found
  for (const lane of book.patterns) {
    for (let i = 0; i < lane.count; i++) {
      const key = lane.key[i] as number
      if (!publishes(learner, key, model)) continue
      const expected = expectedReturn(lane, model.tape, i)
      if (Math.abs(expected) > model.roundTripCost) found = merge(found, model, key, expected)
    }
  }
  return found?.values() ?? none
}

const none: readonly Conviction[] = []

/** One learner publishes for each pair, so that patterns that agree become one idea with several moats behind it. */
export function publishes(learner: number, key: number, model: SwarmModel): boolean {
  return model.publisherFor(model.keys.pairIndex(key)) === learner
}

/** Keys traded without a test (see `forcedKeys`): whenever their driver is a standard deviation away from its mean. */
export function forcedConvictions(model: SwarmModel, learner: number): Iterable<Conviction> {
  let found: Found
  for (const { key, sign } of model.forced) {
    const z = model.tape.zAt(model.keys.keyColumn(key), model.keys.lagOf(key))
    if (Math.abs(z) >= 1 && publishes(learner, key, model)) found = merge(found, model, key, sign * z * 1e-3)
  }
  return found?.values() ?? none
}

function merge(found: Found, model: SwarmModel, key: number, expected: number): Found {
  const place = model.keys.pairIndex(key) * 2 + (expected > 0 ? 1 : 0)
  const moat = model.keys.moatOf(key)
  const known = found?.get(place)
  if (known === undefined) return (found ?? new Map()).set(place, { key, keys: [key], expected, moats: new Set([moat]) })
  known.keys.push(key)
  known.moats.add(moat)
  if (Math.abs(expected) > Math.abs(known.expected)) {
    known.key = key
    known.expected = expected
  }
  return found
}

export function toIdea({ key, expected, moats }: Conviction, agent: string, n: number, model: SwarmModel): Idea {
  const pair = model.keys.pairs[model.keys.pairIndex(key)] as string
  const horizonBars = model.keys.horizonOf(key)
  return {
    id: `${agent}:${model.steps}:${n}`,
    source: 'mycelial',
    agent,
    pair,
    direction: expected > 0 ? 1 : -1,
    confidence: confidenceOf(Math.abs(expected), model.roundTripCost),
    decidedAt: model.now,
    expiresAt: model.now + model.barMs,
    horizonBars,
    barMs: model.barMs,
    style: styleOf(horizonBars * model.barMs),
    pattern: model.keys.nameOf(key),
    moats: [...moats],
    prediction: expected,
    features: featuresOf(model.analysis(pair)),
  }
}

/** The names of the patterns behind it, the strongest first. */
export function patternsBehind({ key, keys }: Conviction, model: SwarmModel): string[] {
  return [key, ...keys.filter(other => other !== key)].map(each => model.keys.nameOf(each))
}

/** 0.6 where the expected return just pays its costs, towards 0.9 the more it exceeds them. */
function confidenceOf(expected: number, cost: number): number {
  return 0.6 + 0.3 * Math.max(0, 1 - cost / expected)
}

/** Strategy types by holding period: HFT below 5 minutes, day up to 24 hours, swing beyond. */
function styleOf(holdMs: number): Style {
  if (holdMs < 5 * MINUTE_MS) return 'HFT'
  return holdMs <= DAY_MS ? 'DAY' : 'SWING'
}
