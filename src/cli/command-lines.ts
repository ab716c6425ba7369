/** The latest commands of operators, a line each. */

import type { LiveStatus } from '../world/index.js'
import { duration } from './text.js'

/** Commands that are listed. */
const mostListed = 5

/** Of a status that an older release wrote, `pending` is missing. */
type CommandFacts = Pick<LiveStatus, 'commands' | 'updatedAt'> & Partial<Pick<LiveStatus, 'pending'>>

/** Empty where nobody said anything. */
export function commandLines({ commands, pending = [], updatedAt }: CommandFacts): string {
  const lines = commands.slice(-mostListed).map(({ command, reason, outcome, refused, time }) => {
    return `  ${command}, ${duration(updatedAt - time)} ago (${reason}): ${refused ? 'refused: ' : ''}${outcome}\n`
  })
  const waiting = pending.slice(-mostListed).map(({ command, reason }) => `  ${command} (${reason})\n`)
  return listed('Commands of operators', lines) + listed('Commands that wait for the first tick', waiting)
}

function listed(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${head}:\n${lines.join('')}`
}
