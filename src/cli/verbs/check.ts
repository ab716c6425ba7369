/** `mycelia check`: whether a scenario keeps what research needs of it; `lookahead`: that nothing it decides depends on the future. */

import type { Command } from 'commander'
import { MyceliaError } from '../../core/index.js'
import type { Lookahead, LookaheadCheck, LookaheadRequest } from '../../experiment/index.js'
import type { Io } from '../io.js'
import { assignments, instant, list, parameterFile, place, wholeNumber } from '../options.js'
import { progressView } from '../progress.js'
import { grouped } from '../text.js'

export function checkVerb(program: Command, io: Io): void {
  const check = program.command('check').summary('tests of a scenario').description('Tests of a scenario.')
  lookaheadVerb(check, io)
}

interface Options extends Omit<LookaheadRequest, 'scenario' | 'params'> {
  readonly set?: Record<string, unknown>
  readonly config?: string
  readonly json?: boolean
}

function lookaheadVerb(check: Command, io: Io): void {
  check
    .command('lookahead')
    .summary('whether a decision depends on the future')
    .description(
      'Runs a scenario, then again with the future cut off and scrambled at many places, and demands the same decisions and state up to there. Ends with 1 where something differs.',
    )
    .argument('<scenario>', 'a name that ships, or a .ts or .js file')
    .option('--seed <n>', 'root of all chance (default: 1)', wholeNumber('--seed', 0))
    .option('--steps <n>', 'steps of the run (default: 500)', wholeNumber('--steps', 1))
    .option('--points <n>', 'places at which the future is changed (default: 10)', wholeNumber('--points', 1))
    .option('--set <name=value>', 'a parameter, its value as YAML; may be repeated', assignments('--set'))
    .option('--config <file>', 'parameters from a YAML file; --set overrides it')
    .option('--market <path>', 'a candle file, a folder of them, or a zip', place('--market'))
    .option('--moats <folder>', 'recorded moat streams: <moat>/<stream>.csv', place('--moats'))
    .option('--from <time>', 'first bar', instant('--from'))
    .option('--to <time>', 'last bar', instant('--to'))
    .option('--timeframe <bar>', 'the bar, e.g. 15m, 1h, 1d (default: 1h)')
    .option('--pairs <list>', 'pairs, with commas between', list('--pairs'))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia check lookahead trifecta\n  mycelia check lookahead momentum.ts --steps 2000 --points 50\n',
    )
    .action((scenario: string, options: Options) => lookaheadAction(scenario, options, io))
}

async function lookaheadAction(scenario: string, { set, config, json, ...given }: Options, io: Io): Promise<void> {
  const { checkLookahead } = await import('../../experiment/index.js')
  const params = { ...(config === undefined ? {} : parameterFile(config)), ...set }
  const view = progressView(io, 'place')
  const begun = performance.now()
  const onProgress = (done: number, of: number) => view.show({ step: done, of, done, elapsedMs: performance.now() - begun })
  const check = await checkLookahead({ ...given, scenario, params, onProgress }).finally(() => view.stop())
  io.out(json ? `${JSON.stringify(check)}\n` : asText(check))
  const [first] = check.found
  if (first !== undefined) throw new MyceliaError(`${check.scenario} looks ahead: ${sentence(first)}`)
}

function asText({ scenario, steps, points, found }: LookaheadCheck): string {
  if (steps === 0) return `${scenario}: nothing comes into it from outside, so it has no future to look at.\n`
  const all = `${scenario}, ${grouped(steps)} steps: the future was cut off and scrambled at ${points.length} places`
  if (found.length === 0) return `${all}, and nothing that was decided before changed.\n`
  return `${all}, and ${found.length} of ${2 * points.length} runs decided otherwise before.\n${found.map(one => `  ${sentence(one)}\n`).join('')}`
}

function sentence({ step, time, what, future, knownUntil }: Lookahead): string {
  const subject = what === 'state' ? 'the state of the model' : `a message of ${what}`
  return `${subject} at step ${step} (${new Date(time).toISOString()}) was another when the inputs after step ${knownUntil} were ${future === 'cut' ? 'cut off' : 'scrambled'}.`
}
