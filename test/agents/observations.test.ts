/** What the swarm takes as an observation: closes that were traded, once each, and no return across what is missing. */

import { describe, expect, it } from 'vitest'
import { patternRow } from '../../src/agents/mycelial/pattern-rows.js'
import { BarFlag } from '../../src/market/index.js'
import { BaselineIdeas, CrossMoatSignals, MarketData, moatData, PatternLog, type PatternRow } from '../../src/trading/index.js'
import { type ByHand, filled, leader, message, other, pair, pairs, revision, signal, swarmByHand } from './swarm-by-hand.js'

const warmBars = 60

function warm(): ByHand {
  const swarm = swarmByHand()
  swarm.live(warmBars)
  return swarm
}

const at = ({ model }: ByHand, of = pair) => model.pairIndex(of)
/** The close the window holds of the bar `back` bars ago. */
const closeOf = (swarm: ByHand, of = pair) => swarm.model.rollingWindow.close[at(swarm, of)]
const returnOf = (swarm: ByHand, of = pair) => swarm.model.rollingWindow.gross[at(swarm, of)]
/** The standardised value of a finance driver at the last step. */
function driver({ model }: ByHand, name: string, of = pair): number {
  const hypothesis = model.hypotheses.indexOf(`finance:${name}|level|0|${of}|1`)
  return model.rollingWindow.zAt(model.hypotheses.hypothesisColumn(hypothesis), 0)
}
/** Everything that learners, analysts and explorers read of a pair. */
const known = (swarm: ByHand, of = pair) =>
  structuredClone({ analysis: { ...swarm.model.analysis(of) }, finance: { ...swarm.model.seen.finance } })
const others = pairs.filter(of => of !== pair)
const bars = (swarm: ByHand, close = 101) => others.map(of => swarm.bar(of, close))

describe('a bar that was traded', () => {
  it('is a close, a return, a volume and a step of the indicators', () => {
    const swarm = warm()
    const before = known(swarm)
    const last = closeOf(swarm) as number
    swarm.step(...bars(swarm), swarm.bar(pair, 110, { volume: 20 }))
    expect(closeOf(swarm)).toBe(110)
    expect(returnOf(swarm)).toBeCloseTo(110 / last - 1, 12)
    expect(driver(swarm, 'own-return')).toBeGreaterThan(1)
    expect(driver(swarm, 'own-volume')).toBe(4)
    expect(swarm.model.rollingWindow.seen[at(swarm)]).toBe(warmBars)
    expect(known(swarm).analysis).not.toEqual(before.analysis)
  })

  it('is seen by explorers in its own step alone, with the turnover in USD', () => {
    const swarm = warm()
    swarm.tick(swarm.bar(pair, 110, { volume: 20 }))
    expect([swarm.model.closes[at(swarm)], swarm.model.turnovers[at(swarm)]]).toEqual([110, 2_200])
    expect(swarm.model.closes[at(swarm, other)]).toBeNaN()
    swarm.step(...bars(swarm))
    expect([...swarm.model.closes]).toEqual(pairs.map(() => Number.NaN))
  })

  it('of one pair moves no other pair’s window, indicators or drivers', () => {
    const one = warm()
    const two = warm()
    one.step(...bars(one), one.bar(pair, 110))
    two.step(...bars(two), two.bar(pair, 90))
    expect(known(one, other).analysis).toEqual(known(two, other).analysis)
    for (const of of others) {
      expect([closeOf(one, of), returnOf(one, of)]).toEqual([closeOf(two, of), returnOf(two, of)])
      expect(driver(one, 'own-return', of)).toBe(driver(two, 'own-return', of))
    }
  })

  it('of the leader is a driver of all pairs, and of Bitcoin’s return alone', () => {
    const swarm = warm()
    swarm.step(swarm.bar(leader, 150), swarm.bar(pair, 101), swarm.bar(other, 101))
    expect(driver(swarm, 'btc-return')).toBe(4)
    expect(driver(swarm, 'btc-return')).toBe(driver(swarm, 'own-return', leader))
    expect(driver(swarm, 'eth-return')).toBeNaN()
  })
})

describe.each([
  ['filled', filled],
  ['filled and stale', { ...filled, flags: BarFlag.filled | BarFlag.stale }],
])('a %s bar is no observation', (_, flags) => {
  it('neither for the window nor for indicators, drivers, explorers and analysts, and no return spans it', () => {
    const swarm = warm()
    const before = known(swarm)
    const ideas = swarm.said(BaselineIdeas).length
    swarm.tick(swarm.bar(pair, 500, flags))
    expect(swarm.model.closes[at(swarm)]).toBeNaN()
    swarm.step(...bars(swarm))
    expect(closeOf(swarm)).toBeNaN()
    expect(swarm.model.rollingWindow.close[at(swarm)]).toBeNaN()
    expect(returnOf(swarm)).toBeNaN()
    expect(driver(swarm, 'own-return')).toBeNaN()
    expect(driver(swarm, 'own-volume')).toBeNaN()
    expect(known(swarm).analysis).toEqual(before.analysis)
    expect(known(swarm).finance.returns[at(swarm)]).toEqual(before.finance.returns[at(swarm)])
    expect(known(swarm).finance.volumes[at(swarm)]).toEqual(before.finance.volumes[at(swarm)])
    expect(swarm.said(BaselineIdeas)).toHaveLength(ideas)
    swarm.step(...bars(swarm), swarm.bar(pair, 110))
    expect(closeOf(swarm)).toBe(110)
    expect(returnOf(swarm)).toBeNaN()
    expect(driver(swarm, 'own-return')).toBeNaN()
    swarm.step(...bars(swarm), swarm.bar(pair, 111))
    expect(returnOf(swarm)).toBeCloseTo(1 / 110, 12)
    expect(driver(swarm, 'own-return')).not.toBeNaN()
  })

  it('but everybody is shown it', () => {
    const swarm = warm()
    swarm.step(swarm.bar(pair, 500, flags))
    expect(swarm.said(MarketData.at(pair)).at(-1)).toMatchObject({ close: 500, flags: flags.flags })
  })
})

describe('a correction of a bar is no observation', () => {
  it('takes nothing back: window, indicators and drivers are as if it had not come', () => {
    const one = warm()
    const two = warm()
    one.step(...bars(one), one.bar(pair, 110))
    two.tick(revision(two.bar(pair, 500)))
    two.step(...bars(two), two.bar(pair, 110))
    two.tick(revision(two.bar(pair, 700)))
    expect(known(two)).toEqual(known(one))
    expect([closeOf(two), returnOf(two), driver(two, 'own-return')]).toEqual([
      closeOf(one),
      returnOf(one),
      driver(one, 'own-return'),
    ])
    for (const swarm of [one, two]) swarm.step(...bars(swarm, 102), swarm.bar(pair, 111))
    expect(known(two)).toEqual(known(one))
    expect([closeOf(two), returnOf(two)]).toEqual([111, returnOf(one)])
  })
})

describe('an analyst', () => {
  it('judges every bar of its pair that was traded, and no filled one, no other pair’s', () => {
    const swarm = warm()
    const analyst = swarm.model.spawn(swarm.model.analystType, { pair, style: 'DAY' })
    const judged: number[] = []
    analyst.judge = bar => {
      judged.push(bar.close)
      return { direction: 1, confidence: 0.9 }
    }
    swarm.step(swarm.bar(pair, 101), swarm.bar(other, 102))
    swarm.step(swarm.bar(pair, 103, filled))
    swarm.step(swarm.bar(pair, 104))
    expect(judged).toEqual([101, 104])
    const own = { agent: 'TechnicalAnalysis-0', pair, style: 'DAY', direction: 1, confidence: 0.9, source: 'baseline' }
    expect(swarm.said(BaselineIdeas)).toMatchObject([own, { ...own, decidedAt: swarm.model.now }])
  })

  it('says nothing where its judgement is neutral', () => {
    const swarm = warm()
    const analyst = swarm.model.spawn(swarm.model.analystType, { pair, style: 'DAY' })
    analyst.judge = () => ({ direction: 0, confidence: 1 })
    swarm.step(swarm.bar(pair, 101))
    expect(swarm.said(BaselineIdeas)).toEqual([])
  })
})

describe('a bar that is missing', () => {
  it('breaks the pair’s returns until two bars follow one another, and no other pair’s', () => {
    const swarm = warm()
    swarm.step(...bars(swarm))
    expect(closeOf(swarm)).toBeNaN()
    expect(returnOf(swarm)).toBeNaN()
    expect(returnOf(swarm, other)).not.toBeNaN()
    swarm.step(...bars(swarm, 103), swarm.bar(pair, 110))
    expect(returnOf(swarm)).toBeNaN()
    swarm.step(...bars(swarm), swarm.bar(pair, 111))
    expect(returnOf(swarm)).toBeCloseTo(1 / 110, 12)
  })

  it('within a step, said as a gap, breaks them as well: the bar after it is a close and no return', () => {
    const swarm = warm()
    swarm.step(...bars(swarm), { kind: 'gap', pair, from: 0, to: 1 }, swarm.bar(pair, 110))
    expect(closeOf(swarm)).toBe(110)
    expect(returnOf(swarm)).toBeNaN()
    expect(driver(swarm, 'own-return')).toBeNaN()
    expect(driver(swarm, 'own-volume')).not.toBeNaN()
    expect(returnOf(swarm, other)).not.toBeNaN()
    swarm.step(...bars(swarm), swarm.bar(pair, 111))
    expect(returnOf(swarm)).toBeCloseTo(1 / 110, 12)
  })
})

describe('a miner flags its bars', () => {
  const flagsAfter = (close: number, last = 100) => {
    const swarm = swarmByHand()
    swarm.step(swarm.bar(pair, last))
    swarm.step(swarm.bar(pair, close))
    return swarm.said(MarketData.at(pair)).at(-1)?.flags
  }

  it('as outliers from ten times the last close on, and from a tenth of it down', () => {
    expect([999, 1_000, 1_001].map(close => flagsAfter(close))).toEqual([0, BarFlag.outlier, BarFlag.outlier])
    expect([10.1, 10, 9.9].map(close => flagsAfter(close))).toEqual([0, BarFlag.outlier, BarFlag.outlier])
  })

  it('against the last close that was traded, not a filled one, and never the first bar', () => {
    const swarm = swarmByHand()
    swarm.step(swarm.bar(pair, 100))
    swarm.step(swarm.bar(pair, 5_000, filled))
    swarm.step(swarm.bar(pair, 101))
    expect(swarm.said(MarketData.at(pair)).map(({ flags }) => flags)).toEqual([0, BarFlag.filled, 0])
    expect(swarm.model.miners.at(at(swarm))).toMatchObject({ bars: 2, lastClose: 101 })
  })

  it('as stale from the moment its data are silent until they flow, whatever the bar; no other pair’s', () => {
    const swarm = swarmByHand()
    swarm.step(swarm.bar(pair, 100), swarm.bar(other, 100))
    swarm.tick({ kind: 'stale', pair, since: 7 })
    swarm.step(swarm.bar(pair, 100), swarm.bar(other, 100))
    swarm.step(swarm.bar(pair, 100, filled))
    swarm.step(swarm.bar(pair, 1_000))
    swarm.tick({ kind: 'stale', pair, since: null })
    swarm.step(swarm.bar(pair, 1_001))
    const { stale, filled: none, outlier } = BarFlag
    expect(swarm.said(MarketData.at(pair)).map(({ flags }) => flags)).toEqual([0, stale, none | stale, stale | outlier, 0])
    expect(swarm.said(MarketData.at(other)).map(({ flags }) => flags)).toEqual([0, 0])
  })
})

describe('a moat’s stream', () => {
  const streams = { code: ['Rust', 'Go'], logistics: [], government: [], corporations: [] }
  const driven = () => swarmByHand({ codeLearners: 4, streams })
  const z = ({ model }: ByHand, stream: string, transform: string) =>
    model.rollingWindow.zAt(model.seen.columns.get(`code:${stream}`)?.get(transform) ?? -1, 0)

  it('is standardised by its own past and put in the column of its driver and transform, for one step', () => {
    const swarm = driven()
    for (let i = 0; i < 60; i++) swarm.step(signal('Rust', i % 2), signal('Go', (i % 3) * 10))
    expect(z(swarm, 'Rust', 'level')).toBeCloseTo(1, 0)
    swarm.step(signal('Rust', 50))
    expect(z(swarm, 'Rust', 'level')).toBe(4)
    expect(z(swarm, 'Rust', 'change')).toBe(4)
    expect([z(swarm, 'Go', 'level'), z(swarm, 'Go', 'change')]).toEqual([Number.NaN, Number.NaN])
    swarm.step(signal('Rust', 50))
    expect(z(swarm, 'Rust', 'level')).toBeGreaterThan(2)
    expect(Math.abs(z(swarm, 'Rust', 'change'))).toBeLessThan(1)
    swarm.step()
    expect(z(swarm, 'Rust', 'level')).toBeNaN()
    expect(swarm.said(moatData.code.at('Go'))).toHaveLength(60)
  })

  it('is said once it is known well enough, with its transform, as noise or not', () => {
    const swarm = driven()
    for (let i = 0; i < 50; i++) swarm.step(signal('Rust', i % 2, true))
    expect(swarm.said(CrossMoatSignals)).toEqual([])
    swarm.step(signal('Rust', 1, true))
    expect(swarm.said(CrossMoatSignals)).toMatchObject([{ driver: 'code:Rust', transform: 'level', placebo: true }])
    swarm.step(signal('Rust', 0, false))
    expect(swarm.said(CrossMoatSignals).slice(1)).toMatchObject([
      { driver: 'code:Rust', transform: 'level', placebo: false },
      { driver: 'code:Rust', transform: 'change', placebo: false },
    ])
  })

  it('that is noise makes its patterns false discoveries, in their rows and in the summary; nobody else’s', () => {
    const swarm = driven()
    for (let i = 0; i < 52; i++) swarm.step(signal('Rust', i % 2, true), signal('Go', i % 2, false))
    const row = (stream: string, sign: 1 | -1 = 1): PatternRow => {
      const hypothesis = swarm.model.hypotheses.indexOf(`code:${stream}|change|1|${pair}|4`)
      const found = { z: 4, p: 0.01, slope: 0.01, basis: 'forward bars', since: 1 } as const
      return patternRow(swarm.model, { hypothesis, sign, status: 'approved', agent: 'DeepResearch-0', ...found })
    }
    expect([row('Rust').placebo, row('Go').placebo]).toEqual([true, false])
    swarm.tick(message(PatternLog, row('Rust', -1)), message(PatternLog, row('Go')))
    const { patterns } = swarm.model.summary() as { patterns: { approved: number; inForce: object[] } }
    expect(patterns).toMatchObject({
      approved: 2,
      inForce: [
        { pattern: `code:Rust|change|1|${pair}|4`, sign: -1, step: 52, traded: true, falseDiscovery: true },
        { pattern: `code:Go|change|1|${pair}|4`, sign: 1, step: 52, traded: true, falseDiscovery: false },
      ],
    })
    swarm.step(signal('Rust', 1, false))
    expect(row('Rust').placebo).toBe(false)
    swarm.tick(message(PatternLog, { ...row('Go'), status: 'retired' }))
    expect([...swarm.model.approved.keys()]).toEqual([`code:Rust|change|1|${pair}|4`])
  })

  it('of a pattern’s row has its driver, lag, pair, horizon, sign, z, p, age, decay and value', () => {
    const swarm = driven()
    for (let i = 0; i < 10; i++) swarm.step()
    const hypothesis = swarm.model.hypotheses.indexOf(`code:Go|level|2|${other}|4`)
    const change = { hypothesis, sign: -1, status: 'retired', agent: 'PatternLearner-2', basis: 'watched bars' } as const
    const row = patternRow(swarm.model, { ...change, z: -1.5, slope: -0.02, since: 5, proven: 4 })
    const decayFactor = 2 ** (-6 / 2_000)
    expect(row).toEqual({
      pattern: `code:Go|level|2|${other}|4`,
      status: 'retired',
      step: 10,
      time: swarm.model.now,
      agent: 'PatternLearner-2',
      moat: 'Code',
      product: 'Technology trend detection',
      signalType: 'repo-data',
      sign: -1,
      score: -1.5,
      value: expect.closeTo(0.08 * decayFactor - swarm.model.roundTripCost, 12),
      ageMinutes: 6,
      decayFactor: expect.closeTo(decayFactor, 12),
      placebo: false,
      features: { driver: 'code:Go', transform: 'level', lag: 2, pair: other, horizon: 4 },
      p: null,
      valueBasis: 'watched bars',
      traded: false,
    })
    expect(patternRow(swarm.model, { ...change, z: Number.NaN, slope: Number.NaN, since: 1 })).toMatchObject({
      score: null,
      value: 0 - swarm.model.roundTripCost,
      valueBasis: 'not computed',
      ageMinutes: 10,
      decayFactor: 1,
    })
  })

  it('of an approved pattern whose value does not pay for a round trip is known, not traded, also in the summary', () => {
    const swarm = swarmByHand({ feeRate: 0.001, codeLearners: 4, streams })
    swarm.step()
    const hypothesis = swarm.model.hypotheses.indexOf(`code:Go|level|2|${other}|4`)
    const cost = swarm.model.roundTripCost
    const row = (share: number) =>
      patternRow(swarm.model, {
        ...{ hypothesis, sign: 1, status: 'approved', agent: 'DeepResearch-0', basis: 'forward bars' },
        ...{ z: 4, p: 0.01, slope: (share * cost) / 4, since: 0 },
      })
    expect([row(0.9).traded, row(1.1).traded]).toEqual([false, true])
    swarm.tick(message(PatternLog, row(0.9)))
    const { patterns } = swarm.model.summary() as { patterns: { inForce: { traded: boolean; value: number }[] } }
    expect(patterns.inForce).toMatchObject([{ traded: false, value: expect.closeTo(-0.1 * cost, 12) }])
  })
})
