/** Inputs from outside as rows: the table `inputs` says what came, and a replay makes the inputs of it again. */

import { type ColumnDescription, describeColumn } from '../core/index.js'
import type { TickInput } from '../scheduler/index.js'

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
export const inputColumns: readonly ColumnDescription[] = [
  describeColumn('time', { type: 'real', meaning: 'Model time.' }),
  describeColumn('kind', { type: 'text', meaning: '`change`, or another.' }),
  describeColumn('key', { type: 'text', nullable: true, meaning: 'The parameter.' }),
  describeColumn('old', { type: 'text', nullable: true, meaning: 'Old value as JSON.' }),
  describeColumn('value', { type: 'text', nullable: true, meaning: 'Value or input as JSON.' }),
]

/** The input that a row of the table `inputs` tells of. */
export function inputOf({ kind, key, value }: Pick<InputRow, 'kind' | 'key' | 'value'>): TickInput {
  const parsed: unknown = value === null ? undefined : JSON.parse(value)
  return kind === 'change' ? ({ kind, key, value: parsed } as ChangeInput) : (parsed as TickInput)
}

/** A row's cells for an input; `params`: those before it. */
export function rowOf(input: TickInput, params: Record<string, unknown>): Omit<InputRow, 'step' | 'time'> {
  const { kind, key, value } = input as ChangeInput
  if (kind !== 'change') return { kind, key: null, old: null, value: JSON.stringify(input) }
  return { kind, key, old: JSON.stringify(params[key]) ?? null, value: JSON.stringify(value) ?? null }
}
