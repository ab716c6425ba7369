/** A digest of what an object does: the texts of its functions and classes, by their places in it. What they refer to outside is not in it. */

import { canonicalJson, sha256, toHex } from '../core/index.js'

/** SHA-256, as hex. */
export function functionsDigest(of: object): string {
  const texts: Record<string, string> = {}
  gather(of, '', texts, new Set())
  return toHex(sha256(new TextEncoder().encode(canonicalJson(texts))))
}

function gather(value: unknown, place: string, texts: Record<string, string>, seen: Set<unknown>): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return
  seen.add(value)
  if (typeof value === 'function') {
    texts[place] = String(value)
    gather(Object.getPrototypeOf(value), `${place}:base`, texts, seen)
    return
  }
  // Shapes of parameters are values of a library, with parts that are made when they are first used.
  if ('_zod' in value) return
  for (const [name, part] of Object.entries(value)) gather(part, `${place}.${name}`, texts, seen)
}
