/** A tick as the journal keeps it: the inputs that a replay gives to the model again, and the decisions it compares. */

import { ByteReader, ByteWriter, decodeValue, encodeValue } from '../../../core/index.js'
import type { TickInput } from '../../../model/index.js'

export interface JournalEntry {
  readonly inputs: readonly TickInput[]
  /** The facts in order, see {@link DecidedFact}. */
  readonly facts: readonly DecidedFact[]
}

/** Topic, id of the publisher (0: the model), 64 bits of the fact's own hash. */
export type DecidedFact = readonly [topic: string, agent: number, hash: string]

/** Inputs as bytes. The model gets what is decoded from these, so that a replay gives it exactly the same. */
export function encodeInputs(inputs: readonly TickInput[]): Uint8Array {
  return encodeValue(inputs)
}

export function decodeInputs(bytes: Uint8Array): TickInput[] {
  return decodeValue(bytes) as TickInput[]
}

export function encodeEntry(inputs: Uint8Array, facts: readonly DecidedFact[]): Uint8Array {
  const out = new ByteWriter()
  out.u32(inputs.length)
  out.raw(inputs)
  out.raw(encodeValue(facts))
  return out.copy()
}

export function decodeEntry(bytes: Uint8Array): JournalEntry {
  const reader = new ByteReader(bytes)
  const inputs = decodeInputs(reader.raw(reader.u32()))
  return { inputs, facts: decodeValue(bytes.subarray(reader.at)) as DecidedFact[] }
}
