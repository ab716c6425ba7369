/** Values of a model as plain data that a viewer can print: short, without references. */

const longest = 120
const itemsShown = 12

export function plainValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return cut(value)
  if (typeof value !== 'object') return String(value)
  if ('key' in value && typeof value.key === 'string') return value.key
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return listed(value as unknown as ArrayLike<unknown>)
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name} of ${value.size}`
  if (Object.getPrototypeOf(value) === Object.prototype) return cut(safeJson(value))
  return value.constructor?.name ?? 'an object'
}

function listed(list: ArrayLike<unknown>): string {
  const shown = Array.from({ length: Math.min(list.length, itemsShown) }, (_, i) => String(plainValue(list[i])))
  if (list.length > itemsShown) shown.push(`… ${list.length} in all`)
  return cut(shown.join(', '))
}

function safeJson(value: object): string {
  return JSON.stringify(value, (key, each: unknown) => (key === '' ? each : plainValue(each)))
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}
