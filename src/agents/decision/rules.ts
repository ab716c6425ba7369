/** Rules of a user as a table: `id,priority,when,action,value,until`. The first that holds, by priority, decides. */

import { type TimeMs, unknownName } from '../../core/index.js'
import { parseTime } from '../../market/index.js'
import { type Condition, type Facts, fieldsOf, holds, parseCondition } from './condition.js'
import { type Row, readRows } from './rows.js'

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

export const ruleLimits = {
  /** Rules of one file. */
  rules: 1_000,
  /** Characters of one file. */
  characters: 1_000_000,
} as const

/** Reads rules; `known`: the fields that a condition may name. @throws OperatorError with file:line:column. */
export function parseRules(text: string, file: string, known: readonly string[]): UserRule[] {
  const rules: UserRule[] = []
  const ids = new Set<string>()
  const most = { rows: ruleLimits.rules, characters: ruleLimits.characters }
  readRows({ text, file, columns, most }, row => rules.push(ruleOf(row, known, ids)))
  return rules.sort((a, b) => b.priority - a.priority)
}

type RuleRow = Row<(typeof columns)[number]>

function ruleOf(row: RuleRow, known: readonly string[], ids: Set<string>): UserRule {
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

function conditionOf(row: RuleRow, known: readonly string[]): Condition {
  const place = { file: row.file, line: row.line, column: row.column('when') }
  const condition = parseCondition(row.cell('when'), place)
  for (const field of fieldsOf(condition))
    if (!known.includes(field)) {
      const column = place.column + row.cell('when').search(new RegExp(`\\b${field}\\b`))
      throw unknownName(`field at ${place.file}:${place.line}:${column}`, field, known)
    }
  return condition
}

function sizeOf(row: RuleRow, action: RuleAction): number {
  const text = row.cell('value')
  if (action !== 'size') {
    if (text !== '') throw row.wrong('value', `nothing, as the action ${action} has no value`)
    return 1
  }
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= 0 && value <= 1)) throw row.wrong('value', 'a number from 0 to 1')
  return value
}

function untilOf(row: RuleRow): TimeMs | null {
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
