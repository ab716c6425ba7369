import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue } from '../../src/core/index.js'
import {
  type Halt,
  haltsInForce,
  lossLimitE6,
  newRisk,
  operatorHalt,
  type PortfolioName,
  type Risk,
  type RiskSettings,
  resetDrawdown,
  riskOnContagion,
  riskOnEquity,
  riskSchema,
} from '../../src/trading/index.js'

const START = 100_000_000_000
const LIMIT = 5_000_000_000

function guard(over: Partial<RiskSettings> = {}) {
  const halts: Halt[] = []
  const risk = newRisk(riskSchema.parse(over))
  let step = 0
  const see = (equity: number, portfolio: 'baseline' | 'mycelial' | 'synthesized' = 'mycelial') => {
    step++
    riskOnEquity(risk, { portfolio, equityE6: equity, step, time: step * 1_000 }, h => halts.push(h))
  }
  return { risk, halts, see }
}

/** What keeps a portfolio from entering. */
const halting = (risk: Risk, portfolio: PortfolioName) =>
  haltsInForce(risk)
    .filter(h => h.portfolio === 'all' || h.portfolio === portfolio)
    .map(h => h.kind)

describe('drawdown', () => {
  it('R7: a loss of exactly the limit halts, one millionth of a dollar less does not', () => {
    expect(lossLimitE6(START, 0.05)).toBe(LIMIT)
    for (const [loss, halted] of [
      [LIMIT - 1, false],
      [LIMIT, true],
      [LIMIT + 1, true],
    ] as const) {
      const { risk, see } = guard()
      see(START)
      see(START - loss)
      expect(halting(risk, 'mycelial')).toEqual(halted ? ['drawdown'] : [])
    }
  })

  it('R7: two fills that add up to the limit halt at the second, whichever is larger', () => {
    for (const first of [1, LIMIT / 2, LIMIT - 1]) {
      const { halts, see } = guard()
      see(START)
      see(START - first)
      expect(halts).toHaveLength(0)
      see(START - LIMIT)
      expect(halts).toMatchObject([{ kind: 'drawdown', on: true, portfolio: 'mycelial', ends: 'after 168 bars, peak re-based' }])
    }
  })

  it('is measured from the peak, not the start, and stops its own portfolio alone', () => {
    const { risk, see, halts } = guard()
    see(START)
    see(2 * START)
    see(2 * START - 2 * LIMIT + 1)
    expect(halts).toHaveLength(0)
    see(2 * START - 2 * LIMIT)
    see(START, 'baseline')
    expect(halting(risk, 'mycelial')).toContain('drawdown')
    expect(halting(risk, 'baseline')).toEqual([])
  })

  it('is announced as the emergency shutdown where it is the synthesized portfolio', () => {
    const { halts, see } = guard()
    see(START, 'synthesized')
    see(START / 2, 'synthesized')
    expect(halts[0]?.reason).toMatch(/^emergency shutdown: loss of 50 %/)
  })

  it('ends by itself after the bars of the rule, with the peak re-based', () => {
    const { risk, halts, see } = guard({ riskReset: { afterBars: 3 } })
    see(START)
    see(START - LIMIT)
    see(START)
    see(START / 2)
    expect(halting(risk, 'mycelial')).toEqual(['drawdown'])
    see(START / 2)
    expect(halting(risk, 'mycelial')).toEqual([])
    expect(risk.portfolios.mycelial.peakE6).toBe(START / 2)
    expect(halts.map(h => h.on)).toEqual([true, false])
    see(START / 2 - LIMIT / 2)
    expect(halting(risk, 'mycelial')).toEqual(['drawdown'])
  })

  it('never ends by itself under "never": the operator resets it', () => {
    const { risk, halts, see } = guard({ riskReset: 'never' })
    see(START)
    see(0)
    for (let i = 0; i < 1_000; i++) see(START)
    expect(halting(risk, 'mycelial')).toEqual(['drawdown'])
    expect(
      resetDrawdown(risk, { portfolio: 'mycelial', equityE6: Number.NaN, time: 1, reason: 'operator' }, h => halts.push(h)),
    ).toBe(false)
    expect(resetDrawdown(risk, { portfolio: 'mycelial', equityE6: START, time: 1, reason: 'operator' }, h => halts.push(h))).toBe(
      true,
    )
    expect(halting(risk, 'mycelial')).toEqual([])
  })
})

describe('R3: a loss that cannot be computed', () => {
  it('forbids entries until it can, and never ends a drawdown halt', () => {
    const { risk, halts, see } = guard({ riskReset: { afterBars: 1 } })
    see(START)
    see(Number.NaN)
    see(Number.NaN)
    expect(halting(risk, 'mycelial')).toContain('uncomputable')
    expect(halts).toHaveLength(1)
    see(START)
    expect(halting(risk, 'mycelial')).toEqual([])
    see(START / 2)
    see(Number.NaN)
    see(Number.NaN)
    expect(halting(risk, 'mycelial')).toContain('drawdown')
  })

  it('compares with an unknown peak as nothing lost, and takes the first equity as the peak', () => {
    const { risk, see } = guard()
    see(START)
    expect(risk.portfolios.mycelial.peakE6).toBe(START)
  })
})

describe('contagion', () => {
  const bars = (risk: Risk, share: number, n: number, leaders = 60) => {
    const halts: Halt[] = []
    for (let i = 0; i < n; i++) riskOnContagion(risk, { share, leaders, time: i }, h => halts.push(h))
    return halts
  }

  it('pauses all portfolios at 80 %, exactly, in the bar it is seen', () => {
    const { risk } = guard()
    expect(bars(risk, 23 / 30, 1, 30)).toHaveLength(0)
    expect(bars(risk, 24 / 30, 1, 30)).toMatchObject([
      { portfolio: 'all', kind: 'contagion', on: true, ends: 'share < 60 % for 50 bars' },
    ])
    for (const portfolio of ['baseline', 'mycelial', 'synthesized'] as const)
      expect(halting(risk, portfolio)).toContain('contagion')
  })

  it('is not judged before 30 learners have a leading policy, and ever after', () => {
    const { risk } = guard()
    expect(bars(risk, 1, 5, 29)).toHaveLength(0)
    bars(risk, 0.1, 1, 30)
    expect(bars(risk, 1, 1, 5)).toHaveLength(1)
  })

  it('ends after 50 consecutive bars below 60 %: 60 % itself, or not knowing, starts the count again', () => {
    const { risk } = guard()
    bars(risk, 0.9, 1)
    bars(risk, 0.59, 49)
    bars(risk, 0.6, 1)
    bars(risk, 0.59, 49)
    bars(risk, Number.NaN, 1)
    expect(bars(risk, 0.59, 49)).toHaveLength(0)
    expect(halting(risk, 'baseline')).toEqual(['contagion'])
    expect(bars(risk, 0.59, 1)).toMatchObject([{ on: false, kind: 'contagion' }])
    expect(halting(risk, 'baseline')).toEqual([])
  })
})

describe('the operator', () => {
  it('halts all three portfolios and lets them go on, each announced once', () => {
    const { risk, halts } = guard()
    const order = (on: boolean) => operatorHalt(risk, { on, time: 5, reason: 'maintenance' }, h => halts.push(h))
    expect([order(true), order(true)]).toEqual([true, false])
    expect(halting(risk, 'synthesized')).toContain('operator')
    expect([order(false), order(false)]).toEqual([true, false])
    expect(halts.map(h => h.on)).toEqual([true, false])
  })
})

it('R1: halts survive being saved and read again, with reason and end', () => {
  const { risk, see } = guard({ riskReset: 'never' })
  see(START)
  see(0)
  operatorHalt(risk, { on: true, time: 7, reason: 'night' }, () => undefined)
  riskOnContagion(risk, { share: 1, leaders: 60, time: 8 }, () => undefined)
  const again = decodeValue(encodeValue(risk)) as Risk
  expect(haltsInForce(again)).toEqual(haltsInForce(risk))
  expect(haltsInForce(again).map(h => h.kind)).toEqual(['operator', 'contagion', 'drawdown'])
  expect(halting(again, 'mycelial')).toEqual(halting(risk, 'mycelial'))
})

describe('counts of halts', () => {
  it('tell how many of each kind began; a second contagion ends after as many calm bars as the first', () => {
    const { risk, see } = guard({ contagionCalmBars: 2 })
    see(START)
    see(START - LIMIT)
    const ends: boolean[] = []
    const { contagionLeaders, contagionPause, contagionResume } = risk.settings
    const paused: boolean[] = []
    for (const share of [contagionPause, 0, 0, contagionPause, 0, 0]) {
      riskOnContagion(risk, { share, leaders: contagionLeaders, time: 1 }, halt => ends.push(!halt.on))
      paused.push(risk.contagion !== null)
    }
    expect(paused).toEqual([true, true, false, true, true, false])
    expect(contagionResume).toBeGreaterThan(0)
    expect(ends).toEqual([false, true, false, true])
    expect(risk.haltsBegun).toMatchObject({ drawdown: 1, contagion: 2, operator: 0 })
  })

  it('a limit is rounded to the nearest unit', () => {
    expect([lossLimitE6(33, 0.05), lossLimitE6(28, 0.05)]).toEqual([2, 1])
  })
})
