/** Reads decimal numbers out of text in place, without making substrings, so that 5 million rows take seconds. */

import type { RejectReason } from './candle-check.js'

/** More digits than any exchange or database prints are no measurement. */
const MAX_DIGITS = 30
/** Up to here, mantissa and power of ten are both exact doubles, so one division rounds correctly (Clinger 1990). */
const EXACT_DIGITS = 15
const EXACT_POWER = 22
const powers = Float64Array.from({ length: EXACT_POWER + 1 }, (_, i) => Number(`1e${i}`))

const ZERO = 48
const NINE = 57
const COMMA = 44
const DOT = 46
const MINUS = 45
const PLUS = 43

/** The finite number written in text[from, to), or NaN if there is no number; `whyNoNumber` then gives the reason. */
export function parseDecimal(text: string, from: number, to: number): number {
  let i = from
  const negative = text.charCodeAt(i) === MINUS
  if (negative || text.charCodeAt(i) === PLUS) i++
  let mantissa = 0
  let digits = 0
  let decimals = -1
  for (; i < to; i++) {
    const code = text.charCodeAt(i)
    if (code >= ZERO && code <= NINE) {
      mantissa = mantissa * 10 + (code - ZERO)
      digits++
      if (decimals >= 0) decimals++
    } else if (code === DOT && decimals < 0) decimals = 0
    else return unusual(text, from, to)
  }
  if (digits === 0 || digits > EXACT_DIGITS || decimals > EXACT_POWER) return unusual(text, from, to)
  const size = decimals > 0 ? mantissa / (powers[decimals] as number) : mantissa
  return negative ? 0 - size : size
}

/** Digits in groups of three, as people write large numbers: `10,123.45`. */
const grouped = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,5})?$/

/** The slow path: exponents, many digits, thousands separators, and text that is not a number. */
function unusual(text: string, from: number, to: number): number {
  const written = text.slice(from, to)
  const word = grouped.test(written) ? written.replaceAll(',', '') : written
  if (!decimal.test(word) || countDigits(word) > MAX_DIGITS) return Number.NaN
  const value = Number(word)
  return Number.isFinite(value) ? value + 0 : Number.NaN
}

/** True for `1,234`, which is a thousand in one country and a little more than one in another. */
export function maybeDecimalComma(text: string, from: number, to: number): boolean {
  return text.charCodeAt(to - 4) === COMMA && /^[+-]?\d{1,3},\d{3}$/.test(text.slice(from, to))
}

function countDigits(word: string): number {
  const end = word.search(/e/i)
  const mantissa = end < 0 ? word : word.slice(0, end)
  return mantissa.replace(/[^0-9]/g, '').length
}

/** The name of what stands in text[from, to) instead of a finite number. */
export function whyNoNumber(text: string, from: number, to: number): RejectReason {
  const word = text.slice(from, to)
  if (word === '' || word === '""') return 'empty'
  if (/^(?:null|none|<na>)$/i.test(word)) return 'null'
  if (/^[+-]?nan$/i.test(word)) return 'nan'
  if (/^[+-]?inf(?:inity)?$/i.test(word)) return 'infinite'
  if (!decimal.test(word)) return 'text'
  return countDigits(word) > MAX_DIGITS ? 'too-many-digits' : 'infinite'
}
