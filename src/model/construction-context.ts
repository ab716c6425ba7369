/** What a constructor needs to know before its class fields run; set for the length of one `new`. */

import { BrokenInvariant, OperatorError } from '../core/index.js'

/** `what` is made by the kernel alone; `next` says of an object made by `new` what to write instead. */
export function constructionContext<T>(
  what: string,
  next: (made: object) => string = () => '',
): { take(made?: object): T; during<R>(context: T, make: () => R): R } {
  let current: T | undefined
  return {
    take(made = {}) {
      if (current === undefined)
        throw new BrokenInvariant(`${what} are made by the kernel: use spawn() or simulate(), not new.${next(made)}`)
      return current
    },
    during(context, make) {
      const outer = current
      current = context
      try {
        return make()
      } finally {
        current = outer
      }
    },
  }
}

/** JavaScript's own error, thrown where a constructor uses `this` or returns before `super()`, names neither the class nor a remedy. */
export function explainMissingSuper(type: string, error: unknown): unknown {
  if (!(error instanceof ReferenceError && /super/.test(error.message))) return error
  const explanation = { what: `the constructor of ${type || 'a class'} does not call super()`, next: 'Begin it with: super()' }
  return new OperatorError(explanation, { cause: error })
}
