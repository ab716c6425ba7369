/** The three kinds of failure, so that callers decide by `instanceof` and a person always learns the next move. */

/** Options are named in backticks, as in `steps`: the command line shows them as its flags. */
export interface Explanation {
  /** What was being done or given, e.g. `parameter "people"`. */
  what: string
  expected?: string
  got?: unknown
  /** What the reader should do now. */
  next?: string
}

/** One sentence: what, expected, got, next move. */
export function explain({ what, expected, got, next }: Explanation): string {
  let text = what
  if (expected !== undefined) text += `: expected ${expected}`
  if (got !== undefined) text += `${expected === undefined ? ': ' : ', '}got ${show(got)}`
  return next === undefined ? `${text}.` : `${text}. ${next}`
}

/** The base of every error that this package throws on purpose. */
export class MyceliaError extends Error {
  override name = 'MyceliaError'
}

/** Bad usage or bad input: stop, explain, exit 2. */
export class OperatorError extends MyceliaError {
  override name = 'OperatorError'
  constructor(
    readonly explanation: Explanation,
    options?: ErrorOptions,
  ) {
    super(explain(explanation), options)
  }
}

/** The outside world failed in a way that may pass: retry. */
export class TransientError extends MyceliaError {
  override name = 'TransientError'
}

/** An invariant does not hold: crash. */
export class BrokenInvariant extends MyceliaError {
  override name = 'BrokenInvariant'
}

/** Checks an invariant, in live runs too. */
export function assert(holds: boolean, message: string): asserts holds {
  if (!holds) throw new BrokenInvariant(message)
}

/** `Unknown parameter "poeple". Did you mean "people"?` */
export function unknownName(kind: string, got: string, known: Iterable<string>): OperatorError {
  const names = [...known]
  const near = closest(got, names)
  return new OperatorError({
    what: `Unknown ${kind} "${got}"`,
    next: near ? `Did you mean "${near}"?` : `Known: ${names.slice(0, 20).join(', ') || 'none'}.`,
  })
}

/** The known name within a third of the letters of `got`, if any. */
export function closest(got: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.ceil(got.length / 3)) + 1
  for (const name of known) {
    const d = editDistance(got.toLowerCase(), name.toLowerCase())
    if (d < bestDistance) {
      best = name
      bestDistance = d
    }
  }
  return best
}

/** Edits counted as insertion, deletion, substitution and swap of neighbours (Damerau, restricted). */
function editDistance(a: string, b: string): number {
  let older: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let d = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, (older[j - 2] ?? 0) + 1)
      row.push(d)
    }
    older = last
    last = row
  }
  return last[b.length] ?? 0
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}…` : value)
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'an object'
  return String(value)
}

/** The text with a full stop, where it has no end yet: `failed (twice)` → `failed (twice).` */
export function asSentence(text: string): string {
  return /[.!?]\)?$/.test(text) ? text : `${text}.`
}
