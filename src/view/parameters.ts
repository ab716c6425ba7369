/** A scenario's parameters as plain data, for a form: name, type, range, step, default, description, and whether it may change while running. */

import { toJSONSchema, type z } from 'zod'

export interface ParameterDescription {
  readonly name: string
  readonly type: 'integer' | 'number' | 'boolean' | 'text' | 'choice' | 'json'
  readonly minimum?: number
  readonly maximum?: number
  /** The bounds themselves are not allowed. */
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  /** Of a choice. */
  readonly options?: readonly unknown[]
  readonly default: unknown
  readonly description: string
  readonly unit?: string
  /** It may be moved while the run goes on; others take effect at the next reset. */
  readonly changeable: boolean
}

/** The part of JSON Schema that describes a parameter. */
interface Field {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly default?: unknown
  readonly description?: string
  readonly unit?: unknown
  readonly changeable?: unknown
}

export function describeParameters(schema: z.ZodType): ParameterDescription[] {
  const { properties = {} } = toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).map(([name, property]) => describe(name, property as Field))
}

function describe(name: string, field: Field): ParameterDescription {
  const { description = '', unit, changeable, default: standard = null } = field
  return {
    name,
    type: typeOf(field),
    ...rangeOf(field),
    ...(field.enum !== undefined && { options: field.enum }),
    default: standard,
    description,
    ...(typeof unit === 'string' && { unit }),
    changeable: changeable === true,
  }
}

function typeOf({ type, enum: options }: Field): ParameterDescription['type'] {
  if (options !== undefined) return 'choice'
  if (type === 'integer' || type === 'number' || type === 'boolean') return type
  return type === 'string' ? 'text' : 'json'
}

/** zod bounds every whole number by the safe integers; those bounds are not the author's. */
function rangeOf(field: Field): Partial<ParameterDescription> {
  const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const
  return Object.fromEntries(
    bounds.flatMap(bound => {
      const value = field[bound]
      return value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? [] : [[bound, value]]
    }),
  )
}
