/** What an event or a request may carry: what a checkpoint can hold. It is checked where it is planned, long before it is saved. */

import { NotSaveable, SaveableProbe } from '../core/index.js'
import { Agent } from './agent.js'

/** The first value in a payload that cannot be saved, with its path: `payload.onSale[2]`. What most payloads are makes no object. */
export function unsaveableIn(payload: unknown, model: object): NotSaveable | undefined {
  if (payload === undefined || typeof payload === 'number' || typeof payload === 'string' || payload instanceof Agent)
    return undefined
  return isFlat(payload) ? undefined : searched(payload, model)
}

/** True of a plain object of numbers, texts, truths and agents, as messages mostly are. */
function isFlat(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null || Object.getPrototypeOf(payload) !== Object.prototype) return false
  for (const key in payload) {
    const value = (payload as Record<string, unknown>)[key]
    const kind = typeof value
    if (kind === 'number' || kind === 'string' || kind === 'boolean' || kind === 'undefined') continue
    if (value !== null && !(value instanceof Agent)) return false
  }
  return true
}

/** Apart, since a function that makes a closure over its parameters makes an object at each call. */
function searched(payload: unknown, model: object): NotSaveable | undefined {
  const numberOf = (object: object) => (object instanceof Agent || object === model ? 0 : undefined)
  try {
    new SaveableProbe({ numberOf, find: () => model }, 'all').value(payload, 'payload')
    return undefined
  } catch (error) {
    if (error instanceof NotSaveable) return error
    throw error
  }
}
