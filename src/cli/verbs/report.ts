/** `mycelia report`: writes a run's report.html from the files in its directory, or serves the same page while the run goes on. */

import { join } from 'node:path'
import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import { complianceText } from '../compliance-text.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { port } from '../options.js'
import { defaultPort } from '../watch/default-port.js'
import { onlyWithWatch } from '../watch/only-with-watch.js'

interface Options {
  follow?: boolean
  compliance?: boolean
  json?: boolean
  port?: number
  listen?: string
  open?: boolean
}

export function reportVerb(program: Command, io: Io): void {
  program
    .command('report')
    .summary('write the report of a run again, or follow it')
    .description(
      'Writes report.html of a run again, from its manifest, tables and patterns. Of a live run that goes on it tells what is on disk, and up to when. With --follow the same page is served, and follows the run.',
    )
    .argument('<run-dir>', 'the directory of a run')
    .option('--compliance', 'print what users agreed to, what was refused, and how far limits were used')
    .option('--json', 'with --compliance: print one JSON object')
    .option('--follow', 'serve the page, and read the run again every few seconds, until Ctrl-C')
    .option('--port <port>', `the port of the loopback, beside --follow (default: ${defaultPort}; 0: any)`, port('--port'))
    .option('--listen <address>', 'with --follow: another address; needs MYCELIA_API_TOKEN')
    .option('--open', 'with --follow: open the page in the browser')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia report runs/trifecta/latest\n  mycelia report runs/live-1 --follow --open\n  mycelia report runs/token-launch/latest --compliance\n',
    )
    .action(async (path: string, { follow, compliance, json, ...place }: Options) => {
      if (compliance || json) return tellCompliance(path, json === true, io)
      onlyWithWatch({ watch: follow === true, ...place }, '--follow')
      if (follow) return followReport(path, place, io)
      const { incidentLeads, leadSentence, writeReport } = await import('../../report/index.js')
      io.out(`${await writeReport(path)}\n`)
      for (const incident of await incidentLeads(name => join(path, name))) io.err(`${leadSentence(incident)}\n`)
    })
}

async function followReport(path: string, place: Options, io: Io): Promise<void> {
  const { ReportOfRecord } = await import('../../world/index.js')
  const { showTables } = await import('../watch/tables.js')
  const report = await ReportOfRecord.open(path)
  await interruptible(io, signal => showTables(report, { ...place, page: 'report.html' }, io, signal))
}

async function tellCompliance(path: string, json: boolean, io: Io): Promise<void> {
  const { readCompliance } = await import('../../report/index.js')
  const found = await readCompliance(path)
  if (found === undefined)
    throw new OperatorError({ what: 'a report of compliance', expected: 'a run with users, such as token-launch', got: path })
  io.out(json ? `${JSON.stringify(found)}\n` : complianceText(found))
}
