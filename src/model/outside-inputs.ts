/** Inputs from outside: what the owner of a run says to it between two steps. They wait here for the next tick. */

import { canonicalJson, OperatorError, type ReadColumns } from '../core/index.js'
import type { TickInput } from '../scheduler/index.js'
import { Model } from './model.js'
import { changedParameters } from './parameters.js'
import type { Scenario } from './scenario.js'

export const limits = {
  /** Inputs that may wait for one tick. One more is refused. */
  waitingInputs: 1_000,
} as const

/** A parameter moved while a run goes on. */
export interface ChangeInput extends TickInput {
  readonly kind: 'change'
  readonly key: string
  readonly value: unknown
}

/** A row of the table `inputs`. */
export type InputRow = {
  step: number
  time: number
  kind: string
  key: string | null
  old: string | null
  value: string | null
}

/** The columns of the table `inputs` after `step`. */
export const inputColumns = {
  time: { type: 'real', meaning: 'Model time of its tick.', read: i => i.time },
  kind: { type: 'text', meaning: '`change`, or another kind.', read: i => i.kind },
  key: { type: 'text', nullable: true, meaning: 'Of a change: the parameter.', read: i => i.key },
  old: { type: 'text', nullable: true, meaning: 'Its value before, as JSON.', read: i => i.old },
  value: { type: 'text', nullable: true, meaning: 'Its value since, or the whole input, as JSON.', read: i => i.value },
} satisfies ReadColumns<InputRow>

/** The input that a row of the table `inputs` tells of. */
export function inputOf({ kind, key, value }: Pick<InputRow, 'kind' | 'key' | 'value'>): TickInput {
  const parsed: unknown = value === null ? undefined : JSON.parse(value)
  return kind === 'change' ? ({ kind, key, value: parsed } as ChangeInput) : (parsed as TickInput)
}

/** A row's cells for an input; `params`: those before it. */
export function rowOf(input: TickInput, params: Parameters): Omit<InputRow, 'step' | 'time'> {
  const { kind } = input
  if (!isChange(input)) return { kind, key: null, old: null, value: jsonOf(input) }
  return { kind, key: input.key, old: jsonOf(params[input.key]), value: jsonOf(input.value) }
}

export function isChange(input: TickInput): input is ChangeInput {
  return input.kind === 'change'
}

type Parameters = Readonly<Record<string, unknown>>

/** What a checkpoint keeps; absent before the first input. */
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
    const input = plainInput(given)
    if (this.waiting.length >= limits.waitingInputs) throw tooMany()
    if (isChange(input)) this.waiting.push(this.checked(input))
    else if (this.model.receive === Model.prototype.receive) throw notTaken(input)
    else this.waiting.push(input)
  }

  /** Those of the tick that begins. */
  take(): readonly TickInput[] {
    const { waiting } = this
    if (waiting.length === 0) return waiting
    this.waiting = []
    this.taken += waiting.length
    return waiting
  }

  save(): Saved | undefined {
    const { waiting, taken } = this
    return waiting.length + taken === 0 ? undefined : { waiting, taken }
  }

  load(saved: unknown): void {
    const { waiting, taken } = saved as Saved
    this.waiting = [...waiting]
    this.taken = taken
  }

  /** With the value as the schema gives it, after the changes that wait already. */
  private checked({ kind, key, value }: ChangeInput): ChangeInput {
    let params = this.model.params as Parameters
    for (const before of this.waiting) if (isChange(before)) params = { ...params, [before.key]: before.value }
    return { kind, key, value: (changedParameters(this.scenario.params, params, key, value) as Parameters)[key] }
  }
}

/** A copy that JSON holds as it is, so that a replay is given the same. */
function plainInput(given: TickInput): TickInput {
  const got: unknown = given
  if (typeof given?.kind !== 'string') throw new OperatorError({ what: 'an input', expected: 'plain data with a `kind`', got })
  return JSON.parse(canonicalJson(given))
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : canonicalJson(value)
}

function notTaken({ kind }: TickInput): OperatorError {
  return new OperatorError({
    what: `an input "${kind}"`,
    expected: 'a model with receive(input)',
    got: 'one without',
    next: 'Write it, or move a parameter: change(key, value).',
  })
}

function tooMany(): OperatorError {
  return new OperatorError({
    what: `${limits.waitingInputs + 1} inputs for one tick`,
    expected: 'fewer',
    next: 'Step between them.',
  })
}
