/** What can be saved beside plain data: kernel objects known by a stable name, and references to agents and models. */

import { CorruptBytes } from './bytes.js'
import { MyceliaError } from './errors.js'

/** An object that cannot be saved, by its path. */
export class NotSaveable extends MyceliaError {
  override name = 'NotSaveable'
  constructor(
    message: string,
    /** Where it is, such as `Ant-3.trail[0]`. */
    readonly path = '',
    /** What it is, such as `a function`. */
    readonly got = '',
  ) {
    super(message)
  }
}

/** The error for a value that cannot be saved. */
export function cannotSave(value: unknown, path: string): NotSaveable {
  const got = described(value)
  return new NotSaveable(`${path || 'value'} holds ${got}, which cannot be saved. ${nextMove(value)}`, path, got)
}

function nextMove(value: unknown): string {
  const kept = 'Keep plain data, typed arrays, Map, Set or agents.'
  return typeof value === 'function' ? `${kept} A method of the class can take the place of a function.` : kept
}

function described(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`
  return `a ${value.constructor?.name || 'class instance'}`
}

/** A kernel object (set, space, stream …) that writes its own state and is rebuilt without its constructor. */
export interface Saveable {
  saveState(): unknown
  loadState(state: unknown): void
}

interface SaveableClass {
  readonly savedAs: string
  readonly prototype: Saveable
}

/** The class of a saved name: its prototype. */
export const saveableKinds = new Map<string, Saveable>()
/** The name of a prototype. */
export const saveableNames = new Map<object, string>()

/** Makes a class of kernel objects known to the encoder by its stable name. */
export function registerSaveable(kind: SaveableClass): void {
  saveableKinds.set(kind.savedAs, kind.prototype)
  saveableNames.set(kind.prototype, kind.savedAs)
}

/** Objects the encoder does not own: agents and models, written as a number and found again by it. */
export interface References {
  /** The number of an outside object, or undefined where it is not one. */
  numberOf(object: object): number | undefined
  find(number: number): object
}

export const noReferences: References = {
  numberOf: () => undefined,
  find: n => {
    throw new CorruptBytes(`Unknown reference ${n}.`)
  },
}
