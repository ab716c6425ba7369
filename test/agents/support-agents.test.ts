/** Explorers, Builder, Memory, instigators and researchers, driven by hand: whom they count, whom they answer, at which limit. */

import { describe, expect, it } from 'vitest'
import { enterMarket } from '../../src/agents/index.js'
import { type Memory, limits as memoryLimits } from '../../src/agents/mycelial/memory.js'
import {
  ApprovalVerdicts,
  Candidates,
  ConfirmationTasks,
  ConfirmationVerdicts,
  ConsensusPolicies,
} from '../../src/agents/mycelial/topics.js'
import { HypothesisStage, ownerOf } from '../../src/discovery/index.js'
import {
  haltsInForce,
  IdeaDrafts,
  MycelialIdeas,
  nothingRecalled,
  PatternLog,
  Recollections,
  Recommendations,
  type Trade,
  TradeConfirmations,
} from '../../src/trading/index.js'
import { idea as anyIdea } from '../trading/support.js'
import { type ByHand, barMs, ideaNow, leader, message, other, pair, pairs, signal, swarmByHand } from './swarm-by-hand.js'

const trade = (more: Partial<Trade>): object =>
  message(TradeConfirmations, {
    ...({
      tradeId: 'x',
      portfolio: 'baseline',
      pair,
      direction: 1,
      style: 'DAY',
      agent: 'x',
      pattern: null,
      ideaIds: [],
    } as const),
    ...{
      entryTime: 1,
      exitTime: 2,
      entryPriceUsd: 1,
      exitPriceUsd: 1,
      qtyE8: 1,
      entryNotionalE6: 1,
      exitNotionalE6: 1,
      feesE6: 0,
    },
    ...({ slippageE6: 0, borrowE6: 0, pnlE6: 0, reason: 'horizon', collision: false, confidence: 1, prediction: null } as const),
    ...{ crossMoatScore: 0, barsHeld: 1, features: anyIdea().features },
    ...more,
  })

describe('Builder', () => {
  const recommends = (explorer: string, of: readonly string[], team: 'HFT' | 'DAY' | 'SWING' = 'DAY', coarse = false) =>
    message(Recommendations, { explorer, team, pairs: of, coarse })
  const deployed = ({ model }: ByHand) => [...model.analysts].map(analyst => `${analyst.pair} ${analyst.style}`)

  it('deploys an analyst where two of one team agree, not one alone nor one of each of two teams', () => {
    const swarm = swarmByHand({ reviewBars: 2 })
    swarm.tick(recommends('a', [pair]), recommends('b', [other, leader]), recommends('c', [leader], 'SWING'))
    swarm.step()
    swarm.step()
    expect(deployed(swarm)).toEqual([])
    swarm.tick(recommends('b', [other, pair]))
    swarm.step()
    expect(deployed(swarm)).toEqual([])
    swarm.step()
    expect(deployed(swarm)).toEqual([`${pair} DAY`])
    swarm.step()
    swarm.step()
    expect(deployed(swarm)).toHaveLength(1)
  })

  it('gives the analyst the style of its team, or none where the team’s horizon is shorter than a bar', () => {
    const swarm = swarmByHand({ reviewBars: 1 })
    swarm.tick(recommends('a', [pair], 'SWING'), recommends('b', [pair], 'SWING'))
    swarm.tick(recommends('c', [other], 'HFT', true), recommends('d', [other], 'HFT', true))
    swarm.step()
    expect(deployed(swarm)).toEqual([`${pair} SWING`, `${other} GENERIC`])
  })

  it('retires the worst losing record of at least five trades of the baseline to make room, and nobody else', () => {
    const lost = (n: number, portfolio: Trade['portfolio'] = 'baseline') =>
      Array.from({ length: n }, () => trade({ pair, pnlE6: -1e6, portfolio }))
    const deployedAfter = (trades: readonly object[]) => {
      const swarm = swarmByHand({ reviewBars: 1, maxAssets: 1 })
      swarm.tick(recommends('a', [pair]), recommends('b', [pair]))
      swarm.step()
      swarm.tick(...trades, recommends('a', [other]), recommends('b', [other]))
      swarm.step()
      return deployed(swarm)
    }
    expect(deployedAfter(lost(4))).toEqual([`${pair} DAY`])
    expect(deployedAfter([...lost(4), ...lost(9, 'mycelial'), ...lost(9, 'synthesized')])).toEqual([`${pair} DAY`])
    expect(deployedAfter(lost(5))).toEqual([`${other} DAY`])
    expect(deployedAfter([...lost(5), trade({ pnlE6: 5e6 })])).toEqual([`${pair} DAY`])
  })

  it('retires many small losses before a few larger ones: few trades say little', () => {
    const swarm = swarmByHand({ reviewBars: 1, maxAssets: 2 })
    swarm.tick(recommends('a', [pair, other]), recommends('b', [pair, other]))
    swarm.step()
    const few = Array.from({ length: 5 }, () => trade({ pair, pnlE6: -2e6 }))
    const many = Array.from({ length: 40 }, () => trade({ pair: other, pnlE6: -1e6 }))
    swarm.tick(...few, ...many, recommends('a', [leader]), recommends('b', [leader]))
    swarm.step()
    expect(deployed(swarm)).toEqual([`${pair} DAY`, `${leader} DAY`])
  })

  it('does not make room for a pair whose own record is as bad', () => {
    const swarm = swarmByHand({ reviewBars: 1, maxAssets: 1 })
    swarm.tick(recommends('a', [pair]), recommends('b', [pair]))
    swarm.step()
    const both = [pair, other].flatMap(of => Array.from({ length: 5 }, () => trade({ pair: of, pnlE6: -1e6 })))
    swarm.tick(...both, recommends('a', [other]), recommends('b', [other]))
    swarm.step()
    expect(deployed(swarm)).toEqual([`${pair} DAY`])
  })
})

describe('an explorer', () => {
  it('ranks pairs by what is traded, moves and trends, the best first, and names no more than it may', () => {
    const swarm = swarmByHand({ explorersPerTeam: 1, reviewBars: 30, recommendPairs: 2 })
    for (let i = 1; i <= 30; i++) {
      swarm.step(
        swarm.bar(leader, 100 + (i % 2) * 0.01, { volume: 1 }),
        swarm.bar(pair, 100 * 1.02 ** i, { volume: 1_000 }),
        swarm.bar(other, 100 + (i % 2), { volume: 10 }),
      )
    }
    const said = swarm.said(Recommendations)
    expect(said.map(({ team, pairs: of }) => [team, of[0], of.length])).toEqual(
      ['HFT', 'DAY', 'SWING'].map(team => [team, pair, 2]),
    )
    expect(said.map(({ explorer }) => explorer)).toEqual([0, 1, 2].map(n => `MarketExplorer-${n}`))
  })

  it('names no pair of which it has seen fewer than two returns', () => {
    const swarm = swarmByHand({ explorersPerTeam: 1, reviewBars: 1 })
    const named = () => swarm.said(Recommendations).at(-1)?.pairs
    swarm.step(swarm.bar(pair, 100))
    swarm.step(swarm.bar(pair, 101))
    expect(named()).toEqual([])
    swarm.step(swarm.bar(pair, 102), swarm.bar(other, 100))
    expect(named()).toEqual([pair])
  })

  it('says that its horizon is coarse where a bar is longer than it holds', () => {
    const coarse = (barMs: number) => {
      const swarm = swarmByHand({ explorersPerTeam: 1, reviewBars: 1, barMs })
      swarm.step()
      return swarm.said(Recommendations).map(said => said.coarse)
    }
    expect(coarse(5 * 60_000)).toEqual([false, false, false])
    expect(coarse(5 * 60_000 + 1_000)).toEqual([true, false, false])
  })
})

describe('Memory', () => {
  const draft = (n: number) => anyIdea({ id: `PatternLearner-0:1:${n}`, pair, barMs })

  it('holds a draft back until it is answered, and lets it pass where too many wait', () => {
    const swarm = swarmByHand({ memories: 1 })
    const { waitingDrafts } = memoryLimits
    swarm.tick(...Array.from({ length: waitingDrafts }, (_, n) => message(IdeaDrafts, draft(n))))
    const memory = swarm.model.memories.at(0)
    expect([memory?.requests, memory?.overflow, swarm.said(Recollections).length]).toEqual([waitingDrafts, 0, 0])
    swarm.tick(message(IdeaDrafts, draft(-1)))
    expect([memory?.requests, memory?.overflow]).toEqual([waitingDrafts, 1])
    expect(swarm.said(Recollections)).toMatchObject([{ factor: 1, cases: 0 }])
  })

  it('remembers the trades of the mycelial portfolio alone', () => {
    const swarm = swarmByHand({ memories: 1 })
    for (const portfolio of ['baseline', 'synthesized', 'mycelial'] as const) swarm.tick(trade({ portfolio }))
    expect(swarm.model.memories.at(0)?.remembered).toBe(1)
  })

  it('counts what it changed: by which factor, and which ideas are refused or sized otherwise because of it', () => {
    const swarm = swarmByHand({ memories: 1 })
    const memory = swarm.model.memories.at(0) as Memory
    for (const [n, confidence, factor] of [
      [0, 0.6, 1],
      [1, 0.6, 1.1],
      [2, 0.65, 0.9],
      [3, 0.6, 0.8],
      [4, 0.9, 0.95],
    ] as const) {
      memory.drafted({ ...draft(n), confidence })
      memory.answered({ id: draft(n).id, ...nothingRecalled, factor, cases: 15 })
    }
    expect(swarm.model.summary()).toMatchObject({
      memory: { ideas: 5, changed: 4, least: 0.8, greatest: 1.1, refused: 1, admitted: 0, sizedUp: 1, sizedDown: 1 },
    })
    expect((swarm.model.summary().memory as { meanFactor: number }).meanFactor).toBeCloseTo(3.75 / 4, 12)
  })

  it('changes the confidence of the learner’s own idea, to 1 at most, and nobody else publishes it', () => {
    const swarm = swarmByHand({ memories: 1 })
    for (const factor of [0.5, 1, 2]) {
      swarm.tick(message(Recollections, { idea: { ...draft(0), confidence: 0.6 }, ...nothingRecalled, factor, cases: 1 }))
    }
    const said = swarm.said(MycelialIdeas)
    expect(said.map(({ agent, confidence }) => [agent, confidence])).toEqual([0.3, 0.6, 1].map(c => ['PatternLearner-0', c]))
  })
})

describe('a candidate', () => {
  const streams = { code: ['Rust'], logistics: [], government: [], corporations: [] }
  const announced = (hypothesis: number, agent = 0) =>
    message(
      Candidates,
      { kind: 'candidate', hypothesis, sign: 1, z: 3, step: 240, n: 240, blocks: 20, sum: 60, squares: 240, zz: 240 },
      agent,
    )
  const following = (swarm: ByHand) =>
    [...swarm.model.learners].filter(l => (l.finance?.tests.policies.count ?? 0) > 0).map(l => l.ordinal)

  it('is imitated by the other learners, not by whoever announced it, and by nobody while a consensus lasts', () => {
    const swarm = swarmByHand({ streams, imitationRate: 1, codeLearners: 2 })
    const first = swarm.model.learners.at(0)
    swarm.tick(announced(0, first?.id))
    expect(following(swarm)).toEqual([1, 2])
    expect([...swarm.model.learners].map(l => l.finance?.imitated)).toEqual([0, 1, 1, undefined, undefined])
    const warned = swarmByHand({ streams, imitationRate: 1, codeLearners: 2 })
    warned.tick(message(ConsensusPolicies, { policy: 'a' }), announced(0))
    expect(following(warned)).toEqual([])
    warned.tick(message(ConsensusPolicies, { policy: null }), announced(0))
    expect(following(warned)).toEqual([0, 1, 2])
  })

  it('is offered to one instigator alone, and each confirmation is begun once', () => {
    const swarm = swarmByHand({ streams, imitationRate: 0, codeLearners: 2 })
    for (let i = 0; i < 3; i++) swarm.step(signal('Rust', i))
    const hypotheses = [0, 1, 2, 3, 4, 5]
    swarm.tick(...hypotheses.map(hypothesis => announced(hypothesis)))
    for (let i = 0; i < 30; i++) swarm.step()
    const begun = swarm.said(ConfirmationTasks).map(({ confirmation }) => confirmation.hypothesis)
    expect(begun.length).toBeGreaterThan(0)
    expect(new Set(begun).size).toBe(begun.length)
    for (const hypothesis of begun) expect(swarm.model.stages.stage[hypothesis]).toBe(HypothesisStage.confirming)
  })
})

describe('a confirmation', () => {
  const verdict = { hypothesis: 3, sign: 1, pooled: 3, since: 0, screened: 240, slope: 0 } as const
  it('is studied by every researcher where it holds, and by none where it does not', () => {
    const swarm = swarmByHand()
    const opened = () => [...swarm.model.researchers].map(({ state }) => state.counters.opened)
    swarm.tick(message(ConfirmationVerdicts, { ...verdict, confirmed: false }))
    expect(opened()).toEqual([0, 0, 0])
    expect(swarm.model.stages.stage[3]).toBe(HypothesisStage.free)
    swarm.tick(message(ConfirmationVerdicts, { ...verdict, confirmed: true }))
    expect(opened()).toEqual([1, 1, 1])
    expect(swarm.model.stages.stage[3]).toBe(HypothesisStage.studied)
  })

  it.each([
    [[0.01, 0.04, 0.5], true],
    [[0.01, 0.06, 0.5], false],
  ])('whose shares come to p = %j is judged once, by its owner, with its value after costs: approved %s', (ps, approved) => {
    const swarm = swarmByHand({ feeRate: 0.001 })
    const [hypothesis, sign] = [3, 1] as const
    swarm.tick(message(ConfirmationVerdicts, { ...verdict, confirmed: true }))
    for (const researcher of swarm.model.researchers) {
      for (const pending of researcher.pendingShares.shares.values()) {
        Object.assign(pending, { until: 0 })
        for (const [fold, p] of ps.entries()) {
          pending.reports.push({ hypothesis, sign, fold, n: 432, z: 2, p, opposite: 0.5, zr: 1, zz: 100, zr2: 1e-9 })
        }
      }
    }
    swarm.step()
    const owner = `DeepResearch-${ownerOf(hypothesis, [0, 1, 2])}`
    expect(swarm.said(PatternLog)).toMatchObject([{ status: approved ? 'approved' : 'rejected', agent: owner, sign }])
    // A slope of 1 % at four standard deviations, which decays by a bar where it is refused, less 0.2 % for the round trip.
    expect(swarm.said(PatternLog)[0]?.value).toBeCloseTo(0.04 * (approved ? 1 : 2 ** (-1 / 2_000)) - 0.002, 6)
    expect(swarm.said(PatternLog)[0]).toMatchObject({ p: approved ? 0.04 : 0.06, valueBasis: 'forward bars', traded: approved })
    expect(swarm.said(ApprovalVerdicts).map(verdict => verdict.approved)).toEqual([approved])
    expect(swarm.model.stages.stage[hypothesis]).toBe(approved ? HypothesisStage.approved : HypothesisStage.free)
  })
})

describe('another market', () => {
  it('begins with fresh money, halts and doubts, and what was learnt; no return spans the change', () => {
    const swarm = swarmByHand()
    swarm.live(60)
    swarm.tick(ideaNow(swarm, 'baseline'))
    swarm.live(1)
    swarm.tick({ kind: 'stale', pair, since: 5 }, { kind: 'link', since: 5 }, { kind: 'warmup', on: true })
    swarm.tick({ kind: 'operator', command: { do: 'halt', reason: 'news' } })
    expect(swarm.portfolio('baseline').held).toHaveLength(1)
    const { rsi } = swarm.model.analysis(pair)
    enterMarket(swarm.sim as never, 0)
    const { model } = swarm
    expect([model.stale.size, model.linkDownSince, model.warming]).toEqual([0, null, false])
    expect(swarm.portfolio('baseline')).toMatchObject({ held: [], signals: 0, broker: { orders: { accepted: 0 } } })
    expect(haltsInForce(model.risk as never)).toEqual([])
    expect(model.riskManagers.at(0)?.marks).toBeNull()
    expect([...model.miners].map(({ lastClose, staleSince }) => [lastClose, staleSince])).toEqual(pairs.map(() => [0, null]))
    expect([...model.rollingWindow.close]).toEqual(pairs.map(() => Number.NaN))
    expect(model.analysis(pair).rsi).toEqual(rsi)
    expect(model.summary()).toMatchObject({ ideas: 0, fills: 0, trades: 0 })
  })
})
