/**
 * Links of a chain on the way to its head, a few bytes each: by them a check names the step at which a record departs from what was
 * written. The head alone says only that it does.
 */

import { storageLimits } from './limits.js'

/** `every`: a mark each so many steps that have rows. */
export interface Marks {
  readonly every: number
  readonly steps: readonly number[]
  readonly rows: readonly number[]
  /** The first four bytes of each link, as a number. */
  readonly links: readonly number[]
}

export interface ChainMarksState extends Marks {
  /** Steps with rows so far. */
  readonly seen: number
}

/** Where a record departs from its marks: at `step`, or, where marks are sparse, at one between `after` and it. */
export interface Departure {
  readonly step: number
  readonly after: number | null
  /** Rows that are there and rows that were written, of that step or of all those. */
  readonly there: number
  readonly written: number
  /** The step whose rows are in their place; null: none. */
  readonly instead: number | null
}

export class ChainMarks {
  private every = 1
  private seen = 0
  private steps: number[] = []
  private rows: number[] = []
  private links: number[] = []

  /** Adds the link of a step that is whole. Where they become too many, every second one goes. */
  add(step: number, rows: number, link: Uint8Array): void {
    if (++this.seen % this.every !== 0) return
    this.steps.push(step)
    this.rows.push(rows)
    this.links.push(shortLink(link))
    if (this.steps.length > storageLimits.chainMarks) this.thin()
  }

  save(): ChainMarksState {
    const { every, seen, steps, rows, links } = this
    return { every, seen, steps: steps.slice(), rows: rows.slice(), links: links.slice() }
  }

  static restored(state: ChainMarksState): ChainMarks {
    const marks = new ChainMarks()
    marks.every = state.every
    marks.seen = state.seen
    marks.steps = [...state.steps]
    marks.rows = [...state.rows]
    marks.links = [...state.links]
    return marks
  }

  private thin(): void {
    const isKept = (_: unknown, i: number) => i % 2 === 1
    this.every *= 2
    this.steps = this.steps.filter(isKept)
    this.rows = this.rows.filter(isKept)
    this.links = this.links.filter(isKept)
  }
}

/** Compares a chain that is made again with the marks it had, step by step. */
export class MarkComparison {
  departure: Departure | undefined
  private next = 0
  /** Rows up to the step before. */
  private before = 0

  constructor(private readonly marks: Marks) {}

  /** The last marked step that is as it was written; −1: none. */
  get agreed(): number {
    return this.marks.steps[this.next - 1] ?? -1
  }

  /** The next step that has rows; see `OnStep` of a chain. */
  step(step: number, rows: number, link: Uint8Array): void {
    const { every, steps, links } = this.marks
    const marked = steps[this.next]
    if (this.departure === undefined && marked !== undefined && (step >= marked || every === 1)) {
      if (step === marked && links[this.next] === shortLink(link)) this.next++
      else if (step < marked) this.departure = { step, after: null, there: rows - this.before, written: 0, instead: null }
      else if (step > marked) this.depart(marked, this.before, step)
      else this.depart(marked, rows)
    }
    this.before = rows
  }

  /** After the last step: a mark that is left over names rows that are not there. */
  end(): void {
    const left = this.marks.steps[this.next]
    if (this.departure === undefined && left !== undefined) this.depart(left, this.before)
  }

  private depart(step: number, rows: number, instead: number | null = null): void {
    const { every, rows: marked } = this.marks
    const agreed = marked[this.next - 1] ?? 0
    const written = (marked[this.next] as number) - agreed
    this.departure = { step, after: every === 1 ? null : this.agreed, there: rows - agreed, written, instead }
  }
}

/** The first departure in a sentence. */
export function departureText({ departure, agreed }: MarkComparison, there: number, written: number): string {
  const all = `In all ${there} rows are there, ${written} were written.`
  if (departure === undefined) return `after step ${agreed} it is not the record that was written. ${all}`
  const { step, after } = departure
  const place = after === null ? `step ${step}` : `step ${step}, or one before it and after ${after}`
  return `${place}: ${whatOf(departure)}. ${all}`
}

function whatOf({ there, written, instead }: Departure): string {
  if (instead !== null) return `rows of step ${instead} are in the place of its ${written - there}`
  if (there < written) return `${written - there} of ${written} rows missing`
  return there > written ? `${there - written} added to ${written} rows` : 'a row was changed or moved'
}

/** The part of a link that a mark keeps. */
export function shortLink(link: Uint8Array): number {
  return new DataView(link.buffer, link.byteOffset, 4).getUint32(0)
}
