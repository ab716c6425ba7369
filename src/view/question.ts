/**
 * A question: what a viewer wants to see besides the world. It is a path, and the parts that answer it have names beneath it.
 *
 * `series/<table>` · `panel/<title>/<choice>` · `agent/<key>` · `page/<type>/<column>/<asc|desc>/<from>/<count>/<search>`
 */

import { OperatorError } from '../core/index.js'
import { viewLimits } from './limits.js'

/** Parts that every viewer gets, by the first word of their names. */
export const always: ReadonlySet<string> = new Set([
  'about',
  'clock',
  'space',
  'edges',
  'layer',
  'agents',
  'types',
  'looks',
  'report',
])

/** A question of words, any text in them. */
export function question(...words: readonly (string | number)[]): string {
  return words.map(word => encodeURIComponent(String(word))).join('/')
}

export function wordsOf(path: string): string[] {
  return path.split('/').map(decodeURIComponent)
}

/** Whether a path is written as `question` writes it: only then do the parts that answer it stand beneath it. */
function isQuestion(path: string): boolean {
  try {
    return question(...wordsOf(path)) === path
  } catch {
    return false
  }
}

/** The questions of a viewer, within their limits. Throws an `OperatorError` beyond them. */
export function parseQuestions(given: unknown): string[] {
  const { questions, questionLength } = viewLimits
  if (
    Array.isArray(given) &&
    given.length <= questions &&
    given.every((q): q is string => typeof q === 'string' && q.length <= questionLength && isQuestion(q))
  )
    return [...new Set(given)]
  throw new OperatorError({
    what: 'the questions of a viewer',
    expected: `at most ${questions} paths of at most ${questionLength} characters, their words encoded`,
    got: Array.isArray(given) ? `${given.length} of them` : given,
  })
}

/** Which parts a viewer gets, and the version it has of them: what it asks for anew it has at version −1. */
export class Subscription {
  private versions = new Map<string, number>()
  private always_ = -1

  /** What the viewer asks from now on. */
  ask(questions: readonly string[]): void {
    this.versions = new Map(questions.map(q => [q, this.versions.get(q) ?? -1]))
  }

  /** The version a part is there in; undefined where it is not asked for. */
  readonly since = (name: string): number | undefined => {
    const end = name.indexOf('/')
    if (always.has(end < 0 ? name : name.slice(0, end))) return this.always_
    for (const [wanted, version] of this.versions) if (name === wanted || name.startsWith(`${wanted}/`)) return version
    return undefined
  }

  /** The viewer now has everything it asked for, as of a version. */
  has(version: number): void {
    this.always_ = version
    for (const wanted of this.versions.keys()) this.versions.set(wanted, version)
  }

  /** It has nothing: a run of another epoch begins. */
  forget(): void {
    this.has(-1)
  }

  /** Equal for viewers that lack the same parts. */
  get lack(): string {
    return JSON.stringify([this.always_, ...this.versions])
  }

  get questions(): string[] {
    return [...this.versions.keys()]
  }
}
