/** `mycelia run`: simulates a scenario, or continues a run that was stopped. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { Listener, PlainRequest, RunRequest, RunResult } from '../../world/index.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { assignments, fraction, instant, list, parameterFile, place, port, profiles, wholeNumber, yamlMap } from '../options.js'
import { parameterLines, parametersOf } from '../parameters.js'
import { progressView } from '../progress.js'
import { runsRoot } from '../runs-root.js'
import { onlyWithWatch } from '../watch/only-with-watch.js'

interface Options {
  seed?: number
  steps?: number
  set?: Record<string, unknown>
  config?: string
  market?: string
  moats?: string
  scans?: string
  from?: number
  to?: number
  timezone?: string
  timeframe?: string
  pairs?: string[]
  instruments?: Record<string, unknown>
  fee?: number
  profile?: unknown[]
  allowLosingTarget?: boolean
  out?: string
  resume?: string
  knowledge?: string
  checkpointEvery?: number
  checkLooking?: boolean
  checkResume?: boolean
  strict?: boolean
  watch?: boolean
  port?: number
  json?: boolean
  quiet?: boolean
  help?: boolean
  debug?: boolean
}

const examples = `
Examples:
  mycelia run trifecta --seed 7
  mycelia run trifecta --market candles/ --pairs XBTUSD,ETHUSD --from 2021-01-01 --fee 0.0026
  mycelia run scenarios/wealth.ts --seed 42 --steps 1000 --set people=500
  mycelia run --resume runs/trifecta/latest --steps 20000
  mycelia run trifecta --seed 8 --knowledge runs/trifecta/latest

"mycelia list" names the scenarios that ship, "mycelia run trifecta --help" the parameters of one as well.
`

export function runVerb(program: Command, io: Io): void {
  program
    .command('run')
    .summary('simulate a scenario, or continue a run')
    .description('Simulates a scenario and leaves a run directory that can be studied. Ctrl-C stops it at a checkpoint.')
    .argument('[scenario]', 'a name that ships, or a .ts or .js file; left out with --resume')
    .helpOption(false)
    .option('-h, --help', 'this text; with a scenario, its parameters as well')
    .option('--seed <n>', 'root of all chance (default: 1)', wholeNumber('--seed', 0))
    .option(
      '--steps <n>',
      "steps in total (default: the scenario's own on a synthetic market, all bars of files)",
      wholeNumber('--steps', 1),
    )
    .option('--set <name=value>', 'a parameter, its value as YAML; may be repeated', assignments('--set'))
    .option('--config <file>', 'parameters from a YAML file; --set overrides it')
    .option('--market <path>', 'a candle file, a folder of them, or a zip', place('--market'))
    .option('--moats <folder>', 'recorded moat streams: <moat>/<stream>.csv', place('--moats'))
    .option(
      '--scans <place>',
      'recorded scans of routes: a live run of latency signals, or a file that mycelia scan --json wrote, beside --market',
      place('--scans'),
    )
    .option('--from <time>', 'first bar', instant('--from'))
    .option('--to <time>', 'last bar', instant('--to'))
    .option('--timeframe <bar>', 'the bar, e.g. 15m, 1h, 1d (default: 1h)')
    .option(
      '--timezone <name>',
      'the zone of times without an offset in candle files, e.g. Europe/Berlin (default: that of the pair’s session, else UTC)',
    )
    .option('--pairs <list>', 'pairs, with commas between', list('--pairs'))
    .option(
      '--instruments <file>',
      'instruments of your own, from a YAML file',
      yamlMap('--instruments', 'XRPUSD: { tickSize: 0.00001 }'),
    )
    .option('--fee <fraction>', 'taker fee as a fraction of notional (default: 0.004)', fraction('--fee'))
    .option(
      '--profile <names>',
      'limits: haven, micro, floor, spot, user, or a YAML file of your own; with commas: the strictest',
      profiles,
    )
    .option('--allow-losing-target', 'run although a profile’s target does not pay for entry and exit')
    .option('--out <folder>', 'the run directory itself (default: a new one under runs/)', place('--out'))
    .option('--resume <folder>', 'continue the run in this directory', place('--resume'))
    .option(
      '--knowledge <folder>',
      'begin with what the run in this directory learnt: past trades and approved patterns',
      place('--knowledge'),
    )
    .option('--checkpoint-every <n>', 'steps between checkpoints', wholeNumber('--checkpoint-every', 1))
    .option('--check-looking', 'check at every step that reporters change nothing (default: at the first two)')
    .option('--check-resume', 'resume the first checkpoints in memory, and compare with the run')
    .option('--watch', 'show the run in the browser while it goes on; the page may play with it')
    .option('--port <port>', 'with --watch: the port of the loopback (default: 9466; 0: any)', port('--port'))
    .option('--strict', "refuse a file that uses chance or time other than the model's (default: a note)")
    .option('--json', 'print one JSON object as the last line of standard output')
    .option('--quiet', 'say nothing but errors (and the object of --json)')
    .addHelpText('after', examples)
    .action((scenario: string | undefined, { help, ...options }: Options, command: Command) =>
      help ? helpAction(scenario, command, io) : runAction(scenario, options, io),
    )
}

/** commander answers its own --help before a scenario is loaded, so it cannot list the parameters. */
async function helpAction(nameOrPath: string | undefined, command: Command, io: Io): Promise<void> {
  if (nameOrPath !== undefined) {
    const { loadScenario } = await import('../../world/load-scenario.js')
    const { scenario } = await loadScenario(nameOrPath)
    io.out(`${scenario.title}\n\nParameters, for --set and --config:\n${parameterLines(await parametersOf(scenario))}\n`)
  }
  command.outputHelp()
}

async function runAction(scenario: string | undefined, options: Options, io: Io): Promise<void> {
  if (options.watch === true && options.resume !== undefined)
    throw new OperatorError({
      what: '--watch with --resume',
      expected: 'a run from its first step',
      next: 'Show the record with: mycelia watch <run>.',
    })
  if (options.resume !== undefined) onlyWithResume(options)
  onlyWithWatch(options)
  const { json, quiet, set, config, debug = false, watch: isWatched = false, port: watchPort, ...given } = options

  const params = { ...(config === undefined ? {} : parameterFile(config)), ...set }
  const request = { scenario, ...given, params, root: runsRoot() }
  const view = quiet ? undefined : progressView(io)
  const onNote = (note: string) => quiet || io.err(`${note}\n`)
  const result = await interruptible(io, async signal => {
    try {
      if (isWatched) return await runWatched({ ...request, onNote }, watchPort, signal, io)
      return await runApart(request, { debug, signal, onNote, onProgress: progress => view?.show(progress) })
    } catch (error) {
      if (json) await printEnd(error, io)
      throw error
    } finally {
      view?.stop()
    }
  })
  if (!json && !quiet) io.out(await summaryOf(result))
  if (json) io.out(`${JSON.stringify(result)}\n`)
}

/** In this thread, with its viewers beside it: as fast as it goes, to its last step. */
async function runWatched(request: RunRequest, port: number | undefined, signal: AbortSignal, io: Io): Promise<RunResult> {
  const { watch } = await import('../watch/watch.js')
  const { StoppedInSetUp } = await import('../../world/run-errors.js')
  const left = await watch({ request, endsAsPlanned: true, speed: Number.POSITIVE_INFINITY, port }, io, signal)
  if (left?.result !== undefined) return left.result
  throw left?.error ?? new StoppedInSetUp(String(signal.reason), 'nobody played the run')
}

/** In a thread of its own, or in this one where there can be none. */
async function runApart(request: PlainRequest, listener: Listener): Promise<RunResult> {
  const { hasWorkers, runInWorker } = await import('../../world/worker/run-in-worker.js')
  if (hasWorkers()) return runInWorker(request, listener)
  const { run } = await import('../../world/run.js')
  return run({ ...request, ...listener })
}

/** The object of --json for a run that ended early: why it did, and what is kept of it. */
async function printEnd(error: unknown, io: Io): Promise<void> {
  const { Interrupted, RunFailed } = await import('../../world/run-errors.js')
  if (!(error instanceof Interrupted || error instanceof RunFailed)) return
  const { RunDirectory } = await import('../../storage/run-directory.js')
  const { path, manifest } = RunDirectory.read(error.runDir)
  const { scenario, seed, status, steps, ended, error: cause } = manifest
  io.out(`${JSON.stringify({ scenario, seed, status, steps, ended, ...(cause && { error: cause }), runDir: path })}\n`)
}

async function summaryOf(result: RunResult): Promise<string> {
  const { approvedIn, runSummary } = await import('../run-summary.js')
  const report = join(result.runDir, 'report.html')
  const approved = await approvedIn(result)
  return runSummary(result, approved, existsSync(report) ? report : undefined)
}

/** `allowLosingTarget` → `--allow-losing-target`. */
const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`

/** A continued run keeps the options it began with. */
function onlyWithResume(options: Options): void {
  const fixed = [
    'seed',
    'set',
    'config',
    'from',
    'to',
    'timeframe',
    'timezone',
    'pairs',
    'instruments',
    'fee',
    'profile',
    'allowLosingTarget',
    'out',
    'knowledge',
  ] as const
  const given = fixed.find(name => options[name] !== undefined)
  if (given === undefined) return
  throw new OperatorError({
    what: `${flagOf(given)} with --resume`,
    expected: 'the run to continue as it began',
    got: flagOf(given),
    next: 'Leave it out, or start a new run.',
  })
}
