/** Reads the instants of candle text: seconds, milliseconds or microseconds since 1970, or ISO 8601 with or without an offset. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type TimeMs } from '../core/index.js'
import { parseDecimal } from './parse-decimal.js'

/** A number below is seconds (year 5138), below the next milliseconds, below the last microseconds. */
const SECONDS_BELOW = 1e11
const MILLISECONDS_BELOW = 1e14
const MICROSECONDS_BELOW = 1e17

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/
const MINUS = 45

/** Milliseconds since 1970 of text[from, to), or NaN. A time without an offset is UTC; a fraction of a millisecond gives NaN. */
export function parseTime(text: string, from = 0, to = text.length): TimeMs {
  return text.charCodeAt(from + 4) === MINUS ? parseIso(text.slice(from, to)) : fromEpoch(parseDecimal(text, from, to))
}

/** True where text[from, to) is a date and time without an offset: it may be local time. */
export function isWithoutOffset(text: string, from = 0, to = text.length): boolean {
  return text.charCodeAt(from + 4) === MINUS && iso.exec(text.slice(from, to))?.[8] === undefined
}

/** Milliseconds of a number of seconds, milliseconds or microseconds, told apart by size; NaN if it is not a time in whole milliseconds. */
export function fromEpoch(value: number): TimeMs {
  if (!(value >= 0 && value < MICROSECONDS_BELOW)) return Number.NaN
  const ms = value < SECONDS_BELOW ? value * SECOND_MS : value < MILLISECONDS_BELOW ? value : value / 1000
  const whole = Math.round(ms)
  return Math.abs(ms - whole) < 1e-3 ? whole : Number.NaN
}

function parseIso(text: string): TimeMs {
  const parts = iso.exec(text)
  if (parts === null) return Number.NaN
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(p => Number(p ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return Number.NaN
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN
  const ms = Number((parts[7] ?? '').padEnd(9, '0')) / 1e6
  if (!Number.isInteger(ms)) return Number.NaN
  return (
    daysSince1970(year, month, day) * DAY_MS +
    hour * HOUR_MS +
    minute * MINUTE_MS +
    second * SECOND_MS +
    ms -
    offsetMs(parts[8] ?? 'Z')
  )
}

function offsetMs(offset: string): number {
  if (offset === 'Z' || offset === 'UTC') return 0
  const digits = offset.slice(1).replace(':', '')
  const size = Number(digits.slice(0, 2)) * HOUR_MS + Number(digits.slice(2) || 0) * MINUTE_MS
  return offset.startsWith('-') ? -size : size
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days of the proleptic Gregorian calendar, counted in years that begin in March, so that the leap day comes last. */
export function daysSince1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468
}

/** `2022-10-11T10:00:00Z` of milliseconds since 1970, for messages and manifests; fractions of a second only where there are some. */
export function formatTime(time: TimeMs): string {
  const days = Math.floor(time / DAY_MS)
  const inDay = time - days * DAY_MS
  const part = (size: number, of: number) => String(Math.floor(inDay / size) % of).padStart(2, '0')
  const ms = inDay % SECOND_MS
  const fraction = ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`
  return `${formatDate(days)}T${part(HOUR_MS, 24)}:${part(MINUTE_MS, 60)}:${part(SECOND_MS, 60)}${fraction}Z`
}

function formatDate(days: number): string {
  const { year, month, day } = dateOf(days)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** The inverse of `daysSince1970` (Hinnant, chrono-compatible date algorithms); months and days count from 1. */
export function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}
