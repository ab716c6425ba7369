/** The digest: a hash chain over what a run decided. Saving it costs 32 bytes. */

import { ByteWriter } from './bytes.js'
import { canonicalJson } from './json.js'
import { sha256, toHex } from './sha256.js'

export class Chain {
  private readonly head = new ByteWriter()
  constructor(private link: Uint8Array) {}

  /** h(0): SHA-256 of the canonical JSON of what the run is. */
  static of(identity: unknown): Chain {
    return new Chain(sha256(new TextEncoder().encode(canonicalJson(identity))))
  }

  /** h(k) = SHA-256(h(k−1) ‖ tick time ‖ bytes). */
  extend(time: number, bytes: Uint8Array): void {
    this.link = this.next(time, bytes)
  }

  /** The chain's value with the end state mixed in, as hex; the chain itself does not move. */
  reported(time: number, state: Uint8Array): string {
    return toHex(this.next(time, state))
  }

  value(): Uint8Array {
    return this.link.slice()
  }

  private next(time: number, bytes: Uint8Array): Uint8Array {
    this.head.clear()
    this.head.f64(time)
    return sha256(this.link, this.head.written(), bytes)
  }
}
