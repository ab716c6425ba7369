/** The operators' commands to a live run, and what came of each. */

import type { TradingReport } from '../data.js'
import { instant, integer } from '../format.js'
import { type Section, table } from '../panels.js'

/** Nothing for a run to which nobody said anything. */
export function commandsSection({ trading: { commands: said } }: TradingReport): Section[] {
  const { commands, commandCount } = said
  if (commandCount === 0) return []
  const rows = commands.map(({ time, command, reason, outcome, refused }) => ({
    time: instant(new Date(time).toISOString()),
    command,
    why: reason,
    'what came of it': refused ? `Refused: ${outcome}` : outcome,
  }))
  const some = commands.length < commandCount ? `The latest ${commands.length} of ${integer(commandCount)}.` : ''
  const lead = 'What operators said while it ran. Each command is an input of a tick, so a replay hears it again.'
  return [{ id: 'commands', title: 'Commands', lead, panels: [table('Commands of operators', rows, { about: some })] }]
}
