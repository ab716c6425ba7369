/** How the agents stand at the end: a histogram of every number collected of them, a count of every word. */

import type { Cell } from '../../core/index.js'
import { storageLimits } from '../limits.js'
import type { Spread } from './data.js'
import { type Columns, numbersOf, textsOf } from './parquet-table.js'

const ownColumns = ['type', 'step', 'id']
const mostBars = 24
const mostWords = 8

/** One spread for each type of agents and column with more than one value at the last step the type was collected at. */
export function spreadsOf(agents: Columns | undefined): Spread[] {
  if (agents === undefined) return []
  const steps = numbersOf(agents.step)
  const types = agents.type === undefined ? Array.from(steps, () => 'Agent') : textsOf(agents.type)
  const columns = Object.entries(agents).filter(([name]) => !ownColumns.includes(name))
  const spreads = [...lastRows(types, steps)].flatMap(([type, { step, rows }]) =>
    columns.flatMap(([column, cells]) => {
      const values = rows.map(row => cells[row] ?? null).filter(value => value !== null && !Number.isNaN(value))
      const spread = spreadOf(values)
      return spread.bars.length < 2 ? [] : [{ type, column, agents: values.length, step, ...spread }]
    }),
  )
  return spreads.slice(0, storageLimits.reportSpreads)
}

function lastRows(types: readonly string[], steps: Float64Array): Map<string, { step: number; rows: number[] }> {
  const last = new Map<string, { step: number; rows: number[] }>()
  types.forEach((type, row) => {
    const step = steps[row] as number
    const known = last.get(type)
    if (known === undefined || known.step < step) last.set(type, { step, rows: [row] })
    else if (known.step === step) known.rows.push(row)
  })
  return last
}

function spreadOf(values: readonly Cell[]): Pick<Spread, 'kind' | 'bars' | 'ends'> {
  const numbers = values.filter(value => typeof value === 'number')
  if (numbers.length < values.length || numbers.length === 0)
    return { kind: 'words', bars: words(values.map(String)), ends: null }
  const ends = endsOf(numbers)
  return { kind: 'numbers', bars: histogram(numbers, ends), ends }
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
function histogram(values: readonly number[], [least, greatest]: readonly [number, number]): Spread['bars'] {
  if (least === greatest) return [{ label: short(least), count: values.length }]
  const whole = values.every(Number.isInteger) && greatest - least < mostBars
  const n = whole ? greatest - least + 1 : Math.min(mostBars, Math.ceil(Math.log2(values.length)) + 1)
  const width = whole ? 1 : (greatest - least) / n
  const counts = new Array<number>(n).fill(0)
  for (const value of values) {
    const bar = Math.min(n - 1, Math.floor((value - least) / width))
    counts[bar] = (counts[bar] ?? 0) + 1
  }
  const label = (i: number) => (whole ? short(least + i) : `${short(least + i * width)} to ${short(least + (i + 1) * width)}`)
  return counts.map((count, i) => ({ label: label(i), count }))
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
