/** Declared panels: what each says of itself, and its parts when a viewer asks for it. */

import type { LinesPanel, Model, Panel, PanelContext, Simulation } from '../model/index.js'
import type { Collected } from './collected.js'
import type { Parts } from './parts.js'
import { question } from './question.js'
import { Series } from './series.js'
import { Traffic } from './traffic.js'

/** A panel as a viewer first hears of it: its declaration without its functions, and what may be chosen now. */
export interface PanelDescription {
  readonly title: string
  readonly kind: Panel['kind']
  readonly about: string
  readonly unit?: string
  readonly tab?: string
  readonly choices?: readonly string[]
  /** Of `lines`: columns of the table `model`, and names of its own series. */
  readonly columns?: readonly string[]
  readonly series?: readonly string[]
  readonly log?: boolean
  readonly bins?: number
  readonly xLabel?: string
  readonly yLabel?: string
  readonly min?: number
  readonly max?: number
  readonly warnAt?: number
  readonly empty?: string
  /** Of lines: their axis is model time, ms. */
  readonly isTime?: boolean
  /** Of a table: columns whose cells are looked for in another panel, by its title. */
  readonly links?: Readonly<Record<string, string>>
}

type AnyPanel = Panel & {
  choices?(model: Model): readonly string[]
  look?(context: PanelContext<Model>): unknown
  warnAt?: number | ((model: Model) => number)
}

export class Panels {
  private readonly panels: ReadonlyMap<string, AnyPanel>
  private readonly lines: readonly OwnLines[]
  private readonly traffic: Traffic

  constructor(
    private readonly sim: Simulation,
    declared: Readonly<Record<string, Panel>>,
    private readonly collected: Collected,
    /** The panels of the same run before this simulation, and the step it begins from. */
    before?: { readonly panels: Panels; readonly step: number },
  ) {
    this.panels = new Map(Object.entries(declared) as [string, AnyPanel][])
    this.traffic = new Traffic(sim)
    this.lines =
      before?.panels.lines.map(lines => lines.until(before.step)) ??
      [...this.panels].flatMap(([title, panel]) => (panel.kind === 'lines' ? [OwnLines.of(title, panel)] : []))
  }

  /** Whether `stepped` has something to read. */
  get readsSteps(): boolean {
    return this.lines.some(({ isEmpty }) => !isEmpty)
  }

  /** Before the panels of a look are written. */
  begin(): void {
    this.traffic.turn()
  }

  /** Messages that no panel heard of. */
  get messagesDropped(): number {
    return this.traffic.dropped
  }

  /** Nobody has a panel open. */
  stopListening(): void {
    this.traffic.end()
  }

  /** Within `sim.look`, at the end of a step. */
  stepped(model: Model): void {
    for (const lines of this.lines) lines.read(model)
  }

  /** Within `sim.look`. */
  describe(): PanelDescription[] {
    const { model } = this.sim
    return [...this.panels].map(([title, panel]) => {
      const { look: _, choices, series, warnAt, about = '', ...plain } = panel as AnyPanel & Partial<LinesPanel<Model>>
      return {
        title,
        about,
        ...plain,
        ...(series !== undefined && { series: Object.keys(series) }),
        ...(choices !== undefined && { choices: orNothing(() => choices.call(panel, model)) }),
        ...(warnAt !== undefined && {
          warnAt: typeof warnAt === 'function' ? orNothing(() => warnAt.call(panel, model)) : warnAt,
        }),
      } as PanelDescription
    })
  }

  /** Writes the parts of `panel/<title>/<choice>`. Within `sim.look`. */
  write(title: string, choice: string, parts: Parts): void {
    const panel = this.panels.get(title)
    if (panel === undefined) return
    if (panel.kind === 'lines') {
      this.lines.find(lines => lines.title === title)?.write(parts)
      return
    }
    const name = question('panel', title, choice)
    const choices = panel.choices?.(this.sim.model) ?? []
    const shown = panel.look?.(this.contextOf(choices.includes(choice) ? choice : (choices[0] ?? '')))
    for (const [field, value] of Object.entries(fieldsOf(shown))) {
      if (isNumbers(value)) parts.setArray(`${name}/${field}`, Float64Array.from(value))
      else parts.setJson(`${name}/${field}`, value)
    }
  }

  rewrite(): void {
    for (const lines of this.lines) lines.rewrite()
  }

  private contextOf(choice: string): PanelContext<Model> {
    const { sim, collected, traffic } = this
    return {
      model: sim.model,
      choice,
      rows: table => collected.rows(table),
      heard: () => traffic.heard(),
      quarantined: sim.quarantined,
      counters: sim.counters,
    }
  }
}

/** The series that a `lines` panel reads by its own functions. */
class OwnLines {
  private constructor(
    readonly title: string,
    private readonly series: readonly (readonly [string, Series, (model: Model) => number | null])[],
  ) {}

  static of(title: string, panel: LinesPanel<Model>): OwnLines {
    return new OwnLines(
      title,
      Object.entries(panel.series ?? {}).map(([name, read]) => [name, new Series(), read]),
    )
  }

  /** Lines of their own with what these have up to a step. */
  until(step: number): OwnLines {
    return new OwnLines(
      this.title,
      this.series.map(([name, series, read]) => [name, series.until(step), read]),
    )
  }

  get isEmpty(): boolean {
    return this.series.length === 0
  }

  read(model: Model): void {
    for (const [, series, read] of this.series) series.push(model.steps, read(model) ?? Number.NaN)
  }

  write(parts: Parts): void {
    for (const [name, series] of this.series) series.write(question('panel', this.title, '', name), parts)
  }

  rewrite(): void {
    for (const [, series] of this.series) series.rewrite()
  }
}

/** Fields of what a panel shows, each a part of its own, so that one that has not changed is not sent. */
function fieldsOf(shown: unknown): Record<string, unknown> {
  if (typeof shown === 'object' && shown !== null && !Array.isArray(shown) && !ArrayBuffer.isView(shown))
    return shown as Record<string, unknown>
  return { value: shown }
}

/** Typed arrays, and lists of numbers of more than a few. */
function isNumbers(value: unknown): value is ArrayLike<number> {
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView)
  return Array.isArray(value) && value.length > 0 && value.every(each => typeof each === 'number')
}

/** A panel whose description throws is shown without what it would have said; its picture tells the error. */
function orNothing<T>(describe: () => T): T | undefined {
  try {
    return describe()
  } catch {
    return undefined
  }
}
