/** The body of a request: read up to a bound, and as JSON. */

import type { IncomingMessage } from 'node:http'

/** Undefined: it is longer than it may be. The rest is read and dropped, so that the sender hears the refusal. */
export async function bodyOf(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes <= most) parts.push(part)
    else parts.length = 0
  }
  return bytes <= most ? Buffer.concat(parts) : undefined
}

/** Undefined: the bytes are no JSON, or no UTF-8. */
export function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
