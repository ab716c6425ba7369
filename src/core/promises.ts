/** A model does its work while it is called: what would go on afterwards, as a promise does, is refused. */

import { OperatorError } from './errors.js'

/** A call that returns a promise has not done its work yet. */
export function refusePromise(returned: unknown, what: string): void {
  if (typeof (returned as { then?: unknown } | null | undefined)?.then === 'function')
    throw unfinished(`${what} returned a promise`)
}

/** A function written with `async` will not have done its work when it returns; a bound one is as the function it calls. */
export function refuseAsync(f: unknown, what: string): void {
  if (typeof f === 'function' && f.constructor.name === 'AsyncFunction') throw unfinished(`${what} is async`)
}

function unfinished(what: string): OperatorError {
  return new OperatorError({
    what,
    expected: 'its work to be done when it returns',
    next: 'Leave out `async`: load data before the run, and plan what comes later with after(), at() or every().',
  })
}
