/** `mycelia tokens check|show|export|import|schema`: the archive itself, and snapshots as files. */

import { type Command, Option } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { SnapshotFormat } from '../../storage/index.js'
import type { Io } from '../io.js'
import { place } from '../options.js'
import { grouped, leftColumns } from '../text.js'

export function filesVerbs(tokens: Command, io: Io): void {
  checkVerb(tokens, io)
  showVerb(tokens, io)
  exportVerb(tokens, io)
  importVerb(tokens, io)
  schemaVerb(tokens, io)
}

function checkVerb(tokens: Command, io: Io): void {
  tokens
    .command('check')
    .summary('look an archive over')
    .description(
      'Whether every row is as it was written, every paper fill has one decision, and every decision is what its snapshots lead to. Changes nothing.',
    )
    .argument('<archive>', 'the folder of an archive')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  mycelia tokens check archive/\n')
    .action(async (path: string, { json }: { json?: boolean }) => {
      const { ArchiveReader, requireArchive } = await import('../../storage/index.js')
      const { checkArchive } = await import('../../world/index.js')
      requireArchive(path)
      const archive = ArchiveReader.open(path)
      try {
        const check = checkArchive(archive)
        const { snapshots, cycles, decisions, fills, problems } = check
        const counts = `${grouped(snapshots)} snapshots, ${grouped(cycles)} cycles, ${grouped(decisions)} decisions, ${grouped(fills)} fills`
        io.out(json ? `${JSON.stringify(check)}\n` : `${path}: ${counts}\n${problems.map(problem => `  ${problem}\n`).join('')}`)
        if (problems.length > 0) throw new OperatorError({ what: `${path} has ${problems.length} problems` })
      } finally {
        archive.close()
      }
    })
}

function showVerb(tokens: Command, io: Io): void {
  tokens
    .command('show')
    .summary('say who is in an archive')
    .description('The newest snapshot of each user: when it was fetched, and what is in it.')
    .argument('<archive>', 'the folder of an archive')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  mycelia tokens show archive/\n')
    .action(async (path: string, { json }: { json?: boolean }) => {
      const { newestSnapshots } = await import('../../storage/index.js')
      const newest = newestSnapshots(path)
      if (json) return io.out(`${JSON.stringify(Object.fromEntries(newest))}\n`)
      const lines = [...newest].map(([user, { profile, balances, marketData, last_fetched_at: at }]) => [
        user,
        profile.style,
        new Date(at).toISOString(),
        balances.map(({ asset, amount }) => `${amount} ${asset}`).join(', '),
        `${grouped(marketData.length)} tokens`,
      ])
      io.out(leftColumns(lines))
    })
}

interface ExportOptions {
  into: string
  as: SnapshotFormat | 'csv'
}

function exportVerb(tokens: Command, io: Io): void {
  tokens
    .command('export')
    .summary('write snapshots as files, or paper trades as CSV')
    .description(
      'Writes the newest snapshot of each user as user_<id>.json, .toon or .pb, readable by their owner alone; as csv the paper trades as historical_trades.csv. In CSV a text that a spreadsheet would run as a formula gets a quote before it.',
    )
    .argument('<archive>', 'the folder of an archive')
    .requiredOption('--into <folder>', 'where to write', place('--into'))
    .addOption(new Option('--as <format>', 'which form').choices(['json', 'toon', 'pb', 'csv']).default('json'))
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia tokens export archive/ --into snapshots/\n  mycelia tokens export archive/ --as csv --into .\n',
    )
    .action(async (path: string, { into, as }: ExportOptions) => {
      const { exportSnapshots, exportPaperTrades } = await import('../../storage/index.js')
      const files = as === 'csv' ? exportPaperTrades(path, into) : await exportSnapshots(path, into, as)
      for (const file of files) io.out(`${file}\n`)
    })
}

function importVerb(tokens: Command, io: Io): void {
  tokens
    .command('import')
    .summary('take snapshot files into an archive')
    .description('Reads files of any of the three forms, in the order of their times. All of them are read before any is kept.')
    .argument('<archive>', 'a folder; made where it is not there')
    .argument('<files...>', 'snapshot files')
    .addHelpText('after', '\nExamples:\n  mycelia tokens import archive/ user_alice.json user_bob.pb\n')
    .action(async (path: string, files: string[]) => {
      const { importSnapshots } = await import('../../storage/index.js')
      const { read, kept } = await importSnapshots(path, files)
      io.out(`${grouped(kept)} of ${grouped(read)} snapshots are new in ${path}.\n`)
    })
}

function schemaVerb(tokens: Command, io: Io): void {
  tokens
    .command('schema')
    .summary('print the schema of snapshots')
    .description('The schema as JSON Schema, or as a .proto file whose field numbers never change.')
    .addOption(new Option('--as <format>', 'which form').choices(['json', 'proto']).default('json'))
    .addHelpText('after', '\nExamples:\n  mycelia tokens schema --as proto\n')
    .action(async ({ as }: { as: 'json' | 'proto' }) => {
      const { snapshotJsonSchema, snapshotProto } = await import('../../storage/index.js')
      io.out(as === 'proto' ? snapshotProto() : `${JSON.stringify(snapshotJsonSchema(), null, 2)}\n`)
    })
}
