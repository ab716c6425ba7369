import { describe, expect, it } from 'vitest'
import { figurePair, figureText } from '../../src/trading/figure-words.js'
import { houseRules } from '../../src/trading/gate/index.js'
import {
  actions,
  actionWords,
  answerReasons,
  cancelReasons,
  cancelWords,
  exitReasons,
  exitWords,
  refusalReasons,
  refusalSentence,
  riskKinds,
} from '../../src/trading/index.js'

const isSentence = /^[A-Z].*\.$/

describe('the catalogue of reason codes', () => {
  it.each(houseRules.map(rule => [rule.code, rule] as const))(
    'has a sentence for the rule %s, with its figure where it measures one',
    (code, rule) => {
      const reason = refusalReasons[code]
      expect(reason?.says, `a sentence for ${code} in src/trading/reasons.ts`).toMatch(isSentence)
      if (rule.allows !== undefined && 'measures' in rule) expect(reason?.measured, code).toContain('{measured}')
    },
  )

  it.each([...riskKinds, ...Object.keys(answerReasons)])('has a sentence for a decision that comes to %s', code => {
    expect(refusalReasons[code]?.says).toMatch(isSentence)
  })

  it.each([
    ['actions', actions, actionWords],
    ['reasons to cancel', [...cancelReasons, 'jump', 'late'], cancelWords],
    ['reasons to exit', exitReasons, exitWords],
  ] as const)('has a sentence for each of the %s, and for no other code', (_, codes, words) => {
    expect(Object.keys(words).sort()).toEqual([...codes].sort())
    for (const sentence of Object.values(words)) expect(sentence).toMatch(isSentence)
  })
})

describe('a refusal in words', () => {
  it('has the measured figure, its limit and their unit', () => {
    expect(refusalSentence('grossLimit', 0.312, 0.3)).toBe(
      'All positions together would have been 31.2 % of equity; the limit of the rule grossLimit is 30 %.',
    )
    expect(refusalSentence('largestTrade', 7.5, 5)).toBe(
      'The trade would have cost 7.50 USD; the limit of the rule largestTrade is 5.00 USD.',
    )
    expect(refusalSentence('expired', 5_400_000, Number.NaN)).toContain('1 h 30 min')
  })

  it('never shows two different figures as the same', () => {
    expect(figurePair(0.30001, 0.3, 'share')).toEqual(['30.001 %', '30 %'])
    expect(figurePair(0.3, 0.3, 'share')).toEqual(['30 %', '30 %'])
  })

  it('says what a rule without a sentence measured, in its unit', () => {
    expect(refusalSentence('mine', 3, 2, 'owls')).toBe('The rule mine measured 3 (owls); its limit is 2.')
    expect(refusalSentence('mine', Number.NaN, Number.NaN)).toBe('The rule mine refused it.')
  })

  it('keeps small amounts apart from nothing', () => {
    expect(figureText(0.000_12, 'usd')).toBe('0.00012 USD')
    expect(figureText(-1234.5, 'usd')).toBe('-1,234.50 USD')
    expect(figureText(0, 'usd')).toBe('0.00 USD')
  })
})
