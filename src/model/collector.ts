/** The collector: what a run writes down of itself. It copies cells, changes nothing, and costs only what it collects. */

import type { Topic } from '../bus/index.js'
import {
  type Cell,
  type Column,
  type ColumnDescription,
  checkedCount,
  describeColumn,
  describeColumns,
  type Holds,
  OperatorError,
  Table,
  unknownName,
} from '../core/index.js'
import type { Agent } from './agent.js'
import { type InputRow, inputColumns } from './input-rows.js'
import type { Kernel } from './kernel.js'
import type { LookCheck, Looked } from './look-check.js'
import type { Model } from './model.js'
import { during, ReportedColumn } from './reported-column.js'
import { columnOfReporter, type Reporters } from './reporters.js'
import { Roster } from './roster.js'
import type { Sink } from './sink.js'
import type { AgentClasses } from './type-names.js'

export const limits = {
  /** Rows a table gathers before they go to a sink. */
  rowsPerBatch: 4_096,
} as const

/** When something is collected: at every n-th step, and only where a condition holds. */
export interface Occasion<M> {
  every?: number
  when?: (model: M) => boolean
}

/** What is collected of the agents of one type. */
export type AgentReporters<A extends Agent = Agent> = Reporters<A>

/** Tells bare reporters from `{ columns, every, when }`, so that `when: m => …` knows its model. */
export type NoOccasion = { [K in 'columns' | keyof Occasion<Model>]?: never }

/** Rows made of messages: one table, one topic or more, one row a message or as many as `rows` makes of it. */
export interface TopicRows<T = unknown, R = T> {
  topics: readonly Topic<T>[]
  /** What a message makes rows of; by default itself. */
  rows?: (message: T) => readonly R[]
  columns: Reporters<R>
  /** Whether a run's files keep a chain over the rows, by which any change of them is found. */
  isChained?: boolean
}

/** What is collected of one type: at the occasions of the whole, or at its own. */
export type OfType<M extends Model, A extends Agent> =
  | (AgentReporters<A> & NoOccasion)
  | (Occasion<M> & { columns: AgentReporters<A> })

/** What a run writes down. The scenario's `agents` say which types there are, and so what a reporter of one is given. */
export interface Collect<M extends Model, C extends AgentClasses = AgentClasses> extends Occasion<M> {
  /** Columns of the table `model`: one row a step. */
  model?: Reporters<M>
  /** Columns of the table `agents:<Type>`: one row an agent and step. Use `type: { columns, every, when }` to collect it at other steps. */
  agents?: { [K in keyof C]?: OfType<M, InstanceType<C[K]>> }
  /** Tables of messages. */
  messages?: Record<string, TopicRows>
  /** The table `roster`: one row an agent, when it first ends a step. */
  roster?: boolean
}

/** Rows made of messages whose columns are known by name. */
export interface RowsOf<C> extends TopicRows, Holds<C> {}

/** Types the rows of a message table from its topics. */
export function rowsOf<T, R = T, C = Record<never, never>>(rows: TopicRows<T, R> & { columns: C }): RowsOf<C> {
  return rows as unknown as RowsOf<C>
}

/** What a `collect` names and cannot: a part that there is none of, or a type that the scenario's `agents` do not name. */
export type Unknowns<K, C extends AgentClasses> = { [N in Exclude<keyof K, keyof Collect<Model>>]: never } & {
  agents?: K extends { agents: infer A } ? { [T in Exclude<keyof A, keyof C>]: never } : unknown
}

/** `Collect` with its subjects' types forgotten, as the collector meets it. */
interface AnyCollect extends Occasion<Model> {
  model?: Reporters<Model>
  agents?: Record<string, AgentSpec>
  messages?: Record<string, TopicRows>
  roster?: boolean
}

type AgentSpec = AgentReporters | (Occasion<Model> & { columns: AgentReporters })

/** What a checkpoint keeps of the collector. */
export interface SavedRows {
  readonly tables: readonly (readonly [string, readonly (readonly [string, Float64Array | readonly Cell[]])[]])[]
  /** The last agent in the roster, by id. */
  readonly enrolled: number
}

interface Plan {
  readonly table: Table
  readonly every: number
  readonly when: ((model: Model) => boolean) | undefined
  /** Its reporters, each apart. */
  readonly reporters: readonly Looked[]
  collect(model: Model): void
}

/** What a scenario may say in `collect`. */
const parts = ['model', 'agents', 'messages', 'roster', 'every', 'when']

export class Collector {
  readonly tables = new Map<string, Table>()
  private readonly plans: Plan[] = []
  private readonly roster: Roster | undefined

  constructor(
    private readonly kernel: Kernel,
    given: Collect<Model> | undefined,
    private readonly sink: Sink | undefined,
    private readonly check: LookCheck | undefined = undefined,
  ) {
    if (given === undefined) return
    const unknown = Object.keys(given).find(name => !parts.includes(name))
    if (unknown !== undefined) throw unknownName('part of collect', unknown, parts)
    const collect = given as unknown as AnyCollect
    if (collect.model !== undefined) this.planModel(collect.model, collect)
    for (const [type, spec] of Object.entries(collect.agents ?? {})) this.planAgents(type, spec, collect)
    for (const [name, rows] of Object.entries(collect.messages ?? {})) this.planMessages(name, rows)
    if (collect.roster === true) this.roster = this.planRoster()
  }

  /** Takes what is due at the end of a step. */
  step(model: Model): void {
    if (this.plans.length === 0) return
    try {
      this.kernel.look(() => this.collect(model))
    } catch (error) {
      for (const table of this.tables.values()) table.cutToWholeRows()
      throw error
    }
  }

  /** Hands full tables to the sink. Runs at the end of a tick, not within a message, so that a storage error is never taken for an agent's failure. */
  endTick(): void {
    if (this.sink === undefined) return
    for (const table of this.tables.values()) if (table.length >= limits.rowsPerBatch) this.hand(this.sink, table)
  }

  /** Hands every gathered row to the sink, and tables without rows, so that it knows their columns. */
  flush(): void {
    if (this.sink === undefined) return
    for (const table of this.tables.values()) this.hand(this.sink, table)
  }

  /** Writes down an input from outside; the first one begins the table. */
  input(row: InputRow): void {
    const { columns } = this.inputTable()
    for (const [name, cell] of Object.entries(row)) columns.get(name)?.push(cell)
  }

  private inputTable(): Table {
    let table = this.tables.get(ofInputs)
    if (table === undefined) {
      table = new Table(ofInputs, [stepColumn, ...inputColumns])
      this.tables.set(ofInputs, table)
    }
    return table
  }

  table(name: string): Table {
    const table = name === ofInputs ? this.inputTable() : this.tables.get(name)
    if (table === undefined) throw unknownName('table', name, this.tables.keys())
    if (this.sink !== undefined) throw inSink(name)
    return table
  }

  /** Rows still in memory, for a checkpoint. */
  save(): unknown {
    const tables = [...this.tables].map(([name, table]) => [
      name,
      [...table.columns].map(([column, c]) => [column, c.asNumbers()?.slice() ?? c.toArray()]),
    ])
    return { tables, enrolled: this.roster?.enrolled ?? 0 }
  }

  load(state: unknown): void {
    const { tables, enrolled } = state as SavedRows
    for (const [name, columns] of tables) this.loadTable(name, columns)
    if (this.roster !== undefined) this.roster.enrolled = enrolled
  }

  private loadTable(name: string, columns: SavedRows['tables'][number][1]): void {
    const table = name === ofInputs ? this.inputTable() : this.tables.get(name)
    if (table === undefined) return
    table.clear()
    for (const [column, cells] of columns) {
      const into = table.columns.get(column)
      for (const cell of cells) into?.push(cell)
    }
  }

  private collect(model: Model): void {
    this.check?.begin(this.due(model.steps).map(({ table }) => table.name))
    for (const plan of this.plans) {
      if (model.steps % plan.every !== 0) continue
      plan.table.step = model.steps
      if (plan.when === undefined || holds(plan.table, plan.when, model)) plan.collect(model)
    }
    this.check?.end(() => this.due(model.steps).flatMap(looksOf))
  }

  private due(step: number): Plan[] {
    return this.plans.filter(({ every }) => step % every === 0)
  }

  private hand(sink: Sink, table: Table): void {
    sink.write(table)
    table.clear()
  }

  private add(name: string, columns: readonly ColumnDescription[], isChained = false): Table {
    const names = columns.map(column => column.name)
    const twice = names.find((column, i) => names.indexOf(column) !== i || reserved.includes(column))
    if (twice !== undefined)
      throw new OperatorError({
        what: `a column of table "${name}" of collect`,
        expected: 'a name that no other column of the table has',
        got: twice,
        next: `Name it otherwise. Every file of a run has columns of its own: ${reserved.join(', ')}.`,
      })
    // On disk the tables `agents:<Type>` are one file, `agents`.
    if (this.tables.has(name) || name === 'agents' || name === ofInputs)
      throw new OperatorError({ what: `table "${name}" of collect`, expected: 'a name no other table has', got: name })
    this.assertOneType(name, columns)
    const table = new Table(name, columns, isChained)
    this.tables.set(name, table)
    return table
  }

  /** Types of agents share a file, and so the types of columns of one name. */
  private assertOneType(name: string, columns: readonly ColumnDescription[]): void {
    const family = `${name.split(':')[0]}:`
    const others = [...this.tables.values()].filter(table => table.name.startsWith(family))
    for (const { name: column, type } of columns) {
      const other = others.find(table => (table.columns.get(column)?.description.type ?? type) !== type)
      if (other === undefined) continue
      const what = `column "${column}" of table "${name}"`
      const expected = `the type "${other.columns.get(column)?.description.type}", as in table "${other.name}"`
      throw new OperatorError({ what, expected, got: type, next: 'Rename one of the two.' })
    }
  }

  private planModel(reporters: Reporters<Model>, occasion: Occasion<Model>): void {
    const table = this.add('model', [stepColumn, ...columnsOfReporters(reporters)])
    const step = columnOf(table, 'step')
    const reported = this.reported(table, reporters)
    const looks = reported.map(({ name, read }) => ({ name, look: ({ model }: Kernel) => void read(model as Model) }))
    this.plan(table, occasion, looks, model => {
      step.push(model.steps)
      for (const column of reported) column.push(model)
    })
  }

  private planAgents(type: string, spec: AgentSpec, outer: Occasion<Model>): void {
    const own = isOccasional(spec) ? spec : undefined
    const reporters = own?.columns ?? (spec as AgentReporters)
    const table = this.add(`agents:${type}`, [stepColumn, idColumn, ...columnsOfReporters(reporters, ['type'])])
    const reported = this.reported(table, reporters)
    const step = columnOf(table, 'step')
    const ids = idWriter(columnOf(table, 'id'))
    const looks = reported.map(({ name, read }) => ({
      name,
      look: ({ population }: Kernel) =>
        population.types
          .get(type)
          ?.set.living()
          .forEach(agent => void read(agent)),
    }))
    this.plan(table, own ?? outer, looks, () => {
      const set = this.kernel.population.types.get(type)?.set
      if (set === undefined) return this.assertDeclared(type)
      const living = set.living()
      step.repeat(this.kernel.clock.steps, living.length)
      ids(living, this.kernel.population.departures)
      for (const column of reported) column.pushEach(living)
    })
  }

  private planMessages(name: string, { topics, rows, columns, isChained }: TopicRows): void {
    const table = this.add(name, [stepColumn, ...columnsOfReporters(columns)], isChained)
    const step = columnOf(table, 'step')
    const reported = this.reported(table, columns)
    const write = (row: unknown) => {
      step.push(table.step)
      for (const column of reported) column.push(row)
    }
    const where = () => `rows of table "${name}" at step ${table.step}`
    const collect = (message: unknown) => {
      if (rows === undefined) return write(message)
      for (const row of during(where, () => rows(message))) write(row)
    }
    this.kernel.bus.tap((_topic, message) => this.hear(table, message, collect), topics)
  }

  /** A message's rows. Each message has draws of its own, the same whatever else is collected. */
  private hear(table: Table, message: unknown, collect: (message: unknown) => void): void {
    const { kernel, check } = this
    table.step = kernel.clock.steps
    try {
      const look = () => (check === undefined ? collect(message) : check.ofMessage(table.name, message, () => collect(message)))
      kernel.look(look, 'a reporter', kernel.bus.counters.published)
    } catch (error) {
      table.cutToWholeRows()
      throw error
    }
  }

  private reported<S>(table: Table, reporters: Reporters<S>): ReportedColumn<S>[] {
    return Object.entries(reporters).map(([name, reporter]) => new ReportedColumn(table, columnOf(table, name), reporter))
  }

  private planRoster(): Roster {
    const roster = new Roster(this.add('roster', [stepColumn, ...describeColumns(Roster.columns)]), this.kernel)
    this.plan(roster.table, {}, [], () => roster.enrol())
    return roster
  }

  private plan(
    table: Table,
    { every = 1, when }: Occasion<Model>,
    reporters: readonly Looked[],
    collect: (model: Model) => void,
  ): void {
    checkedCount('collect.every', every)
    this.plans.push({ table, every, when, reporters, collect })
  }

  /** A declared type may have its first agents later. */
  private assertDeclared(type: string): void {
    const { names, population } = this.kernel
    if (names.classOf(type) === undefined)
      throw unknownName('agent type in collect', type, new Set([...population.types.keys(), ...names.declared]))
  }
}

function holds(table: Table, when: (model: Model) => boolean, model: Model): boolean {
  return during(
    () => `${conditionOf(table)} at step ${table.step}`,
    () => when(model),
  )
}

function conditionOf(table: Table): string {
  return `collect.when of table "${table.name}"`
}

/** The condition and the reporters of a table, each apart. */
function looksOf({ table, when, reporters }: Plan): Looked[] {
  if (when === undefined) return [...reporters]
  return [{ name: conditionOf(table), look: kernel => void when(kernel.model as Model) }, ...reporters]
}

function inSink(name: string): OperatorError {
  return new OperatorError({
    what: `table "${name}"`,
    expected: 'a table that is kept in memory',
    got: 'one whose rows go to the `sink`, a batch at a time',
    next: 'Read it where the sink writes; `mycelia run` writes Parquet into the run directory. Without `sink`, rows stay in memory.',
  })
}

/** Columns the writer of a file puts in. */
const reserved: readonly string[] = ['run_id', 'seed']

/** The table of what came from outside. */
const ofInputs = 'inputs'

const stepColumn = describeColumn('step', { type: 'integer', meaning: 'Steps done when the row was written.' })
const idColumn = describeColumn('id', { type: 'integer', meaning: 'The agent, as in `roster`.' })

function columnsOfReporters(reporters: Reporters<never>, taken: readonly string[] = []): ColumnDescription[] {
  const wrong = Object.keys(reporters).find(name => taken.includes(name))
  if (wrong !== undefined) throw new OperatorError({ what: 'columns of collect', expected: 'names that differ', got: wrong })
  return Object.entries(reporters).map(([name, reporter]) => columnOfReporter(name, reporter))
}

/** Tells `{ columns, every, when }` from reporters of which one is called `columns`. */
function isOccasional(spec: AgentSpec): spec is Occasion<Model> & { columns: AgentReporters<Agent> } {
  return typeof spec.columns === 'object' && !('read' in spec.columns)
}

/** Writes the ids of a set, as one block if its members have not changed since the last write. */
function idWriter(column: Column): (living: readonly Agent[], departures: number) => void {
  let ids = new Float64Array(0)
  let before = 0
  return (living, departures) => {
    if (departures !== before || living.length !== ids.length) ids = Float64Array.from(living, agent => agent.id)
    before = departures
    column.pushAll(ids)
  }
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns.get(name)
  if (column === undefined)
    throw new OperatorError({ what: `column "${name}" of table "${table.name}"`, expected: 'a column of that table', got: name })
  return column
}
