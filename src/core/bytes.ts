/** Growable little-endian bytes: the writer and reader under every canonical encoding. */

import { MyceliaError } from './errors.js'

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder('utf-8', { fatal: true })

export class ByteWriter {
  private bytes = new Uint8Array(1024)
  private view = new DataView(this.bytes.buffer)
  length = 0

  u8(value: number): void {
    if (this.length === this.bytes.length) this.grow(1)
    this.bytes[this.length++] = value
  }

  u32(value: number): void {
    if (this.length + 4 > this.bytes.length) this.grow(4)
    this.view.setUint32(this.length, value, true)
    this.length += 4
  }

  /** One bit pattern for NaN; −0 written as 0. */
  f64(value: number): void {
    if (this.length + 8 > this.bytes.length) this.grow(8)
    this.view.setFloat64(this.length, value === 0 ? 0 : Number.isNaN(value) ? Number.NaN : value, true)
    this.length += 8
  }

  /** The one double that `f64` does not write. */
  negativeZero(): void {
    this.f64(0)
    this.bytes[this.length - 1] = 0x80
  }

  /** A safe integer as a two's-complement 64-bit integer. */
  i64(value: number): void {
    if (this.length + 8 > this.bytes.length) this.grow(8)
    const high = Math.floor(value / 4294967296)
    this.view.setUint32(this.length, value - high * 4294967296, true)
    this.view.setInt32(this.length + 4, high, true)
    this.length += 8
  }

  /** UTF-8 with its length in bytes before it. */
  text(value: string): void {
    const n = value.length
    this.grow(4 + n * 3)
    let at = this.length + 4
    let i = 0
    for (; i < n; i++) {
      const code = value.charCodeAt(i)
      if (code > 127) break
      this.bytes[at++] = code
    }
    if (i < n) at += utf8.encodeInto(i === 0 ? value : value.slice(i), this.bytes.subarray(at)).written
    this.view.setUint32(this.length, at - this.length - 4, true)
    this.length = at
  }

  raw(bytes: Uint8Array): void {
    this.grow(bytes.length)
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** A view of what was written, valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  copy(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  clear(): void {
    this.length = 0
  }

  private grow(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const wider = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2))
    wider.set(this.bytes.subarray(0, this.length))
    this.bytes = wider
    this.view = new DataView(wider.buffer)
  }
}

/** The bytes ended early or hold something that the writer never writes. */
export class CorruptBytes extends MyceliaError {
  override name = 'CorruptBytes'
}

export class ByteReader {
  private readonly view: DataView
  at = 0
  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get done(): boolean {
    return this.at >= this.bytes.length
  }

  u8(): number {
    return this.view.getUint8(this.take(1))
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true)
  }

  f64(): number {
    return this.view.getFloat64(this.take(8), true)
  }

  i64(): number {
    const at = this.take(8)
    return this.view.getInt32(at + 4, true) * 4294967296 + this.view.getUint32(at, true)
  }

  text(): string {
    const length = this.u32()
    const at = this.take(length)
    return fromUtf8.decode(this.bytes.subarray(at, at + length))
  }

  raw(length: number): Uint8Array {
    const at = this.take(length)
    return this.bytes.slice(at, at + length)
  }

  private take(n: number): number {
    const at = this.at
    if (at + n > this.bytes.length)
      throw new CorruptBytes(`The bytes end at ${this.bytes.length}, but ${n} more were expected at ${at}.`)
    this.at += n
    return at
  }
}
