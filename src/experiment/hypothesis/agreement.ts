/**
 * What two independent signals are worth when they agree, beside what collisions were worth. Of two signals that err independently
 * of each other, given where the price goes, and are right with p₁ and p₂, those that agree are right with
 * p₁p₂ / (p₁p₂ + (1 − p₁)(1 − p₂)): Bayes' rule for a price that is as likely to rise as to fall.
 */

import type { AccuracyRow, Hits } from './accuracy.js'

/** Shares of right directions; means over pairs and horizons, each counted as often as it collided. */
export interface Agreement {
  /** p₁ and p₂. */
  readonly technical: number
  readonly mycelial: number
  /** Of collisions: by the theory, and as it was. */
  readonly theory: number
  readonly measured: number
  /** Standard error of `measured − theory`, seeds being the unit of chance (jackknife). */
  readonly error: number
  readonly collisions: number
  /** Seeds in which anything collided. */
  readonly n: number
}

function independentAccuracy(p1: number, p2: number): number {
  const agree = p1 * p2 + (1 - p1) * (1 - p2)
  return agree === 0 ? 0.5 : (p1 * p2) / agree
}

/** `seeds`: the rows of each run of one market. Null where nothing collided, or with a single seed. */
export function agreementOf(seeds: readonly (readonly AccuracyRow[])[]): Agreement | null {
  const all = pooled(seeds.flat())
  const whole = summed(all)
  const n = seeds.filter(rows => rows.some(({ collisions }) => collisions.of > 0)).length
  if (whole === null || n < 2) return null
  const without = seeds.map(rows => summed(pooled(rows, all, -1))).filter(sum => sum !== null)
  const gaps = without.map(({ measured, theory }) => measured - theory)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const error = Math.sqrt((gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) * (gaps.length - 1)) / gaps.length)
  return { ...whole, error, n }
}

/** Hits of some runs together, by pair and horizon. */
type Pooled = ReadonlyMap<string, Pick<AccuracyRow, 'views' | 'ideas' | 'collisions'>>

function pooled(rows: readonly AccuracyRow[], from: Pooled = new Map(), sign: 1 | -1 = 1): Pooled {
  const sums = new Map(from)
  for (const row of rows) {
    const key = `${row.pair} ${row.horizonBars}`
    const known = sums.get(key) ?? nothing
    sums.set(key, {
      views: added(known.views, row.views, sign),
      ideas: added(known.ideas, row.ideas, sign),
      collisions: added(known.collisions, row.collisions, sign),
    })
  }
  return sums
}

const none: Hits = { right: 0, of: 0 }
const nothing = { views: none, ideas: none, collisions: none }

function added(a: Hits, b: Hits, sign: 1 | -1): Hits {
  return { right: a.right + sign * b.right, of: a.of + sign * b.of }
}

function summed(rows: Pooled): Omit<Agreement, 'error' | 'n'> | null {
  const sum = { technical: 0, mycelial: 0, theory: 0, measured: 0, collisions: 0 }
  for (const { views, ideas, collisions } of rows.values()) {
    if (views.of === 0 || collisions.of === 0) continue
    const p1 = views.right / views.of
    const p2 = ideas.right / ideas.of
    sum.technical += collisions.of * p1
    sum.mycelial += collisions.of * p2
    sum.theory += collisions.of * independentAccuracy(p1, p2)
    sum.measured += collisions.right
    sum.collisions += collisions.of
  }
  const { collisions } = sum
  if (collisions === 0) return null
  const { technical, mycelial, theory, measured } = sum
  return {
    technical: technical / collisions,
    mycelial: mycelial / collisions,
    theory: theory / collisions,
    measured: measured / collisions,
    collisions,
  }
}
