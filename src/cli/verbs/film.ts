/** `mycelia film`: a run as a moving picture, drawn as the viewer draws it. */

import type { Command } from 'commander'
import type { Io } from '../io.js'
import { assignments, place, wholeNumber } from '../options.js'
import { progressView } from '../progress.js'
import { grouped } from '../text.js'

interface Options {
  readonly seed?: number
  readonly steps?: number
  readonly every?: number
  readonly size: number
  readonly rate: number
  readonly layer?: string
  readonly set?: Record<string, unknown>
  readonly out?: string
  readonly json?: boolean
}

/** Pictures of a film whose `--every` is not given, about. */
const usualPictures = 80

const examples = `
Examples:
  mycelia film schelling
  mycelia film vicsek --steps 300 --every 3 --out flight.gif
  mycelia film model.ts --set people=500 --steps 100 --out last.png
`

export function filmVerb(program: Command, io: Io): void {
  program
    .command('film')
    .summary('a run as a moving picture')
    .description(
      'Runs a scenario and draws it as the viewer does: a .gif, a .webm (which needs ffmpeg), or in a .png its last picture. A .gif needs the package gifenc, a .png the package fast-png.',
    )
    .argument('<scenario>', 'a name that ships, or a .ts or .js file')
    .option('--seed <n>', 'root of all chance (default: 1)', wholeNumber('--seed', 0))
    .option('--steps <n>', 'steps of the run (default: those of the scenario)', wholeNumber('--steps', 1))
    .option(
      '--every <k>',
      `steps from one picture to the next (default: as many as make ${usualPictures})`,
      wholeNumber('--every', 1),
    )
    .option('--size <pixels>', 'the longer side of a picture', wholeNumber('--size', 16), 320)
    .option('--rate <n>', 'pictures a second', wholeNumber('--rate', 1), 12)
    .option('--layer <name>', 'the layer beneath the agents, or none (default: the first)')
    .option('--set <name=value>', 'a parameter, its value as YAML; may be repeated', assignments('--set'))
    .option(
      '--out <file>',
      'a file that ends in .gif, .png or .webm (default: the name of the scenario and .gif)',
      place('--out'),
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples)
    .action((scenario: string, options: Options) => filmAction(scenario, options, io))
}

async function filmAction(
  given: string,
  { set = {}, json, seed = 1, size, rate, layer, ...rest }: Options,
  io: Io,
): Promise<void> {
  const { modelAtStart } = await import('../../world/index.js')
  const { makeFilm } = await import('../film/make.js')
  const { scenario, sim, steps: usual } = await modelAtStart({ scenario: given, seed, params: set })
  const { steps = usual, out = `${scenario.name}.gif` } = rest
  const every = rest.every ?? Math.max(1, Math.round(steps / usualPictures))
  const view = progressView(io)
  const begun = performance.now()
  const onStep = (step: number) => view.show({ step, of: steps, done: step, elapsedMs: performance.now() - begun })
  const film = await makeFilm(sim, { out, steps, every, size, layer, rate, onStep }).finally(() => view.stop())
  if (json) return io.out(`${JSON.stringify({ scenario: scenario.name, seed, out, every, ...film })}\n`)
  io.out(`${out}: ${grouped(film.pictures)} pictures of ${film.width}×${film.height}\n`)
}
