/** What a constructor needs to know before its class fields run; set for the length of one `new`. */

import { BrokenInvariant } from '../core/index.js'

export function constructionContext<T>(what: string): { take(): T; during<R>(context: T, make: () => R): R } {
  let current: T | undefined
  return {
    take() {
      if (current === undefined) throw new BrokenInvariant(`${what} are made by the kernel: use spawn() or simulate(), not new.`)
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
