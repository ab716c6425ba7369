/** Finds `#private` fields in the text of a class: nothing outside the class can read them, so a checkpoint leaves them out. */

import { codeOf, OperatorError } from '../core/index.js'

/** A class of agents or models, and the base at which its chain ends. */
interface Checked {
  readonly noun: string
  readonly prototype: object
}

/** Classes that have none: each is read once. */
const clean = new WeakSet<object>()

/** Throws where a class, or one between it and the base, has private fields. */
export function refusePrivateFields(type: { readonly prototype: object }, base: Checked): void {
  for (let at = type.prototype; at !== base.prototype && at !== null; at = Object.getPrototypeOf(at) as object) {
    const kind = at.constructor as (new () => unknown) & { readonly name: string }
    if (clean.has(kind)) continue
    const name = privateFieldIn(Function.prototype.toString.call(kind))
    if (name !== undefined) throw hidden(kind.name, name, base.noun)
    clean.add(kind)
  }
}

/** `.#name` and `#name in`, and the calls that esbuild and TypeScript write in their place for older targets. */
const ways = [
  /\.\s*#([\p{ID_Start}$_][\p{ID_Continue}$]*)/u,
  /#([\p{ID_Start}$_][\p{ID_Continue}$]*)\s+in\b/u,
  /\b__private(?:Add|Get|Set)\(\s*this,\s*_([\p{ID_Continue}$]+?)\d*\s*[,)]/u,
  /\b__classPrivateField(?:Get|Set)\(\s*this,\s*_(?:[\p{ID_Continue}$]+_)?([\p{ID_Continue}$]+?)\s*[,)]/u,
]

/** The name of a private field that the text of a class uses. */
export function privateFieldIn(text: string): string | undefined {
  if (!text.includes('#') && !text.includes('__')) return undefined
  const code = codeOf(text)
  for (const way of ways) {
    const found = way.exec(code)
    if (found !== null) return found[1]
  }
  return undefined
}

function hidden(type: string, name: string, noun: string): OperatorError {
  return new OperatorError({
    what: `class ${type || '(anonymous)'} keeps #${name}, which no checkpoint can hold`,
    expected: `${noun}s that keep their state in public fields`,
    next: `Call it ${name}; TypeScript's \`private ${name}\` is fine, since it is a public field to JavaScript.`,
  })
}
