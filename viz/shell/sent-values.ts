/** Values of parameters that were sent and are not in force yet: what comes from outside counts from a run's next step. */

interface SentValue {
  readonly value: unknown
  /** What may still be seen before it, as JSON: the value in force when it was sent, and some that were sent just before it. */
  readonly earlier: readonly string[]
}

export type SentValues = Readonly<Record<string, SentValue>>

/** Values of one drag that may come into force one by one before the last does. */
const mostEarlier = 8

/** As a value is sent. */
export function withSent(sent: SentValues, name: string, value: unknown, inForce: unknown): SentValues {
  const text = JSON.stringify(inForce)
  if (JSON.stringify(value) === text) return withoutSent(sent, name)
  const before = sent[name]
  const between = before === undefined ? [] : [...before.earlier.slice(1), JSON.stringify(before.value)].slice(-mostEarlier)
  return { ...sent, [name]: { value, earlier: [text, ...between] } }
}

export function withoutSent(sent: SentValues, name: string): SentValues {
  return Object.fromEntries(Object.entries(sent).filter(([each]) => each !== name))
}

/** Those that still wait; a value that nobody here sent came after them. The same object where none has come. */
export function stillSent(sent: SentValues, params: Readonly<Record<string, unknown>>): SentValues {
  const waiting = Object.entries(sent).filter(([name, { value, earlier }]) => {
    const text = JSON.stringify(params[name])
    return text !== JSON.stringify(value) && earlier.includes(text)
  })
  return waiting.length === Object.keys(sent).length ? sent : Object.fromEntries(waiting)
}
