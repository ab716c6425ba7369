/** The shape of a message as plain data: what each field may hold, ranges included. A message of another process is held to it. */

import { BrokenInvariant } from '../core/index.js'

/** Characters of a text within a message. */
const longestText = 2_000

export type Shape =
  | NumberShape
  | { readonly kind: 'text' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'oneOf'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'known'; readonly what: string }
  | { readonly kind: 'nullable'; readonly of: Shape }
  | { readonly kind: 'either'; readonly shapes: readonly Shape[] }
  | { readonly kind: 'list'; readonly of: Shape; readonly length?: number }
  | { readonly kind: 'map'; readonly of: Shape }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Shape>> }

/** A finite number within its range. */
export interface NumberShape extends Range {
  readonly kind: 'number'
}

/** The range of a number; both ends are included. */
export interface Range {
  readonly min?: number
  readonly max?: number
  readonly above?: number
  readonly whole?: true
  /** NaN and infinities are allowed beside what is in range: a statistic may be one. */
  readonly any?: true
}

/** A shape for every field of a payload. */
export type Fields<T> = { readonly [K in keyof T]-?: Shape }

/** At most {@link longestText} characters. */
export const text: Shape = { kind: 'text' }
export const boolean: Shape = { kind: 'boolean' }
export const number = (range: Range = {}): Shape => ({ kind: 'number', ...range })
export const oneOf = (values: readonly (string | number)[]): Shape => ({ kind: 'oneOf', values })
/** Something the receiving model knows, such as a pair it trades. */
export const known = (what: string): Shape => ({ kind: 'known', what })
export const nullable = (of: Shape): Shape => ({ kind: 'nullable', of })
export const either = (...shapes: readonly Shape[]): Shape => ({ kind: 'either', shapes })
export const listOf = (of: Shape, length?: number): Shape => ({ kind: 'list', of, ...(length !== undefined && { length }) })
export const mapOf = (of: Shape): Shape => ({ kind: 'map', of })
export const record = <T>(fields: Fields<T>): Shape => ({ kind: 'record', fields })

/** What the receiving model knows, by the names that shapes use. */
export type Known = Readonly<Record<string, (value: unknown) => boolean>>

/** The first field that is not of its shape, as a path: '' for the value itself, undefined if every field fits. */
export function shapeProblem(value: unknown, shape: Shape, known: Known): string | undefined {
  if (shape.kind !== 'record') return holds(value, shape, known) ? undefined : ''
  if (typeof value !== 'object' || value === null) return ''
  for (const [name, field] of Object.entries(shape.fields)) {
    const problem = shapeProblem((value as Record<string, unknown>)[name], field, known)
    if (problem !== undefined) return problem === '' ? name : `${name}.${problem}`
  }
  return undefined
}

function holds(value: unknown, shape: Shape, known: Known): boolean {
  const fits = (each: unknown, of: Shape) => shapeProblem(each, of, known) === undefined
  switch (shape.kind) {
    case 'number':
      return typeof value === 'number' && isWithin(value, shape)
    case 'text':
      return typeof value === 'string' && value.length <= longestText
    case 'boolean':
      return typeof value === 'boolean'
    case 'oneOf':
      return shape.values.includes(value as string | number)
    case 'known':
      return isKnown(value, shape.what, known)
    case 'nullable':
      // What is undefined crosses the wire as null, or not at all.
      return value === null || value === undefined || fits(value, shape.of)
    case 'either':
      return shape.shapes.some(each => fits(value, each))
    case 'list':
      return Array.isArray(value) && (shape.length ?? value.length) === value.length && value.every(each => fits(each, shape.of))
    case 'map':
      return typeof value === 'object' && value !== null && Object.values(value).every(each => fits(each, shape.of))
    case 'record':
      return fits(value, shape)
  }
}

function isWithin(x: number, { min = x, max = x, above, whole, any }: NumberShape): boolean {
  if (!Number.isFinite(x)) return any === true
  return x >= min && x <= max && (above === undefined || x > above) && (whole === undefined || Number.isSafeInteger(x))
}

function isKnown(value: unknown, what: string, known: Known): boolean {
  const knows = known[what]
  if (knows === undefined) throw new BrokenInvariant(`the model does not say which names of a ${what} it knows`)
  return knows(value)
}
