/**
 * Chance and time have one door, the model's: while a guarded model is at work, the host's own throw. They are exchanged
 * for the time of one synchronous call and put back after it, whatever happens in between.
 */

import { OperatorError, refuseAsync } from '../core/index.js'

interface Door {
  readonly holder: Record<string, unknown>
  readonly name: string
  readonly usual: unknown
  readonly refusing: unknown
}

const chance = 'Draw from `rng` of the agent or the model: those streams follow the seed.'
const time = 'Ask the model for its time: `now`, `steps`.'
const later = 'Plan an event of the model: after(), at(), every().'

const host = globalThis as unknown as Record<string, unknown> // nondeterminism-ok: the doors that are closed here

let doors: readonly Door[] | undefined
let closed = false

/** Runs code of a model, with the doors closed where `on` asks for it. Within a guarded call they are closed already. */
export function guarded<R>(on: boolean | undefined, work: () => R): R {
  if (on !== true || closed) return work()
  doors ??= allDoors()
  closed = true
  for (const { holder, name, refusing } of doors) holder[name] = refusing
  try {
    return work()
  } finally {
    closed = false
    for (const { holder, name, usual } of doors) holder[name] = usual
  }
}

/** An agent acts within ticks, so none of its methods can wait. */
export function refuseAsyncMethods(type: { readonly name: string; readonly prototype: object }, base: object): void {
  for (let at = type.prototype; at !== base && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      refuseAsync(value, `${type.name}.${name}()`)
    }
  }
}

function allDoors(): Door[] {
  const found = [
    doorOf(host.Math, 'random', refusal('Math.random()', chance)),
    doorOf(host.performance, 'now', refusal('performance.now()', time)),
    ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'].map(name =>
      doorOf(host, name, refusal(`${name}()`, later)),
    ),
    ...['randomUUID', 'getRandomValues'].map(name => doorOf(host.crypto, name, refusal(`crypto.${name}()`, chance))),
    doorOf(host, 'Date', refusingDate(host.Date)),
  ]
  return found.filter(door => door !== undefined)
}

/** Undefined where the host has no such thing, or does not let it be exchanged. */
function doorOf(of: unknown, name: string, refusing: unknown): Door | undefined {
  let holder = of as Record<string, unknown> | null | undefined
  while (holder !== null && holder !== undefined && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder)
  if (holder === null || holder === undefined) return undefined
  const { writable, value } = Object.getOwnPropertyDescriptor(holder, name) ?? {}
  return writable === true ? { holder, name, usual: value, refusing } : undefined
}

/** `new Date(ms)`, `Date.UTC` and `Date.parse` only convert, and work as ever. */
function refusingDate(usual: unknown): unknown {
  const now = refusal('Date.now()', time)
  const refuse = refusal('new Date()', time)
  return new Proxy(usual as object, {
    construct: (target, given, type) => (given.length === 0 ? refuse() : Reflect.construct(target as never, given, type)),
    apply: () => refuse(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
}

function refusal(what: string, next: string): () => never {
  return () => {
    throw new OperatorError({ what: `${what} within a step of the model`, expected: 'chance and time that a seed repeats', next })
  }
}
