/** How the charts write their numbers and times: short, and the same in every language. */

/** From which size on, in which unit. */
const units: readonly (readonly [from: number, unit: number, letter: string])[] = [
  [1e9, 1e9, 'G'],
  [1e6, 1e6, 'M'],
  [1e4, 1e3, 'k'],
]

/** To the digits that tell values `apart` from each other; by default to three. */
export function compact(x: number, apart = Math.abs(x) / 100): string {
  const size = Math.abs(x)
  const [, unit, letter] = units.find(([from]) => size >= from) ?? [0, 1, '']
  const scaled = x / unit
  const digits = apart > 0 ? Math.max(0, Math.ceil(-Math.log10(apart / unit) - 1e-9)) : 0
  return String(Number(scaled.toFixed(Math.min(8, digits)))).replace('-', '−') + letter
}

export function dollars(x: number, apart?: number): string {
  return x < 0 ? `−$${compact(-x, apart)}` : `$${compact(x, apart)}`
}

export function share(x: number): string {
  return `${Number((x * 100).toFixed(Math.abs(x) < 0.1 ? 2 : 1))} %`.replace('-', '−')
}

export function price(x: number): string {
  return String(Number(x.toPrecision(6)))
}

/** `2024-05-15 06:00` of seconds since 1970, or `step 12`. */
export function instant(x: number, timed: boolean): string {
  return timed ? new Date(x * 1_000).toISOString().slice(0, 16).replace('T', ' ') : `step ${x}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Ticks of a time axis, UTC: as much of the date as their distance needs, the year where it changes. */
export function dates(ticks: readonly number[], apart: number): string[] {
  let year = -1
  return ticks.map(tick => {
    const date = new Date(tick * 1_000)
    const label = apart < 86_400 ? `${dayOf(date)}\n${date.toISOString().slice(11, 16)}` : dayOf(date)
    const text = apart >= 86_400 * 365 ? String(date.getUTCFullYear()) : label
    const again = date.getUTCFullYear() === year || apart < 86_400 || apart >= 86_400 * 365
    year = date.getUTCFullYear()
    return again ? text : `${text}\n${year}`
  })
}

function dayOf(date: Date): string {
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`
}
