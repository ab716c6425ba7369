/** Which own fields of an agent or a model are written, and in which order. */

import type { EncodingForm } from '../core/index.js'

/** The names of an object's fields, in the order in which they are written; the caller may add to the list. */
export type FieldsOf = (object: object) => string[]

/** The order of a form; `except` names the fields that are the kernel's and not the object's. */
export function fieldsIn(form: EncodingForm, except: ReadonlySet<string>): FieldsOf {
  return form === 'exact' ? inOrder(except) : byName(except)
}

/** As they were assigned. */
function inOrder(except: ReadonlySet<string>): FieldsOf {
  return object => Object.keys(object).filter(key => !except.has(key))
}

/**
 * By name (UTF-16 code units), without undefined ones: which order fields have, and whether one that was never assigned is there
 * at all, depends on how a bundler compiles class fields.
 */
function byName(except: ReadonlySet<string>): FieldsOf {
  // Agents of one type have the same keys, so the last sorted list mostly serves the next agent.
  let keys: readonly string[] = []
  let sorted: readonly string[] = []
  return object => {
    const own = Object.keys(object)
    if (!isSame(own, keys)) {
      keys = own
      sorted = own.filter(key => !except.has(key)).sort()
    }
    return sorted.filter(key => (object as Record<string, unknown>)[key] !== undefined)
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i])
}
