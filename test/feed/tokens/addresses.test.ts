/** Addresses and accounts of Solana, read without its libraries. */
import { describe, expect, it } from 'vitest'
import { fromBase58, isMint, toBase58 } from '../../../src/core/index.js'
import { LAUNCH_PROGRAM, readCurveAccount } from '../../../src/feed/tokens/curve-account.js'
import { programAddress } from '../../../src/feed/tokens/program-address.js'
import { curveAddress } from '../../../src/feed/tokens/solana.js'

const text = (s: string) => new TextEncoder().encode(s)

describe('an address', () => {
  // The published examples of the chain's own library; the last byte of their seeds is the number that is tried first.
  it.each([
    [[text('')], 1, '3gF2KMe9KiC6FNVBmfg9i267aMPvK37FewCip4eGBFcT'],
    [[text('☉').slice(0, 2)], 0x89, '7ytmC1nT1xY4RfxCV2ZgyA7UakC93do5ZdyhdF3EtPj7'],
    [[text('Talking'), text('Squirrel')], 's'.charCodeAt(0), 'HwRVBufQ4haG5XSgpspwKtNd3PC9GM9m1196uJW36vds'],
  ])('is derived from seeds as the chain does', (seeds, first, address) => {
    expect(programAddress(seeds, 'BPFLoader1111111111111111111111111111111111', first)).toBe(address)
  })

  it('of a curve is no key of anybody, and another one for each mint', () => {
    const [one, two] = [curveAddress('So11111111111111111111111111111111111111112'), curveAddress(LAUNCH_PROGRAM)]
    expect(isMint(one) && isMint(two)).toBe(true)
    expect(one).not.toBe(two)
  })

  it('is 32 bytes in base58, there and back', () => {
    for (const bytes of [new Uint8Array(32), new Uint8Array(32).fill(255), Uint8Array.from({ length: 32 }, (_, i) => i)])
      expect(fromBase58(toBase58(bytes))).toEqual(bytes)
    for (const wrong of ['', '0'.repeat(32), 'l'.repeat(43), '1'.repeat(31), '1'.repeat(33), 'z'.repeat(200), 'SOL'])
      expect(isMint(wrong)).toBe(false)
  })
})

describe('the account of a curve', () => {
  const account = (size: number) => {
    const bytes = new Uint8Array(size)
    bytes.set([23, 183, 248, 55, 96, 216, 172, 96])
    const view = new DataView(bytes.buffer)
    const numbers = [1_073_000_000_000_000n, 30_000_000_000n, 793_100_000_000_000n, 0n, 2n ** 64n - 1n]
    for (const [i, value] of numbers.entries()) view.setBigUint64(8 + 8 * i, value, true)
    return bytes
  }

  it('is read with its reserves, in the older form and with a creator', () => {
    const reserves = {
      virtualTokens: 1_073_000_000_000_000n,
      virtualLamports: 30_000_000_000n,
      realTokens: 793_100_000_000_000n,
      realLamports: 0n,
      supply: 2n ** 64n - 1n,
    }
    expect(readCurveAccount(account(49))).toEqual({ ...reserves, complete: false, creator: null })
    const complete = account(81)
    complete[48] = 1
    expect(readCurveAccount(complete)).toEqual({ ...reserves, complete: true, creator: '1'.repeat(32) })
  })

  it('is refused where it is too short, of another kind, or has a flag that is none', () => {
    expect(readCurveAccount(account(81).slice(0, 48))).toBeNull()
    expect(readCurveAccount(new Uint8Array())).toBeNull()
    for (const [at, value] of [
      [0, 24],
      [48, 2],
    ] as const) {
      const other = account(81)
      other[at] = value
      expect(readCurveAccount(other)).toBeNull()
    }
  })
})
