/** A line of a list of pairs: the pair, and until when the list holds it. */

import * as z from 'zod'
import type { TimeMs } from '../../core/index.js'
import { pairName, parseTime } from '../../market/index.js'

const form = /^\S+( until \d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?)?$/
const isEntry = (line: string) => form.test(line) && !Number.isNaN(readPairEntry(line).until)
/** `SOLUSD`, or `SOLUSD until 2026-01-31T00:00:00Z`; the pair in any spelling. */
export const pairEntries = z.array(z.string().refine(isEntry, 'a pair, or: PAIR until 2026-01-31T00:00Z'))

/** A line of a list: a pair by the model's name, and until when; for good: Infinity. NaN: the instant is none. */
export interface PairEntry {
  readonly written: string
  readonly pair: string
  readonly until: TimeMs
}

export function readPairEntry(line: string): PairEntry {
  const [name = '', until] = line.split(' until ')
  return { written: name, pair: pairName(name), until: until === undefined ? Number.POSITIVE_INFINITY : parseTime(until) }
}
