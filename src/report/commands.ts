/** What operators said to a live run, as its table of commands has it. */

import { type Columns, readTable } from '../storage/index.js'
import type { Commands, ListedCommand } from './data.js'
import { reportLimits } from './limits.js'

export async function readCommands(path: string): Promise<Commands> {
  const columns: Columns = (await readTable(path, 'all')) ?? {}
  const all = (columns.time ?? []).map((time, i): ListedCommand => {
    const text = (name: string) => String(columns[name]?.[i] ?? '')
    const refused = columns.refused?.[i] === true
    return { time: Number(time), command: text('command'), reason: text('reason'), outcome: text('outcome'), refused }
  })
  return { commands: all.slice(-reportLimits.commands), commandCount: all.length }
}
