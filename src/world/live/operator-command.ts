/** The operator's commands, and how one is read from JSON that a file or another process holds. */

export interface OperatorCommand {
  readonly do: 'halt' | 'resume'
  readonly reason: string
}

const longestReason = 500

/** The command in parsed JSON; undefined where it holds none. */
export function parseCommand(value: unknown): OperatorCommand | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { do: action, reason } = value as Record<string, unknown>
  if ((action !== 'halt' && action !== 'resume') || typeof reason !== 'string' || reason.length > longestReason) return undefined
  return { do: action, reason }
}
