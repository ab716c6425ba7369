/**
 * The parts of one run, by name. A part whose bytes have not changed keeps its version, so a frame for a viewer is the parts newer than
 * what it has: a snapshot for one that comes, a delta for one that stays, and one delta instead of several for one that is slow.
 */

import { decodeFrame, encodeFrame, type Frame } from './frame.js'
import { areEqual, arrayOf, bytesOf, jsonBytes, jsonOf, type Part, type PartArray, type PartType, typeOf } from './part.js'

export class Parts {
  private readonly byName = new Map<string, Part>()
  private readonly read = new Map<string, { part: Part; value: unknown }>()
  private version_ = 0

  constructor(
    /** Tells the parts of one run from those of the next; a receiver of another epoch begins anew. */
    private epoch_ = 0,
  ) {}

  get version(): number {
    return this.version_
  }

  get epoch(): number {
    return this.epoch_
  }

  names(): IterableIterator<string> {
    return this.byName.keys()
  }

  has(name: string): boolean {
    return this.byName.has(name)
  }

  /** The same parts for receivers that had those of another run: they begin anew. */
  beginEpoch(epoch: number): void {
    this.epoch_ = epoch
  }

  /** Begins a new version: what is set until the next one has it. */
  advance(): void {
    this.version_++
  }

  /** Sets an array, which is copied where it differs from what stands there. */
  setArray(name: string, array: PartArray): void {
    this.set(name, typeOf(array), bytesOf(array), true)
  }

  setJson(name: string, value: unknown): void {
    this.set(name, 'json', jsonBytes(value), false)
  }

  /** Forgets a part that nobody asks for any more. Receivers forget what they do not ask for by themselves. */
  delete(name: string): void {
    this.byName.delete(name)
    this.read.delete(name)
  }

  /** Forgets what nobody asks for, so that it comes anew when somebody does. Returns whether anything went. */
  forgetUnasked(since: (name: string) => number | undefined): boolean {
    const before = this.byName.size
    for (const name of [...this.byName.keys()]) if (since(name) === undefined) this.delete(name)
    return this.byName.size < before
  }

  /** An array as it stands, not to be changed; undefined where there is no such part. */
  array(name: string): PartArray | undefined {
    return this.value(name, part => (part.type === 'json' ? undefined : arrayOf(part.type, part.bytes))) as PartArray | undefined
  }

  /** A value as it stands, not to be changed; undefined where there is no such part. */
  json(name: string): unknown {
    return this.value(name, part => (part.type === 'json' ? jsonOf(part.bytes) : undefined))
  }

  /** The parts newer than `since(name)`, as bytes; undefined where there are none. `since` answers undefined for a part not asked for. */
  frame(since: (name: string) => number | undefined): Uint8Array<ArrayBuffer> | undefined {
    const newer: [string, Part][] = []
    for (const entry of this.byName) {
      const has = since(entry[0])
      if (has !== undefined && entry[1].version > has) newer.push(entry)
    }
    return newer.length === 0 ? undefined : encodeFrame({ epoch: this.epoch_, version: this.version_, parts: newer })
  }

  /** Takes a frame in. Throws an `OperatorError` on bytes that are none. */
  receive(bytes: Uint8Array): void {
    this.take(bytes)
  }

  /** Takes a frame in to pass its parts on: here they are newer than all before, whatever their version where they come from. */
  relay(bytes: Uint8Array): void {
    this.take(bytes, this.version_ + 1)
  }

  private take(bytes: Uint8Array, version?: number): void {
    const frame = decodeFrame(bytes)
    if (frame.epoch !== this.epoch_) this.clear(frame)
    this.version_ = version ?? frame.version
    for (const [name, part] of frame.parts) {
      // A small part must not keep the bytes of a whole frame.
      const kept = part.bytes.length > bytes.length / 2 ? part.bytes : part.bytes.slice()
      this.byName.set(name, { type: part.type, bytes: kept, version: version ?? part.version })
    }
  }

  private clear({ epoch }: Frame): void {
    this.epoch_ = epoch
    this.byName.clear()
    this.read.clear()
  }

  private set(name: string, type: PartType, bytes: Uint8Array, copied: boolean): void {
    const before = this.byName.get(name)
    if (before !== undefined && before.type === type && areEqual(before.bytes, bytes)) return
    this.byName.set(name, { type, bytes: copied ? bytes.slice() : bytes, version: this.version_ })
  }

  private value(name: string, decode: (part: Part) => unknown): unknown {
    const part = this.byName.get(name)
    if (part === undefined) return undefined
    const known = this.read.get(name)
    if (known?.part === part) return known.value
    const value = decode(part)
    this.read.set(name, { part, value })
    return value
  }
}
