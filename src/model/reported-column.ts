/** A column and the reporter that fills it. Where the reporter throws, the error names column, table, step and agent. */

import { type Cell, type Column, MyceliaError, type OfSubject, OperatorError, type Table } from '../core/index.js'
import { type Reporter, readerOf } from './reporters.js'

/** A reporter threw: names column, table and step. What it threw is the cause. */
export class ReporterFailure extends MyceliaError {
  override name = 'ReporterFailure'
}

export class ReportedColumn<S> {
  readonly read: OfSubject<S, Cell | undefined>
  /** As errors call it. */
  readonly name: string

  constructor(
    private readonly table: Table,
    private readonly column: Column,
    reporter: Reporter<S>,
  ) {
    this.read = readerOf(reporter)
    this.name = `column "${column.description.name}" of table "${table.name}"`
  }

  /** One cell. It is read here and not by `during`, whose functions would be made for every cell of a run. */
  push(subject: S): void {
    let cell: Cell | undefined
    try {
      cell = this.read(subject)
    } catch (error) {
      throw named(error, this.where)
    }
    this.column.push(cell)
  }

  /** One cell of each agent. */
  pushEach(agents: readonly (S & { readonly key: string })[]): void {
    during(
      () => this.where + this.failing(agents),
      () => this.column.pushEach(agents, this.read),
    )
  }

  private get where(): string {
    return `${this.name} at step ${this.table.step}`
  }

  /** The agent whose cell throws, found by reading again: the loop over the agents does not keep count. */
  private failing(agents: readonly (S & { readonly key: string })[]): string {
    for (const agent of agents) {
      try {
        this.read(agent)
      } catch {
        return ` (agent ${agent.key})`
      }
    }
    return ''
  }
}

/** Runs a scenario's code and names it in what it throws. */
export function during<R>(where: () => string, f: () => R): R {
  try {
    return f()
  } catch (error) {
    throw named(error, where())
  }
}

function named(error: unknown, where: string): unknown {
  if (!(error instanceof OperatorError)) {
    const reason = error instanceof Error ? error.message : String(error)
    return new ReporterFailure(`${where} failed: ${reason}`, { cause: error })
  }
  // A column names itself where a cell is not of its type.
  const { explanation } = error
  if (explanation.what.startsWith('column "')) return error
  return new OperatorError({ ...explanation, what: `${where}: ${explanation.what}` }, { cause: error })
}
