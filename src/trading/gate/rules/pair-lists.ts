/** Pairs that may not be entered, and pairs that alone may; each for good or until an instant. */

import * as z from 'zod'
import type { TimeMs } from '../../../core/index.js'
import { parseTime } from '../../../market/index.js'
import { intersection, union } from '../limit.js'
import { all, none } from '../quantity.js'
import { defineRule } from '../rule.js'

/** `SOLUSD`, or `SOLUSD until 2026-01-31T00:00:00Z`. */
const entry = z.string().regex(/^\S+( until \d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?)?$/, 'a pair, or: PAIR until 2026-01-31T00:00Z')

/** True where a list names the pair and its instant has not come. */
function names(list: readonly string[], pair: string, time: TimeMs): boolean {
  for (const line of list) {
    const [name, until] = line.split(' until ')
    if (name === pair && (until === undefined || time < parseTime(until))) return true
  }
  return false
}

export const blackList = defineRule({
  code: 'forbiddenPair',
  limits: { blackList: union(z.array(entry), 'pairs that may not be entered, each for good or `PAIR until TIME`') },
  unit: 'pair',
  boundary: 'at its instant an entry of the list no longer holds',
  source: 'compliance lists; freqtrade’s pair lock',
  allows: ({ pair, time }, _, { blackList = [] }) => (names(blackList, pair, time) ? none : all),
})

export const whiteList = defineRule({
  code: 'unlistedPair',
  limits: { whiteList: intersection(z.array(entry), 'pairs that alone may be entered, each for good or `PAIR until TIME`') },
  unit: 'pair',
  boundary: 'at its instant an entry of the list no longer holds',
  source: 'compliance lists',
  allows: ({ pair, time }, _, { whiteList = [] }) => (names(whiteList, pair, time) ? all : none),
})
