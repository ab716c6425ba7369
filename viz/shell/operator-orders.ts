/** The orders that an operator may give from the bar: what is asked first, what will happen, and what is sent. */

import type { RowOrder } from '../../src/model/index.js'

/** What a reader chooses before an order is given. An empty pair or portfolio means each of them; no span: without an end. */
export interface Choice {
  readonly pair: string
  readonly portfolio: string
  readonly forMs: number | null
}

export interface Proposal {
  readonly title: string
  /** On the button that gives the order. */
  readonly button: string
  readonly fields: readonly (keyof Choice)[]
  /** Whether the pair must be named. */
  readonly needsPair?: boolean
  says(choice: Choice): string
  order(choice: Choice): Readonly<Record<string, unknown>>
}

const hourMs = 3_600_000

/** How long a lock may last. */
export const spans: readonly (readonly [forMs: number | null, words: string])[] = [
  [hourMs, 'an hour'],
  [4 * hourMs, 'four hours'],
  [24 * hourMs, 'a day'],
  [7 * 24 * hourMs, 'a week'],
  [null, 'until it is ended here'],
]

const spanText = (forMs: number | null) => {
  const words = spans.find(([ms]) => ms === forMs)?.[1] ?? ''
  return forMs === null ? words : `for ${words} of the run’s time`
}

export const halt: Proposal = {
  title: 'Halt all entries?',
  button: 'Halt',
  fields: [],
  says: () => 'No portfolio enters anything from the next step on, until you resume. Open positions stay, and exits go on.',
  order: () => ({ do: 'halt' }),
}

export const resume: Proposal = {
  title: 'Resume trading?',
  button: 'Resume',
  fields: [],
  says: () => 'The halts that an operator may end have ended from the next step on: portfolios enter again. Locks of pairs stay.',
  order: () => ({ do: 'resume' }),
}

export const close: Proposal = {
  title: 'Close positions?',
  button: 'Close',
  fields: ['pair', 'portfolio'],
  says: ({ pair, portfolio }) =>
    `${portfolio === '' ? 'Every portfolio' : `The ${portfolio} portfolio`} leaves ${pair === '' ? 'all its positions' : `its position in ${pair}`} at the next price. Entries that wait there are cancelled. New ones are not kept back: halt for that.`,
  order: ({ pair, portfolio }) => ({ do: 'close', pair: pair || null, portfolio: portfolio || null }),
}

export const lock: Proposal = {
  title: 'Lock a pair?',
  button: 'Lock',
  fields: ['pair', 'forMs'],
  needsPair: true,
  says: ({ pair, forMs }) => `No portfolio enters ${pair} ${spanText(forMs)}. Positions in it stay, and exits go on.`,
  order: ({ pair, forMs }) => ({ do: 'lock', pair, forMs }),
}

export const cancel: Proposal = {
  title: 'Cancel orders that wait?',
  button: 'Cancel orders',
  fields: ['pair'],
  says: ({ pair }) =>
    `Orders ${pair === '' ? 'of every pair' : `in ${pair}`} that wait for their fill are cancelled, in every portfolio: entries, and exits that an operator ordered.`,
  order: ({ pair }) => ({ do: 'cancel', what: pair || null }),
}

/** What a row of a table offers. */
export function proposalOf({ label, says, order }: RowOrder): Proposal {
  return { title: `${label}?`, button: label, fields: [], says: () => says, order: () => order }
}
