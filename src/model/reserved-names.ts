/** Names of the base classes that a subclass must not declare again: each class is checked once, so that a spawn costs nothing more. */

import { OperatorError } from '../core/index.js'

/** A base class: which members a subclass may override, and which fields are the base's. */
export interface BaseClass {
  readonly noun: string
  readonly prototype: object
  readonly overridable: ReadonlySet<string>
  /** Fields that its constructor writes. */
  readonly written: ReadonlySet<string>
  /** Further names that an instance must not have from its own class. */
  readonly kept: ReadonlySet<string>
}

/** Throws where a class, or one between it and the base, has a method or accessor under a reserved name. */
export function refuseReservedMethods(type: { readonly prototype: object; readonly name: string }, base: BaseClass): void {
  for (let at = type.prototype; at !== base.prototype && at !== null; at = Object.getPrototypeOf(at) as object) {
    for (const name of Object.getOwnPropertyNames(at))
      if (base.written.has(name) || isTaken(name, base)) throw reserved(type.name, name, base)
  }
}

/**
 * Throws where an instance, fresh from its constructor, declares a field under a reserved name, or other than `values`
 * in the fields that the base's constructor writes.
 */
export function refuseReservedFields(instance: object, values: Readonly<Record<string, unknown>>, base: BaseClass): void {
  const own = instance as Readonly<Record<string, unknown>>
  const wrong = Object.keys(own).find(name =>
    base.written.has(name) ? name in values && own[name] !== values[name] : base.kept.has(name) || isTaken(name, base),
  )
  if (wrong !== undefined) throw reserved(instance.constructor.name, wrong, base)
}

/** Makes an assignment to a getter of the base throw an OperatorError. JavaScript's own error names neither the class nor a remedy. */
export function guardGetters(base: BaseClass): void {
  for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(base.prototype))) {
    if (get === undefined || set !== undefined) continue
    const refuse = function (this: object): never {
      throw reserved(this.constructor.name, name, base)
    }
    Object.defineProperty(base.prototype, name, { get, set: refuse, enumerable: false, configurable: true })
  }
}

function isTaken(name: string, { prototype, overridable }: BaseClass): boolean {
  return !overridable.has(name) && Object.hasOwn(prototype, name)
}

function reserved(type: string, name: string, { noun }: BaseClass): OperatorError {
  return new OperatorError({
    what: `class ${type || '(anonymous)'} declares "${name}"`,
    next: `Every ${noun} has a member of that name from Mycelia: rename yours.`,
  })
}
