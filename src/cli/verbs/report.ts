/** `mycelia report`: writes a run's report.html from the files in its directory. */

import type { Command } from 'commander'
import type { Io } from '../io.js'

export function reportVerb(program: Command, io: Io): void {
  program
    .command('report')
    .summary('write the report of a run again')
    .description(
      'Writes report.html of a run again, from its manifest, tables and patterns. Of a live run that goes on it tells what is on disk, and up to when.',
    )
    .argument('<run-dir>', 'the directory of a run')
    .addHelpText('after', '\nExamples:\n  mycelia report runs/trifecta/latest\n')
    .action(async (path: string) => {
      const { writeReport } = await import('../../report/index.js')
      io.out(`${await writeReport(path)}\n`)
    })
}
