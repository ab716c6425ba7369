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

/** Code that a look consists of, such as one reporter: read again to find which of them changed the state. */
export interface Looked {
  /** As errors call it. */
  readonly name: string
  readonly look: (kernel: Kernel) => void
}

export class LookCheck {
  private before: Uint8Array | undefined
  /** Where only the first looks are checked: how often each table was looked at, and whether the state has become too large. */
  private readonly looks = new Map<string, number>()
  private tooLarge = false
  /** The step at which a table of messages was looked at last, and whether that look was due. */
  private readonly heard = new Map<string, { readonly step: number; readonly due: boolean }>()

  constructor(
    private readonly kernel: Kernel,
    private readonly which: true | 'first',
    /** A second run with a state that `encodeState` wrote. */
    private readonly revive: (state: Uint8Array) => Kernel,
  ) {}

  /** Opens a look for some tables: `end` compares with the state as it is now. False where the look is not due. */
  begin(tables: readonly string[]): boolean {
    const due = this.isDue(tables)
    this.before = due ? this.state() : undefined
    if (this.which === true || (this.before?.length ?? 0) <= limits.firstBytes) return due
    this.tooLarge = true
    this.before = undefined
    return false
  }

  /** Throws where the state has changed since `begin`, naming what changed it, and what it changed. */
  end(parts: () => readonly Looked[]): void {
    const { before, kernel } = this
    if (before === undefined) return
    this.before = undefined
    const path = differs(kernel, before)
    if (path !== undefined) throw changed(this.nameOf(parts(), before), kernel.clock.steps, path)
  }

  /** A whole look of one piece of code. */
  around<R>(who: string, f: () => R): R {
    this.begin([who])
    const result = f()
    this.end(() => [{ name: who, look: () => {} }])
    return result
  }

  /**
   * A look at a message, in the middle of a step. It is not part of the state, and its subscribers still have to read it. The state is
   * compared at the first message of each table in a step, since a step may publish thousands.
   */
  ofMessage(table: string, message: unknown, f: () => void): void {
    if (!this.checksMessages(table)) return f()
    const who = `rows of table "${table}"`
    const was = encoded(message)
    f()
    if (was !== undefined && !isSame(was, encoded(message))) throw changed(who, this.kernel.clock.steps, 'the message')
    this.end(() => [{ name: who, look: () => {} }])
  }

  /** What of a look changed the state: each part looks again at a second run that has the state from before. */
  private nameOf(parts: readonly Looked[], before: Uint8Array): string {
    const guilty = parts.length === 1 ? parts[0] : this.find(parts, before)
    return guilty?.name ?? `one of ${parts.map(part => part.name).join(', ')}`
  }

  private find(parts: readonly Looked[], before: Uint8Array): Looked | undefined {
    try {
      const twin = this.revive(before)
      const state = encodeState(twin, 'exact')
      return parts.find(part => {
        twin.look(() => part.look(twin))
        return differs(twin, state) !== undefined
      })
    } catch {
      // The state cannot be revived, or the code looks beyond it: then all are named.
      return undefined
    }
  }

  /** Whether the messages of a table are checked in this step: decided, and the look opened, at the first of them. */
  private checksMessages(table: string): boolean {
    const { steps } = this.kernel.clock
    let heard = this.heard.get(table)
    if (heard?.step !== steps) {
      heard = { step: steps, due: this.begin([table]) }
      this.heard.set(table, heard)
    }
    return heard.due
  }

  private isDue(tables: readonly string[]): boolean {
    if (this.which === true) return tables.length > 0
    if (this.tooLarge || this.isLarge()) return false
    const due = tables.some(table => (this.looks.get(table) ?? 0) < limits.firstLooks)
    for (const table of tables) this.looks.set(table, (this.looks.get(table) ?? 0) + 1)
    return due
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

/** An encoding is never the beginning of another one, so their lengths need no comparison. */
function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.every((byte, i) => byte === b[i])
}

function changed(who: string, step: number, path: string): OperatorError {
  return new OperatorError({
    what: `${who} at step ${step} changed ${path}`,
    expected: 'code that only looks, since what is collected must not decide how a run goes on',
    next: 'Change it in a step, and let the reporter read it.',
  })
}
