/** Parameters: a zod object checked once, with errors a person can act on. */

import { z } from 'zod'
import { OperatorError, unknownName } from '../core/index.js'

/** The checked parameters, defaults filled in; throws an `OperatorError` naming key, expected, got. */
export function parseParameters<P extends z.ZodType>(schema: P, given: unknown = {}): z.output<P> {
  const fields = fieldsOf(schema)
  if (typeof given === 'object' && given !== null && fields.size > 0) {
    for (const key of Object.keys(given)) if (!fields.has(key)) throw unknownName('parameter', key, fields.keys())
  }
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = issue?.path.map(String).join('.') ?? ''
  throw new OperatorError({
    what: `parameter "${path}"`,
    expected: expectation(issue),
    got: valueAt(given, issue?.path ?? []),
    next: '"mycelia list <scenario>" tells what each parameter is.',
  })
}

/** Name → schema of each parameter. */
export function fieldsOf(schema: z.ZodType): Map<string, z.ZodType> {
  return new Map(schema instanceof z.ZodObject ? Object.entries(schema.shape as Record<string, z.ZodType>) : [])
}

function expectation(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'unrecognized_keys':
      return `no ${issue.keys.map(key => `"${key}"`).join(', ')}`
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    default:
      return issue?.message ?? 'a valid value'
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value
  for (const key of path) at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined
  return at
}
