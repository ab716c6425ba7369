/** Messages of a record that wait to become rows: read many at a time, a column after the other, they cost a fraction. */

import type { Column, Table } from '../core/index.js'
import type { ReportedColumn } from './reported-column.js'

/** The columns of a table of facts. */
export interface FactColumns {
  readonly table: Table
  readonly step: Column
  readonly reported: readonly ReportedColumn<unknown>[]
}

export class WaitingFacts {
  private facts: unknown[] = []
  private steps: number[] = []

  /** @param look reads as a reporter does: nothing may change meanwhile. */
  constructor(
    private readonly rows: FactColumns,
    private readonly look: (read: () => void) => void,
  ) {}

  get length(): number {
    return this.facts.length
  }

  add(fact: unknown, step: number): void {
    this.facts.push(fact)
    this.steps.push(step)
  }

  /** Makes rows of all that wait. Where a reporter throws, none of them is made. */
  read(): void {
    const { facts, steps } = this
    if (facts.length === 0) return
    this.facts = []
    this.steps = []
    const { table, step, reported } = this.rows
    table.step = steps[0] as number
    try {
      this.look(() => {
        for (const column of reported) column.pushRows(facts)
        step.pushAll(Float64Array.from(steps))
      })
    } catch (error) {
      table.cutToWholeRows()
      throw error
    }
  }
}
