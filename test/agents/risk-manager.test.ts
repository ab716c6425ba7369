/** The risk manager, driven by hand: marks of this step or none, the operator's orders, and what it says of a consensus. */

import { describe, expect, it } from 'vitest'
import { ConsensusPolicies } from '../../src/agents/mycelial/topics.js'
import { type Halt, haltsInForce, LeadingPolicies, Marks, type PortfolioName, SystemControl } from '../../src/trading/index.js'
import { replaceMethod } from '../model/kit.js'
import { type ByHand, ideaNow, message, pair, swarmByHand } from './swarm-by-hand.js'

type Equities = Partial<Record<PortfolioName, number>>

const capitalE6 = 100_000 * 1e6

/** A swarm whose trader says nothing: its marks are the test's. Never resets by itself. */
function watched(params: Parameters<typeof swarmByHand>[0] = {}): ByHand {
  const swarm = swarmByHand({ maxDrawdown: 0.1, riskReset: 'never', ...params })
  for (const trader of swarm.model.traders) replaceMethod(trader, 'step', () => undefined)
  return swarm
}

/** The end of a bar at which the portfolios are worth so much; `late`: the marks are those of the bar before. */
function worth(swarm: ByHand, equities: Equities, late = 0): void {
  const all = { baseline: capitalE6, mycelial: capitalE6, synthesized: capitalE6, ...equities }
  swarm.step(message(Marks, { time: swarm.model.now, step: swarm.model.steps + 1 - late, equityE6: all }))
}

const locksOf = (swarm: ByHand, name: PortfolioName) => swarm.portfolio(name).gate.locks.map(({ kind }) => kind)
const inForce = ({ model }: ByHand) => haltsInForce(model.risk as never).map(({ portfolio, kind }) => `${portfolio} ${kind}`)
const said = (swarm: ByHand) =>
  swarm.said(SystemControl).map(({ portfolio, kind, on }: Halt) => `${portfolio} ${kind} ${on ? 'on' : 'off'}`)
const resume = { kind: 'operator', command: { do: 'resume', reason: 'seen to' } }
const stop = { kind: 'operator', command: { do: 'halt', reason: 'news' } }

describe('drawdown', () => {
  it('halts the portfolio that lost the limit, and no other: a unit less still trades', () => {
    const swarm = watched()
    worth(swarm, {})
    worth(swarm, { baseline: 0.9 * capitalE6 + 1, mycelial: 0.9 * capitalE6 })
    expect(inForce(swarm)).toEqual(['mycelial drawdown'])
    worth(swarm, { baseline: 0.9 * capitalE6, mycelial: capitalE6 })
    expect(said(swarm)).toEqual(['mycelial drawdown on', 'baseline drawdown on'])
    expect(locksOf(swarm, 'synthesized')).toEqual([])
    expect(locksOf(swarm, 'mycelial')).toEqual(['drawdown'])
  })

  it('ends with the operator’s resume, in every portfolio at once, and is measured from there on', () => {
    const swarm = watched()
    worth(swarm, {})
    const low = { baseline: 0.8 * capitalE6, mycelial: 0.7 * capitalE6, synthesized: 0.6 * capitalE6 }
    worth(swarm, low)
    expect(inForce(swarm)).toEqual(['baseline drawdown', 'mycelial drawdown', 'synthesized drawdown'])
    swarm.tick(resume)
    expect(inForce(swarm)).toEqual([])
    expect(said(swarm).slice(3)).toEqual(['baseline drawdown off', 'mycelial drawdown off', 'synthesized drawdown off'])
    expect(swarm.said(SystemControl).at(-1)).toMatchObject({ reason: 'seen to' })
    for (const name of ['baseline', 'mycelial', 'synthesized'] as const) expect(locksOf(swarm, name)).toEqual([])
    worth(swarm, low)
    expect(inForce(swarm)).toEqual([])
    worth(swarm, { ...low, mycelial: 0.63 * capitalE6 })
    expect(inForce(swarm)).toEqual(['mycelial drawdown'])
  })

  it('stays on a resume while equity is unknown: it fails closed', () => {
    const swarm = watched()
    worth(swarm, {})
    worth(swarm, { baseline: 0.5 * capitalE6 })
    worth(swarm, { baseline: Number.NaN })
    expect(inForce(swarm)).toEqual(['baseline drawdown', 'baseline uncomputable'])
    swarm.tick(resume)
    expect(inForce(swarm)).toEqual(['baseline drawdown', 'baseline uncomputable'])
    worth(swarm, { baseline: 0.5 * capitalE6 })
    expect(inForce(swarm)).toEqual(['baseline drawdown'])
    swarm.tick(resume)
    expect(inForce(swarm)).toEqual([])
  })

  it('is not ended by an operator’s halt', () => {
    const swarm = watched()
    worth(swarm, {})
    worth(swarm, { baseline: 0.5 * capitalE6 })
    swarm.tick(stop)
    expect(inForce(swarm)).toEqual(['all operator', 'baseline drawdown'])
  })
})

describe('marks', () => {
  it('of the bar before are no marks: without this bar’s, losses cannot be computed and every portfolio halts', () => {
    const swarm = watched()
    worth(swarm, {})
    expect(inForce(swarm)).toEqual([])
    worth(swarm, {}, 1)
    const all = ['baseline uncomputable', 'mycelial uncomputable', 'synthesized uncomputable']
    expect(inForce(swarm)).toEqual(all)
    worth(swarm, {}, -1)
    expect(inForce(swarm)).toEqual(all)
    worth(swarm, {})
    expect(inForce(swarm)).toEqual([])
  })

  it('that are missing halt every portfolio, from the first bar on', () => {
    const swarm = watched()
    swarm.step()
    expect(inForce(swarm)).toHaveLength(3)
    worth(swarm, {})
    expect(inForce(swarm)).toEqual([])
    swarm.step()
    expect(inForce(swarm)).toHaveLength(3)
  })

  it('of one portfolio are not another’s', () => {
    const swarm = watched()
    worth(swarm, { baseline: 1, mycelial: 2, synthesized: 3 })
    const { portfolios } = swarm.model.risk as NonNullable<typeof swarm.model.risk>
    expect([portfolios.baseline.peakE6, portfolios.mycelial.peakE6, portfolios.synthesized.peakE6]).toEqual([1, 2, 3])
  })
})

describe('the operator', () => {
  it('halts all portfolios and resumes them, each said once', () => {
    const swarm = watched()
    worth(swarm, {})
    swarm.tick(stop)
    swarm.tick(stop)
    expect(inForce(swarm)).toEqual(['all operator'])
    for (const name of ['baseline', 'mycelial', 'synthesized'] as const) expect(locksOf(swarm, name)).toEqual(['operator'])
    swarm.tick(resume)
    swarm.tick(resume)
    expect(said(swarm)).toEqual(['all operator on', 'all operator off'])
    expect(locksOf(swarm, 'baseline')).toEqual([])
  })
})

describe('a consensus', () => {
  const leads = (...policies: (string | null)[]) =>
    policies.map((policy, i) => message(LeadingPolicies, { learner: `PatternLearner-${i}`, policy }))
  const settings = { contagionPause: 0.6, contagionResume: 0.4, contagionCalmBars: 2, contagionLeaders: 2 }

  it('is said at every bar while it lasts, as the commonest policy, and once that it is over', () => {
    const swarm = watched(settings)
    swarm.tick(...leads('a', 'a', 'b'))
    worth(swarm, {})
    worth(swarm, {})
    expect(swarm.said(ConsensusPolicies)).toEqual([{ policy: 'a' }, { policy: 'a' }])
    swarm.tick(...leads('a', 'b', 'c'))
    worth(swarm, {})
    expect(inForce(swarm)).toEqual(['all contagion'])
    worth(swarm, {})
    expect(inForce(swarm)).toEqual([])
    const lasted = [{ policy: 'a' }, { policy: 'a' }, { policy: 'a' }, { policy: null }]
    expect(swarm.said(ConsensusPolicies)).toEqual(lasted)
    worth(swarm, {})
    expect(swarm.said(ConsensusPolicies)).toEqual(lasted)
    expect(said(swarm)).toEqual(['all contagion on', 'all contagion off'])
  })

  it('is not judged before enough learners lead; a policy given up is nobody’s', () => {
    const swarm = watched(settings)
    swarm.tick(...leads('a'))
    worth(swarm, {})
    expect(swarm.model.risk?.share).toBeNaN()
    swarm.tick(...leads('a', 'a'))
    worth(swarm, {})
    expect(swarm.model.risk?.share).toBeCloseTo(2 / 3, 12)
    swarm.tick(...leads(null, 'b'))
    worth(swarm, {})
    expect(swarm.model.risk?.share).toBeCloseTo(1 / 3, 12)
  })

  it('pauses entries from exactly the share on that is set, and ends below the other', () => {
    const share = (...policies: (string | null)[]) => {
      const swarm = watched({ ...settings, financeLearners: 5 })
      swarm.tick(...leads(...policies))
      worth(swarm, {})
      return { swarm, on: inForce(swarm).length === 1 }
    }
    expect(share('a', 'a', 'b', 'c', 'd').on).toBe(false)
    const { swarm, on } = share('a', 'a', 'a', 'b', 'c')
    expect(on).toBe(true)
    swarm.tick(...leads('a', 'a', 'd'))
    for (let bars = 0; bars < 3; bars++) worth(swarm, {})
    // 40 % is not below 40 %.
    expect(inForce(swarm)).toEqual(['all contagion'])
    swarm.tick(...leads('a', 'e'))
    worth(swarm, {})
    worth(swarm, {})
    expect(inForce(swarm)).toEqual([])
  })

  it('that an operator ends is over for the learners at once, and begins no other before the share was low', () => {
    const swarm = watched(settings)
    swarm.tick(...leads('a', 'a', 'a'))
    worth(swarm, {})
    const id = swarm.model.locks.find(({ kind }) => kind === 'contagion')?.id ?? 'none'
    swarm.tick({ kind: 'operator', command: { do: 'unlock', id, reason: 'known' } })
    expect(swarm.said(ConsensusPolicies)).toEqual([{ policy: 'a' }, { policy: null }])
    for (let bars = 0; bars < 3; bars++) worth(swarm, {})
    expect(inForce(swarm)).toEqual([])
    expect(swarm.said(ConsensusPolicies)).toHaveLength(2)
    swarm.tick(...leads('a', 'b', 'c'))
    worth(swarm, {})
    swarm.tick(...leads('a', 'a', 'a'))
    worth(swarm, {})
    expect(inForce(swarm)).toEqual(['all contagion'])
  })

  it('goes on for the learners where an operator ends another lock', () => {
    const swarm = watched(settings)
    worth(swarm, {})
    swarm.tick(...leads('a', 'a', 'a'))
    worth(swarm, { baseline: 0.5 * capitalE6 })
    const id = swarm.model.locks.find(({ kind }) => kind === 'drawdown')?.id ?? 'none'
    swarm.tick({ kind: 'operator', command: { do: 'unlock', id, reason: 'known' } })
    expect(inForce(swarm)).toEqual(['all contagion'])
    expect(swarm.said(ConsensusPolicies)).toEqual([{ policy: 'a' }])
  })
})

describe('a lock that an operator ends by its id', () => {
  const unlock = (id: string) => ({ kind: 'operator', command: { do: 'unlock', id, reason: 'capital added' } })
  const idOf = (swarm: ByHand, kind: string) => swarm.model.locks.find(lock => lock.kind === kind)?.id ?? 'none'

  it('is ended, said with the reason, and no other with it', () => {
    const swarm = watched()
    worth(swarm, {})
    worth(swarm, { baseline: 0.8 * capitalE6, mycelial: 0.8 * capitalE6 })
    swarm.tick(stop)
    expect(inForce(swarm)).toEqual(['all operator', 'baseline drawdown', 'mycelial drawdown'])
    swarm.tick(unlock(idOf(swarm, 'operator')))
    swarm.tick(unlock('baseline:drawdown:all:1'))
    expect(inForce(swarm)).toEqual(['baseline drawdown', 'mycelial drawdown'])
    swarm.tick(unlock(idOf(swarm, 'drawdown')))
    expect(inForce(swarm)).toEqual(['mycelial drawdown'])
    expect(swarm.said(SystemControl).at(-1)).toMatchObject({ on: false, portfolio: 'baseline', reason: 'capital added' })
    expect(locksOf(swarm, 'mycelial')).toEqual(['drawdown'])
  })

  it('stays where only a price can end it', () => {
    const swarm = watched()
    worth(swarm, {})
    worth(swarm, { baseline: Number.NaN })
    swarm.tick(unlock(idOf(swarm, 'uncomputable')))
    expect(inForce(swarm)).toEqual(['baseline uncomputable'])
  })

  it('of a gate ends in the portfolio, and begins again only after what it watches was over', () => {
    const limits = {
      profiles: ['haven', { name: 'day', limits: { dailyLossUsd: 1 } }],
      sizeShare: 0.5,
      maxDrawdown: 1,
      grossLimit: 1,
    }
    const swarm = swarmByHand(limits)
    swarm.live(2)
    swarm.tick(ideaNow(swarm, 'baseline', { horizonBars: 50 }))
    const close = (of: string, price: number) => swarm.step(swarm.bar(of, price))
    close(pair, 100)
    close(pair, 90)
    expect(locksOf(swarm, 'baseline')).toEqual(['dailyLoss'])
    expect(swarm.model.locks).toMatchObject([{ portfolio: 'baseline', kind: 'dailyLoss', until: expect.any(Number) }])
    expect(swarm.model.summary()).toMatchObject({ haltsByKind: { dailyLoss: 1 } })
    swarm.tick(unlock(idOf(swarm, 'dailyLoss')))
    expect(locksOf(swarm, 'baseline')).toEqual([])
    close(pair, 89)
    expect(locksOf(swarm, 'baseline')).toEqual([])
    close(pair, 130)
    close(pair, 80)
    expect(locksOf(swarm, 'baseline')).toEqual(['dailyLoss'])
    expect(swarm.model.summary()).toMatchObject({ haltsByKind: { dailyLoss: 2 } })
  })
})
