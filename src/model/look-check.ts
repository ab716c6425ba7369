/** Checks that looking changes nothing: the state before and after each reporter, byte by byte. */

import { encodeValue, NotSaveable, OperatorError } from '../core/index.js'
import { encodeState, firstDifference } from './checkpoint.js'
import type { Kernel } from './kernel.js'

export const limits = {
  /** Looks that are checked where only the first are. */
  firstLooks: 2,
  /** The largest state that is checked then, in bytes. */
  firstBytes: 4_194_304,
} as const

/** Which looks are checked: all, or the first two at each table while the state is below 4 MB. */
export type CheckLooking = boolean | 'first'

/** The least that the state of an agent takes, in bytes: what a large population costs is known before it is encoded. */
const leastOfAgent = 24

export class LookCheck {
  private before: Uint8Array | undefined
  /** Where only the first looks are checked: how often each table was looked at, and whether the state has become too large. */
  private readonly looks = new Map<string, number>()
  private tooLarge = false

  constructor(
    private readonly kernel: Kernel,
    private readonly which: true | 'first',
  ) {}

  /** Opens a look for a table: from here to `end`, `unchanged` compares with the state as it is now. */
  begin(table: string): void {
    this.before = this.isDue(table) ? this.state() : undefined
    if (this.which === true || this.before === undefined || this.before.length <= limits.firstBytes) return
    this.tooLarge = true
    this.before = undefined
  }

  end(): void {
    this.before = undefined
  }

  /** Throws where the state has changed since `begin`, naming who looked and what changed. */
  unchanged(who: string): void {
    const { before, kernel } = this
    if (before === undefined) return
    const path = differs(kernel, before)
    if (path !== undefined) throw changed(who, kernel.clock.steps, path)
  }

  /** A whole look, of code that has no columns to begin and end for. */
  around<R>(who: string, f: () => R): R {
    this.begin(who)
    const result = f()
    this.unchanged(who)
    this.end()
    return result
  }

  /** A look at a message. It is not part of the state, and its subscribers still have to read it. */
  ofMessage(table: string, message: unknown, f: () => void): void {
    const who = `rows of table "${table}"`
    this.begin(table)
    const was = this.before && encoded(message)
    f()
    if (was !== undefined && !isSame(was, encoded(message))) throw changed(who, this.kernel.clock.steps, 'the message')
    this.unchanged(who)
    this.end()
  }

  private isDue(table: string): boolean {
    if (this.which === true) return true
    const looks = this.looks.get(table) ?? 0
    if (this.tooLarge || looks >= limits.firstLooks || this.isLarge()) return false
    this.looks.set(table, looks + 1)
    return true
  }

  private isLarge(): boolean {
    return this.kernel.population.size * leastOfAgent > limits.firstBytes
  }

  private state(): Uint8Array | undefined {
    try {
      return encodeState(this.kernel, 'exact')
    } catch (error) {
      // Between steps the run itself says what cannot be saved; within one, an agent may hold it for a while.
      if (error instanceof NotSaveable) return undefined
      throw error
    }
  }
}

/** A state that a look has made impossible to save has changed. */
function differs(kernel: Kernel, before: Uint8Array): string | undefined {
  try {
    return firstDifference(kernel, before, 'exact')
  } catch (error) {
    if (error instanceof NotSaveable) return error.path
    throw error
  }
}

function encoded(value: unknown): Uint8Array | undefined {
  try {
    return encodeValue(value)
  } catch (error) {
    if (error instanceof NotSaveable) return undefined
    throw error
  }
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i])
}

function changed(who: string, step: number, path: string): OperatorError {
  return new OperatorError({
    what: `${who} at step ${step} changed ${path}`,
    expected: 'code that only looks, since what is collected must not decide how a run goes on',
    next: 'Change it in a step, and let the reporter read it.',
  })
}
