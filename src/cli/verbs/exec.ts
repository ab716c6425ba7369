/** `mycelia exec`: runs a user's script, such as an experiment that calls `simulate`. */

import type { Command } from 'commander'

const examples = `
Examples:
  mycelia exec town.ts
  mycelia exec experiment.ts -- --seeds 20

The script finds what stands after "--" in process.argv, and imports "mycelia" from this installation.
`

export function execVerb(program: Command): void {
  program
    .command('exec')
    .summary('run a script that calls simulate')
    .description('Runs a .ts or .js file from its first line to its last. An error names its file and line.')
    .argument('<file>', 'a .ts or .js file')
    .argument('[args...]', 'after "--": arguments of the script')
    .addHelpText('after', examples)
    .action(async (file: string, args: string[]) => {
      const { executeFile } = await import('../../world/execute-file.js')
      await executeFile(file, args)
    })
}
