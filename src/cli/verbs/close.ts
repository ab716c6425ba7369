/** `mycelia close`: closes positions of a live run at the next price. */

import type { Command } from 'commander'
import { unknownName } from '../../core/index.js'
import type { PortfolioName } from '../../trading/index.js'
import type { Io } from '../io.js'
import { type ActOptions, act, needed, reasonOf, runAnd, withActOptions } from '../operator-act.js'

const examples = `
Examples:
  mycelia close runs/live-1 SOLUSD --reason "delisted"
  mycelia close runs/live-1 all
  mycelia close all --portfolio mycelial
  mycelia close all --redis redis://vega:6379 --scenario trifecta

Nothing keeps a pair from being entered again: "mycelia lock" or "mycelia halt" does.
`

export function closeVerb(program: Command, io: Io): void {
  const command = program
    .command('close')
    .summary('close positions of a live run')
    .description(
      'Closes the positions of a pair, or all, at the next price of the market, and cancels the entries that wait there. Exits wait for no other permission: neither a halt nor a lock holds them.',
    )
    .argument('[run]', 'the directory of a live run (default: the newest)')
    .argument('[pair]', 'a pair by any of its names, or: all')
    .option('--portfolio <name>', 'of one portfolio alone: baseline, mycelial or synthesized')
  withActOptions(command)
    .addHelpText('after', examples)
    .action(async (first: string | undefined, second: string | undefined, options: ActOptions & { portfolio?: string }) => {
      const { run, what } = runAnd(first, second)
      const pair = needed(what, 'a pair, or: all')
      const portfolio = options.portfolio === undefined ? null : await portfolioNamed(options.portfolio)
      await act({ do: 'close', pair: pair === 'all' ? null : pair, portfolio, reason: reasonOf(options) }, run, options, io)
    })
}

async function portfolioNamed(name: string): Promise<PortfolioName> {
  const { portfolioNames } = await import('../../trading/index.js')
  const known = portfolioNames.find(each => each === name)
  if (known === undefined) throw unknownName('portfolio', name, portfolioNames)
  return known
}
