/** Numbers as a reader sees them. */

const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 5 })
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** `1,234.5`, and `100,012` whole; scientific where plain digits would be many. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3)
  return size >= 10_000 ? whole.format(value) : plain.format(value)
}

/** `12K`, for axes; `99,950` where three digits would say another number. */
export function shownShort(value: number): string {
  const size = Math.abs(value)
  return size >= 10_000 && Number(value.toPrecision(3)) === value ? short.format(value) : shown(value)
}

/** Any cell. */
export function shownCell(cell: unknown): string {
  if (typeof cell === 'number') return shown(cell)
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  return cell === null || cell === undefined ? '–' : String(cell)
}

/** A model time in ms as UTC date and time; small ones are no dates, and stay numbers. */
export function shownTime(ms: number): string {
  if (ms < 1e11) return shown(ms)
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/:\d\d\.\d+Z$/, '')
}

/** Round numbers that divide a range into about `count` pieces. */
export function ticks(least: number, most: number, count: number): number[] {
  const span = most - least
  if (!(span > 0) || !Number.isFinite(span)) return Number.isFinite(least) ? [least] : []
  const raw = span / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = ([1, 2, 5, 10].find(m => m * power >= raw) ?? 10) * power
  const first = Math.ceil(least / step)
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) => (first + i) * step)
}

const minute = 60_000
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 43_200].map(minutes => minutes * minute)

/** Ticks of times in ms at whole minutes, hours or days; those that are no dates are plain numbers. */
export function timeTicks(least: number, most: number, count: number): number[] {
  const step = timeSteps.find(each => each >= (most - least) / Math.max(1, count))
  if (least < 1e11 || step === undefined) return ticks(least, most, count)
  const first = Math.ceil(least / step)
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) => (first + i) * step)
}

/** A tick of times: the day where it begins, else the time of day. */
export function shownTick(ms: number): string {
  const text = shownTime(ms)
  if (ms < 1e11) return text
  return text.endsWith('00:00') ? text.slice(5, 10) : text.slice(11)
}
