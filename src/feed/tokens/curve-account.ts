/** The account of a token's bonding curve, as a public node of Solana gives it: eight bytes that say what it is, then numbers of 64 bits, low byte first. */

import { toBase58 } from '../../core/index.js'

/** The program that most tokens are launched by. */
export const LAUNCH_PROGRAM = '6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P'
const IS_CURVE = [23, 183, 248, 55, 96, 216, 172, 96]
/** Where the flag stands behind five numbers, and the creator behind the flag; older accounts end before it. */
const [FLAG, CREATOR, WHOLE] = [48, 49, 81] as const

export interface CurveAccount {
  readonly virtualTokens: bigint
  readonly virtualLamports: bigint
  readonly realTokens: bigint
  readonly realLamports: bigint
  readonly supply: bigint
  readonly complete: boolean
  readonly creator: string | null
}

/** Null where the bytes are no account of a curve. */
export function readCurveAccount(bytes: Uint8Array): CurveAccount | null {
  if (bytes.length < CREATOR || IS_CURVE.some((byte, i) => bytes[i] !== byte)) return null
  const flag = bytes[FLAG]
  if (flag !== 0 && flag !== 1) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = (i: number) => view.getBigUint64(8 + 8 * i, true)
  return {
    virtualTokens: at(0),
    virtualLamports: at(1),
    realTokens: at(2),
    realLamports: at(3),
    supply: at(4),
    complete: flag === 1,
    creator: bytes.length >= WHOLE ? toBase58(bytes.slice(CREATOR, WHOLE)) : null,
  }
}
