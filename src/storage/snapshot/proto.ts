/** The schema of a snapshot as a `.proto` file, and values that came over that wire made plain again. */

import { BrokenInvariant } from '../../core/index.js'
import { fieldNumbers } from './field-numbers.js'
import { type Shape, snapshotJsonSchema, withoutNull } from './json-schema.js'

let made: Shape | undefined

/** What a file holds: the snapshot and its digest. */
function withDigest(): Shape {
  const shape = made ?? snapshotJsonSchema()
  made = shape
  return { ...shape, properties: { ...shape.properties, digest: { type: 'string' } } }
}

/** The `.proto` file, made of the schema and the numbers of its fields. */
export function snapshotProto(): string {
  const messages: string[] = []
  addMessage(withDigest(), messages, new Set())
  return `syntax = "proto3";\n\npackage mycelia;\n\n${messages.join('\n')}`
}

function addMessage({ title = '', properties = {} }: Shape, messages: string[], known: Set<string>): void {
  if (known.has(title)) return
  known.add(title)
  const numbers = fieldNumbers[title] ?? {}
  const fields = Object.entries(properties).map(([field, given]) => {
    const { shape, nullable } = withoutNull(given)
    const inner = shape.type === 'array' ? (shape.items ?? {}) : shape
    if (inner.type === 'object') addMessage(inner, messages, known)
    const number = numbers[field]
    if (number === undefined) throw new BrokenInvariant(`the field ${title}.${field} has no number`)
    const label = shape.type === 'array' ? 'repeated ' : nullable ? 'optional ' : ''
    return { number, line: `  ${label}${typeOf(inner)} ${field} = ${number};\n` }
  })
  fields.sort((a, b) => a.number - b.number)
  messages.push(`message ${title} {\n${fields.map(({ line }) => line).join('')}}\n`)
}

const scalars: Readonly<Record<string, string>> = { string: 'string', number: 'double', boolean: 'bool', integer: 'int64' }

function typeOf({ type = '', format, title = '' }: Shape): string {
  if (type === 'object') return title
  return format === 'uint64' ? format : (scalars[type] ?? 'string')
}

/** What protobuf gives as text or leaves out: numbers are numbers again, and what is not known is null. */
export function plain(value: unknown): unknown {
  return plainBy(withDigest(), value)
}

function plainBy(given: Shape, value: unknown): unknown {
  const { shape, nullable } = withoutNull(given)
  if (value === undefined || value === null) return nullable ? null : value
  if (shape.type === 'integer') return Number(value)
  if (shape.type === 'array') return (value as unknown[]).map(each => plainBy(shape.items ?? {}, each))
  if (shape.type !== 'object') return value
  const of = value as Record<string, unknown>
  return Object.fromEntries(Object.entries(shape.properties ?? {}).map(([field, inner]) => [field, plainBy(inner, of[field])]))
}
