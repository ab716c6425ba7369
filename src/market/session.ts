/** When a market is open: sessions as data, and the calendar of bars that follows from them. */

import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS, type TimeMs } from '../core/index.js'
import { type ExchangeZone, exchangeZones, weekdayOf, zoneInstant, zoneOffset } from './exchange-zones.js'
import { closesEarlyAtNyse, isNyseHoliday } from './nyse.js'
import { daysSince1970 } from './parse-time.js'

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written HH:MM')
const date = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'a date is written YYYY-MM-DD')

const hours = z.strictObject({
  timeZone: z.enum(exchangeZones).describe('where the hours are kept'),
  days: z.array(z.enum(weekdays)).min(1).default(['mon', 'tue', 'wed', 'thu', 'fri']).describe('days on which a session begins'),
  open: timeOfDay.describe('local time at which a session begins'),
  close: timeOfDay.describe('local time at which it ends; not after `open`: on the next day'),
  holidays: z.array(date).default([]).describe('days without a session'),
  earlyCloses: z.record(date, timeOfDay).default({}).describe('days on which it ends earlier, and when'),
  daysAYear: z
    .number()
    .int()
    .min(1)
    .max(366)
    .optional()
    .describe('sessions of a year, for annual figures; default 252 of 5 days a week'),
})

/** The hours of a market, or the name of an exchange whose hours are known. */
export const sessionSchema = z.union([z.enum(['NYSE']), hours])

/** When a market is open. */
export type Session = z.output<typeof sessionSchema>

/** The days of a calendar year of a market that never closes. */
export const DAYS_A_YEAR = 365

/** What a calendar asks of the days it is made of; days count from 1970, in local time. */
interface SessionDays {
  readonly timeZone: ExchangeZone
  readonly daysAYear: number
  opens(day: number): boolean
  /** ms after local midnight. */
  readonly openMs: number
  closeMs(day: number): number
}

/** When a session begins and ends. */
interface Hours {
  readonly open: TimeMs
  readonly close: TimeMs
}

/** The bars of a market that closes: which instants begin one, and which bar comes how many bars later. */
export class SessionCalendar {
  /** By its name in the IANA database. */
  readonly timeZone: string
  readonly daysAYear: number
  /** Hours by day, so that the zone's offset is looked up once for each. */
  private readonly hours = new Map<number, Hours>()

  /** @internal */
  constructor(private readonly days: SessionDays) {
    this.timeZone = days.timeZone
    this.daysAYear = days.daysAYear
  }

  /**
   * The start of the bar that a row of this time is; NaN where no bar begins. A bar of a day, or of more, begins at 00:00 UTC of its
   * date, whatever instant of the date the row names; shorter ones are counted from the opening.
   */
  barStart(time: TimeMs, barMs: number): TimeMs {
    if (barMs >= DAY_MS) {
      const day = time % DAY_MS === 0 ? time / DAY_MS : this.dayOf(time)
      // A week begins on its Monday, be that a holiday.
      return barMs > DAY_MS || this.days.opens(day) ? day * DAY_MS : Number.NaN
    }
    for (let day = this.dayOf(time) - 1; day <= this.dayOf(time); day++) {
      const open = this.openOf(day)
      if (this.days.opens(day) && time >= open && time < this.closeOf(day) && (time - open) % barMs === 0) return time
    }
    return Number.NaN
  }

  /** The start of the bar `bars` bars after the first one that begins at or after `time`. */
  after(time: TimeMs, bars: number, barMs: number): TimeMs {
    if (barMs > DAY_MS || !Number.isFinite(time)) return time + bars * barMs
    return barMs === DAY_MS ? this.daysAfter(Math.ceil(time / DAY_MS), bars) * DAY_MS : this.intradayAfter(time, bars, barMs)
  }

  /** How many bars begin in [from, to). */
  barsBetween(from: TimeMs, to: TimeMs, barMs: number): number {
    if (barMs > DAY_MS) return Math.ceil((to - from) / barMs)
    let bars = 0
    for (let day = this.dayOf(from) - 1; day <= Math.max(this.dayOf(to), Math.ceil(to / DAY_MS)); day++) {
      if (!this.days.opens(day)) continue
      const [first, n] = barMs === DAY_MS ? [day * DAY_MS, 1] : [this.openOf(day), this.barsOf(day, barMs)]
      const begun = (until: TimeMs) => Math.min(n, Math.max(0, Math.ceil((until - first) / barMs)))
      bars += begun(to) - begun(from)
    }
    return bars
  }

  /** The local date of an instant, in days since 1970. */
  dayOf(time: TimeMs): number {
    return Math.floor((time + zoneOffset(this.days.timeZone, time)) / DAY_MS)
  }

  private daysAfter(from: number, sessions: number): number {
    let day = from
    for (let left = sessions; ; day++) {
      if (this.days.opens(day) && left-- === 0) return day
    }
  }

  private intradayAfter(time: TimeMs, bars: number, barMs: number): TimeMs {
    let left = bars
    for (let day = this.dayOf(time) - 1; ; day++) {
      if (!this.days.opens(day)) continue
      const open = this.openOf(day)
      const first = Math.max(0, Math.ceil((time - open) / barMs))
      const there = this.barsOf(day, barMs) - first
      if (left < there) return open + (first + left) * barMs
      left -= Math.max(0, there)
    }
  }

  private barsOf(day: number, barMs: number): number {
    return Math.ceil((this.closeOf(day) - this.openOf(day)) / barMs)
  }

  private openOf(day: number): TimeMs {
    return this.hoursOf(day).open
  }

  private closeOf(day: number): TimeMs {
    return this.hoursOf(day).close
  }

  private hoursOf(day: number): Hours {
    const known = this.hours.get(day)
    if (known !== undefined) return known
    const { timeZone, openMs } = this.days
    const at = (ms: number) => zoneInstant(timeZone, day * DAY_MS + ms)
    const hours = { open: at(openMs), close: at(this.days.closeMs(day)) }
    this.hours.set(day, hours)
    return hours
  }
}

const nyse = new SessionCalendar({
  timeZone: 'America/New_York',
  daysAYear: 252,
  opens: day => isWeekday(day) && !isNyseHoliday(day),
  openMs: 9.5 * HOUR_MS,
  closeMs: day => (closesEarlyAtNyse(day) ? 13 : 16) * HOUR_MS,
})

/** Calendars by their data: a run asks for the same ones at every order. */
const made = new WeakMap<object, SessionCalendar>()

/** The calendar of a session. */
export function sessionCalendar(session: Session): SessionCalendar {
  if (session === 'NYSE') return nyse
  const known = made.get(session)
  if (known !== undefined) return known
  const calendar = new SessionCalendar(daysOf(session))
  made.set(session, calendar)
  return calendar
}

function daysOf({ timeZone, days, open, close, holidays, earlyCloses, daysAYear }: Exclude<Session, string>): SessionDays {
  const week = weekdays.map(name => days.includes(name))
  const closed = new Set(holidays.map(dayNumber))
  const early = new Map(Object.entries(earlyCloses).map(([day, at]) => [dayNumber(day), at]))
  const openMs = msOf(open)
  const closeAt = (time: string) => (msOf(time) > openMs ? msOf(time) : msOf(time) + DAY_MS)
  return {
    timeZone,
    daysAYear: daysAYear ?? (days.length === 5 ? 252 : Math.round((week.filter(Boolean).length * DAYS_A_YEAR) / 7)),
    opens: day => week[weekdayOf(day)] === true && !closed.has(day),
    openMs,
    closeMs: day => closeAt(early.get(day) ?? close),
  }
}

function isWeekday(day: number): boolean {
  const weekday = weekdayOf(day)
  return weekday >= 1 && weekday <= 5
}

function dayNumber(text: string): number {
  const [year = 1970, month = 1, day = 1] = text.split('-').map(Number)
  return daysSince1970(year, month, day)
}

function msOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  return hour * HOUR_MS + minute * MINUTE_MS
}
