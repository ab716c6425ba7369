/** Local time of a named zone as instants: what a file without offsets needs where it was not written in UTC. */

import { DAY_MS, OperatorError, type TimeMs } from '../core/index.js'
import type { LocalTime } from '../market/index.js'

/** A zone of the IANA database, e.g. `Europe/Berlin`, as the engine's own tables know it. */
class TimeZone {
  private readonly format: Intl.DateTimeFormat
  /** Offsets at the starts of UTC days; a day that begins and ends with one offset has it throughout. */
  private readonly offsets = new Map<number, number>()

  constructor(readonly name: string) {
    try {
      const parts = {
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      } as const
      this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', ...parts })
    } catch (error) {
      throw unknownZone(name, error)
    }
  }

  /**
   * The instant of a local time, given as if it were UTC; NaN where the clock skipped it. Of the two instants of an hour that comes
   * twice it is the one that continues the rows: `before` is the instant of the row before, −Infinity at the first.
   */
  instant(local: TimeMs, before: TimeMs, newestFirst = false): TimeMs {
    const early = this.read(local, this.offsetAround(local - DAY_MS))
    const late = this.read(local, this.offsetAround(local + DAY_MS))
    if (Number.isNaN(early) || early === late) return late
    if (Number.isNaN(late)) return early
    const [first, second] = early < late ? [early, late] : [late, early]
    if (newestFirst) return second < before ? second : first
    return first > before ? first : second
  }

  private read(local: TimeMs, offset: number): TimeMs {
    const instant = local - offset
    return this.offsetAt(instant) === offset ? instant : Number.NaN
  }

  /** The offset in the middle of an instant's day, which no change of clocks is near. */
  private offsetAround(instant: TimeMs): number {
    return this.offsetOfDay(Math.floor(instant / DAY_MS))
  }

  private offsetAt(instant: TimeMs): number {
    const day = Math.floor(instant / DAY_MS)
    const offset = this.offsetOfDay(day)
    return offset === this.offsetOfDay(day + 1) ? offset : this.lookUp(instant)
  }

  private offsetOfDay(day: number): number {
    const known = this.offsets.get(day)
    if (known !== undefined) return known
    const offset = this.lookUp(day * DAY_MS)
    this.offsets.set(day, offset)
    return offset
  }

  /** Local time minus UTC, ms. */
  private lookUp(instant: TimeMs): number {
    const at: Record<string, number> = {}
    for (const { type, value } of this.format.formatToParts(instant)) at[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = at
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
  }
}

/** What a reader of candle text needs of a zone; undefined where times without an offset are UTC. */
export function localTimeOf(timezone: string | undefined): LocalTime | undefined {
  if (timezone === undefined) return undefined
  const zone = new TimeZone(timezone)
  return (local, before, newestFirst) => zone.instant(local, before, newestFirst)
}

function unknownZone(name: string, cause: unknown): OperatorError {
  return new OperatorError(
    {
      what: '`timezone`',
      expected: 'a name of the IANA database',
      got: name,
      next: 'Try Europe/Berlin, America/New_York or UTC.',
    },
    { cause },
  )
}
