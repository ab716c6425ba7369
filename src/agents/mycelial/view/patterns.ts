/** The board of patterns: what the swarm holds to be a cause, how far that has come, and what is true of it where it was planted. */

import { decayFactor, findPattern, HypothesisStage, policyHypothesis } from '../../../discovery/index.js'
import type { TablePanel, TableRow } from '../../../model/index.js'
import { patternParts, plantedIn, truthOf, truthWords } from '../../../trading/index.js'
import { marketBehind } from '../market-behind.js'
import type { Swarm } from '../swarm.js'
import { rounded } from './cells.js'

/** Rows of the board, the furthest stage first. */
export const patternsShown = 100

export const patterns: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Ideas',
  about:
    'Patterns the swarm follows, confirms, studies or has approved: a driver that moves a pair some bars later. Value: expected net return of one trade at approval; left of it: what time has left since the last proof.',
  columns: [
    'driver',
    'transform',
    'target',
    'lag, bars',
    'horizon, bars',
    'sign',
    'stage',
    'value, 0.01 %',
    'left of it, %',
    'holders',
    'truth',
  ],
  empty: 'No hypothesis stands out yet.',
  look: ({ model }) => {
    const holders = holdersOf(model)
    const { stage } = model.stages
    const held = new Set(holders.keys())
    for (let h = 0; h < stage.length; h++) if (stage[h] !== HypothesisStage.free) held.add(h)
    return [...held]
      .sort((a, b) => (stage[b] ?? 0) - (stage[a] ?? 0) || (holders.get(b) ?? 0) - (holders.get(a) ?? 0) || a - b)
      .slice(0, patternsShown)
      .map(hypothesis => rowOf(model, hypothesis, holders.get(hypothesis) ?? 0))
  },
}

/** How many learners follow each hypothesis. */
function holdersOf({ learners }: Swarm): Map<number, number> {
  const holders = new Map<number, number>()
  for (const { finance } of learners) {
    if (finance === null) continue
    const { policies } = finance.tests
    for (let i = 0; i < policies.count; i++) {
      const hypothesis = policyHypothesis(policies, i)
      holders.set(hypothesis, (holders.get(hypothesis) ?? 0) + 1)
    }
  }
  return holders
}

const stageWords = ['candidate', 'being confirmed', 'being studied', 'approved'] as const

function rowOf(model: Swarm, hypothesis: number, holders: number): TableRow {
  const name = model.hypotheses.nameOf(hypothesis)
  const { driver, transform, lag, pair, horizon } = patternParts(name)
  const approved = model.approved.get(name)
  const truth = truthOf(
    { driver, transform, lag, pair, sign: approved?.sign ?? 0 },
    model.isPlacebo(driver),
    plantedIn(marketBehind(model)),
  )
  const judged = truthWords[truth]
  return {
    cells: {
      driver,
      transform,
      target: pair,
      'lag, bars': lag,
      'horizon, bars': horizon,
      sign: approved === undefined ? null : approved.sign > 0 ? '+ lifts' : '− lowers',
      stage: stageOf(model, hypothesis, approved?.traded),
      'value, 0.01 %': approved === undefined ? null : rounded(approved.value * 1e4, 1),
      'left of it, %': rounded(100 * leftOf(model, hypothesis), 0),
      holders,
      truth: approved === undefined && truth !== 'placebo' ? null : judged.says,
    },
    detail: [name, ...(approved === undefined ? [] : [`Approved at step ${approved.step}.`, `${judged.says}: ${judged.why}.`])],
  }
}

function stageOf({ stages }: Swarm, hypothesis: number, traded: boolean | undefined): string {
  const stage = stages.stage[hypothesis] ?? 0
  return traded === false ? 'approved, not traded' : (stageWords[stage] ?? '')
}

/** What is left of the value of an approved pattern since its last proof; NaN where nobody watches it. */
function leftOf({ learners, steps }: Swarm, hypothesis: number): number {
  for (const { finance } of learners) {
    const at = finance === null ? -1 : findPattern(finance.tests.patterns, hypothesis)
    if (finance !== null && at >= 0) return decayFactor(finance.tests.patterns, at, steps)
  }
  return Number.NaN
}
