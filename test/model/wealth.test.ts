import { resume, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import wealth from '../../scenarios/wealth.js'

describe('wealth, the example of the README', () => {
  it('gives the same digest for the same seed, and another for another', () => {
    const digest = (seed: number) => {
      const sim = simulate(wealth, { seed, params: { people: 50 } })
      sim.run({ steps: 100 })
      return sim.digest
    }
    expect(digest(42)).toBe(digest(42))
    expect(digest(42)).not.toBe(digest(43))
  })

  it('keeps the coins: nobody makes or loses one', () => {
    const sim = simulate(wealth, { seed: 1 })
    sim.run({ steps: 500 })
    expect(sim.model.people.sum(p => p.wealth)).toBe(100)
    expect(sim.table('model').toRows().at(-1)?.gini).toBeGreaterThan(0.3)
    expect(sim.table('agents:Person').length).toBe(501 * 100)
  })

  it('D3: resumes from any step to the digest of the uninterrupted run', () => {
    const whole = simulate(wealth, { seed: 7 })
    whole.run({ steps: 1500 })
    for (const k of [0, 1, 700, 999, 1000, 1001]) {
      const first = simulate(wealth, { seed: 7 })
      first.run({ steps: k })
      const second = resume(wealth, first.save())
      second.run({ steps: 1500 - k })
      expect(second.digest).toBe(whole.digest)
      expect(second.table('model').column('gini')).toEqual(whole.table('model').column('gini'))
    }
  })

  it('D4: reading the digest or leaving out the collector changes nothing', () => {
    const looked = simulate(wealth, { seed: 3 })
    const alone = simulate(wealth, { seed: 3, collect: false })
    for (let i = 0; i < 1200; i++) {
      looked.step()
      alone.step()
      if (i % 100 === 0) void looked.digest
    }
    expect(looked.digest).toBe(alone.digest)
  })
})
