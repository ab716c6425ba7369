/** A scenario's parameters as its author declared them: name, type, range, default and description. */

import type { Scenario } from '../model/index.js'
import type { ParameterField } from '../view/index.js'
import { grouped, leftColumns } from './text.js'

export interface Parameter {
  readonly name: string
  /** `whole number`, `one of bars, ticks`. */
  readonly type: string
  /** `2 … 1,000,000`; empty where any value of the type will do. */
  readonly range: string
  readonly standard: unknown
  readonly says: string
  /** Whether it may be moved while a run goes on. */
  readonly changeable: boolean
}

export async function parametersOf({ params }: Scenario): Promise<Parameter[]> {
  const { parameterFields } = await import('../view/index.js')
  return parameterFields(params).map(([name, field]) => {
    const { default: standard, description: says = '', changeable } = field
    return { name, type: typeOf(field), range: rangeOf(field), standard, says, changeable: changeable === true }
  })
}

/** One line a parameter. */
export function parameterLines(parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, type, range, standard, says, changeable }) => [
    `  ${name}${changeable ? ' *' : ''}`,
    type,
    range,
    shortJson(standard),
    says,
  ])
  const lines = leftColumns([['  name', 'type', 'range', 'default', 'what it is'], ...rows])
  return parameters.some(({ changeable }) => changeable) ? `${lines}\n* may be moved while a run goes on\n` : lines
}

function typeOf(field: ParameterField): string {
  if (field.enum !== undefined) return `one of ${field.enum.join(', ')}`
  if (field.items !== undefined) return `list of ${typeOf(field.items)}`
  const names: Record<string, string> = { integer: 'whole number', string: 'text', boolean: 'true or false', object: 'map' }
  return names[field.type ?? ''] ?? field.type ?? 'value'
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ParameterField): string {
  const above = exclusiveMinimum === undefined ? bound(minimum) : `> ${bound(exclusiveMinimum)}`
  const below = exclusiveMaximum === undefined ? bound(maximum) : `< ${bound(exclusiveMaximum)}`
  if (above !== '' && below !== '') return `${above} … ${below}`
  if (above !== '') return exclusiveMinimum === undefined ? `≥ ${above}` : above
  return below === '' || exclusiveMaximum !== undefined ? below : `≤ ${below}`
}

function bound(value: number | undefined): string {
  if (value === undefined) return ''
  return Number.isInteger(value) ? grouped(value) : String(value)
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}
