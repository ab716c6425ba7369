/** Is B better than A? Runs of one seed are pairs, and the mean of their differences has an interval over the seeds. */

import { canonicalJson } from '../../core/index.js'
import { LEAST_FOR_INTERVAL, meanInterval, momentsOf, sampleSd } from '../../trading/index.js'
import { counted } from '../format.js'
import type { ComparedRun } from './runs.js'

export interface ComparedFigure {
  readonly figure: string
  /** Means over the pairs. */
  readonly a: number
  readonly b: number
  /** Mean of B − A. */
  readonly difference: number
  /** Half its 95 % interval (Student); null below five pairs. */
  readonly half: number | null
  readonly pairs: number
  /** Whether the difference is larger than its interval; null without one. */
  readonly isBeyondChance: boolean | null
}

export interface Comparison {
  /** Of each pair the seeds of A and B; they differ where two single runs of different seeds are one. */
  readonly seeds: readonly (readonly [a: number, b: number])[]
  /** Runs that did not finish, and are in no pair. */
  readonly unfinished: number
  readonly figures: readonly ComparedFigure[]
  /** Parameters that are not the same in all runs, and their values on each side. */
  readonly parameters: readonly { readonly name: string; readonly a: string; readonly b: string }[]
}

export function compareRuns(a: readonly ComparedRun[], b: readonly ComparedRun[]): Comparison {
  const [left, right] = [a.filter(isFinished), b.filter(isFinished)]
  const pairs = pairsOf(left, right)
  const names = [...new Set(pairs.flatMap(([left]) => [...left.figures.keys()]))]
  return {
    seeds: pairs.map(([left, right]) => [left.manifest.seed, right.manifest.seed] as const),
    unfinished: a.length - left.length + b.length - right.length,
    figures: names.flatMap(name => figureOf(name, pairs) ?? []),
    parameters: parametersOf(a, b),
  }
}

/** The figures of one that stopped on its way are those of another step. */
function isFinished({ manifest }: ComparedRun): boolean {
  return manifest.status === 'finished'
}

type Pair = readonly [ComparedRun, ComparedRun]

/** By seed; of several runs of a seed the last. Two single runs of different seeds are a pair too. */
function pairsOf(a: readonly ComparedRun[], b: readonly ComparedRun[]): Pair[] {
  const bySeed = (runs: readonly ComparedRun[]) => new Map(runs.map(run => [run.manifest.seed, run]))
  const [left, right] = [bySeed(a), bySeed(b)]
  const pairs = [...left].flatMap(([seed, run]): Pair[] => {
    const other = right.get(seed)
    return other === undefined ? [] : [[run, other]]
  })
  const [onlyA, onlyB] = [a[0], b[0]]
  return pairs.length === 0 && a.length === 1 && b.length === 1 && onlyA && onlyB ? [[onlyA, onlyB]] : pairs
}

function figureOf(figure: string, pairs: readonly Pair[]): ComparedFigure | undefined {
  const known = pairs.flatMap(([left, right]) => {
    const [a, b] = [left.figures.get(figure), right.figures.get(figure)]
    return a === undefined || b === undefined ? [] : [{ a, b }]
  })
  const n = known.length
  if (n === 0) return undefined
  const mean = (side: 'a' | 'b') => known.reduce((sum, pair) => sum + pair[side], 0) / n
  const differences = momentsOf(known.map(({ a, b }) => b - a))
  const half = n < LEAST_FOR_INTERVAL ? null : meanInterval(sampleSd(differences), n)
  // What rounding leaves of equal sums is nothing.
  const isRounding = Math.abs(differences.mean) <= 1e-12 * Math.max(...known.map(({ a, b }) => Math.abs(a) + Math.abs(b)))
  const difference = isRounding ? 0 : differences.mean
  return {
    figure,
    a: mean('a'),
    b: mean('b'),
    difference,
    half,
    pairs: n,
    isBeyondChance: half === null ? null : Math.abs(difference) > half,
  }
}

function parametersOf(a: readonly ComparedRun[], b: readonly ComparedRun[]): Comparison['parameters'] {
  const names = new Set([...a, ...b].flatMap(({ manifest }) => Object.keys(manifest.parameters)))
  const valuesOf = (runs: readonly ComparedRun[], name: string) =>
    [...new Set(runs.map(({ manifest }) => canonicalJson(manifest.parameters[name] ?? null)))].join(' or ')
  return [...names].flatMap(name => {
    const [left, right] = [valuesOf(a, name), valuesOf(b, name)]
    return left === right && !left.includes(' or ') ? [] : [{ name, a: left, b: right }]
  })
}

/** The answer in sentences. */
export function verdictOf(comparison: Comparison): string[] {
  const { unfinished } = comparison
  if (unfinished === 0) return [answerOf(comparison)]
  return [answerOf(comparison), `Left out: ${counted(unfinished, 'run')} that did not finish.`]
}

function answerOf({ seeds, figures }: Comparison): string {
  const n = seeds.length
  if (n === 0) return 'Nothing is compared: no seed was run to its end on both sides.'
  if (n < LEAST_FOR_INTERVAL)
    return `${pairsText(seeds)}: differences are shown, and nothing is known of chance. With ${LEAST_FOR_INTERVAL} seeds or more on both sides each has an interval.`
  const beyond = figures.filter(({ isBeyondChance }) => isBeyondChance === true)
  const names = beyond.map(({ figure, difference }) => `${figure} (${difference > 0 ? 'higher' : 'lower'} in B)`)
  const expected = Math.round(figures.length * 0.05 * 10) / 10
  const what =
    beyond.length === 0
      ? 'No figure differs by more than chance'
      : `${beyond.length} of ${figures.length} figures differ by more than chance: ${names.join(', ')}`
  return `${n} seeds in pairs. ${what}. Of ${figures.length} figures without any difference about ${expected} would seem to differ.`
}

function pairsText(seeds: Comparison['seeds']): string {
  const [first] = seeds
  if (first !== undefined && first[0] !== first[1]) return `One pair of runs, of different seeds (${first[0]} and ${first[1]})`
  return seeds.length === 1 ? 'One pair of runs' : `${seeds.length} pairs of runs`
}
