/** The operators' commands to a live run, and what came of each. */

import type { Commands, ListedCommand, ReportData, TradingData } from '../data.js'
import { instant, integer } from '../format.js'
import { type Html, html } from '../html.js'
import { sectionOf, type TableCell, table } from '../parts.js'

/** Nothing for a run to which nobody said anything. */
export function commandsSection({ trading: { commands } }: ReportData & { trading: TradingData }): Html {
  if (commands.commandCount === 0) return html``
  return sectionOf({
    id: 'commands',
    title: 'Commands',
    lead: html`What operators said while it ran. Each command is an input of a tick, so a replay hears it again.`,
    body: commandTable(commands),
  })
}

function commandTable({ commands, commandCount }: Commands): Html {
  const some = commands.length < commandCount ? `, the latest ${commands.length} of ${integer(commandCount)}` : ''
  return table({
    caption: `Commands${some}`,
    columns: [{ label: 'time' }, { label: 'command' }, { label: 'why' }, { label: 'what came of it' }],
    rows: commands.map(commandRow),
  })
}

function commandRow({ time, command, reason, outcome, refused }: ListedCommand): TableCell[] {
  const show = { show: instant(new Date(time).toISOString()), by: time }
  return [show, html`<code>${command}</code>`, reason, refused ? `Refused: ${outcome}` : outcome]
}
