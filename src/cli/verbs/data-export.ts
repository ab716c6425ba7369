/** `mycelia data export`: a table of a run as CSV or JSON lines. */

import { join } from 'node:path'
import { type Command, Option } from 'commander'
import type { ExportRequest } from '../../storage/index.js'
import type { Io } from '../io.js'
import { place } from '../options.js'
import { grouped } from '../text.js'

interface Options extends Pick<ExportRequest, 'table'> {
  as: ExportRequest['as'] | 'nettrace'
  out?: string
}

export function exportVerb(data: Command, io: Io): void {
  data
    .command('export')
    .summary('write a table of a run as CSV or JSON lines')
    .description(
      'Writes a table of a run that has ended as text: trades, decisions, inputs, or what its model collected. Times of the first three are ISO 8601, UTC. In CSV a text that a spreadsheet would run as a formula gets a quote before it. No file is overwritten. As nettrace, a run of latency signals becomes signals.db, agents.db, traceroute.db and trader.db in a folder, which are derived, and made anew each time.',
    )
    .argument('<run>', 'the directory of a run')
    .addOption(new Option('--table <name>', 'which table: model, agents, trades …').default('trades'))
    .addOption(new Option('--as <format>', 'which format').choices(['csv', 'jsonl', 'nettrace']).default('csv'))
    .option(
      '--out <file>',
      'a new file (default: the table’s name here, historical_trades for trades, with the ending of the format); as nettrace a folder (default: nettrace in the run)',
      place('--out'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia data export runs/trifecta/latest\n  mycelia data export runs/schelling/latest --table model\n  mycelia data export runs/trifecta/latest --table decisions --as jsonl --out decisions.jsonl\n  mycelia data export runs/nettrace/latest --as nettrace\n',
    )
    .action(async (run: string, { table, as, out: given }: Options) => {
      if (as === 'nettrace') return exportDatabases(run, given, io)
      const out = given ?? `${table === 'trades' ? 'historical_trades' : table}.${as}`
      const { exportTable } = await import('../../storage/index.js')
      const rows = await exportTable({ run, table, as, out })
      io.out(`${grouped(rows)} ${table} in ${out}.\n`)
    })
}

/** The databases are derived: those of an earlier time are replaced. */
async function exportDatabases(run: string, folder = join(run, 'nettrace'), io: Io): Promise<void> {
  const { writeNettraceDatabases } = await import('../../storage/index.js')
  for (const { path, rows } of await writeNettraceDatabases(run, folder)) {
    const counts = Object.entries(rows).map(([table, n]) => `${grouped(n)} ${table}`)
    io.out(`${path}: ${counts.join(', ')}.\n`)
  }
}
