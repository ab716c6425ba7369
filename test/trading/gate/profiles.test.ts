/** Profiles: limits as data, of which the strictest holds. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../../src/core/index.js'
import {
  bindingsOf,
  brokerSchema,
  gateSchema,
  havenLimits,
  houseRules,
  type LimitParameters,
  type Limits,
  limitSpecs,
  limitsOf,
  profileNames,
  riskSchema,
  settingsOf,
  shippedProfiles,
  strictest,
} from '../../../src/trading/index.js'

function parameters(over: Partial<LimitParameters> = {}): LimitParameters {
  return { ...brokerSchema.parse({}), ...riskSchema.parse({}), ...gateSchema.parse({}), ...over }
}
const own = (name: string, limits: Limits) => ({ name, limits })

describe('a profile', () => {
  it('that ships says only what its schema admits', () => {
    for (const [name, limits] of Object.entries(shippedProfiles))
      expect(() => limitsOf(parameters({ profiles: [{ name, limits: { ...limits } }], feeRate: 0 })), name).not.toThrow()
  })

  it('is refused where it names a limit that there is none of, or a value out of range', () => {
    for (const limits of [{ dailyLos: 2 }, { minConfidence: 1.5 }, { excess: { grossLimit: 'ignore' } }])
      expect(() => limitsOf(parameters({ profiles: ['haven', { name: 'mine', limits }] }))).toThrow(OperatorError)
  })

  it('has a rule or a meaning of its own for every limit, and every limit is of one rule', () => {
    const owners = houseRules.flatMap(rule => Object.entries(rule.limits))
    for (const [name, spec] of owners) expect(limitSpecs[name], name).toBe(spec)
    for (const { meaning } of Object.values(limitSpecs)) expect(meaning).not.toBe('')
  })

  it('of one’s own is checked limit by limit, by name', () => {
    const of = (limits: Record<string, unknown>) => limitsOf(parameters({ profiles: ['haven', { name: 'mine', limits }] }))
    expect(() => of({ dailyLos: 2 })).toThrow(/Unknown limit of the profile mine "dailyLos"\. Known: /)
    expect(() => of({ minConfidence: 2 })).toThrow(/limit "minConfidence" of the profile mine: expected .*<=1.*got 2/)
    expect(() => of({ excess: { grossLimit: 'ignore' } })).toThrow(
      /"excess" of the profile mine: expected by rule: refuse or shrink/,
    )
    expect(of({ dailyLossUsd: 20, excess: { grossLimit: 'shrink' } })).toMatchObject({ dailyLossUsd: 20 })
  })

  it('micro and floor are as their users know them', () => {
    expect(shippedProfiles.micro).toMatchObject({ smallestTradeUsd: 1, largestTradeUsd: 5, dailyLossUsd: 2, openPositions: 3 })
    expect(shippedProfiles.micro).toMatchObject({ minConfidence: 0.55, targetShare: 0.005, stopShare: 0.003, accuracy24h: 0.45 })
    expect(shippedProfiles.floor).toMatchObject({ maxDrawdown: 0.3, minConfidence: 0.7, minAgreeing: 2, minWinRate: 0.4 })
  })
})

describe('several profiles', () => {
  it('hold by the strictest value of each limit, in whatever order they are named', () => {
    const a = own('a', { minConfidence: 0.5, dailyLossUsd: 5, blackList: ['A'], whiteList: ['B', 'C'] })
    const b = own('b', { minConfidence: 0.7, dailyLossUsd: 2, openPositions: 3, blackList: ['D'], whiteList: ['C'] })
    const limits = { minConfidence: 0.7, dailyLossUsd: 2, openPositions: 3, whiteList: ['C'] }
    expect(strictest([a, b])).toMatchObject({ ...limits, blackList: ['A', 'D'] })
    expect(strictest([b, a])).toMatchObject({ ...limits, blackList: ['D', 'A'] })
  })

  it('are never laxer than any of them: of numbers, by the direction each limit declares', () => {
    const numeric = Object.entries(limitSpecs).filter(([, { stricter }]) => stricter === 'lower' || stricter === 'higher')
    for (const [name, { stricter, schema }] of numeric)
      fc.assert(
        fc.property(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }), (x, y) => {
          const [a, b] = [x, y].map(value => (schema.safeParse(value).success ? value : Math.ceil(value * 9))) as [number, number]
          const both = strictest([own('a', { [name]: a } as Limits), own('b', { [name]: b } as Limits)])
          expect((both as Record<string, number>)[name]).toBe(stricter === 'lower' ? Math.min(a, b) : Math.max(a, b))
        }),
        { numRuns: 20 },
      )
  })

  it('that differ in a target or a stop contradict each other', () => {
    const [a, b] = [own('a', { targetShare: 0.01 }), own('b', { targetShare: 0.02 })]
    expect(() => strictest([a, b])).toThrow(/"targetShare" of the profiles a and b: expected one value/)
    expect(strictest([a, own('c', { targetShare: 0.01 })])).toMatchObject({ targetShare: 0.01 })
  })

  it('refuse where one refuses and another makes smaller', () => {
    const [a, b] = [own('a', { excess: { grossLimit: 'shrink' } }), own('b', { excess: { grossLimit: 'refuse' } })]
    for (const both of [
      [a, b],
      [b, a],
    ])
      expect(strictest(both).excess).toEqual({ grossLimit: 'refuse' })
  })
})

describe('the profiles of a scenario', () => {
  it('are haven by default: what the parameters say, and nothing else', () => {
    const limits = limitsOf(parameters({ minConfidence: 0.6, forbiddenPairs: ['EOSUSD'] }))
    expect({ ...limits, excess: undefined }).toEqual({
      ...{ minConfidence: 0.6, grossShare: 0.3, maxDrawdown: 0.05, blackList: ['EOSUSD'] },
      excess: undefined,
    })
  })

  it('forbid a pair until an instant, and refuse one whose instant is none', () => {
    const forbidden = 'EOSUSD until 2026-01-31T00:00Z'
    expect(limitsOf(parameters({ forbiddenPairs: [forbidden] }))).toMatchObject({ blackList: [forbidden] })
    expect(() => riskSchema.parse({ forbiddenPairs: ['EOSUSD until 2026-13-31'] })).toThrow('PAIR until 2026-01-31T00:00Z')
  })

  it('are known by name: a misspelt one is named with the nearest', () => {
    expect(() => limitsOf(parameters({ profiles: ['micor'] }))).toThrow('Unknown profile "micor". Did you mean "micro"?')
  })

  it('leave no parameter without effect: one of haven that was changed asks for haven', () => {
    const changed = { profiles: ['floor'], maxDrawdown: 0.1 }
    expect(() => limitsOf(parameters(changed))).toThrow(/parameter "maxDrawdown": expected the profile haven/)
    expect(limitsOf(parameters({ ...changed, profiles: ['haven', 'floor'] })).maxDrawdown).toBe(0.1)
    expect(limitsOf(parameters({ profiles: ['floor'] })).maxDrawdown).toBe(0.3)
  })

  it('give no leverage where none of them limits the gross value', () => {
    expect(settingsOf({})).toMatchObject({ grossLimit: 1, minConfidence: 0 })
    expect(settingsOf(havenLimits(parameters()))).toMatchObject({ grossLimit: 0.3, minConfidence: 0.5 })
  })

  it('with a target that cannot pay are refused with the arithmetic: micro runs from a fee of 0.2 % down', () => {
    const micro = (feeRate: number, allowLosingTarget = false) =>
      limitsOf(parameters({ profiles: ['haven', 'micro'], feeRate, allowLosingTarget }))
    expect(() => micro(0.004)).toThrow(
      /0\.4 % fee \+ 0\.02 % half-spread \+ 0\.03 % slippage\) = 0\.9 %.*"a loss of 0\.4 %".*0\.2 %/s,
    )
    expect(() => micro(0.0020001)).toThrow(/a loss of/)
    expect(micro(0.002).targetShare).toBe(0.005)
    expect(micro(0.004, true).targetShare).toBe(0.005)
  })

  it('say what binds: a limit that nothing can reach is said to bind nothing', () => {
    const given = {
      ...parameters({ profiles: ['micro'], feeRate: 0.001 }),
      pairs: ['A', 'B'],
      capitalUsd: 100_000,
      sizeShare: 0.02,
    }
    const binds = Object.fromEntries(bindingsOf(limitsOf(given), given).map(({ limit, binds }) => [limit, binds]))
    expect(binds).toMatchObject({
      largestTradeUsd: 'every',
      smallestTradeUsd: 'none',
      openPositions: 'none',
      dailyLossUsd: 'some',
    })
    const small = { ...given, capitalUsd: 100, pairs: ['A', 'B', 'C', 'D'] }
    const inSmall = Object.fromEntries(bindingsOf(limitsOf(small), small).map(({ limit, binds }) => [limit, binds]))
    expect(inSmall).toMatchObject({ largestTradeUsd: 'none', smallestTradeUsd: 'some', openPositions: 'some' })
  })

  it('may be any that ship', () => {
    expect(profileNames).toContain('haven')
    for (const profile of profileNames)
      expect(() => limitsOf(parameters({ profiles: [profile], feeRate: 0 })), profile).not.toThrow()
  })
})
