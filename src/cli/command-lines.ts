/** The latest commands of operators, a line each. */

import type { LiveStatus } from '../world/index.js'
import { duration } from './text.js'

/** Commands that are listed. */
const mostListed = 5

/** Empty where nobody said anything. */
export function commandLines({ commands, updatedAt }: Pick<LiveStatus, 'commands' | 'updatedAt'>): string {
  const lines = commands.slice(-mostListed).map(({ command, reason, outcome, refused, time }) => {
    return `  ${command}, ${duration(updatedAt - time)} ago (${reason}): ${refused ? 'refused: ' : ''}${outcome}\n`
  })
  return lines.length === 0 ? '' : `Commands of operators:\n${lines.join('')}`
}
