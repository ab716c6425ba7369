/** The days on which the New York Stock Exchange and Nasdaq are closed, or close early, by the rules they publish. */

import { lastWeekday, nthWeekday, weekdayOf } from './exchange-zones.js'
import { dateOf, daysSince1970 } from './parse-time.js'

const [SUNDAY, MONDAY, THURSDAY, SATURDAY] = [0, 1, 4, 6] as const

/** Closings of single days: attacks, storms, mourning. */
const singleDays = new Set([
  daysSince1970(1994, 4, 27),
  daysSince1970(2001, 9, 11),
  daysSince1970(2001, 9, 12),
  daysSince1970(2001, 9, 13),
  daysSince1970(2001, 9, 14),
  daysSince1970(2004, 6, 11),
  daysSince1970(2007, 1, 2),
  daysSince1970(2012, 10, 29),
  daysSince1970(2012, 10, 30),
  daysSince1970(2018, 12, 5),
  daysSince1970(2025, 1, 9),
])

/** True on a holiday that falls on a weekday (NYSE rule 7.2), since 1990. */
export function isNyseHoliday(day: number): boolean {
  return singleDays.has(day) || daysOfYear(dateOf(day).year).holidays.has(day)
}

/** True where trading ends at 13:00: the day after Thanksgiving, and the weekdays before Independence Day and Christmas. */
export function closesEarlyAtNyse(day: number): boolean {
  return daysOfYear(dateOf(day).year).earlyCloses.has(day)
}

interface SpecialDays {
  readonly holidays: ReadonlySet<number>
  readonly earlyCloses: ReadonlySet<number>
}

/** Special days by year: a calendar asks of every day, many times. */
const known = new Map<number, SpecialDays>()

function daysOfYear(year: number): SpecialDays {
  let days = known.get(year)
  if (days === undefined) {
    days = { holidays: new Set(holidaysOf(year)), earlyCloses: new Set(earlyClosesOf(year)) }
    known.set(year, days)
  }
  return days
}

function earlyClosesOf(year: number): number[] {
  const beforeFixed = [daysSince1970(year, 7, 3), daysSince1970(year, 12, 24)]
  return [
    nthWeekday(year, 11, THURSDAY, 4) + 1,
    ...beforeFixed.filter(day => weekdayOf(day) >= MONDAY && weekdayOf(day) <= THURSDAY),
  ]
}

function holidaysOf(year: number): number[] {
  return [
    // New Year's Day on a Saturday is not kept on the Friday before, which ends the old year.
    newYear(year),
    ...(year >= 1998 ? [nthWeekday(year, 1, MONDAY, 3)] : []),
    nthWeekday(year, 2, MONDAY, 3),
    easter(year) - 2,
    lastWeekday(year, 5, MONDAY),
    ...(year >= 2022 ? [kept(daysSince1970(year, 6, 19))] : []),
    kept(daysSince1970(year, 7, 4)),
    nthWeekday(year, 9, MONDAY, 1),
    nthWeekday(year, 11, THURSDAY, 4),
    kept(daysSince1970(year, 12, 25)),
  ]
}

function newYear(year: number): number {
  const day = daysSince1970(year, 1, 1)
  return weekdayOf(day) === SUNDAY ? day + 1 : day
}

/** The day on which a fixed holiday is kept: Friday for Saturday, Monday for Sunday. */
function kept(day: number): number {
  const weekday = weekdayOf(day)
  return weekday === SATURDAY ? day - 1 : weekday === SUNDAY ? day + 1 : day
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
function easter(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return daysSince1970(year, Math.floor(n / 31), (n % 31) + 1)
}
