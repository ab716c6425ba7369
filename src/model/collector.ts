/** The collector: what a run writes down of itself. It copies cells, changes nothing, and costs only what it collects. */

import type { Topic } from '../bus/index.js'
import { type Cell, type Column, OperatorError, Table, unknownName } from '../core/index.js'
import type { Agent } from './agent.js'
import type { Kernel } from './kernel.js'
import type { Model } from './model.js'
import type { Sink } from './sink.js'
import type { AgentClasses } from './type-names.js'

export const limits = {
  /** Rows a table gathers before they go to a sink. */
  rowsPerBatch: 4_096,
} as const

type Reporter<T> = (subject: T) => Cell

/** When something is collected: at every n-th step, and only where a condition holds. */
export interface Occasion<M> {
  every?: number
  when?: (model: M) => boolean
}

/** What is collected of the agents of one type. */
export type AgentReporters<A extends Agent = Agent> = Record<string, Reporter<A>>

/** Tells bare reporters from `{ columns, every, when }`, so that `when: m => …` knows its model. */
type NoOccasion = { [K in 'columns' | keyof Occasion<Model>]?: never }

/** Rows made of messages: one table, one topic or more, one row a message. */
export interface TopicRows<T = unknown> {
  topics: readonly Topic<T>[]
  columns: readonly string[]
  /** The cells in the order of the columns; undefined: no row. */
  row: (message: T) => readonly Cell[] | undefined
}

/** What is collected of one type: at the occasions of the whole, or at its own. */
type OfType<M extends Model, A extends Agent> = (AgentReporters<A> & NoOccasion) | (Occasion<M> & { columns: AgentReporters<A> })

/** What a run writes down. The scenario's `agents` say which types there are, and so what a reporter of one is given. */
export interface Collect<M extends Model, C extends AgentClasses = AgentClasses> extends Occasion<M> {
  /** Columns of the table `model`: one row a step. */
  model?: Record<string, Reporter<M>>
  /** Columns of the table `agents:<Type>`: one row an agent and step. Use `type: { columns, every, when }` for an occasion of its own. */
  agents?: { [K in keyof C]?: OfType<M, InstanceType<C[K]>> }
  /** Tables of messages. */
  messages?: Record<string, TopicRows>
}

/** Types the rows of a message table from its topics. */
export function rowsOf<T>(rows: TopicRows<T>): TopicRows {
  return rows as unknown as TopicRows
}

/** `Collect` with its subjects' types forgotten, as the collector meets it. */
interface AnyCollect extends Occasion<Model> {
  model?: Record<string, Reporter<Model>>
  agents?: Record<string, AgentSpec>
  messages?: Record<string, TopicRows>
}

type AgentSpec = AgentReporters | (Occasion<Model> & { columns: AgentReporters })

interface Plan {
  readonly table: Table
  readonly every: number
  readonly when: ((model: Model) => boolean) | undefined
  collect(model: Model): void
}

export class Collector {
  readonly tables = new Map<string, Table>()
  private readonly plans: Plan[] = []

  constructor(
    private readonly kernel: Kernel,
    given: Collect<Model> | undefined,
    private readonly sink: Sink | undefined,
  ) {
    if (given === undefined) return
    const collect = given as unknown as AnyCollect
    if (collect.model !== undefined) this.planModel(collect.model, collect)
    for (const [type, spec] of Object.entries(collect.agents ?? {})) this.planAgents(type, spec, collect)
    for (const [name, rows] of Object.entries(collect.messages ?? {})) this.planMessages(name, rows)
  }

  /** Takes what is due at the end of a step. */
  step(model: Model): void {
    if (this.plans.length > 0) this.kernel.look(() => this.collect(model))
  }

  /** Hands full tables to the sink. At the end of a tick, not within a message: what storage throws is no agent's failure. */
  endTick(): void {
    if (this.sink === undefined) return
    for (const table of this.tables.values()) if (table.length >= limits.rowsPerBatch) this.hand(this.sink, table)
  }

  /** Hands every gathered row to the sink. */
  flush(): void {
    if (this.sink === undefined) return
    for (const table of this.tables.values()) if (table.length > 0) this.hand(this.sink, table)
  }

  table(name: string): Table {
    const table = this.tables.get(name)
    if (table === undefined) throw unknownName('table', name, this.tables.keys())
    return table
  }

  /** Rows still in memory, for a checkpoint. */
  save(): unknown {
    return [...this.tables].map(([name, table]) => [
      name,
      [...table.columns].map(([column, c]) => [column, c.asNumbers()?.slice() ?? c.toArray()]),
    ])
  }

  load(state: unknown): void {
    for (const [name, columns] of state as [string, [string, Float64Array | Cell[]][]][]) {
      const table = this.tables.get(name)
      if (table === undefined) continue
      table.clear()
      for (const [column, cells] of columns) {
        const into = table.columns.get(column)
        for (const cell of cells) into?.push(cell)
      }
    }
  }

  private collect(model: Model): void {
    for (const plan of this.plans) {
      if (model.steps % plan.every !== 0 || (plan.when !== undefined && !plan.when(model))) continue
      plan.collect(model)
    }
  }

  private hand(sink: Sink, table: Table): void {
    sink.write(table)
    table.clear()
  }

  private add(name: string, columns: readonly string[]): Table {
    const twice = columns.find((column, i) => columns.indexOf(column) !== i)
    if (twice !== undefined || this.tables.has(name))
      throw new OperatorError({ what: `table "${name}" of collect`, expected: 'names of its own', got: twice ?? name })
    const table = new Table(name, columns)
    this.tables.set(name, table)
    return table
  }

  private planModel(reporters: Record<string, Reporter<Model>>, occasion: Occasion<Model>): void {
    const table = this.add('model', ['step', ...Object.keys(reporters)])
    const step = columnOf(table, 'step')
    const pairs = Object.entries(reporters).map(([name, f]) => [columnOf(table, name), f] as const)
    this.plan(table, occasion, model => {
      step.push(model.steps)
      for (const [column, f] of pairs) column.push(f(model))
    })
  }

  private planAgents(type: string, spec: AgentSpec, outer: Occasion<Model>): void {
    const own = typeof spec.columns === 'object' ? (spec as Occasion<Model> & { columns: AgentReporters }) : undefined
    const reporters = own?.columns ?? (spec as AgentReporters)
    const table = this.add(`agents:${type}`, ['step', 'id', ...Object.keys(reporters)])
    const gather = Object.entries(reporters).map(([name, f]) => [columnOf(table, name), f] as const)
    const step = columnOf(table, 'step')
    const ids = idWriter(columnOf(table, 'id'))
    this.plan(table, own ?? outer, () => {
      const set = this.kernel.population.types.get(type)?.set
      if (set === undefined) return this.assertDeclared(type)
      const living = set.living()
      step.repeat(this.kernel.clock.steps, living.length)
      ids(living, this.kernel.population.gone)
      for (const [column, f] of gather) column.pushEach(living, f)
    })
  }

  private planMessages(name: string, rows: TopicRows): void {
    const table = this.add(name, rows.columns)
    const columns = [...table.columns.values()]
    this.kernel.bus.tap((_topic, message) => {
      const cells = rows.row(message)
      if (cells === undefined) return
      for (let i = 0; i < columns.length; i++) columns[i]?.push(cells[i] ?? null)
    }, rows.topics)
  }

  private plan(table: Table, { every = 1, when }: Occasion<Model>, collect: (model: Model) => void): void {
    if (!Number.isSafeInteger(every) || every < 1)
      throw new OperatorError({ what: 'collect.every', expected: 'a whole number ≥ 1', got: every })
    this.plans.push({ table, every, when, collect })
  }

  /** A declared type may have its first agents later. */
  private assertDeclared(type: string): void {
    const { names, population } = this.kernel
    if (names.classOf(type) === undefined)
      throw unknownName('agent type in collect', type, new Set([...population.types.keys(), ...names.declared]))
  }
}

/** Writes the ids of a set; where nobody has come or gone since last time, as one block. */
function idWriter(column: Column): (living: readonly Agent[], gone: number) => void {
  let ids = new Float64Array(0)
  let before = 0
  return (living, gone) => {
    if (gone !== before || living.length !== ids.length) ids = Float64Array.from(living, agent => agent.id)
    before = gone
    column.pushAll(ids)
  }
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns.get(name)
  if (column === undefined)
    throw new OperatorError({ what: `column "${name}" of table "${table.name}"`, expected: 'a column of that table', got: name })
  return column
}
