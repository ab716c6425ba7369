/**
 * Links of a chain on the way to its head, a few bytes each: by them a check names the step at which a record departs from what was
 * written. The head alone says only that it does.
 */

import { toHex } from '../core/index.js'
import { storageLimits } from './limits.js'

/** `every`: a mark each so many steps that have rows. */
export interface Marks {
  readonly every: number
  readonly steps: readonly number[]
  readonly rows: readonly number[]
  /** The first four bytes of each link, as hex. */
  readonly links: readonly string[]
}

export interface ChainMarksState extends Marks {
  /** Steps with rows so far. */
  readonly seen: number
}

/** Where a record departs from its marks: after the step `after`, up to `step`. */
export interface Departure {
  readonly after: number
  readonly step: number
  /** Rows that are there and rows that were written from the one to the other; null: not known. */
  readonly rows: { readonly there: number; readonly written: number } | null
}

export class ChainMarks {
  private every = 1
  private seen = 0
  private steps: number[] = []
  private rows: number[] = []
  private links: string[] = []

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

  constructor(private readonly marks: Marks) {}

  /** The last step that is known to be as it was written, and the rows up to it. */
  get agreed(): { readonly step: number; readonly rows: number } {
    const { steps, rows } = this.marks
    return { step: steps[this.next - 1] ?? -1, rows: rows[this.next - 1] ?? 0 }
  }

  /** The next step that has rows; see `OnStep` of a chain. */
  step(step: number, rows: number, link: Uint8Array): void {
    if (this.departure !== undefined) return
    const { every, steps, links } = this.marks
    const marked = steps[this.next]
    if (marked === undefined || (step < marked && every > 1)) return
    if (step === marked && links[this.next] === shortLink(link)) this.next++
    else this.depart(Math.min(step, marked), step, rows)
  }

  /** After the last step: a mark that is left over names rows that are not there. */
  end(rows: number): void {
    const left = this.marks.steps[this.next]
    if (this.departure === undefined && left !== undefined) this.depart(left, left, rows)
  }

  private depart(first: number, at: number, rows: number): void {
    const { step: after, rows: before } = this.agreed
    const marked = this.marks.steps[this.next] as number
    const written = (this.marks.rows[this.next] as number) - before
    this.departure = {
      after,
      step: this.marks.every > 1 ? marked : first,
      rows: at === marked ? { there: rows - before, written } : null,
    }
  }
}

function shortLink(link: Uint8Array): string {
  return toHex(link.subarray(0, 4))
}
