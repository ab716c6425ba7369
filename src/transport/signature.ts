/** Signs the texts between processes with a key that they share, and checks what arrives: HMAC-SHA256 over channel and text. */

import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { OperatorError } from '../core/index.js'

/** How a signed text ends: `,"sig":"`, 43 characters, `"}`. */
const before = ',"sig":"'
const digestLength = 43
const tailLength = before.length + digestLength + 2

/** Characters of the shortest key that is accepted. */
const leastLength = 16

export class Signer {
  private readonly key: KeyObject

  private constructor(text: string) {
    this.key = createSecretKey(Buffer.from(text, 'utf8'))
  }

  /** `what` names where the key comes from. The key itself is in no message and in no error. */
  static of(text: string, what: string): Signer {
    if (text.length >= leastLength) return new Signer(text)
    throw new OperatorError({
      what,
      expected: `a key of at least ${leastLength} characters`,
      got: `${text.length}`,
      next: 'Make one with: openssl rand -hex 32.',
    })
  }

  /** HMAC-SHA256 of a text, as 43 characters. */
  mac(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url')
  }

  /** True where `mac` is that of the text; takes as long for a wrong one as for the right one. */
  isMac(mac: string, text: string): boolean {
    const [given, right] = [Buffer.from(mac), Buffer.from(this.mac(text))]
    return given.length === right.length && timingSafeEqual(given, right)
  }

  /** The text of an envelope with its signature as a last field. The channel is signed too: a copy counts on no other. */
  sign(channel: string, text: string): string {
    return `${text.slice(0, -1)}${before}${this.mac(`${channel}\n${text}`)}"}`
  }

  /** The envelope's text without its signature, or why it is refused. */
  open(channel: string, signed: string): { readonly text: string } | 'unsigned' | 'signature' {
    if (!isSigned(signed)) return 'unsigned'
    const text = withoutSignature(signed)
    return this.isMac(signed.slice(-digestLength - 2, -2), `${channel}\n${text}`) ? { text } : 'signature'
  }
}

/** True where the text ends with a signature, whoever made it. */
export function isSigned(text: string): boolean {
  return text.endsWith('"}') && text.startsWith(before, text.length - tailLength)
}

function withoutSignature(signed: string): string {
  return `${signed.slice(0, -tailLength)}}`
}
