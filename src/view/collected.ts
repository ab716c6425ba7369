/** What a run has collected, as far as viewers see it: the columns of the table `model` as lines, and the newest rows of other tables. */

import type { Row, Table } from '../core/index.js'
import { viewLimits } from './limits.js'
import type { Parts } from './parts.js'
import { Series } from './series.js'

/** The newest rows that went to a sink, by table, oldest first. */
export type HandedRows = ReadonlyMap<string, readonly Row[]>

/** What viewers saw of a run before the simulation they see now: it is the same run, from an earlier step on. */
export interface CollectedBefore {
  readonly collected: Collected
  readonly step: number
  readonly rows: HandedRows
}

export class Collected {
  private readonly lines = new Map<string, Series>()
  /** Rows of the table `model` that the lines have taken. */
  private taken = 0
  private readonly handed_: Map<string, readonly Row[]>

  constructor(
    private readonly tables: ReadonlyMap<string, Table>,
    /** Whether panels may read rows. */
    private readonly keepsRows: boolean,
    before?: CollectedBefore,
  ) {
    this.handed_ = new Map(before?.rows)
    const model = tables.get('model')
    if (before !== undefined) {
      before.collected.takeNew()
      this.taken = model?.length ?? 0
      // Rows that are in memory already stand among the earlier ones too.
      for (const table of tables.values()) known.set(table, { rows: [], end: table.length })
    }
    for (const [name, { description }] of model?.columns ?? [])
      if (name !== 'step' && description.type !== 'text')
        this.lines.set(name, before?.collected.lines.get(name)?.until(before.step) ?? new Series())
  }

  /** The rows that went to a sink, as of now. */
  get handed(): HandedRows {
    return new Map(this.handed_)
  }

  get columns(): string[] {
    return [...this.lines.keys()]
  }

  /** Reads rows before they go to a sink and leave memory. */
  handing(table: Table): void {
    if (this.keepsRows) this.handed_.set(table.name, this.rows(table.name))
    known.delete(table)
    if (table.name !== 'model') return
    this.take(table)
    this.taken = 0
  }

  /** The newest rows of a table, oldest first. */
  rows(name: string): readonly Row[] {
    const table = this.tables.get(name)
    if (table === undefined) return []
    return [...(this.handed_.get(name) ?? []), ...newest(table)].slice(-viewLimits.rows)
  }

  /** Writes `series/model/<column>/…`. */
  write(parts: Parts): void {
    this.takeNew()
    for (const [name, series] of this.lines) series.write(seriesName(name), parts)
  }

  rewrite(): void {
    for (const series of this.lines.values()) series.rewrite()
  }

  private takeNew(): void {
    const model = this.tables.get('model')
    if (model !== undefined) this.take(model)
  }

  private take(model: Table): void {
    const steps = model.columns.get('step')
    for (const [name, series] of this.lines) {
      const column = model.columns.get(name)
      for (let row = this.taken; row < model.length; row++) series.push(Number(steps?.at(row)), numberOf(column?.at(row)))
    }
    this.taken = model.length
  }
}

export function seriesName(column: string): string {
  return `series/model/${encodeURIComponent(column)}`
}

function numberOf(cell: unknown): number {
  return typeof cell === 'number' ? cell : typeof cell === 'boolean' ? Number(cell) : Number.NaN
}

/** What was read of each table, so that a look reads only rows that are new. */
const known = new WeakMap<Table, { rows: Row[]; readonly end: number }>()

function newest(table: Table): Row[] {
  const { rows, end } = known.get(table) ?? { rows: [], end: 0 }
  // A table that is shorter than before has given its rows away, and begins anew.
  const from = table.length < end ? 0 : end
  for (let i = Math.max(from, table.length - viewLimits.rows); i < table.length; i++) rows.push(rowAt(table, i))
  const kept = rows.slice(-viewLimits.rows)
  known.set(table, { rows: kept, end: table.length })
  return [...kept]
}

function rowAt(table: Table, i: number): Row {
  const row: Row = {}
  for (const [name, column] of table.columns) row[name] = column.at(i)
  return row
}
