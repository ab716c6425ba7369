/** Addresses that a program of Solana derives from seeds: the first hash, counted down, that is no point of the curve of keys. */

import { createHash } from 'node:crypto'
import { BrokenInvariant, fromBase58, toBase58 } from '../../core/index.js'

const P = 2n ** 255n - 19n
/** −121665 ÷ 121666 modulo P. */
const D = mod(-121_665n * power(121_666n, P - 2n))

/** The address for seeds, with the highest number behind them, `first` or less, that makes it no key. */
export function programAddress(seeds: readonly Uint8Array[], program: string, first = 255): string {
  for (let bump = first; bump >= 0; bump--) {
    const hash = hashOf([...seeds, new Uint8Array([bump])], program)
    if (!isKey(hash)) return toBase58(hash)
  }
  throw new BrokenInvariant('no number makes these seeds an address')
}

function hashOf(seeds: readonly Uint8Array[], program: string): Uint8Array {
  const hash = createHash('sha256')
  for (const seed of [...seeds, bytesOf(program), new TextEncoder().encode('ProgramDerivedAddress')]) hash.update(seed)
  return new Uint8Array(hash.digest())
}

/** @throws BrokenInvariant where a text is no address. */
export function bytesOf(address: string): Uint8Array {
  const bytes = fromBase58(address)
  if (bytes === null) throw new BrokenInvariant(`${address} is no address`)
  return bytes
}

/** Whether 32 bytes are a point of Ed25519: x² = (y² − 1) ÷ (d y² + 1) has a root. */
function isKey(bytes: Uint8Array): boolean {
  let y = 0n
  for (let i = 31; i >= 0; i--) y = y * 256n + BigInt(i === 31 ? (bytes[i] as number) & 127 : (bytes[i] as number))
  const yy = mod(y * y)
  const square = mod((yy - 1n) * power(mod(D * yy + 1n), P - 2n))
  return square === 0n || power(square, (P - 1n) / 2n) === 1n
}

function mod(x: bigint): bigint {
  const rest = x % P
  return rest < 0n ? rest + P : rest
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)]
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P
    square = (square * square) % P
  }
  return result
}
