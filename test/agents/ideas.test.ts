/** The ideas of approved patterns: only what pays its costs, once a pair and direction, by the pair's publisher alone. */

import { describe, expect, it } from 'vitest'
import { toIdea } from '../../src/agents/mycelial/ideas.js'
import { ApprovalVerdicts, Candidates, Retirements } from '../../src/agents/mycelial/topics.js'
import { type Idea, IdeaPatternLinks, MycelialIdeas } from '../../src/trading/index.js'
import { type ByHand, message, other, pair, signal, swarmByHand } from './swarm-by-hand.js'

const streams = { code: ['Rust', 'Go'], logistics: [], government: [], corporations: [] }

/** A swarm whose streams are known well enough to have a z; `cost`: what a round trip costs. */
function warm(cost = 0.01): ByHand {
  const swarm = swarmByHand({ codeLearners: 4, streams, feeRate: cost / 2, financeLearners: 3 })
  for (let i = 0; i < 60; i++) swarm.step(signal('Rust', i % 2), signal('Go', i % 2))
  return swarm
}

interface Pattern {
  readonly driver?: string
  readonly of?: string
  readonly horizon?: 1 | 4
  readonly sign?: 1 | -1
  /** Expected return for a z of 1. */
  readonly slope: number
}

/** The approval of a pattern: sums that come to this slope, with hardly any doubt. */
function approve(swarm: ByHand, { driver = 'Rust', of = pair, horizon = 4, sign = 1, slope }: Pattern, approved = true): number {
  const hypothesis = swarm.model.hypotheses.indexOf(`code:${driver}|level|0|${of}|${horizon}`)
  const sums = { zr: sign * slope * 1_000, zz: 1_000, zr2: 1e-12 }
  const { steps } = swarm.model
  const judged = { step: steps, since: 0, confirmed: 0, pooled: 4, p: 0.01, ps: [0.01], ...sums }
  swarm.tick(message(ApprovalVerdicts, { hypothesis, sign, approved, ...judged }))
  return hypothesis
}

/** A step at which the drivers stand at their bound, z = 4, or at −4. */
function struck(swarm: ByHand, values: Readonly<Record<string, number>> = { Rust: 50 }): Idea[] {
  const before = swarm.said(MycelialIdeas).length
  swarm.step(...Object.entries(values).map(([stream, value]) => signal(stream, value)))
  return swarm.said(MycelialIdeas).slice(before)
}

describe('an approved pattern', () => {
  it('whose expected return just pays a round trip is no idea; one that pays more is', () => {
    // z is 4 at most, so a slope of a quarter of the costs comes to exactly the costs.
    const ideas = [0.5, 0.98, 1.02, 2].map(share => {
      const swarm = warm()
      expect(swarm.model.roundTripCost).toBeCloseTo(0.01, 12)
      approve(swarm, { slope: (share * 0.01) / 4 })
      return struck(swarm).length
    })
    expect(ideas).toEqual([0, 0, 1, 1])
  })

  it('counts fees, spread and slippage on both sides as costs', () => {
    const { model } = swarmByHand({ feeRate: 0.001, halfSpread: 0.002, slippage: 0.004 })
    expect(model.roundTripCost).toBeCloseTo(0.014, 12)
  })

  it('is an idea in its pair, in the direction of sign and driver, with its expected return, horizon and moat', () => {
    for (const [sign, value, direction] of [
      [1, 50, 1],
      [1, -50, -1],
      [-1, 50, -1],
      [-1, -50, 1],
    ] as const) {
      const swarm = warm()
      approve(swarm, { sign, slope: 0.01, horizon: 4 })
      const [idea, ...more] = struck(swarm, { Rust: value })
      expect(more).toEqual([])
      expect(idea).toMatchObject({
        source: 'mycelial',
        pair,
        direction,
        horizonBars: 4,
        moats: ['code'],
        pattern: `code:Rust|level|0|${pair}|4`,
        decidedAt: swarm.model.now,
        expiresAt: swarm.model.now + swarm.model.barMs,
      })
      expect(idea?.prediction).toBeCloseTo(direction * 0.04, 4)
      // 0.6 where it just pays its costs, and three quarters of the way to 0.9 where it pays them four times.
      expect(idea?.confidence).toBeCloseTo(0.6 + 0.3 * 0.75, 4)
    }
  })

  it('is a style by how long it holds: HFT below five minutes, swing beyond a day', () => {
    const style = (barMs: number) => {
      const { model } = swarmByHand({ barMs, codeLearners: 4, streams })
      const hypothesis = model.hypotheses.indexOf(`code:Rust|level|0|${pair}|4`)
      return toIdea({ hypothesis, hypotheses: [hypothesis], expected: 1, moats: new Set() }, 'x', 0, model).style
    }
    const [minutes, day] = [(5 * 60_000) / 4, (24 * 3_600_000) / 4]
    expect([minutes - 1_000, minutes, day, day + 1_000].map(style)).toEqual(['HFT', 'DAY', 'DAY', 'SWING'])
  })

  it('is no idea where its driver is silent, is weak, or the approval was refused or taken back', () => {
    const swarm = warm()
    const hypothesis = approve(swarm, { slope: 0.01 })
    expect(struck(swarm, {})).toEqual([])
    expect(struck(swarm, { Rust: 0.5 })).toEqual([])
    expect(struck(swarm, { Go: 50 })).toEqual([])
    expect(struck(swarm)).toHaveLength(1)
    swarm.tick(message(Retirements, { kind: 'retired', hypothesis, sign: 1, z: -3, since: 0, proven: 0, slope: 0 }))
    expect(struck(swarm, { Rust: 500 })).toEqual([])
    const refused = warm()
    approve(refused, { slope: 0.01 }, false)
    expect(struck(refused)).toEqual([])
  })

  it('is published by one learner of its pair, and another pair’s by the learner of that', () => {
    const swarm = warm()
    approve(swarm, { slope: 0.01 })
    approve(swarm, { slope: 0.01, of: other })
    const ideas = struck(swarm)
    const publisher = (of: string) => `PatternLearner-${swarm.model.publisherFor(swarm.model.pairIndex(of))}`
    expect(ideas.map(idea => [idea.pair, idea.agent]).sort()).toEqual([other, pair].map(of => [of, publisher(of)]).sort())
  })
})

describe('a learner that follows a candidate', () => {
  it('watches it once approved, and leaves its ideas to the publisher of the pair', () => {
    const swarm = swarmByHand({ codeLearners: 4, streams, financeLearners: 3, imitationRate: 1 })
    for (let i = 0; i < 60; i++) swarm.step(signal('Rust', i % 2))
    const hypothesis = swarm.model.hypotheses.indexOf(`code:Rust|level|0|${pair}|4`)
    const sums = { z: 3, step: 59, n: 240, blocks: 20, sum: 60, squares: 240, zz: 240 }
    swarm.tick(message(Candidates, { kind: 'candidate', hypothesis, sign: 1, ...sums }))
    approve(swarm, { slope: 0.01 })
    const watching = swarm.model.learners.where(learner => (learner.finance?.tests.patterns.count ?? 0) > 0)
    expect(watching).toHaveLength(3)
    expect(struck(swarm).map(({ agent }) => agent)).toEqual([
      `PatternLearner-${swarm.model.publisherFor(swarm.model.pairIndex(pair))}`,
    ])
  })
})

describe('patterns of one pair', () => {
  it('that agree are one idea: the strongest leads, and all are named, the strongest first', () => {
    const swarm = warm()
    const first = approve(swarm, { slope: 0.01 })
    const strongest = approve(swarm, { driver: 'Go', slope: 0.02 })
    const last = approve(swarm, { slope: 0.005, horizon: 1 })
    const ideas = struck(swarm, { Rust: 50, Go: 50 })
    expect(ideas).toHaveLength(1)
    const names = [strongest, last, first].map(hypothesis => swarm.model.hypotheses.nameOf(hypothesis))
    expect(ideas[0]).toMatchObject({ pattern: names[0], horizonBars: 4, moats: ['code'] })
    expect(ideas[0]?.prediction).toBeCloseTo(0.08, 3)
    const links = swarm.said(IdeaPatternLinks).at(-1)
    expect(links?.ideaId).toBe(ideas[0]?.id)
    expect(links?.patterns[0]).toBe(names[0])
    expect([...(links?.patterns ?? [])].sort()).toEqual([...names].sort())
  })

  it('that disagree are two ideas, each with its own patterns', () => {
    const swarm = warm()
    approve(swarm, { slope: 0.01 })
    approve(swarm, { driver: 'Go', slope: 0.01, sign: -1 })
    const ideas = struck(swarm, { Rust: 50, Go: 50 })
    expect(ideas.map(({ direction, pattern }) => [direction, pattern?.split('|')[0]]).sort()).toEqual([
      [-1, 'code:Go'],
      [1, 'code:Rust'],
    ])
  })

  it('that do not pay their costs do not join one that does', () => {
    const swarm = warm()
    const paying = approve(swarm, { slope: 0.01 })
    approve(swarm, { driver: 'Go', slope: 0.0001 })
    expect(struck(swarm, { Rust: 50, Go: 50 })).toHaveLength(1)
    expect(swarm.said(IdeaPatternLinks).at(-1)?.patterns).toEqual([swarm.model.hypotheses.nameOf(paying)])
  })
})

describe('a forced hypothesis', () => {
  const forced = (text: string) => {
    const swarm = swarmByHand({ codeLearners: 4, streams, forcedHypotheses: [text] })
    for (let i = 0; i < 60; i++) swarm.step(signal('Rust', i % 2))
    return swarm
  }

  it('is traded without a test wherever its driver is a standard deviation from its mean, in its own sign', () => {
    for (const [text, up, down] of [
      [`code:Rust|level|0|${pair}|1|+`, 1, -1],
      [`code:Rust|level|0|${pair}|1|-`, -1, 1],
    ] as const) {
      const swarm = forced(text)
      expect(struck(swarm, { Rust: 50 })).toMatchObject([{ pair, direction: up, horizonBars: 1 }])
      expect(struck(swarm, { Rust: -50 })).toMatchObject([{ direction: down }])
      expect(struck(swarm, { Rust: 1 })).toEqual([])
    }
  })
})
