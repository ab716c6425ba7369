/** What a run has collected, as far as viewers see it: the columns of the table `model` as lines, and the newest rows of other tables. */

import type { Row, Table } from '../core/index.js'
import { viewLimits } from './limits.js'
import type { Parts } from './parts.js'
import { Series } from './series.js'

export class Collected {
  private readonly lines = new Map<string, Series>()
  /** Rows of the table `model` that the lines have taken. */
  private taken = 0
  /** The newest rows that went to a sink. */
  private readonly handed = new Map<string, Row[]>()

  constructor(private readonly tables: ReadonlyMap<string, Table>) {
    const model = tables.get('model')
    for (const [name, { description }] of model?.columns ?? [])
      if (name !== 'step' && description.type !== 'text') this.lines.set(name, new Series())
  }

  get columns(): string[] {
    return [...this.lines.keys()]
  }

  /** Reads rows before they go to a sink and leave memory. */
  handing(table: Table): void {
    if (table.name === 'model') this.take(table)
    else this.handed.set(table.name, [...(this.handed.get(table.name) ?? []), ...newest(table)].slice(-viewLimits.rows))
    this.taken = table.name === 'model' ? 0 : this.taken
  }

  /** The newest rows of a table, oldest first. */
  rows(name: string): readonly Row[] {
    const table = this.tables.get(name)
    if (table === undefined) return []
    return [...(this.handed.get(name) ?? []), ...newest(table)].slice(-viewLimits.rows)
  }

  /** Writes `series/model/<column>/…`. */
  write(parts: Parts): void {
    const model = this.tables.get('model')
    if (model === undefined) return
    this.take(model)
    for (const [name, series] of this.lines) series.write(seriesName(name), parts)
  }

  rewrite(): void {
    for (const series of this.lines.values()) series.rewrite()
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

function newest(table: Table): Row[] {
  const rows: Record<string, unknown>[] = []
  for (let i = Math.max(0, table.length - viewLimits.rows); i < table.length; i++) {
    const row: Record<string, unknown> = {}
    for (const [name, column] of table.columns) row[name] = column.at(i)
    rows.push(row)
  }
  return rows as Row[]
}
