/** What must be found in the trades for users: purchases without a consent, and across another user's sale. */
import { expect, it } from 'vitest'
import { crossedOf, hasConsent } from '../../src/report/launches/compliance-checks.js'

const MINUTE = 60_000
const trade = (user: string, buys: boolean, minute: number) => ({ user, token: 'TOKEN-1', buys, time: minute * MINUTE })

it('finds a purchase in a phase, of a token, by a user or at a time that nobody agreed to', () => {
  const consent = { user: 'A', category: 'late', from: 0, until: 10 * MINUTE, source: 'form' }
  const late = new Set(['late'])
  expect(hasConsent([consent], trade('A', true, 5), late)).toBe(true)
  expect(hasConsent([consent], trade('A', true, 5), new Set(['early']))).toBe(false)
  expect(hasConsent([consent], trade('B', true, 5), late)).toBe(false)
  expect(hasConsent([consent], trade('A', true, 10), late)).toBe(false)
  expect(hasConsent([{ ...consent, category: 'TOKEN-2' }], trade('A', true, 5), late)).toBe(false)
  expect(hasConsent([{ ...consent, category: 'TOKEN-1' }], trade('A', true, 5), new Set())).toBe(true)
})

it("counts a purchase within five minutes after another user's sale, whoever sold since, and none after one's own", () => {
  const fillMs = 1_200
  expect(crossedOf([trade('A', false, 0), trade('A', true, 2)], fillMs)).toBe(0)
  expect(crossedOf([trade('B', false, 0), trade('A', true, 2)], fillMs)).toBe(1)
  expect(crossedOf([trade('B', false, 0), trade('A', false, 1), trade('A', true, 2)], fillMs)).toBe(1)
  expect(crossedOf([trade('B', false, 0), trade('A', true, 5)], fillMs)).toBe(0)
})
