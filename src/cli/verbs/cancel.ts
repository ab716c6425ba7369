/** `mycelia cancel`: cancels orders of a live run that wait. */

import type { Command } from 'commander'
import type { Io } from '../io.js'
import { type ActOptions, act, reasonOf, runAnd, withActOptions } from '../operator-act.js'

const examples = `
Examples:
  mycelia cancel runs/live-1
  mycelia cancel runs/live-1 SOLUSD
  mycelia cancel runs/live-1 baseline:412:TechnicalAnalysis-3:1
`

export function cancelVerb(program: Command, io: Io): void {
  const command = program
    .command('cancel')
    .summary('cancel orders of a live run that wait')
    .description(
      'Cancels the orders that wait for a price: all, those of a pair, or one by its id or its trade’s. A position whose exit is cancelled goes on as before.',
    )
    .argument('[run]', 'the directory of a live run (default: the newest)')
    .argument('[which]', 'a pair, or the id of an order or of its trade (default: all)')
  withActOptions(command)
    .addHelpText('after', examples)
    .action(async (first: string | undefined, second: string | undefined, options: ActOptions) => {
      const { run, what } = runAnd(first, second)
      await act({ do: 'cancel', what: what === 'all' ? null : (what ?? null), reason: reasonOf(options) }, run, options, io)
    })
}
