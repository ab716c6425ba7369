/** `mycelia data`: checks candle files and databases, converts them to the layout of this release, makes synthetic ones. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { JournalCheck } from '../../storage/index.js'
import type { Io } from '../io.js'
import { instant, list, place, wholeNumber, yamlMap } from '../options.js'
import { grouped, leftColumns } from '../text.js'
import { checkNotes, checkText } from './data-check-text.js'
import { exportVerb } from './data-export.js'
import { fetchVerb } from './data-fetch.js'

const instrumentsFile = yamlMap('--instruments', 'AAPL: { session: NYSE }')

export function dataVerb(program: Command, io: Io): void {
  const data = program
    .command('data')
    .summary('check, migrate, import, download or make data')
    .description('Works on market files and databases.')
  checkVerb(data, io)
  migrateVerb(data, io)
  importVerb(data, io)
  exportVerb(data, io)
  fetchVerb(data, io)
  synthVerb(data, io)
}

function checkVerb(data: Command, io: Io): void {
  data
    .command('check')
    .summary('look candle files, a database or a run over')
    .description(
      'Reads candle files row by row and says what they cover, what is odd, what is wrong, and whether sources of one pair agree; or checks a trades.db or mycelial_patterns.db; or compares the files of a run that has ended with its manifest, and names the first step at which its decisions are not as they were written. Changes nothing.',
    )
    .argument('<path>', 'a candle file, a folder of them, a zip, a .db file, or the directory of a run')
    .option(
      '--timezone <name>',
      'the zone of times without an offset, e.g. Europe/Berlin (default: that of the pair’s session, else UTC)',
    )
    .option('--instruments <file>', 'instruments of your own, from a YAML file', instrumentsFile)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia data check candles/\n  mycelia data check runs/trifecta/latest\n  mycelia data check runs/trifecta/latest/trades.db\n',
    )
    .action((path: string, options: CheckOptions) => {
      if (path.endsWith('.db')) return checkDatabaseFile(path, options, io)
      return existsSync(join(path, 'manifest.json')) ? checkRunFiles(path, options, io) : checkCandles(path, options, io)
    })
}

interface CheckOptions {
  json?: boolean
  timezone?: string
  instruments?: Record<string, unknown>
}

async function checkCandles(path: string, { json, timezone, instruments }: CheckOptions, io: Io): Promise<void> {
  const { checkData } = await import('../../feed/index.js')
  const { instrumentTable } = await import('../../world/index.js')
  const check = await checkData(path, { timezone, instruments: instrumentTable(instruments) })
  const [first] = check.files.filter(file => file.problem !== undefined)
  io.out(json ? `${JSON.stringify(check)}\n` : checkText(check))
  for (const note of json ? [] : checkNotes(check)) io.err(`${note}\n`)
  if (first !== undefined) throw new OperatorError({ what: `${path} is not ready for a run (${first.problem})` })
}

async function checkDatabaseFile(path: string, { json }: { json?: boolean }, io: Io): Promise<void> {
  const { checkDatabase } = await import('../../storage/index.js')
  const check = checkDatabase(path)
  const rows = Object.entries(check.rows).map(([table, n]) => `${grouped(n)} ${table}`)
  const problems = check.problems.map(problem => `  ${problem}\n`).join('')
  io.out(
    json ? `${JSON.stringify(check)}\n` : `${path}: ${check.kind}, version ${check.version}, ${rows.join(', ')}\n${problems}`,
  )
  if (check.problems.length > 0) throw new OperatorError({ what: `${path} has ${check.problems.length} problems` })
}

async function checkRunFiles(path: string, { json }: { json?: boolean }, io: Io): Promise<void> {
  const { checkRun } = await import('../../storage/index.js')
  const check = await checkRun(path)
  const rows = Object.entries(check.rows).map(([table, n]) => `${grouped(n)} ${table}`)
  const records = Object.entries(check.records).map(([table, { head }]) => `  ${table} as they were written, head ${head}\n`)
  const problems = check.problems.map(problem => `  ${problem}\n`)
  const journal = check.journal === undefined ? [] : [journalText(check.journal)]
  io.out(json ? `${JSON.stringify(check)}\n` : [`${path}: ${rows.join(', ')}\n`, ...records, ...journal, ...problems].join(''))
  if (check.problems.length > 0) throw new OperatorError({ what: `${path} has ${check.problems.length} problems` })
}

function journalText({ from, to, segments, problems }: JournalCheck): string {
  const ticks =
    from === 0 ? `all ${grouped(to)} ticks` : `the ticks after ${grouped(from)} up to ${grouped(to)}; those before were dropped`
  const how = problems.length === 0 ? 'as they were written, and sums agree' : 'not all as they were written'
  return `  the journal has ${ticks}, in ${segments} segments and the ledger, ${how}\n`
}

function migrateVerb(data: Command, io: Io): void {
  data
    .command('migrate')
    .summary('bring an older database to this release')
    .description("Adds this release's columns to an older trades.db or mycelial_patterns.db. A current one is left alone.")
    .argument('<database>', 'a .db file')
    .addHelpText('after', '\nExamples:\n  mycelia data migrate trades.db\n')
    .action(async (path: string) => {
      const { migrateDatabase } = await import('../../storage/index.js')
      const { kind, from, to } = migrateDatabase(path)
      io.out(from === to ? `${path}: ${kind}, version ${to} already.\n` : `${path}: ${kind}, version ${from} is now ${to}.\n`)
    })
}

interface ImportOptions {
  into: string
  timeframe: string
  pairs?: string[]
  from?: number
  to?: number
  timezone?: string
  instruments?: Record<string, unknown>
}

function importVerb(data: Command, io: Io): void {
  data
    .command('import')
    .summary("rewrite candle files in Kraken's layout")
    .description("Picks files as a run would and writes one a pair in Kraken's OHLCVT layout.")
    .argument('<path>', 'a candle file, a folder of them, or a zip')
    .requiredOption('--into <folder>', 'where to write; no file is overwritten', place('--into'))
    .option('--timeframe <bar>', 'the bar', '1h')
    .option('--pairs <list>', 'pairs, with commas between', list('--pairs'))
    .option('--from <time>', 'first bar', instant('--from'))
    .option('--to <time>', 'last bar', instant('--to'))
    .option(
      '--timezone <name>',
      'the zone of times without an offset, e.g. Europe/Berlin (default: that of the pair’s session, else UTC)',
    )
    .option('--instruments <file>', 'instruments of your own, from a YAML file', instrumentsFile)
    .addHelpText('after', '\nExamples:\n  mycelia data import downloads/ --into candles/ --timeframe 1h\n')
    .action(async (path: string, { instruments, ...options }: ImportOptions) => {
      const { importCandles } = await import('../../feed/index.js')
      const { instrumentTable } = await import('../../world/index.js')
      const { files, notes } = await importCandles({ path, ...options, instruments: instrumentTable(instruments) })
      const from = (sources: readonly unknown[]) => (sources.length === 1 ? 'from 1 file' : `from ${sources.length} files`)
      io.out(leftColumns(files.map(file => [file.pair, `${grouped(file.rows)} rows`, file.path, from(file.sources)])))
      for (const note of notes) io.err(`${note}\n`)
    })
}

interface SynthOptions {
  out: string
  scenario: string
  seed: number
  bars: number
  timeframe?: string
  pairs?: string[]
}

function synthVerb(data: Command, io: Io): void {
  data
    .command('synth')
    .summary('write a synthetic market as files')
    .description("Writes a scenario's synthetic market as Kraken OHLCVT files, and its moat streams for --moats.")
    .requiredOption('--out <folder>', 'a new or empty folder', place('--out'))
    .option('--scenario <name>', 'whose market, planted causes included', 'trifecta')
    .option('--seed <n>', 'root of all chance', wholeNumber('--seed', 0), 1)
    .option('--bars <n>', 'bars a pair', wholeNumber('--bars', 1), 5_000)
    .option('--timeframe <bar>', 'the bar')
    .option('--pairs <list>', 'pairs, with commas between', list('--pairs'))
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia data synth --out made/ --seed 7\n  mycelia run trifecta --market made/ --moats made/moats\n',
    )
    .action(async ({ bars, out, ...request }: SynthOptions) => {
      const { makeCandleFiles, planRun } = await import('../../world/index.js')
      const { market, scenario } = await planRun(request)
      if (market?.kind !== 'synthetic') {
        throw new OperatorError({ what: '--scenario', expected: 'one with a synthetic market', got: scenario.name })
      }
      const made = await makeCandleFiles(market.source, bars, out)
      io.out(`${made.length} files in ${out}, ${grouped(bars)} bars a pair.\n`)
    })
}
