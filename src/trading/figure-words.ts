/** Figures with their units in words a person reads: `31.2 %`, `5.20 USD`, `2 h 30 min`. */

import { DAY_MS, grouped, HOUR_MS, MINUTE_MS, SECOND_MS, UNIT } from '../core/index.js'

/** What a number is: a share of 1, dollars, a count, a plain number, a length of time in ms, or a quantity in 1e-8 units. */
export type Figure = 'share' | 'usd' | 'count' | 'number' | 'time' | 'quantity'

/** One figure; `digits`: decimals at most, of what has decimals. */
export function figureText(value: number, figure: Figure, digits?: number): string {
  if (Number.isNaN(value)) return 'unknown'
  if (figure === 'share') return `${trimmed(value * 100, digits ?? 1)} %`
  if (figure === 'usd') return `${usdText(value, digits ?? 2)} USD`
  if (figure === 'count') return grouped(value)
  if (figure === 'time') return timeText(value)
  if (figure === 'quantity') return `${trimmed(value / UNIT, 8)} units`
  return trimmed(value, digits ?? 4)
}

/** A figure and its limit, with so many decimals that they differ where the numbers do. */
export function figurePair(value: number, limit: number, figure: Figure): readonly [string, string] {
  for (let digits = figure === 'share' ? 1 : 2; digits < 8; digits++) {
    const pair = [figureText(value, figure, digits), figureText(limit, figure, digits)] as const
    if (pair[0] !== pair[1] || value === limit) return pair
  }
  return [figureText(value, figure, 8), figureText(limit, figure, 8)]
}

/** A price in dollars, to eight digits. */
export function priceText(priceUsd: number): string {
  const [, fraction = ''] = String(Number(priceUsd.toPrecision(8))).split('.')
  return `${grouped(priceUsd, fraction.includes('e') ? 12 : fraction.length)} USD`
}

/** `3 d 4 h`, `2 h 30 min`, `45 s`: the two largest units of a length of time. */
function timeText(ms: number): string {
  const units = [
    [DAY_MS, 'd'],
    [HOUR_MS, 'h'],
    [MINUTE_MS, 'min'],
    [SECOND_MS, 's'],
  ] as const
  const at = units.findIndex(([size]) => ms >= size)
  if (at < 0) return `${Math.round(ms)} ms`
  let rest = ms
  const parts = units.slice(at, at + 2).map(([size, name]) => {
    const n = Math.floor(rest / size)
    rest -= n * size
    return n === 0 ? '' : `${n} ${name}`
  })
  return parts.filter(part => part !== '').join(' ')
}

/** Dollars keep their cents; less than one cent has the decimals it needs. */
function usdText(value: number, digits: number): string {
  const size = Math.abs(value)
  return size > 0 && size < 0.01 ? trimmed(value, 6) : grouped(value, Math.max(2, digits))
}

/** Without zeros at the end of its decimals. */
function trimmed(value: number, digits: number): string {
  const text = grouped(value, digits)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
