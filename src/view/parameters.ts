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

/** What a schema says of one parameter: the part of JSON Schema that describes it. */
export interface ParameterField {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly items?: ParameterField
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly default?: unknown
  readonly description?: string
  readonly unit?: unknown
  readonly changeable?: unknown
}

const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const

/** What a schema says of each parameter, by its name. */
export function parameterFields(schema: z.ZodType): [name: string, field: ParameterField][] {
  const { properties = {} } = toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).map(([name, property]) => [name, ofTheAuthor(property as ParameterField)])
}

/** zod bounds every whole number by the safe integers; those bounds are not the author's. */
function ofTheAuthor(field: ParameterField): ParameterField {
  const isBound = (name: string) => bounds.some(bound => bound === name)
  const isOwn = ([name, value]: [string, unknown]) => !(isBound(name) && Math.abs(Number(value)) >= Number.MAX_SAFE_INTEGER)
  return Object.fromEntries(Object.entries(field).filter(isOwn))
}

export function describeParameters(schema: z.ZodType): ParameterDescription[] {
  return parameterFields(schema).map(([name, field]) => describe(name, field))
}

function describe(name: string, field: ParameterField): ParameterDescription {
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

function typeOf({ type, enum: options }: ParameterField): ParameterDescription['type'] {
  if (options !== undefined) return 'choice'
  if (type === 'integer' || type === 'number' || type === 'boolean') return type
  return type === 'string' ? 'text' : 'json'
}

function rangeOf(field: ParameterField): Partial<ParameterDescription> {
  return Object.fromEntries(bounds.flatMap(bound => (field[bound] === undefined ? [] : [[bound, field[bound]]])))
}
