/** What an event or a request may carry: what a checkpoint can hold. It is checked where it is planned, long before it is saved. */

import { saveableNames, typedKinds } from '../core/index.js'
import { Agent } from './agent.js'

/** What cannot be saved, and where in a payload it is: `.onSale[2]`, or '' for the payload itself. */
export interface Unsaveable {
  readonly path: string
  readonly got: string
}

/** The objects around a value: a circle ends at one of them. */
interface Around {
  readonly object: object
  readonly outside: Around | undefined
}

/** The first function or instance of a class in a payload, or undefined. */
export function unsaveableIn(value: unknown, model: object, outside?: Around): Unsaveable | undefined {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    return { path: '', got: `a ${typeof value}` }
  if (typeof value !== 'object' || value === null || value instanceof Agent || value === model) return undefined
  for (let around = outside; around !== undefined; around = around.outside) if (around.object === value) return undefined
  const within = { object: value, outside }
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === Array.prototype) return inList(value as unknown[], model, within)
  if (prototype === Set.prototype) return inList([...(value as Set<unknown>)], model, within)
  if (prototype === Map.prototype) return inList([...(value as Map<unknown, unknown>)], model, within)
  if (prototype === null || prototype === Object.prototype) return inFields(value, model, within)
  if (saveableNames.has(prototype) || typedKinds.some(kind => kind.prototype === prototype)) return undefined
  return { path: '', got: `a ${value.constructor?.name || 'class instance'}` }
}

function inList(list: readonly unknown[], model: object, around: Around): Unsaveable | undefined {
  for (let i = 0; i < list.length; i++) {
    const found = unsaveableIn(list[i], model, around)
    if (found !== undefined) return { ...found, path: `[${i}]${found.path}` }
  }
  return undefined
}

function inFields(object: object, model: object, around: Around): Unsaveable | undefined {
  for (const name of Object.keys(object)) {
    const found = unsaveableIn((object as Record<string, unknown>)[name], model, around)
    if (found !== undefined) return { ...found, path: `.${name}${found.path}` }
  }
  return undefined
}
