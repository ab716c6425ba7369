/** SHA-256, synchronous everywhere; a world may put a faster implementation in its place (the bytes are the same). */

import { sha256 as portable } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** Hash of the concatenation of parts. */
export type Sha256 = (...parts: Uint8Array[]) => Uint8Array

let current: Sha256 = (...parts) => {
  const hash = portable.create()
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export function sha256(...parts: Uint8Array[]): Uint8Array {
  return current(...parts)
}

export function useSha256(faster: Sha256): void {
  current = faster
}

export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes)
}
