/** A model does its work while it is called: what would go on afterwards, as a promise does, is refused. */

import { OperatorError } from './errors.js'

/** A call that returns a promise has not done its work yet. */
export function refusePromise(returned: unknown, what: string): void {
  if (typeof (returned as { then?: unknown } | null | undefined)?.then !== 'function') return
  throw new OperatorError({
    what: `${what} returned a promise`,
    expected: 'its work to be done when it returns',
    next: 'Leave out `async`: load data before the run, and plan what comes later with after(), at() or every().',
  })
}

/** Whether a function is written with `async`; a bound one is as the function it calls. */
export function isAsync(f: unknown): boolean {
  return typeof f === 'function' && f.constructor.name === 'AsyncFunction'
}
