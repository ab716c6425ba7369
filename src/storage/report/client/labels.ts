/** How the charts write their numbers and times: short, and the same in every language. */

const units: readonly (readonly [number, string])[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
]

export function compact(x: number): string {
  const size = Math.abs(x)
  const [unit, letter] = units.find(([unit]) => size >= unit * 10) ?? [1, '']
  const scaled = x / unit
  const digits = scaled === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(scaled))))
  return String(Number(scaled.toFixed(Math.min(8, digits)))).replace('-', '−') + letter
}

export function dollars(x: number): string {
  return x < 0 ? `−$${compact(-x)}` : `$${compact(x)}`
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
