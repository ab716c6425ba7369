/** Everything that keeps a text from being read, in one message: the first of each kind. */

import { explain, OperatorError } from '../core/index.js'

/** What is wrong with one file. */
export class Obstacles {
  private readonly found = new Map<string, { readonly error: OperatorError; more: number }>()

  constructor(private readonly file: string) {}

  /** The first of a kind is kept, later ones are counted. */
  add(kind: string, error: () => OperatorError): void {
    const known = this.found.get(kind)
    if (known === undefined) this.found.set(kind, { error: error(), more: 0 })
    else known.more++
  }

  get any(): boolean {
    return this.found.size > 0
  }

  /** Throws where there is one. */
  check(): void {
    const errors = [...this.found.values()].map(({ error, more }) => (more === 0 ? error : alsoLater(error, more)))
    if (errors.length > 0) throw severalObstacles(this.file, errors)
  }
}

function alsoLater({ explanation }: OperatorError, more: number): OperatorError {
  const { next } = explanation
  const again = more === 1 ? 'So does 1 more row.' : `So do ${more} more rows.`
  return new OperatorError({ ...explanation, next: next === undefined ? again : `${again} ${next}` })
}

/** One error of several about a file; one alone stays as it is. */
export function severalObstacles(file: string, errors: readonly OperatorError[]): OperatorError {
  const [first] = errors
  if (first !== undefined && errors.length === 1) return first
  const listed = errors.map(({ explanation }) => `\n  ${explain(explanation)}`).join('')
  return new OperatorError({ what: `${file} has ${errors.length} obstacles`, next: `They are:${listed}` })
}
