/** How agents, sets, models and simulations print themselves: a few lines of text, for `console.log` and for messages. */

/** The method that Node's `console.log` calls for an object's text. */
export const inspected: unique symbol = Symbol.for('nodejs.util.inspect.custom')

const fieldsShown = 8
const keysShown = 5
const longest = 60

/** `Wolf-12 (id 40) { energy: 7, age: 3 }`: the key and the first fields of its class. */
export function showAgent(agent: { readonly key: string; readonly id: number }, kernelFields: ReadonlySet<string>): string {
  const names = Object.keys(agent).filter(name => !kernelFields.has(name))
  const fields = names
    .slice(0, fieldsShown)
    .map(name => `${name}: ${showValue((agent as unknown as Record<string, unknown>)[name])}`)
  if (names.length > fieldsShown) fields.push('…')
  return `${agent.key} (id ${agent.id})${fields.length === 0 ? '' : ` { ${fields.join(', ')} }`}`
}

/** `AgentSet of 3: Wolf-0, Wolf-1, Wolf-2`. */
export function showSet(members: readonly { readonly key: string }[]): string {
  const keys = members.slice(0, keysShown).map(member => member.key)
  if (members.length > keysShown) keys.push('…')
  return `AgentSet of ${members.length}${keys.length === 0 ? '' : `: ${keys.join(', ')}`}`
}

/** `250 agents: Sheep 200, Wolf 50`. */
export function showCounts(counts: Readonly<Record<string, number>>): string {
  const types = Object.entries(counts).map(([type, n]) => `${type} ${n}`)
  const size = Object.values(counts).reduce((sum, n) => sum + n, 0)
  return `${size} agents${types.length === 0 ? '' : `: ${cut(types.join(', '), 2 * longest)}`}`
}

/** `{ people: 500, radius: 1 }`. */
export function showParameters(params: unknown): string {
  return typeof params === 'object' && params !== null
    ? cut(
        `{ ${Object.entries(params)
          .map(([name, value]) => `${name}: ${showValue(value)}`)
          .join(', ')} }`,
        2 * longest,
      )
    : showValue(params)
}

function showValue(value: unknown): string {
  if (typeof value === 'string') return cut(JSON.stringify(value), longest)
  if (typeof value !== 'object' || value === null) return String(value)
  if ('key' in value && typeof value.key === 'string') return value.key
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return `${value.constructor.name} of ${(value as { length?: number }).length}`
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name} of ${value.size}`
  return value.constructor === Object ? '{…}' : (value.constructor?.name ?? 'an object')
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
