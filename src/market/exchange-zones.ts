/** The time zones of stock exchanges by their rules, so that a session begins at the same instant on every engine. */

import { DAY_MS, HOUR_MS, type TimeMs } from '../core/index.js'
import { dateOf, daysSince1970 } from './parse-time.js'

/** Local time minus UTC in winter, and the rule of summer time. */
interface Zone {
  readonly offsetMs: number
  readonly isSummer: (time: TimeMs, offsetMs: number) => boolean
}

const zone = (hours: number, isSummer: Zone['isSummer'] = () => false): Zone => ({ offsetMs: hours * HOUR_MS, isSummer })

/** Zones by their names in the IANA database. Exact since 1996, New York and Chicago since 1987, Sydney since 2008. */
const zones = {
  UTC: zone(0),
  'America/New_York': zone(-5, americanSummer),
  'America/Toronto': zone(-5, americanSummer),
  'America/Chicago': zone(-6, americanSummer),
  'Europe/London': zone(0, europeanSummer),
  'Europe/Dublin': zone(0, europeanSummer),
  'Europe/Lisbon': zone(0, europeanSummer),
  'Europe/Amsterdam': zone(1, europeanSummer),
  'Europe/Berlin': zone(1, europeanSummer),
  'Europe/Madrid': zone(1, europeanSummer),
  'Europe/Oslo': zone(1, europeanSummer),
  'Europe/Paris': zone(1, europeanSummer),
  'Europe/Rome': zone(1, europeanSummer),
  'Europe/Stockholm': zone(1, europeanSummer),
  'Europe/Vienna': zone(1, europeanSummer),
  'Europe/Zurich': zone(1, europeanSummer),
  'Europe/Helsinki': zone(2, europeanSummer),
  'Asia/Kolkata': zone(5.5),
  'Asia/Shanghai': zone(8),
  'Asia/Hong_Kong': zone(8),
  'Asia/Singapore': zone(8),
  'Asia/Taipei': zone(8),
  'Asia/Seoul': zone(9),
  'Asia/Tokyo': zone(9),
  'Australia/Sydney': zone(10, australianSummer),
} as const satisfies Record<string, Zone>

/** A zone in which an exchange keeps its hours. */
export type ExchangeZone = keyof typeof zones

export const exchangeZones = Object.keys(zones) as [ExchangeZone, ...ExchangeZone[]]

/** Local time minus UTC at an instant, ms. */
export function zoneOffset(name: ExchangeZone, time: TimeMs): number {
  const { offsetMs, isSummer } = zones[name]
  return offsetMs + (isSummer(time, offsetMs) ? HOUR_MS : 0)
}

/** The instant of a local time, given as if it were UTC. */
export function zoneInstant(name: ExchangeZone, local: TimeMs): TimeMs {
  const winter = local - zones[name].offsetMs
  return local - zoneOffset(name, winter - HOUR_MS)
}

/** Clocks change at 02:00 local time; until 2006 the summer was shorter (Energy Policy Act of 2005). */
function americanSummer(time: TimeMs, offsetMs: number): boolean {
  const year = yearOf(time)
  const from = year < 2007 ? sunday(year, 4, 1) : sunday(year, 3, 2)
  const to = year < 2007 ? lastSunday(year, 10) : sunday(year, 11, 1)
  return time >= from + 2 * HOUR_MS - offsetMs && time < to + HOUR_MS - offsetMs
}

/** Clocks change at 01:00 UTC (Directive 2000/84/EC). */
function europeanSummer(time: TimeMs): boolean {
  const year = yearOf(time)
  return time >= lastSunday(year, 3) + HOUR_MS && time < lastSunday(year, 10) + HOUR_MS
}

/** Clocks change at 02:00 winter time; summer reaches over the new year. */
function australianSummer(time: TimeMs, offsetMs: number): boolean {
  const year = yearOf(time)
  return time < sunday(year, 4, 1) + 2 * HOUR_MS - offsetMs || time >= sunday(year, 10, 1) + 2 * HOUR_MS - offsetMs
}

function yearOf(time: TimeMs): number {
  return dateOf(Math.floor(time / DAY_MS)).year
}

/** Days since 1970 of a month's n-th given weekday; 0 is Sunday. */
export function nthWeekday(year: number, month: number, weekday: number, n: number): number {
  const first = daysSince1970(year, month, 1)
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1)
}

/** Days since 1970 of a month's last given weekday. */
export function lastWeekday(year: number, month: number, weekday: number): number {
  return month === 12 ? nthWeekday(year + 1, 1, weekday, 0) : nthWeekday(year, month + 1, weekday, 0)
}

/** 0 is Sunday; 1970 began on a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

function sunday(year: number, month: number, n: number): TimeMs {
  return nthWeekday(year, month, 0, n) * DAY_MS
}

function lastSunday(year: number, month: number): TimeMs {
  return lastWeekday(year, month, 0) * DAY_MS
}
