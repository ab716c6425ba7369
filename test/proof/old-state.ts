/** Writes a checkpoint's state as digests hashed it before fields were renamed: their old names, in the order of assignment, −0 as 0. */

import { ByteReader, ByteWriter, decodeValue } from '../../src/core/index.js'

/** Old names by new ones: of the model, of one type of agents, of the plain objects they hold (`*`), of the parameters. */
export type RenamedFields = Readonly<Record<string, Readonly<Record<string, string>>>>

const Tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  double: 4,
  integer: 5,
  text: 6,
  array: 7,
  object: 8,
  map: 9,
  set: 10,
  typed: 11,
  again: 12,
  reference: 13,
  kernel: 14,
} as const

interface Header {
  kinds: { name: string; ids: Uint32Array }[]
  ghosts: { kind: string }[]
}

/** Streams, events, requests and the kernel's numbers stand between the agents and the removed agents they refer to. */
const kernelValues = 4

/** @param checkpoint what `Simulation.save()` gives */
export function oldState(checkpoint: Uint8Array, renamed: RenamedFields): Uint8Array {
  const { state } = decodeValue(checkpoint) as { state: Uint8Array }
  return new Transcoder(state, renamed).all()
}

/** A fact's payload under its old names. */
export function oldNames(value: unknown, renamed: RenamedFields): unknown {
  if (Array.isArray(value)) return value.map(item => oldNames(item, renamed))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [renamed['*']?.[key] ?? key, oldNames(held, renamed)]))
}

class Transcoder {
  private readonly from: ByteReader
  private readonly to = new ByteWriter()

  constructor(
    state: Uint8Array,
    private readonly renamed: RenamedFields,
  ) {
    this.from = new ByteReader(state)
  }

  all(): Uint8Array {
    const header = this.header()
    this.fields('model')
    for (const { name, ids } of header.kinds) for (let i = 0; i < ids.length; i++) this.fields(name)
    for (let i = 0; i < kernelValues; i++) this.value()
    for (const { kind } of header.ghosts) this.fields(kind)
    if (!this.from.done) throw new Error(`the state goes on at byte ${this.from.at}`)
    return this.to.copy()
  }

  /** Copied as it is, and read on the way. */
  private header(): Header {
    const from = this.from.at
    this.value()
    return decodeValue(this.to.written().slice(from)) as Header
  }

  private fields(owner: string): void {
    const { from, to } = this
    const n = from.u32()
    to.u32(n)
    for (let i = 0; i < n; i++) {
      const key = from.text()
      to.text(this.renamed[owner]?.[key] ?? key)
      this.value()
    }
  }

  private value(): void {
    const { from, to } = this
    const tag = from.u8()
    if (tag === Tag.double) return this.double()
    to.u8(tag)
    switch (tag) {
      case Tag.integer:
        return to.i64(from.i64())
      case Tag.text:
        return to.text(from.text())
      case Tag.array:
      case Tag.set:
        return this.values(1)
      case Tag.map:
        return this.values(2)
      case Tag.object:
        return this.fields('*')
      case Tag.typed:
        to.u8(from.u8())
        return this.bytes()
      case Tag.again:
      case Tag.reference:
        return to.u32(from.u32())
      case Tag.kernel:
        to.text(from.text())
        return this.value()
    }
  }

  /** A zero that a checkpoint wrote as a double is −0; digests hash the integer 0. */
  private double(): void {
    const value = this.from.f64()
    this.to.u8(value === 0 ? Tag.integer : Tag.double)
    if (value === 0) this.to.i64(0)
    else this.to.f64(value)
  }

  private values(perItem: number): void {
    const n = this.from.u32()
    this.to.u32(n)
    for (let i = 0; i < n * perItem; i++) this.value()
  }

  private bytes(): void {
    const n = this.from.u32()
    this.to.u32(n)
    this.to.raw(this.from.raw(n))
  }
}
