/** Base58 as Solana writes addresses: no 0, O, I and l, and a leading 1 for each leading zero byte. */

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** Longer texts are no address, and would take long to decode. */
const LONGEST = 128

export function toBase58(bytes: Uint8Array): string {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  let text = ''
  for (; value > 0n; value /= 58n) text = ALPHABET.charAt(Number(value % 58n)) + text
  const zeros = bytes.findIndex(byte => byte !== 0)
  return '1'.repeat(zeros < 0 ? bytes.length : zeros) + text
}

/** The bytes of a text; null where a letter is none of base58, or the text is too long. */
export function fromBase58(text: string): Uint8Array | null {
  if (text.length > LONGEST) return null
  let value = 0n
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter)
    if (digit < 0) return null
    value = value * 58n + BigInt(digit)
  }
  const bytes: number[] = []
  for (; value > 0n; value /= 256n) bytes.unshift(Number(value % 256n))
  const zeros = /^1*/.exec(text)?.[0].length ?? 0
  return new Uint8Array([...new Array<number>(zeros).fill(0), ...bytes])
}

/** Whether a text is the address of a token: 32 bytes in base58. */
export function isMint(text: string): boolean {
  return fromBase58(text)?.length === 32
}
