/** What a person may do to a run that is watched; every carrier takes the same. */

import { OperatorError } from '../core/index.js'

export type Command =
  | { readonly do: 'play' }
  | { readonly do: 'pause' }
  /** Makes so many steps, one by default, and pauses. */
  | { readonly do: 'step'; readonly steps?: number }
  /** Steps a second; null: as fast as it goes. */
  | { readonly do: 'speed'; readonly stepsPerSecond: number | null }
  /** Begins anew, with the given seed and parameters in place of the present ones. */
  | { readonly do: 'reset'; readonly seed?: number | string; readonly params?: Readonly<Record<string, unknown>> }
  /** Moves a parameter that may change while running: an input of the next tick. */
  | { readonly do: 'change'; readonly key: string; readonly value: unknown }
  /** Shows a step: one that was made before, the newest again, or a later one, which is made first. */
  | { readonly do: 'seek'; readonly step: number }
  /** Goes on from the step that is shown; the run so far is kept. */
  | { readonly do: 'branch' }
  /** What an operator of a trading run may do, such as `{ verb: 'halt' }`: an input of the next tick. */
  | { readonly do: 'operate'; readonly order: Readonly<Record<string, unknown>> }

interface Given {
  readonly [field: string]: unknown
  readonly do?: unknown
}

const shapes: Readonly<Record<Command['do'], (c: Given) => boolean>> = {
  play: () => true,
  pause: () => true,
  step: ({ steps }) => steps === undefined || (isWhole(steps) && steps >= 1),
  speed: ({ stepsPerSecond: n }) => n === null || (typeof n === 'number' && n > 0 && n <= 1_000_000),
  reset: ({ seed, params }) => (seed === undefined || isSeed(seed)) && (params === undefined || isObject(params)),
  change: ({ key, value }) => typeof key === 'string' && value !== undefined,
  seek: ({ step }) => isWhole(step) && step >= 0,
  branch: () => true,
  operate: ({ order }) => isObject(order),
}

/** Throws an `OperatorError` where it is no command. */
export function parseCommand(given: unknown): Command {
  const verb = isObject(given) ? given.do : undefined
  if (typeof verb === 'string' && Object.hasOwn(shapes, verb) && shapes[verb as Command['do']](given as Given))
    return given as Command
  throw new OperatorError({
    what: 'a command of a viewer',
    expected: `one of ${Object.keys(shapes).join(', ')}, with its own fields`,
    got: verb ?? given,
  })
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isSeed(value: unknown): boolean {
  return typeof value === 'string' || isWhole(value)
}
