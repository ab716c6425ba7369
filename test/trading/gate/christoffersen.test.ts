import { describe, expect, it } from 'vitest'
import { christoffersen } from '../../../bench/validate/christoffersen.js'

const critical = 3.841458820694124

/** So many days beyond, spread evenly; one calm day before all, which the test only conditions on. */
function spread(beyond: number, days: number): boolean[] {
  const all = new Array<boolean>(days + 1).fill(false)
  for (let i = 1; i <= beyond; i++) all[Math.floor((i * days) / (beyond + 1))] = true
  return all
}

describe('Christoffersen’s test', () => {
  it.each([
    [255, 1, 6],
    [510, 2, 10],
    [1_000, 5, 16],
  ])('does not reject by frequency, in %i days at 1 %%, from %i to %i beyond: Kupiec’s table', (days, fewest, most) => {
    const ratio = (beyond: number) => christoffersen(spread(beyond, days), 0.01).frequency
    for (let beyond = fewest; beyond <= most; beyond++) expect(ratio(beyond)).toBeLessThan(critical)
    expect(ratio(fewest - 1)).toBeGreaterThan(critical)
    expect(ratio(most + 1)).toBeGreaterThan(critical)
  })

  it('comes to what the formula gives by hand', () => {
    // Transitions: 5 calm → calm, 2 calm → beyond, 1 beyond → calm, 1 beyond → beyond.
    const days = [0, 0, 1, 1, 0, 0, 0, 0, 0, 1].map(Boolean)
    const atOwnRate = 6 * Math.log(6 / 9) + 3 * Math.log(3 / 9)
    const byDayBefore = 5 * Math.log(5 / 7) + 2 * Math.log(2 / 7) + 2 * Math.log(1 / 2)
    const test = christoffersen(days, 0.1)
    expect(test.frequency).toBeCloseTo(2 * (atOwnRate - 6 * Math.log(0.9) - 3 * Math.log(0.1)), 12)
    expect(test.independence).toBeCloseTo(2 * (byDayBefore - atOwnRate), 12)
    expect(test.pValue).toBeCloseTo(Math.exp(-(test.frequency + test.independence) / 2), 12)
    expect(test).toMatchObject({ beyond: 3, days: 9 })
  })

  it('rejects the right number of days beyond where they follow one another', () => {
    const apart = christoffersen(spread(10, 1_000), 0.01)
    const together = christoffersen(
      Array.from({ length: 1_001 }, (_, t) => t > 500 && t <= 510),
      0.01,
    )
    expect(apart.frequency).toBeCloseTo(together.frequency, 12)
    expect(apart.pValue).toBeGreaterThan(0.5)
    expect(together.pValue).toBeLessThan(1e-6)
  })

  it('is not confused by days of one kind alone', () => {
    expect(christoffersen(new Array(11).fill(false), 0.01)).toMatchObject({ beyond: 0, independence: 0 })
    expect(christoffersen(new Array(11).fill(true), 0.01).pValue).toBeLessThan(1e-6)
  })
})
