/** Inputs from outside: what the owner of a run says to it between two steps. They wait here for the next tick. */

import { canonicalJson, OperatorError } from '../core/index.js'
import type { TickInput } from '../scheduler/index.js'
import type { ChangeInput } from './input-rows.js'
import { Model } from './model.js'
import { changedParameters } from './parameters.js'
import type { Scenario } from './scenario.js'

export const limits = {
  /** Inputs that may wait for one tick. One more is refused. */
  waitingInputs: 1_000,
} as const

/** Kinds with a meaning of the simulation's own, beside `change`. */
const ownKinds = ['align', 'answer', 'lost', 'remote']

type Parameters = Record<string, unknown>

/** What a checkpoint keeps. */
interface Saved {
  readonly waiting: readonly TickInput[]
  readonly taken: number
}

export class OutsideInputs {
  private waiting: TickInput[] = []
  /** Inputs that became part of a tick. */
  taken = 0

  constructor(
    private readonly scenario: Pick<Scenario, 'params'>,
    private readonly model: Model,
  ) {}

  /** Checks an input and keeps it for the next tick; one that is refused changes nothing. */
  add(given: TickInput): void {
    const { waiting, model } = this
    const { kind } = Object(given) as Partial<TickInput>
    if (typeof kind !== 'string') throw noInput('an input', 'plain data with a `kind`', given)
    if (waiting.length >= limits.waitingInputs) throw noInput('the inputs of a tick', `at most ${limits.waitingInputs}`)
    const isMove = kind === 'change'
    if (!isMove && (model.receive === Model.prototype.receive || ownKinds.includes(kind)))
      throw noInput(`an input "${kind}"`, 'a model with receive(input)')
    // A replay is given the same: what JSON holds.
    waiting.push(JSON.parse(canonicalJson(isMove ? this.checked(given as ChangeInput) : given)))
  }

  /** Those of the tick that begins. */
  take(): readonly TickInput[] {
    const { waiting } = this
    if (waiting.length === 0) return waiting
    this.waiting = []
    this.taken += waiting.length
    return waiting
  }

  save(): Saved {
    const { waiting, taken } = this
    return { waiting, taken }
  }

  load(saved: unknown): void {
    const { waiting, taken } = saved as Saved
    this.waiting = [...waiting]
    this.taken = taken
  }

  /** With the value as the schema gives it, after the changes that wait already. */
  private checked({ kind, key, value }: ChangeInput): ChangeInput {
    const params = { ...(this.model.params as Parameters) }
    for (const before of this.waiting as (TickInput & Partial<ChangeInput>)[])
      if (before.kind === kind) params[before.key as string] = before.value
    return { kind, key, value: (changedParameters(this.scenario.params, params, String(key), value) as Parameters)[key] }
  }
}

/** An input that is refused. */
export function noInput(what: string, expected: string, got?: unknown): OperatorError {
  return new OperatorError({ what, expected, got, next: 'Nothing has changed.' })
}
