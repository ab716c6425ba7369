/** Turns the patterns a learner watches into the ideas it publishes at a bar. */

import { expectedReturn, type HypothesisTests } from '../../discovery/index.js'
import { featuresOf, type Idea, styleOf } from '../../trading/index.js'
import type { SwarmModel } from './ports.js'

/** One pair, one direction, now: the strongest pattern and every moat that agrees. */
export interface Forecast {
  /** The strongest pattern. */
  hypothesis: number
  /** Every pattern behind it. */
  readonly hypotheses: number[]
  /** Expected gross return over the hypothesis's horizon, signed. */
  expected: number
  readonly moats: Set<string>
}

/** Forecasts by pair and direction; made on demand, because most bars have none. */
type Found = Map<number, Forecast> | undefined

/** Patterns of a learner's own pairs worth their costs at this bar, merged by pair and direction. */
export function patternForecasts(tests: HypothesisTests, model: SwarmModel, learner: number): Iterable<Forecast> {
  let found: Found
  const { patterns } = tests
  for (let i = 0; i < patterns.count; i++) {
    const hypothesis = patterns.hypothesis[i] as number
    if (!publishes(learner, hypothesis, model)) continue
    const expected = expectedReturn(patterns, model.rollingWindow, i)
    if (Math.abs(expected) > model.roundTripCost) found = merge(found, model, hypothesis, expected)
  }
  return found?.values() ?? none
}

const none: readonly Forecast[] = []

/** One learner publishes for each pair, so that patterns that agree become one idea with several moats behind it. */
export function publishes(learner: number, hypothesis: number, model: SwarmModel): boolean {
  return model.publisherFor(model.hypotheses.pairIndex(hypothesis)) === learner
}

/** Hypotheses traded without a test (see `forcedHypotheses`), whenever their driver is a standard deviation from its mean. */
export function forcedForecasts(model: SwarmModel, learner: number): Iterable<Forecast> {
  let found: Found
  for (const { hypothesis, sign } of model.forced) {
    const z = model.rollingWindow.zAt(model.hypotheses.hypothesisColumn(hypothesis), model.hypotheses.lagOf(hypothesis))
    if (Math.abs(z) >= 1 && publishes(learner, hypothesis, model)) found = merge(found, model, hypothesis, sign * z * 1e-3)
  }
  return found?.values() ?? none
}

function merge(found: Found, model: SwarmModel, hypothesis: number, expected: number): Found {
  const place = model.hypotheses.pairIndex(hypothesis) * 2 + (expected > 0 ? 1 : 0)
  const moat = model.hypotheses.moatOf(hypothesis)
  const known = found?.get(place)
  if (known === undefined)
    return (found ?? new Map<number, Forecast>()).set(place, {
      hypothesis,
      hypotheses: [hypothesis],
      expected,
      moats: new Set([moat]),
    })
  known.hypotheses.push(hypothesis)
  known.moats.add(moat)
  if (Math.abs(expected) > Math.abs(known.expected)) {
    known.hypothesis = hypothesis
    known.expected = expected
  }
  return found
}

export function toIdea({ hypothesis, expected, moats }: Forecast, agent: string, n: number, model: SwarmModel): Idea {
  const pair = model.hypotheses.pairs[model.hypotheses.pairIndex(hypothesis)] as string
  const horizonBars = model.hypotheses.horizonOf(hypothesis)
  return {
    id: `${agent}:${model.steps}:${n}`,
    source: 'mycelial',
    agent,
    pair,
    direction: expected > 0 ? 1 : -1,
    confidence: confidenceOf(Math.abs(expected), model.roundTripCost),
    decidedAt: model.now,
    expiresAt: model.barFromNow(pair, 1),
    horizonBars,
    barMs: model.barMs,
    style: styleOf(horizonBars * model.barMs),
    pattern: model.hypotheses.nameOf(hypothesis),
    moats: [...moats],
    prediction: expected,
    features: featuresOf(model.analysis(pair)),
  }
}

/** The names of the patterns behind it, the strongest first. */
export function patternsBehind({ hypothesis, hypotheses }: Forecast, model: SwarmModel): string[] {
  return [hypothesis, ...hypotheses.filter(other => other !== hypothesis)].map(each => model.hypotheses.nameOf(each))
}

/** 0.6 where the expected return just pays its costs, towards 0.9 the more it exceeds them. */
function confidenceOf(expected: number, cost: number): number {
  return 0.6 + 0.3 * Math.max(0, 1 - cost / expected)
}
