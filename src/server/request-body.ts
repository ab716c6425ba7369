/** The body of a request: read up to a bound, and as JSON. */

import type { IncomingMessage } from 'node:http'

/** Undefined: it is longer than it may be. What comes beyond the bound is not kept, so that the sender still hears the answer. */
export function bodyOf(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let bytes = 0
    request.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes <= most) parts.push(part)
      else resolve(undefined)
    })
    request.once('end', () => resolve(bytes <= most ? Buffer.concat(parts) : undefined))
    request.once('error', reject)
  })
}

/** Undefined: the bytes are no JSON, or no UTF-8. */
export function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
