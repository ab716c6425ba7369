/** Parameters: a zod object checked once, with errors a person can act on. */

import { ZodObject, type z } from 'zod'
import { canonicalJson, explain, OperatorError, unknownName } from '../core/index.js'

/**
 * The checked parameters, defaults filled in. They never change: objects and lists are copied and frozen. Throws an
 * `OperatorError` that names key, expected and got of all that are wrong.
 */
export function parseParameters<P extends z.ZodType>(schema: P, given: unknown = {}): z.output<P> {
  const fields = fieldsOf(schema)
  const unknown = unknownKeys(given, fields)
  const result = schema.safeParse(given)
  if (result.success && unknown.length === 0) return frozen(result.data) as z.output<P>
  const issues = result.error?.issues ?? []
  const problems = [
    ...unknown.map(key => unknownName('parameter', key, fields.keys())),
    ...issues.filter(issue => !isOf(issue, unknown)).map(issue => wrongValue(issue, given)),
  ]
  throw problems.length === 1 ? problems[0] : severalProblems(problems)
}

/** The same schema, in which these values are the standard ones; names, ranges and descriptions stay. */
export function withDefaults<P extends z.ZodObject>(schema: P, defaults: z.input<P>): P {
  // A default is not parsed again, so what a part leaves out is filled in here.
  const whole = parseParameters(schema, defaults) as Record<string, unknown>
  const changed = Object.keys(defaults).map(name => {
    const field = schema.shape[name] as z.ZodType
    const { description } = field
    const changed = field.default(whole[name])
    return [name, description === undefined ? changed : changed.describe(description)]
  })
  return schema.extend(Object.fromEntries(changed)) as unknown as P
}

/**
 * The parameters with another value of one, checked as a whole. Throws an `OperatorError` for a key that is unknown or may not change,
 * and for a value that the schema refuses.
 */
export function changedParameters<P extends z.ZodType>(schema: P, params: unknown, key: string, value: unknown): z.output<P> {
  const fields = fieldsOf(schema)
  const field = fields.get(key)
  if (field === undefined) throw unknownName('parameter', key, fields.keys())
  if (!isChangeable(field)) throw fixed(key, fields)
  const moved = parseParameters(schema, { ...(params as object), [key]: value })
  // What a schema transforms would be transformed again at each move.
  if (canonicalJson(parseParameters(schema, moved)) !== canonicalJson(moved)) throw fixed(key, fields)
  return moved
}

/** Whether a parameter may be moved while a run goes on: its schema, or what that wraps, has `.meta({ changeable: true })`. */
function isChangeable(schema: z.ZodType): boolean {
  if (schema.meta()?.changeable === true) return true
  const { innerType } = schema._zod.def as { innerType?: z.ZodType }
  return innerType !== undefined && isChangeable(innerType)
}

function fixed(key: string, fields: ReadonlyMap<string, z.ZodType>): OperatorError {
  const names = [...fields].flatMap(([name, field]) => (isChangeable(field) ? [name] : []))
  return new OperatorError({
    what: `parameter "${key}"`,
    expected: `one that may change: ${names.join(', ') || 'none'}`,
    next: 'Begin another run, or end its schema with .meta({ changeable: true }).',
  })
}

function unknownKeys(given: unknown, fields: ReadonlyMap<string, unknown>): string[] {
  if (typeof given !== 'object' || given === null || fields.size === 0) return []
  return Object.keys(given).filter(key => !fields.has(key))
}

/** Whether an issue of zod says no more than that keys are unknown. */
function isOf(issue: z.core.$ZodIssue, unknown: readonly string[]): boolean {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0 && issue.keys.every(key => unknown.includes(key))
}

function wrongValue(issue: z.core.$ZodIssue, given: unknown): OperatorError {
  return new OperatorError({
    what: issue.path.length === 0 ? 'the parameters together' : `parameter "${issue.path.map(String).join('.')}"`,
    expected: expectation(issue),
    got: valueAt(given, issue.path),
    next: '"mycelia list <scenario>" tells what each parameter is.',
  })
}

function severalProblems(problems: readonly OperatorError[]): OperatorError {
  const texts = problems.map(({ explanation: { what, expected, got, next } }) => {
    const isUnknown = expected === undefined
    return `\n  ${explain({ what, ...(expected !== undefined && { expected }), got, ...(isUnknown && next !== undefined && { next }) })}`
  })
  return new OperatorError({
    what: `${problems.length} parameters are wrong`,
    next: `They are:${texts.join('')}\n  "mycelia list <scenario>" tells what each parameter is.`,
  })
}

/** JavaScript's own error for a write to what is frozen does not say that parameters are: this says so, and what to do instead. */
export function explainWrite(error: unknown, params: unknown): unknown {
  if (!(error instanceof TypeError)) return error
  const [, verb, name = ''] = /^Cannot (assign|add|delete)\b.* property '?([^',]+)/.exec(error.message) ?? []
  if (verb === undefined) return error
  const isParameter = namesIn(params).has(name)
  const explanation = isParameter
    ? { what: `the parameter "${name}" was overwritten`, expected: 'the value that the run began with' }
    : { what: error.message, expected: 'no change of a parameter or another frozen object' }
  return new OperatorError({ ...explanation, next: 'Keep what changes in a field of the model.' }, { cause: error })
}

/** The names of parameters, and of what lies within them. */
function namesIn(value: unknown): Set<string> {
  if (typeof value !== 'object' || value === null) return new Set()
  return new Set(Object.entries(value).flatMap(([name, each]) => [name, ...namesIn(each)]))
}

/** A copy of plain objects and lists that nobody can change; what else there is stays as given. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(frozen))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, frozen(each)])))
}

/** Name → schema of each parameter. */
export function fieldsOf(schema: z.ZodType): Map<string, z.ZodType> {
  return new Map(schema instanceof ZodObject ? Object.entries(schema.shape as Record<string, z.ZodType>) : [])
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
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
      return issue.message
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value
  for (const key of path) at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined
  return at
}
