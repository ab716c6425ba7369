/** The schema of a snapshot as JSON Schema, and the part of it that other forms are made of. */

import * as z from 'zod'
import { snapshotSchema } from './schema.js'

/** What of a JSON Schema says how a value is written. */
export interface Shape {
  readonly title?: string
  readonly type?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
}

/** The JSON Schema of a snapshot as it is written. */
export function snapshotJsonSchema(): Shape & Record<string, unknown> {
  return z.toJSONSchema(snapshotSchema, { io: 'output', reused: 'inline' }) as Shape & Record<string, unknown>
}

/** The shape without null, and whether null was allowed. */
export function withoutNull(shape: Shape): { shape: Shape; nullable: boolean } {
  const some = shape.anyOf?.find(each => each.type !== 'null')
  return some === undefined ? { shape, nullable: false } : { shape: some, nullable: true }
}
