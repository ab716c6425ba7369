/** `mycelia watch`: a page of this machine that shows a scenario while it runs, or a run that has ended. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { RunRequest } from '../../world/index.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { assignments, parameterFile, place, port, speed, wholeNumber } from '../options.js'
import { runsRoot } from '../runs-root.js'
import { defaultPort } from '../watch/default-port.js'

interface Options {
  seed?: number
  set?: Record<string, unknown>
  config?: string
  market?: string
  moats?: string
  speed?: number
  paused?: boolean
  port?: number
  listen?: string
  open?: boolean
}

const examples = `
Examples:
  mycelia watch schelling
  mycelia watch scenarios/wealth.ts --set people=500 --speed 5 --open
  mycelia watch trifecta --seed 7 --speed max
  mycelia watch runs/schelling/latest          (the record: go back, and on from any step)

The page may be looked at by anybody on this machine; only the address that is printed, with its #token, may play, change or
reset the run. What is done to a run is written down in its run directory: "mycelia replay" makes it again. Ctrl-C ends it.
`

export function watchVerb(program: Command, io: Io): void {
  program
    .command('watch')
    .summary('look at a scenario while it runs, in the browser')
    .description(
      'Serves a page that shows a scenario while it runs: play, pause, step, move parameters, go back, and on from there.',
    )
    .argument('<scenario>', 'a name that ships, a .ts or .js file, or the directory of a run that has ended')
    .option('--seed <n>', 'root of all chance (default: 1)', wholeNumber('--seed', 0))
    .option('--set <name=value>', 'a parameter, its value as YAML; may be repeated', assignments('--set'))
    .option('--config <file>', 'parameters from a YAML file; --set overrides it')
    .option('--market <path>', 'a candle file, a folder of them, or a zip', place('--market'))
    .option('--moats <folder>', 'recorded moat streams: <moat>/<stream>.csv', place('--moats'))
    .option('--speed <steps>', 'steps a second, or max (default: 20)', speed('--speed'))
    .option('--paused', 'wait for play')
    .option('--port <port>', `the port of the loopback (default: ${defaultPort}; 0: any)`, port('--port'))
    .option('--listen <address>', 'another address; needs MYCELIA_API_TOKEN')
    .option('--open', 'open the page in the browser')
    .addHelpText('after', examples)
    .action((target: string, options: Options) => watchAction(target, options, io))
}

async function watchAction(target: string, options: Options, io: Io): Promise<void> {
  const { set, config, market, moats, seed } = options
  const params = { ...(config === undefined ? {} : parameterFile(config)), ...set }
  const request: RunRequest = { seed, params, market, moats, root: runsRoot(), onNote: note => io.err(`${note}\n`) }
  const { watch } = await import('../watch/watch.js')
  const isRecord = existsSync(join(target, 'manifest.json'))
  await interruptible(io, signal =>
    watch(
      { ...options, ...(isRecord ? { record: target, request } : { request: { ...request, scenario: target } }) },
      io,
      signal,
    ),
  )
}
