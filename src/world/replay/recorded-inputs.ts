/** The inputs from outside that a simulated run has written down, by the step after which they came. */

import { join } from 'node:path'
import { inputOf, type TickInput } from '../../model/index.js'
import { readTable } from '../../storage/index.js'

export interface StepInputs {
  /** Steps done when they came. */
  readonly step: number
  readonly inputs: readonly TickInput[]
}

/** Those of the ticks up to a step, oldest first; of a run that was stopped, from its spool. */
export async function givenInputs(run: string, last: number): Promise<StepInputs[]> {
  const table = await readTable(join(run, 'inputs.parquet'), ['step', 'kind', 'key', 'value'])
  const found = new Map<number, TickInput[]>()
  const { step: steps = [], kind = [], key = [], value = [] } = table ?? {}
  steps.forEach((step, i) => {
    if (Number(step) > last) return
    const input = inputOf({ kind: String(kind[i]), key: textOf(key[i]), value: textOf(value[i]) })
    const before = found.get(Number(step))
    if (before === undefined) found.set(Number(step), [input])
    else before.push(input)
  })
  return [...found].map(([step, inputs]) => ({ step, inputs }))
}

function textOf(cell: unknown): string | null {
  return typeof cell === 'string' ? cell : null
}
