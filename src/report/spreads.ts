/** The distribution of the agents' values at the end: a histogram of every number, a count of every word. */

import type { Cell } from '../core/index.js'
import { type Columns, numbersOf, readTable, tableBlocks, textsOf } from '../storage/index.js'
import type { Spread } from './data.js'
import { reportLimits } from './limits.js'

const ownColumns = ['type', 'step', 'id']
const mostBars = 24
const mostWords = 8

/** where the rows of a type's last collection are in the table: they follow each other. */
interface LastRows {
  readonly step: number
  readonly from: number
  to: number
}

/** One spread for each type of agents and column with more than one value at the last step the type was collected at. */
export async function readSpreads(path: string): Promise<Spread[]> {
  const spreads: Spread[] = []
  for (const [type, { step, from, to }] of await lastRows(path)) {
    const some = { from, to: Math.min(to, from + reportLimits.agentRows) }
    const table = (await readTable(path, 'all', some)) ?? {}
    spreads.push(...spreadsOf(type, step, table))
  }
  return spreads.slice(0, reportLimits.spreads)
}

async function lastRows(path: string): Promise<Map<string, LastRows>> {
  const last = new Map<string, LastRows>()
  for await (const { from, columns } of tableBlocks(path, ['type', 'step'])) {
    const [types, steps] = [textsOf(columns.type), numbersOf(columns.step)]
    for (let i = 0; i < steps.length; i++) {
      const [type, step] = [types[i] ?? 'Agent', steps[i] as number]
      const known = last.get(type)
      if (known === undefined || known.step < step) last.set(type, { step, from: from + i, to: from + i + 1 })
      else known.to = from + i + 1
    }
  }
  return last
}

function spreadsOf(type: string, step: number, table: Columns): Spread[] {
  return Object.entries(table).flatMap(([column, cells]) => {
    if (ownColumns.includes(column)) return []
    const values = cells.filter(value => value !== null && !Number.isNaN(value))
    const spread = spreadOf(values)
    return spread.bars.length < 2 ? [] : [{ type, column, agents: values.length, step, ...spread }]
  })
}

function spreadOf(values: readonly Cell[]): Pick<Spread, 'kind' | 'bars' | 'ends' | 'edges'> {
  const numbers = values.filter(value => typeof value === 'number')
  if (numbers.length < values.length || numbers.length === 0)
    return { kind: 'words', bars: words(values.map(String)), ends: null, edges: [] }
  const ends = endsOf(numbers)
  return { kind: 'numbers', ends, ...histogram(numbers, ends) }
}

function endsOf(values: readonly number[]): [number, number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
  }
  return [least, greatest]
}

/** Whole numbers within few steps get a bar each; others equal intervals, by Sturges' rule. */
function histogram(values: readonly number[], [least, greatest]: readonly [number, number]): Pick<Spread, 'bars' | 'edges'> {
  if (least === greatest) return { bars: [{ label: short(least), count: values.length }], edges: [least, least] }
  const whole = values.every(Number.isInteger) && greatest - least < mostBars
  const n = whole ? greatest - least + 1 : Math.min(mostBars, Math.ceil(Math.log2(values.length)) + 1)
  const width = whole ? 1 : (greatest - least) / n
  const counts = new Array<number>(n).fill(0)
  for (const value of values) {
    const bar = Math.min(n - 1, Math.floor((value - least) / width))
    counts[bar] = (counts[bar] ?? 0) + 1
  }
  const label = (i: number) => (whole ? short(least + i) : `${short(least + i * width)} to ${short(least + (i + 1) * width)}`)
  const edges = Array.from({ length: n + 1 }, (_, i) => least + i * width - (whole ? 0.5 : 0))
  return { bars: counts.map((count, i) => ({ label: label(i), count })), edges }
}

/** The commonest words; the rest together. */
function words(values: readonly string[]): Spread['bars'] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label, count]) => ({ label, count }))
  const rest = sorted.slice(mostWords - 1).reduce((sum, { count }) => sum + count, 0)
  return rest === 0 ? sorted : [...sorted.slice(0, mostWords - 1), { label: 'others', count: rest }]
}

function short(x: number): string {
  return String(Number(x.toPrecision(4)))
}
