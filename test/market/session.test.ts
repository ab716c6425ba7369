/** Markets that close: which instants begin a bar, and which bar comes how many bars later. */

import { describe, expect, it } from 'vitest'
import { exchangeZones, zoneInstant, zoneOffset } from '../../src/market/exchange-zones.js'
import { formatTime, parseTime, type Session, sessionCalendar, sessionSchema } from '../../src/market/index.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const nyse = sessionCalendar('NYSE')
const t = (text: string) => parseTime(text)
const session = (given: object): Session => sessionSchema.parse(given)
const later = (calendar: typeof nyse, from: string, bars: number, barMs: number) =>
  formatTime(calendar.after(t(from), bars, barMs))

describe('zones of exchanges', () => {
  it.each(exchangeZones)('%s has the offsets of the engine’s own tables, every 6 hours from 2008 to 2035', name => {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
    const offset = (time: number) => {
      const text = format.formatToParts(time).find(part => part.type === 'timeZoneName')?.value ?? ''
      const [, sign, h, m] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? []
      return h === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(h) * HOUR + Number(m) * MINUTE)
    }
    const wrong: string[] = []
    for (let time = Date.UTC(2008, 4, 1); time < Date.UTC(2036, 0, 1); time += 6 * HOUR) {
      if (zoneOffset(name, time) !== offset(time)) wrong.push(formatTime(time))
    }
    expect(wrong).toEqual([])
  })

  it('a local time is the instant that has it, on both sides of a change of clocks', () => {
    for (const day of ['2024-03-08', '2024-03-11', '2024-11-01', '2024-11-04']) {
      const local = t(`${day} 09:30`)
      const instant = zoneInstant('America/New_York', local)
      expect(instant + zoneOffset('America/New_York', instant)).toBe(local)
    }
  })
})

describe('the calendar of NYSE', () => {
  it('has the holidays and early closes that the exchange published for 2021 to 2025', () => {
    const closed: Record<number, string> = {
      2021: '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24',
      2022: '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26',
      2023: '01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25',
      2024: '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25',
      2025: '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25',
    }
    for (const [year, dates] of Object.entries(closed)) {
      const days: string[] = []
      for (let day = Date.UTC(Number(year), 0, 1); day < Date.UTC(Number(year) + 1, 0, 1); day += DAY) {
        const weekday = new Date(day).getUTCDay()
        if (weekday !== 0 && weekday !== 6 && Number.isNaN(nyse.barStart(day, DAY))) days.push(formatTime(day).slice(5, 10))
      }
      expect(days.join(' '), year).toBe(dates)
    }
    const bars = (day: string) => nyse.barsBetween(t(day), t(day) + DAY, 30 * MINUTE)
    expect(['2024-07-03', '2024-11-29', '2024-12-24', '2023-07-03', '2021-07-02', '2022-12-23'].map(bars)).toEqual([
      7, 7, 7, 7, 13, 13,
    ])
  })

  it('begins hours at half past nine in New York, in summer and in winter, and none at night', () => {
    const begins = (text: string) => !Number.isNaN(nyse.barStart(t(text), HOUR))
    expect(begins('2024-07-01T13:30:00Z')).toBe(true)
    expect(begins('2024-01-02T14:30:00Z')).toBe(true)
    expect(begins('2024-01-02T20:30:00Z')).toBe(true)
    for (const no of ['2024-01-02T13:30:00Z', '2024-01-02T14:00:00Z', '2024-01-02T21:30:00Z', '2024-01-06T15:30:00Z'])
      expect(begins(no), no).toBe(false)
  })

  it('takes any instant of a date for its daily bar', () => {
    for (const time of ['2024-01-02', '2024-01-02 00:00:00-05:00', '2024-01-02T14:30:00Z'])
      expect(formatTime(nyse.barStart(t(time), DAY))).toBe('2024-01-02T00:00:00Z')
    expect(nyse.barStart(t('2024-01-06'), DAY)).toBeNaN()
  })

  it('takes weeks by their date as well, so that they are a week apart over a change of clocks and begin on a holiday', () => {
    const mondays = ['2024-03-04 00:00:00-05:00', '2024-03-11 00:00:00-04:00', '2024-03-18', '2024-03-25 09:30:00-04:00']
    const starts = mondays.map(time => nyse.barStart(t(time), 7 * DAY))
    expect(starts).toEqual([0, 1, 2, 3].map(week => t('2024-03-04') + week * 7 * DAY))
    expect(nyse.barStart(t('2024-05-27 00:00:00-04:00'), 7 * DAY)).toBe(t('2024-05-27'))
    expect(nyse.after(t('2024-03-04'), 2, 7 * DAY)).toBe(t('2024-03-18'))
  })

  it('counts bars over nights, weekends, holidays and early closes', () => {
    // Friday's last hour ends at 16:30 in New York; the next one begins on Monday, where summer time has come.
    expect(later(nyse, '2024-03-08T21:30:00Z', 0, HOUR)).toBe('2024-03-11T13:30:00Z')
    expect(later(nyse, '2024-03-08T20:30:00Z', 1, HOUR)).toBe('2024-03-11T13:30:00Z')
    expect(later(nyse, '2024-03-08T14:30:00Z', 7 + 7, HOUR)).toBe('2024-03-12T13:30:00Z')
    expect(later(nyse, '2024-11-27T20:30:00Z', 1, HOUR)).toBe('2024-11-29T14:30:00Z')
    expect(later(nyse, '2024-11-29T14:30:00Z', 4, HOUR)).toBe('2024-12-02T14:30:00Z')
    expect(later(nyse, '2024-08-31T00:00:00Z', 0, DAY)).toBe('2024-09-03T00:00:00Z')
    expect(later(nyse, '2024-08-30T00:00:00Z', 2, DAY)).toBe('2024-09-04T00:00:00Z')
  })

  it('says of each bar that it is the next one’s predecessor', () => {
    let time = nyse.after(t('2024-01-01'), 0, HOUR)
    for (let i = 0; i < 2_000; i++) {
      const next = nyse.after(time, 1, HOUR)
      expect(nyse.after(time + 1, 0, HOUR)).toBe(next)
      expect(nyse.barStart(next, HOUR)).toBe(next)
      expect(nyse.barsBetween(time, next, HOUR)).toBe(1)
      time = next
    }
    expect(nyse.barsBetween(t('2024-01-01'), time, HOUR)).toBe(2_000)
    expect(nyse.barsBetween(t('2024-01-01'), t('2025-01-01'), DAY)).toBe(252)
  })
})

describe('hours of one’s own', () => {
  it('have days, holidays and early closes of their own', () => {
    const calendar = sessionCalendar(
      session({
        timeZone: 'Europe/Berlin',
        open: '09:00',
        close: '17:30',
        holidays: ['2024-05-01'],
        earlyCloses: { '2024-12-30': '14:00' },
      }),
    )
    expect(later(calendar, '2024-04-30T15:00:00Z', 1, HOUR)).toBe('2024-05-02T07:00:00Z')
    expect(calendar.barsBetween(t('2024-12-30'), t('2024-12-31'), HOUR)).toBe(5)
    expect(calendar.daysAYear).toBe(252)
  })

  it('may end on the next day, as those of currencies do', () => {
    const fx = sessionCalendar(
      session({ timeZone: 'America/New_York', days: ['sun', 'mon', 'tue', 'wed', 'thu'], open: '17:00', close: '17:00' }),
    )
    expect(later(fx, '2024-01-05T21:00:00Z', 1, HOUR)).toBe('2024-01-07T22:00:00Z')
    expect(fx.barsBetween(t('2024-01-07'), t('2024-01-14'), HOUR)).toBe(120)
  })

  it.each([
    [{ timeZone: 'New York', open: '09:30', close: '16:00' }, /timeZone/],
    [{ timeZone: 'UTC', open: '9:30', close: '16:00' }, /HH:MM/],
    [{ timeZone: 'UTC', open: '09:30', close: '16:00', days: [] }, /days/],
    [{ timeZone: 'UTC', open: '09:30', close: '16:00', holidays: ['1.5.2024'] }, /YYYY-MM-DD/],
  ])('refuse %j', (given, why) => {
    expect(JSON.stringify(sessionSchema.safeParse(given).error?.issues)).toMatch(why)
  })
})
