/** A run directory as parts for viewers, from its tables alone: of runs that cannot be made again, and of those that another process makes. */

import { type Cell, grouped } from '../../core/index.js'
import type { TableRow } from '../../model/index.js'
import { CorruptFile, type Manifest, type RunDirectory, rowsIn, tableBlocks, tablesIn } from '../../storage/index.js'
import { type About, type Clock, Parts, question, Series, Subscription, seriesName, viewLimits } from '../../view/index.js'

export class TablesOfRecord {
  private readonly parts = new Parts(1)
  private readonly subscription = new Subscription()
  private lines: ReadonlyMap<string, Series> = new Map()
  private rows: ReadonlyMap<string, readonly TableRow[]> = new Map()
  /** Of the newest row of the table `model`. */
  private last: Readonly<Record<string, Cell>> = {}
  private manifest: Manifest
  /** Tables that were not whole when they were read last. */
  private damaged: readonly string[] = []

  private constructor(
    private readonly directory: RunDirectory,
    /** Why there is no more, in sentences. */
    readonly why: string,
  ) {
    this.manifest = directory.manifest
  }

  static async open(directory: RunDirectory, why: string): Promise<TablesOfRecord> {
    const tables = new TablesOfRecord(directory, why)
    await tables.read()
    return tables
  }

  /** Whether a process still adds rows. */
  get goesOn(): boolean {
    return this.manifest.status === 'running' && this.directory.isInUse
  }

  /**
   * Reads the tables anew: the whole `model` as lines, and the newest rows of the others. Of one that is not whole, what was read before
   * stays. False where there is one.
   */
  async read(): Promise<boolean> {
    const { directory } = this
    this.manifest = directory.manifest
    const rows = new Map(this.rows)
    const damaged: string[] = []
    for (const name of tablesIn(directory.path)) {
      const reading = name === 'model' ? this.readModel() : newestRows(directory.file(`${name}.parquet`))
      const newest = await reading.catch(error => {
        if (!(error instanceof CorruptFile)) throw error
        damaged.push(name)
      })
      if (newest !== undefined) rows.set(name, newest)
    }
    this.rows = rows
    this.damaged = damaged
    return damaged.length === 0
  }

  ask(questions: readonly string[]): void {
    this.subscription.ask(questions)
    if (this.parts.forgetUnasked(this.subscription.since)) for (const series of this.lines.values()) series.rewrite()
  }

  /** The parts as of the last reading. */
  look(): Parts {
    const { parts, rows } = this
    parts.advance()
    parts.setJson('about', this.about())
    parts.setJson('space', { kind: 'none' })
    parts.setJson('types', this.types())
    parts.setJson('looks', [])
    if (this.subscription.questions.includes(question('series', 'model')))
      for (const [column, series] of this.lines) series.write(seriesName(column), parts)
    for (const [name, newest] of rows) {
      const panel = question('panel', name, '')
      if (this.subscription.questions.includes(panel)) parts.setJson(`${panel}/value`, newest)
    }
    parts.setJson('clock', this.clock())
    return parts
  }

  private about(): About {
    const { scenario, seed, parameters: params, request } = this.manifest
    const panels = Array.from(this.rows, ([title, newest]) => {
      const about = `The ${grouped(viewLimits.rows)} newest rows of the table ${title}, at most.`
      const columns = Object.keys(newest[0]?.cells ?? {})
      return { title, kind: 'table', tab: 'Tables', about, columns, empty: 'It has no rows.' } as const
    })
    const steps = typeof request?.steps === 'number' ? request.steps : null
    const columns = [...this.lines.keys()]
    const nothing = { parameters: [], layers: [], charts: [], trades: false, beyondLimits: { agents: 0, messages: 0 } }
    return { scenario, title: `${scenario}: tables of a record`, seed, params, steps, columns, panels, ...nothing }
  }

  /** As many agents of a type as the table `agents` has in its last step. */
  private types(): Record<string, number> {
    const agents = this.rows.get('agents') ?? []
    const lastStep = agents.at(-1)?.cells.step
    const counts: Record<string, number> = {}
    for (const { cells } of agents) {
      const type = String(cells.type ?? 'Agent')
      if (cells.step === lastStep) counts[type] = (counts[type] ?? 0) + 1
    }
    return counts
  }

  private clock(): Clock {
    const { last, manifest, goesOn } = this
    const why = [this.why, ...this.damaged.map(name => `The table ${name} is damaged.`)].join(' ')
    const step = goesOn ? Number(last.step ?? 0) : manifest.steps
    const state = goesOn ? 'playing' : manifest.status === 'failed' ? 'failed' : 'ended'
    const reason = manifest.error === undefined ? why : `${manifest.error.message}. ${why}`
    const fixed = { speed: null, rate: 0, branch: 0 }
    return {
      step,
      time: Number(last.time ?? step),
      state,
      newest: step,
      earliest: step,
      reason,
      digest: manifest.digest,
      ...fixed,
    }
  }

  private async readModel(): Promise<void> {
    const lines = new Map<string, Series>()
    for await (const { rows, columns } of tableBlocks(this.directory.file('model.parquet'), 'all')) {
      const names = Object.keys(columns).filter(name => name !== 'step' && columns[name]?.some(isNumber))
      for (const name of names) if (!lines.has(name)) lines.set(name, new Series())
      for (const [name, series] of lines)
        for (let i = 0; i < rows; i++) series.push(Number(columns.step?.[i] ?? 0), numberOf(columns[name]?.[i]))
      this.last = rowAt(columns, rows - 1)
    }
    this.lines = lines
  }
}

async function newestRows(path: string): Promise<TableRow[]> {
  const from = Math.max(0, (await rowsIn(path)) - viewLimits.rows)
  const rows: TableRow[] = []
  for await (const { rows: length, columns } of tableBlocks(path, 'all', { from }))
    for (let i = 0; i < length; i++) rows.push({ cells: rowAt(columns, i) })
  return rows.slice(-viewLimits.rows)
}

function rowAt(columns: Readonly<Record<string, readonly Cell[]>>, i: number): Record<string, Cell> {
  return Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells[i] ?? null]))
}

function isNumber(cell: Cell): boolean {
  return typeof cell === 'number' || typeof cell === 'boolean'
}

function numberOf(cell: Cell | undefined): number {
  return typeof cell === 'number' || typeof cell === 'boolean' ? Number(cell) : Number.NaN
}
