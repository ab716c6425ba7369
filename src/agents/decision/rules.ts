/** Rules of a user as a table: `id,priority,when,action,value,until`. The first that holds, by priority, decides. */

import { OperatorError, type TimeMs, unknownName } from '../../core/index.js'
import { Cells, parseTime, shapeError } from '../../market/index.js'
import { type Condition, type Facts, fieldsOf, holds, parseCondition } from './condition.js'

/** What a rule does: it forbids entries, lets them pass, or multiplies their size by its value. */
export const ruleActions = ['refuse', 'allow', 'size'] as const
export type RuleAction = (typeof ruleActions)[number]

export interface UserRule {
  readonly id: string
  /** Higher ones are asked first; of equal ones the earlier row. */
  readonly priority: number
  readonly when: Condition
  readonly action: RuleAction
  /** Of `size`: what the size is multiplied by, 0 to 1; else 1. */
  readonly value: number
  /** The last instant at which it holds; null: for ever. */
  readonly until: TimeMs | null
}

const columns = ['id', 'priority', 'when', 'action', 'value', 'until'] as const
const COMMA = 44

export const ruleLimits = {
  /** Rules of one file. */
  rules: 1_000,
  /** Characters of one file. */
  characters: 1_000_000,
} as const

/** Reads rules; `known`: the fields that a condition may name. @throws OperatorError with file:line:column. */
export function parseRules(text: string, file: string, known: readonly string[]): UserRule[] {
  if (text.length > ruleLimits.characters)
    throw new OperatorError({ what: file, expected: `at most ${ruleLimits.characters} characters`, got: text.length })
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(line => (line.endsWith('\r') ? line.slice(0, -1) : line))
  const cells = new Cells()
  const rules: UserRule[] = []
  const ids = new Set<string>()
  for (const [i, line] of lines.entries()) {
    if (line === '' && i > 0) continue
    if (!cells.cut(line, 0, line.length, COMMA) || cells.count !== columns.length)
      throw shapeError(file, i + 1, 1, `the columns ${columns.join(',')}`, line)
    cells.unquote(line)
    if (i === 0) checkHeader(line, cells, file)
    else rules.push(ruleOf(new Row(line, i + 1, file, cells), known, ids))
    if (rules.length > ruleLimits.rules) throw shapeError(file, i + 1, 1, `at most ${ruleLimits.rules} rules`, 'one more')
  }
  return rules.sort((a, b) => b.priority - a.priority)
}

/** One row with its places. */
class Row {
  constructor(
    private readonly text: string,
    readonly line: number,
    readonly file: string,
    private readonly cells: Cells,
  ) {}

  cell(name: (typeof columns)[number]): string {
    return this.cells.text(this.text, columns.indexOf(name))
  }

  column(name: (typeof columns)[number]): number {
    return (this.cells.from[columns.indexOf(name)] ?? 0) + 1
  }

  wrong(name: (typeof columns)[number], expected: string): OperatorError {
    return shapeError(this.file, this.line, this.column(name), expected, this.cell(name) || 'nothing')
  }
}

function checkHeader(line: string, cells: Cells, file: string): void {
  columns.forEach((name, i) => {
    const got = cells.text(line, i)
    if (got !== name) throw shapeError(file, 1, (cells.from[i] ?? 0) + 1, `the column ${name}`, got || 'nothing')
  })
}

function ruleOf(row: Row, known: readonly string[], ids: Set<string>): UserRule {
  const id = row.cell('id')
  if (!/^[\w-]{1,64}$/.test(id)) throw row.wrong('id', 'letters, digits, _ and -')
  if (ids.has(id)) throw row.wrong('id', 'an id that no other row has')
  ids.add(id)
  const priority = /^-?\d+$/.test(row.cell('priority')) ? Number(row.cell('priority')) : Number.NaN
  if (!Number.isSafeInteger(priority)) throw row.wrong('priority', 'a whole number')
  const action = ruleActions.find(name => name === row.cell('action'))
  if (action === undefined) throw row.wrong('action', `one of ${ruleActions.join(', ')}`)
  return { id, priority, when: conditionOf(row, known), action, value: sizeOf(row, action), until: untilOf(row) }
}

function conditionOf(row: Row, known: readonly string[]): Condition {
  const place = { file: row.file, line: row.line, column: row.column('when') }
  const condition = parseCondition(row.cell('when'), place)
  for (const field of fieldsOf(condition))
    if (!known.includes(field)) {
      const column = place.column + row.cell('when').search(new RegExp(`\\b${field}\\b`))
      throw unknownName(`field at ${place.file}:${place.line}:${column}`, field, known)
    }
  return condition
}

function sizeOf(row: Row, action: RuleAction): number {
  const text = row.cell('value')
  if (action !== 'size') {
    if (text !== '') throw row.wrong('value', `nothing, as the action ${action} has no value`)
    return 1
  }
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= 0 && value <= 1)) throw row.wrong('value', 'a number from 0 to 1')
  return value
}

function untilOf(row: Row): TimeMs | null {
  const text = row.cell('until')
  if (text === '') return null
  const time = parseTime(text, 0, text.length)
  if (!(time >= 0)) throw row.wrong('until', 'a time such as 2024-01-01T00:00:00Z, or nothing')
  return time
}

/** What the rules make of an entry. */
export interface Ruling {
  /** The rule that decided; null: none held. */
  readonly id: string | null
  readonly refuses: boolean
  /** What the size is multiplied by. */
  readonly size: number
}

const unruled: Ruling = { id: null, refuses: false, size: 1 }

/** The first rule that holds decides. */
export function ruleFor(rules: readonly UserRule[], facts: Facts, time: TimeMs): Ruling {
  for (const { id, when, action, value, until } of rules)
    if ((until === null || time <= until) && holds(when, facts)) return { id, refuses: action === 'refuse', size: value }
  return unruled
}
