/**
 * What a change does where those who are treated move the prices of those who are not: arms are drawn for whole cells, a token in a stretch
 * of time, so that nobody within one trades against the other arm (a switchback; Bojinov, Simchi-Levi and Zhao 2023).
 */

import { meanInterval } from './intervals.js'

export type Arm = 'A' | 'B'

/** What one trade of an experiment came to. */
export interface ArmOutcome {
  /** A token in a stretch of time. */
  readonly cell: string
  readonly arm: Arm
  readonly value: number
}

/** The mean of B less that of A, with its 95 % interval. */
export interface ArmEffect {
  readonly effect: number
  readonly interval: readonly [number, number]
  /** Cells of each arm, of whole cells, or of those that hold both arms. */
  readonly cells: { readonly A: number; readonly B: number }
}

/** Cells of an arm below which nothing is said. */
const LEAST_CELLS = 5

interface Moments {
  readonly n: number
  readonly mean: number
  readonly variance: number
}

/** The effect by cells of one arm each: a cell counts once, by its mean, because what happens within one hangs together. Null: too few. */
export function switchbackEffect(outcomes: readonly ArmOutcome[]): ArmEffect | null {
  const means = cellMeans(outcomes)
  const of = (arm: Arm) => momentsOf([...means.values()].flatMap(cell => cell[arm] ?? []))
  const [a, b] = [of('A'), of('B')]
  if (Math.min(a.n, b.n) < LEAST_CELLS) return null
  const effect = b.mean - a.mean
  // Welch's error, by the degrees of freedom of the smaller arm: rather too wide than too narrow.
  const half = Math.sqrt(Math.min(a.n, b.n)) * meanInterval(Math.sqrt(a.variance / a.n + b.variance / b.n), Math.min(a.n, b.n))
  return { effect, interval: [effect - half, effect + half], cells: { A: a.n, B: b.n } }
}

/** The effect as a split of users tells it: both arms in each cell, compared within it. What the one does to the other's price is in it. Null: too few cells with both. */
export function userSplitEffect(outcomes: readonly ArmOutcome[]): ArmEffect | null {
  const differences = [...cellMeans(outcomes).values()].flatMap(({ A, B }) => (A === undefined || B === undefined ? [] : [B - A]))
  const { n, mean, variance } = momentsOf(differences)
  if (n < LEAST_CELLS) return null
  const half = meanInterval(Math.sqrt(variance), n)
  return { effect: mean, interval: [mean - half, mean + half], cells: { A: n, B: n } }
}

function cellMeans(outcomes: readonly ArmOutcome[]): Map<string, Record<Arm, number | undefined>> {
  const sums = new Map<string, Record<Arm, { n: number; sum: number }>>()
  for (const { cell, arm, value } of outcomes) {
    const known = sums.get(cell) ?? { A: { n: 0, sum: 0 }, B: { n: 0, sum: 0 } }
    known[arm].n++
    known[arm].sum += value
    sums.set(cell, known)
  }
  const mean = ({ n, sum }: { n: number; sum: number }) => (n === 0 ? undefined : sum / n)
  return new Map(Array.from(sums, ([cell, { A, B }]) => [cell, { A: mean(A), B: mean(B) }]))
}

function momentsOf(values: readonly number[]): Moments {
  const n = values.length
  const mean = values.reduce((sum, x) => sum + x, 0) / Math.max(1, n)
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, n - 1)
  return { n, mean, variance }
}
