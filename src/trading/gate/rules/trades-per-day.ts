/**
 * Entries of a UTC day. An entry counts from its order on, so that no tick orders more than the limit before the first one fills.
 * One that is cancelled keeps its place: the limit also bounds what is only ordered. So does a renewal, which becomes an entry where
 * its position leaves before it.
 */

import * as z from 'zod'
import type { TimeMs } from '../../../core/index.js'
import { lower } from '../limit.js'
import { all, none } from '../quantity.js'
import { defineRule } from '../rule.js'
import { utcDay } from '../utc-day.js'

interface DayCount {
  day: number
  entries: number
}

/** Entries of the day of an instant; a clock that steps back is still in the last day. */
const entriesOn = ({ day, entries }: DayCount, time: TimeMs) => (utcDay(time) > day ? 0 : entries)

export const tradesPerDay = defineRule({
  code: 'tradesPerDay',
  limits: { tradesPerDay: lower(z.number().int().min(0).max(1_000_000), 'entries ordered in a UTC day, at most') },
  unit: 'entries of a UTC day',
  boundary: 'exactly the limit is allowed; one more is refused until 00:00 UTC',
  source: 'order rate limits; daily trade limits of prop trading firms',
  begin: (): DayCount => ({ day: -1, entries: 0 }),
  allows: ({ time }, _, { tradesPerDay = 0 }, own) => (entriesOn(own, time) < tradesPerDay ? all : none),
  measures: ({ time }, _, __, own) => entriesOn(own, time) + 1,
  onEntry(own, { time }) {
    own.entries = entriesOn(own, time) + 1
    own.day = Math.max(own.day, utcDay(time))
  },
})
