/** Numbers and values as the page writes them. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 })
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 })

export function countText(value: number): string {
  return grouped.format(value)
}

/** A measured value, to four figures. */
export function valueText(value: unknown): string {
  if (typeof value === 'number') {
    const size = Math.abs(value)
    if (size !== 0 && (size >= 1e9 || size < 1e-3)) return value.toExponential(2)
    return Number.isInteger(value) ? countText(value) : short.format(value)
  }
  if (value === null || value === undefined) return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function rateText(perSecond: number): string {
  return `${perSecond >= 10 ? countText(Math.round(perSecond)) : short.format(perSecond)}/s`
}

/** What a seed field holds: a whole number, or a text. */
export function seedOf(text: string): number | string {
  const number = Number(text)
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : text
}
