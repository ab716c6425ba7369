/** How an operator's command is read from JSON that a file or another process holds. */

import type { OperatorCommand } from '../../agents/index.js'
import type { TickInput } from '../../model/index.js'
import { type PortfolioName, portfolioNames } from '../../trading/index.js'

export type { OperatorCommand }

/** Most characters of a text in a command, and of its key; most limits that one command sets. */
const longestText = 500
const longestKey = 100
const mostLimits = 50
const mostListed = 1_000
const longestLockMs = 366 * 86_400_000

/** A command as an input of a tick. */
export function commandInput(command: OperatorCommand): TickInput {
  return { kind: 'operator', command } as TickInput
}

/** The command in parsed JSON; undefined where it holds none. What its names mean, the model checks. */
export function parseCommand(value: unknown): OperatorCommand | undefined {
  if (!isRecord(value)) return undefined
  const { do: action, reason, key } = value
  if (!isText(reason) || !(key === undefined || isText(key, longestKey))) return undefined
  const common = key === undefined ? { reason } : { reason, key }
  switch (action) {
    case 'halt':
    case 'resume':
      return { do: action, ...common }
    case 'unlock':
      return isText(value.id) ? { do: action, id: value.id, ...common } : undefined
    case 'close': {
      const { pair = null, portfolio = null } = value
      return isTextOrNull(pair) && isPortfolioOrNull(portfolio) ? { do: action, pair, portfolio, ...common } : undefined
    }
    case 'cancel': {
      const { what = null } = value
      return isTextOrNull(what) ? { do: action, what, ...common } : undefined
    }
    case 'lock': {
      const { pair, forMs = null } = value
      return isText(pair) && isSpanOrNull(forMs) ? { do: action, pair, forMs, ...common } : undefined
    }
    case 'blacklist': {
      const { names, lift = false } = value
      return isNames(names) && typeof lift === 'boolean' ? { do: action, names, lift, ...common } : undefined
    }
    case 'review':
      return isText(value.id) && typeof value.approve === 'boolean'
        ? { do: action, id: value.id, approve: value.approve, ...common }
        : undefined
    case 'set':
      return isLimits(value.limits) ? { do: action, limits: value.limits, ...common } : undefined
    default:
      return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown, longest = longestText): value is string {
  return typeof value === 'string' && value.length <= longest
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= mostListed && value.every(name => isText(name, longestKey))
}

/** Never `__proto__`. */
function isName(value: string): boolean {
  return value.length <= longestKey && !value.startsWith('_')
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value)
}

function isPortfolioOrNull(value: unknown): value is PortfolioName | null {
  return value === null || portfolioNames.includes(value as PortfolioName)
}

function isSpanOrNull(value: unknown): value is number | null {
  return value === null || (Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= longestLockMs)
}

/** Names with plain values: a number, a text, a list of texts, null, or texts by name. */
function isLimits(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false
  const entries = Object.entries(value)
  return entries.length > 0 && entries.length <= mostLimits && entries.every(([name, limit]) => isName(name) && isPlain(limit))
}

function isPlain(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'boolean' || Number.isFinite(value) || isText(value)) return true
  if (depth === 3) return false
  if (Array.isArray(value)) return value.length <= mostListed && value.every(each => isPlain(each, depth + 1))
  if (!isRecord(value)) return false
  const entries = Object.entries(value)
  return entries.length <= mostListed && entries.every(([name, each]) => isName(name) && isPlain(each, depth + 1))
}
