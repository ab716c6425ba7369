/** `mycelia odd`: a model described by the ODD protocol, as far as its code says. */

import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { Io } from '../io.js'
import { assignments } from '../options.js'

interface Options {
  readonly set?: Record<string, unknown>
  readonly out?: string
}

const examples = '\nExamples:\n  mycelia odd schelling\n  mycelia odd model.ts --out ODD.md\n'

export function oddVerb(program: Command, io: Io): void {
  program
    .command('odd')
    .summary('a model described by the ODD protocol')
    .description(
      'Writes what the ODD protocol asks of a model, as far as its code says: entities and their variables, scales, processes in their order, initialisation, parameters with their ranges. The rest has a place left for its author.',
    )
    .argument('<scenario>', 'a name that ships, or a .ts or .js file')
    .option('--set <name=value>', 'a parameter, its value as YAML; may be repeated', assignments('--set'))
    .option('--out <file>', 'a file that is not there yet (default: standard output)')
    .addHelpText('after', examples)
    .action(async (scenario: string, { set = {}, out }: Options) => {
      if (out !== undefined && existsSync(out)) throw isThere(out)
      const { modelAtStart } = await import('../../world/index.js')
      const { oddPage } = await import('../odd/page.js')
      const page = await oddPage(await modelAtStart({ scenario, params: set }))
      if (out === undefined) return io.out(page)
      const { writeAtomic } = await import('../../storage/index.js')
      writeAtomic(out, page)
      io.out(`${out}\n`)
    })
}

/** Its author has written in it. */
function isThere(got: string): OperatorError {
  return new OperatorError({
    what: '--out',
    expected: 'a file that is not there',
    got,
    next: 'What was written in it would be lost: give another name, and take over what has changed.',
  })
}
