/** Experiments where users move each other's price: cells of one arm tell what a change does, a split of users does not. */
import { describe, expect, it } from 'vitest'
import { Rng, rootOf } from '../../src/core/index.js'
import { buyFrom, newCurve, publishedCurve, SOL, sellTo, tokensFor } from '../../src/exchange/index.js'
import { type Arm, type ArmOutcome, switchbackEffect, userSplitEffect } from '../../src/trading/index.js'
import { times } from '../tier.js'

/** Users of a cell, and what each pays. */
const [USERS, PAID] = [8, 0.6 * SOL]

/**
 * Users enter a curve one after another, others push the price, and users leave by chance; those of arm B do so before all others, which
 * helps nobody where everybody does it. `planted` is added to every return of arm B.
 */
function cell(name: string, arms: readonly Arm[], rng: Rng, planted: number): ArmOutcome[] {
  const curve = newCurve(publishedCurve)
  buyFrom(curve, tokensFor(curve, rng.between(5, 20) * SOL))
  const held = arms.map(arm => {
    const tokens = tokensFor(curve, PAID)
    return { arm, tokens, cost: sum(buyFrom(curve, tokens)) }
  })
  buyFrom(curve, tokensFor(curve, rng.between(0.1, 4) * SOL))
  const leaving = rng.shuffle(held).sort((a, b) => (a.arm < b.arm ? 1 : a.arm > b.arm ? -1 : 0))
  return leaving.map(({ arm, tokens, cost }) => {
    const { lamports, fee } = sellTo(curve, tokens)
    return { cell: name, arm, value: (lamports - fee) / cost - 1 + (arm === 'B' ? planted : 0) }
  })
}

const sum = ({ lamports, fee }: { lamports: number; fee: number }) => lamports + fee
const all = (arm: Arm) => Array.from({ length: USERS }, () => arm)
const meanOf = (outcomes: readonly ArmOutcome[]) => outcomes.reduce((total, { value }) => total + value, 0) / outcomes.length

/** What arm B does if all have it, by very many cells of either. */
function truth(planted: number): number {
  const rng = Rng.derive(rootOf('the truth'), 0, 0)
  const mean = (arm: Arm) => meanOf(Array.from({ length: 10_000 }, (_, i) => cell(`${i}`, all(arm), rng, planted)).flat())
  return mean('B') - mean('A')
}

describe('an experiment on one curve', () => {
  const planted = 0.01
  const effect = truth(planted)
  const experiments = times(400, 2_000)
  const found = Array.from({ length: experiments }, (_, i) => {
    const rng = Rng.derive(rootOf('experiments'), 0, i)
    const cells = Array.from({ length: 60 }, (_, c) => `${c}`)
    const whole = cells.flatMap(name => cell(name, all(rng.chance(0.5) ? 'B' : 'A'), rng, planted))
    const split = cells.flatMap(name =>
      cell(
        name,
        all('A').map(() => (rng.chance(0.5) ? 'B' : 'A')),
        rng,
        planted,
      ),
    )
    return { whole: switchbackEffect(whole), split: userSplitEffect(split) }
  })
  const covers = (of: ReturnType<typeof switchbackEffect>) => of !== null && of.interval[0] <= effect && effect <= of.interval[1]

  it('has the planted effect in its 95 % interval in 90 to 98 % of experiments, by cells', () => {
    const share = found.filter(({ whole }) => covers(whole)).length / experiments
    expect(share).toBeGreaterThanOrEqual(0.9)
    expect(share).toBeLessThanOrEqual(0.98)
  })

  it('by a split of users it mostly has not, since users move each other’s price', () => {
    expect(found.filter(({ split }) => covers(split)).length / experiments).toBeLessThan(0.5)
  })

  it('says nothing of fewer than five cells of an arm', () => {
    const few = (arm: Arm, n: number) => Array.from({ length: n }, (_, i) => ({ cell: `${arm}${i}`, arm, value: i }))
    expect(switchbackEffect([...few('A', 9), ...few('B', 4)])).toBeNull()
    expect(switchbackEffect([...few('A', 9), ...few('B', 5)])).not.toBeNull()
    expect(userSplitEffect([...few('A', 9), ...few('B', 9)])).toBeNull()
  })

  it('counts a cell once, however many trades it has', () => {
    const cells = [1, 2, 3, 4, 5].flatMap(i => [
      { cell: `A${i}`, arm: 'A' as const, value: i },
      { cell: `B${i}`, arm: 'B' as const, value: i + 1 },
    ])
    const more = Array.from({ length: 50 }, () => ({ cell: 'B5', arm: 'B' as const, value: 6 }))
    expect(switchbackEffect([...cells, ...more])).toEqual(switchbackEffect(cells))
    expect(switchbackEffect(cells)?.effect).toBeCloseTo(1)
  })
})
