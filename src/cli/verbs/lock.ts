/** `mycelia lock`: no entries in one pair of a live run, for a time. */

import type { Command } from 'commander'
import type { Io } from '../io.js'
import { type ActOptions, act, needed, reasonOf, runAnd, withActOptions } from '../operator-act.js'
import { span } from '../options.js'

const examples = `
Examples:
  mycelia lock runs/live-1 SOLUSD --for 4h --reason "upgrade of the chain"
  mycelia lock SOLUSD                          (until "mycelia unlock")
`

export function lockVerb(program: Command, io: Io): void {
  const command = program
    .command('lock')
    .summary('lock a pair of a live run for entries')
    .description(
      'No portfolio enters the pair until the time is over, or until "mycelia unlock" with the lock’s id; exits go on. A pair that is locked already keeps its lock, with the new end.',
    )
    .argument('[run]', 'the directory of a live run (default: the newest)')
    .argument('[pair]', 'a pair by any of its names')
    .option('--for <time>', 'how long, e.g. 30m, 4h, 2d (default: until it is unlocked)', span('--for'))
  withActOptions(command)
    .addHelpText('after', examples)
    .action(async (first: string | undefined, second: string | undefined, options: ActOptions & { for?: number }) => {
      const { run, what } = runAnd(first, second)
      const pair = needed(what, 'a pair')
      await act({ do: 'lock', pair, forMs: options.for ?? null, reason: reasonOf(options) }, run, options, io)
    })
}
