/** Plain data as JSON and back, with the numbers that JSON cannot express: a NaN that became null would be read as zero. */

const words = new Map<number, string>([
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])

/** The value with NaN and infinities as `{ "$n": "NaN" }`; typed arrays as arrays. Returns plain values as they are. */
export function toWire(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $n: words.get(value) ?? 'NaN' }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(toWire)
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, toWire)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toWire(inner)]))
}

export function fromWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(fromWire)
  const { $n } = value as { $n?: unknown }
  if (typeof $n === 'string') return Number($n)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromWire(inner)]))
}
