/** A snapshot as bytes: canonical JSON, TOON for language models, protobuf for machines. Packages are loaded when they are needed. */

import type { Type } from 'protobufjs'
import { canonicalJson, OperatorError } from '../../core/index.js'
import { snapshotLimits } from './limits.js'
import { plain, snapshotProto } from './proto.js'
import { digestOf, type ReadSnapshot, readSnapshot } from './read.js'
import type { Snapshot } from './schema.js'

export const snapshotFormats = ['json', 'toon', 'pb'] as const
export type SnapshotFormat = (typeof snapshotFormats)[number]

interface Format {
  write(file: Record<string, unknown>): Promise<Uint8Array>
  read(bytes: Uint8Array): Promise<unknown>
}

const toText = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes)
const toBytes = (text: string) => new TextEncoder().encode(text)

const formats: Readonly<Record<SnapshotFormat, Format>> = {
  json: {
    write: async file => toBytes(`${canonicalJson(file)}\n`),
    read: async bytes => JSON.parse(toText(bytes).replace(/^\uFEFF/, '')) as unknown,
  },
  toon: {
    write: async file => toBytes(`${(await toon()).encode(JSON.parse(canonicalJson(file)))}\n`),
    read: async bytes => (await toon()).decode(toText(bytes).replace(/\n$/, '')),
  },
  pb: {
    write: async file => {
      const type = await snapshotType()
      return type.encode(type.fromObject(file)).finish()
    },
    read: async bytes => {
      const type = await snapshotType()
      return plain(type.toObject(type.decode(bytes), { longs: String, arrays: true, defaults: true, oneofs: false }))
    },
  },
}

/** The bytes of a file, with its digest in it. */
export async function snapshotBytes(snapshot: Snapshot, format: SnapshotFormat): Promise<Uint8Array> {
  return formats[format].write({ ...snapshot, digest: digestOf(snapshot) })
}

/**
 * Reads the bytes of a file. One that has a digest must be, byte for byte, what would be written again, so that no change of any
 * byte stays unseen; a JSON file without one may be laid out as one likes.
 */
export async function snapshotFrom(bytes: Uint8Array, format: SnapshotFormat, from: string): Promise<ReadSnapshot> {
  if (bytes.length > snapshotLimits.snapshotBytes)
    throw new OperatorError({ what: from, expected: `at most ${snapshotLimits.snapshotBytes} bytes`, got: bytes.length })
  let given: unknown
  try {
    given = await formats[format].read(bytes)
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause
    throw new OperatorError(
      { what: from, expected: `a whole snapshot in ${format}`, got: 'something else', next: 'Export it again.' },
      { cause },
    )
  }
  const read = readSnapshot(given, from)
  const isSealed = typeof given === 'object' && given !== null && 'digest' in given
  if (!isSealed && format !== 'json') throw new OperatorError({ what: from, expected: 'a digest', got: 'none' })
  if (isSealed && read.older === null && !Buffer.from(await snapshotBytes(read.snapshot, format)).equals(bytes))
    throw new OperatorError({ what: from, expected: 'the bytes that were written', got: 'others', next: 'Export it again.' })
  return read
}

async function toon(): Promise<typeof import('@toon-format/toon')> {
  return import('@toon-format/toon').catch(cause => missing('@toon-format/toon', 'TOON', cause))
}

let type: Type | undefined

async function snapshotType(): Promise<Type> {
  const { default: protobuf } = await import('protobufjs').catch(cause => missing('protobufjs', 'protobuf', cause))
  type ??= protobuf.parse(snapshotProto(), { keepCase: true }).root.lookupType('mycelia.Snapshot')
  return type
}

function missing(name: string, format: string, cause: unknown): never {
  const next = `Run: npm install ${name}. JSON needs no package.`
  throw new OperatorError(
    { what: `the package ${name}, for snapshots as ${format}`, expected: 'to be installed', next },
    { cause },
  )
}
