/** Conditions of rules: a field, a comparison, a number or a word, with `and`, `or`, `not` and parentheses. Nothing is evaluated as code. */

import { OperatorError } from '../../core/index.js'

/** What a condition may compare, by name. */
export type Facts = Readonly<Record<string, number | string | undefined>>

export type Condition =
  | { readonly kind: 'compare'; readonly field: string; readonly by: Comparison; readonly with: number | string }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }

const comparisons = ['<=', '>=', '!=', '<', '>', '='] as const
export type Comparison = (typeof comparisons)[number]

/** Where a condition stands, for errors: its first character's file, line and column. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

export const conditionLimits = {
  /** Parentheses and `not` within each other. */
  levels: 64,
  /** Comparisons of one condition. */
  comparisons: 1_000,
} as const

interface Token {
  readonly text: string
  readonly at: number
}

const tokenPattern = /\s*(<=|>=|!=|<|>|=|\(|\)|-?\d+(?:\.\d+)?(?![\w.])|[A-Za-z_]\w*)/y

/** Reads a condition. @throws OperatorError with file:line:column of the first character that does not fit. */
export function parseCondition(text: string, place: Place): Condition {
  const tokens = tokensOf(text, place)
  let next = 0
  let level = 0
  let compared = 0
  const peek = () => tokens[next]
  const wrong = (expected: string) => {
    const token = peek()
    return errorAt(place, token?.at ?? text.length, expected, token?.text ?? 'the end')
  }
  const either = (): Condition => {
    let left = both()
    while (peek()?.text === 'or') {
      next++
      left = { kind: 'or', left, right: both() }
    }
    return left
  }
  const both = (): Condition => {
    let left = one()
    while (peek()?.text === 'and') {
      next++
      left = { kind: 'and', left, right: one() }
    }
    return left
  }
  const one = (): Condition => {
    const opens = peek()?.text
    if (opens !== 'not' && opens !== '(') return comparison()
    if (level === conditionLimits.levels) throw wrong(`at most ${level} levels of parentheses and not`)
    level++
    next++
    const inner: Condition = opens === 'not' ? { kind: 'not', of: one() } : within()
    level--
    return inner
  }
  const within = (): Condition => {
    const inner = either()
    if (peek()?.text !== ')') throw wrong('a closing parenthesis')
    next++
    return inner
  }
  const comparison = (): Condition => {
    const field = peek()
    if (++compared > conditionLimits.comparisons) throw wrong(`at most ${conditionLimits.comparisons} comparisons`)
    if (field === undefined || !isWord(field.text)) throw wrong('the name of a field')
    next++
    const by = comparisons.find(sign => sign === peek()?.text)
    if (by === undefined) throw wrong(`one of ${comparisons.join(' ')}`)
    next++
    const value = peek()
    if (value === undefined || !(isWord(value.text) || /\d/.test(value.text))) throw wrong('a number or a word')
    next++
    return { kind: 'compare', field: field.text, by, with: isWord(value.text) ? value.text : Number(value.text) }
  }
  const condition = either()
  if (peek() !== undefined) throw wrong('and, or, or the end')
  return condition
}

const isWord = (text: string): boolean => /^[A-Za-z_]/.test(text) && !['and', 'or', 'not'].includes(text)

function tokensOf(text: string, place: Place): Token[] {
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  while (text.slice(tokenPattern.lastIndex).trim() !== '') {
    const from = tokenPattern.lastIndex
    const found = tokenPattern.exec(text)
    if (found?.[1] === undefined) {
      const got = text.slice(from).trimStart()
      throw errorAt(place, text.length - got.length, 'a field, a comparison, a number or a word', got.trimEnd())
    }
    tokens.push({ text: found[1], at: tokenPattern.lastIndex - found[1].length })
  }
  return tokens
}

function errorAt({ file, line, column }: Place, at: number, expected: string, got: string): OperatorError {
  return new OperatorError({ what: `${file}:${line}:${column + at}`, expected, got })
}

/** The fields that a condition names. */
export function fieldsOf(condition: Condition): string[] {
  if (condition.kind === 'compare') return [condition.field]
  return condition.kind === 'not' ? fieldsOf(condition.of) : [...fieldsOf(condition.left), ...fieldsOf(condition.right)]
}

/** Whether it holds. A comparison with a field that is not there, or of a number with a word, holds for `!=` alone. */
export function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case 'not':
      return !holds(condition.of, facts)
    case 'compare':
      return compares(facts[condition.field], condition.by, condition.with)
    default: {
      const left = holds(condition.left, facts)
      return condition.kind === 'and' ? left && holds(condition.right, facts) : left || holds(condition.right, facts)
    }
  }
}

function compares(fact: Facts[string], by: Comparison, value: number | string): boolean {
  if (by === '=') return fact === value
  if (by === '!=') return fact !== value
  if (typeof fact !== 'number' || typeof value !== 'number') return false
  if (by === '<') return fact < value
  if (by === '<=') return fact <= value
  return by === '>' ? fact > value : fact >= value
}
