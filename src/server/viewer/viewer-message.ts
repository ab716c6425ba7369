/** A message of a viewer as it came: an object, of which nothing is known yet. */

export interface Message {
  readonly hello?: unknown
  readonly ask?: unknown
  readonly id?: unknown
  readonly command?: unknown
}

/** Undefined: it is no object as JSON text. */
export function objectIn(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'object' && message !== null ? message : undefined
  } catch {
    return undefined
  }
}
