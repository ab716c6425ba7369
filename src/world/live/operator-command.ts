/** The operator's commands, and how one is read from JSON that a file or another process holds. */

export type OperatorCommand =
  | { readonly do: 'halt' | 'resume'; readonly reason: string }
  /** Ends one lock, by its id. */
  | { readonly do: 'unlock'; readonly id: string; readonly reason: string }

const longestReason = 500

/** The command in parsed JSON; undefined where it holds none. */
export function parseCommand(value: unknown): OperatorCommand | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { do: action, reason, id } = value as Record<string, unknown>
  if (typeof reason !== 'string' || reason.length > longestReason) return undefined
  if (action === 'halt' || action === 'resume') return { do: action, reason }
  return action === 'unlock' && typeof id === 'string' && id.length <= longestReason ? { do: action, id, reason } : undefined
}
