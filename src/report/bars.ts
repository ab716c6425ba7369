/** The bars of every pair over the model's clock, each as it was corrected last. */

import { BarFlag } from '../market/index.js'
import { type Columns, numbersOf, tableBlocks, textsOf } from '../storage/index.js'
import { getOrInsert } from './get-or-insert.js'
import type { Clock } from './model-lines.js'

const fields = ['open', 'high', 'low', 'close', 'volume'] as const

/** A value a row of the clock; NaN where there was no bar. Single precision: 0.001 bp of a price. */
export type Bars = Readonly<Record<(typeof fields)[number], Float32Array>>

/** Filled bars are no trade and leave a gap; of a table that tells closes alone, the other prices are the close, and no volume is known. */
export async function readBars(paths: { prices: string; revisions: string }, { x }: Clock): Promise<Map<string, Bars>> {
  const rowOf = new Map(Array.from(x, (at, row) => [Math.round(at * 1_000), row] as const))
  const bars = new Map<string, Bars>()
  for (const path of [paths.prices, paths.revisions])
    for await (const { columns } of tableBlocks(path, ['time', 'pair', 'flags', ...fields])) add(bars, columns, rowOf, x.length)
  return bars
}

function add(all: Map<string, Bars>, table: Columns, rowOf: ReadonlyMap<number, number>, rows: number): void {
  const [time, flags] = [numbersOf(table.time), numbersOf(table.flags)]
  const given = fields.map(name => [name, numbersOf(table[name] ?? (name === 'volume' ? undefined : table.close))] as const)
  textsOf(table.pair).forEach((pair, i) => {
    const bars = getOrInsert(all, pair, () => noBars(rows))
    const row = rowOf.get(time[i] as number)
    if (row === undefined || ((flags[i] as number) & BarFlag.filled) !== 0) return
    for (const [name, values] of given) bars[name][row] = values[i] as number
  })
}

function noBars(rows: number): Bars {
  const empty = () => new Float32Array(rows).fill(Number.NaN)
  return { open: empty(), high: empty(), low: empty(), close: empty(), volume: empty() }
}
