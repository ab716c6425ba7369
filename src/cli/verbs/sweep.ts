/** `mycelia sweep`: many runs of a scenario over a design, with one table of their results. */

import type { Command } from 'commander'
import { MyceliaError, OperatorError } from '../../core/index.js'
import type { Design, Dimension, Dimensions, Precision, Shard, SweepResult } from '../../experiment/index.js'
import { interruptible } from '../interrupts.js'
import type { Io } from '../io.js'
import { assignments, instant, list, parameterFile, place, wholeNumber } from '../options.js'
import { progressView } from '../progress.js'
import { oneOf, pointsIn, precision, shard, variations } from '../sweep-options.js'
import { grouped, shortest } from '../text.js'

interface Options {
  vary?: Record<string, Dimension>
  design?: 'grid' | 'lhs' | 'sobol' | 'list'
  points?: number
  file?: string
  replicates?: number
  seed?: number
  seeds?: 'common' | 'independent'
  steps?: number
  set?: Record<string, unknown>
  config?: string
  market?: string
  moats?: string
  from?: number
  to?: number
  timezone?: string
  columns?: string[]
  series?: boolean | string[]
  stopWhen?: string
  precision?: Precision
  engine?: 'inline' | 'workers' | 'bullmq'
  workers?: number
  redis?: string
  shard?: Shard
  out?: string
  keepRuns?: boolean
  json?: boolean
  quiet?: boolean
}

const examples = `
Examples:
  mycelia sweep models/schelling --vary wanted=2:5:4 --replicates 20 --steps 100 --out schelling
  mycelia sweep wealth --vary people=50,100,500 --columns gini,max:gini --replicates 10 --steps 200 --out wealth
  mycelia sweep wealth --replicates 200 --precision gini=2% --steps 200 --out narrow
  mycelia sweep models/wolf-sheep --design sobol --vary wolfGain=10:40 --vary sheepGain=2:8 --points 64 --steps 200 --out sobol
  mycelia sweep trifecta --market candles/ --vary minConfidence=0.5:0.9:5 --columns portfolios.baseline.return --out trifecta
  mycelia sweep models/schelling --vary wanted=2:5:4 --replicates 50 --shard 2/8 --out parts/2
  mycelia sweep models/schelling --vary wanted=2:5:4 --replicates 50 --redis redis://queue.lab:6379 --out many
`

export function sweepVerb(program: Command, io: Io): void {
  const verb = program
    .command('sweep')
    .summary('many runs of a scenario, one table of results')
    .description(
      'Runs a scenario at every point of a design, several times each, on all cores, and leaves the tables runs.parquet and runs.csv with a row a run. The same command again makes only what is missing.',
    )
    .argument('<scenario>', 'a name that ships, or a .ts or .js file')
    .option(
      '--vary <name=values>',
      'a parameter and its values: a:b:n (n values from a to b), a:b (for lhs and sobol) or v1,v2; may be repeated',
      variations('--vary'),
    )
    .option(
      '--design <name>',
      'grid, lhs, sobol or list (default: grid; list with --file)',
      oneOf('--design', ['grid', 'lhs', 'sobol', 'list']),
    )
    .option('--points <n>', 'points of a design lhs or sobol', wholeNumber('--points', 1))
    .option('--file <design.csv>', 'points of your own: a column a parameter, a row a point', place('--file'))
    .option('--replicates <n>', 'runs of each point (default: 1)', wholeNumber('--replicates', 1))
    .option('--seed <n>', 'the seed that those of the runs are derived from (default: 1)', wholeNumber('--seed', 0))
    .option(
      '--seeds <kind>',
      'common: replicate r has one seed at all points; independent: every run has its own (default: common)',
      oneOf('--seeds', ['common', 'independent']),
    )
    .option('--steps <n>', "steps of each run (default: the scenario's own)", wholeNumber('--steps', 1))
    .option('--set <name=value>', 'a parameter of all runs, its value as YAML; may be repeated', assignments('--set'))
    .option('--config <file>', 'parameters of all runs from a YAML file; --set overrides it')
    .option('--market <path>', 'a candle file, a folder of them, or a zip, for all runs', place('--market'))
    .option('--moats <folder>', 'recorded moat streams: <moat>/<stream>.csv', place('--moats'))
    .option('--from <time>', 'first bar', instant('--from'))
    .option('--to <time>', 'last bar', instant('--to'))
    .option(
      '--timezone <name>',
      'the zone of times without an offset in candle files, e.g. Europe/Berlin (default: that of the pair’s session, else UTC)',
    )
    .option(
      '--columns <list>',
      'what to keep of a run, with commas: gini (at the end), mean:gini (or sd, min, max, sum, over the steps), or a number of its summary such as portfolios.synthesized.return (default: all that the scenario collects of its model, at the end)',
      list('--columns'),
    )
    .option('--series [list]', 'the table series as well: these columns, or all, at every step', list('--series'))
    .option('--stop-when <rule>', "end a run at the step where this holds, e.g. 'gini > 0.6'")
    .option(
      '--precision <column=width>',
      'no more replicates of a point once the 95 % interval of this mean is ± width, e.g. gini=0.01 or gini=2%',
      precision('--precision'),
    )
    .option(
      '--engine <name>',
      'where runs are made: inline, workers, or bullmq for mycelia worker processes on any machines (default: workers; bullmq with --redis)',
      oneOf('--engine', ['inline', 'workers', 'bullmq']),
    )
    .option('--workers <n>', 'threads (default: one a core; 0: none)', wholeNumber('--workers', 0))
    .option('--redis <url>', 'where Redis is, for bullmq (default: REDIS_URL, or this machine)')
    .option('--shard <i/n>', 'make part i of n; mycelia sweep merge joins them', shard('--shard'))
    .option('--out <folder>', 'the folder of the results; that of the same sweep is continued (default: sweep)', place('--out'))
    .option('--keep-runs', 'a run directory for each run as well, under runs/ of the folder')
    .option('--json', 'print one JSON object as the last line of standard output')
    .option('--quiet', 'say nothing but errors (and the object of --json)')
    .addHelpText('after', examples)
    .action((scenario: string, options: Options) => sweepAction(scenario, options, io))
  verb.enablePositionalOptions()
  mergeVerb(verb, io)
}

function mergeVerb(sweep: Command, io: Io): void {
  sweep
    .command('merge')
    .summary('join the shards of a sweep')
    .description(
      'Joins the shards of a sweep: the same tables as if one process had made it. A shard that is missing or not whole is named.',
    )
    .argument('<folder...>', 'the folders of the shards')
    .requiredOption('--out <folder>', 'the folder of the whole sweep', place('--out'))
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  mycelia sweep merge parts/1 parts/2 parts/3 --out whole\n')
    .action(async (folders: string[], { out, json }: { out: string; json?: boolean }) => {
      const { mergeSweep } = await import('../../experiment/index.js')
      end(mergeSweep(folders, { out }), { out, ...(json && { json }) }, io, 'joined')
    })
}

async function sweepAction(scenario: string, options: Options, io: Io): Promise<void> {
  const { vary, design, points, file, set, config, json, quiet, out = 'sweep', ...rest } = options
  const { sweep } = await import('../../experiment/index.js')
  const planned = await designOf({ vary, design, points, file, seed: options.seed })
  const params = { ...(config === undefined ? {} : parameterFile(config)), ...set }
  const view = quiet ? undefined : progressView(io, 'run')
  const result = await interruptible(
    io,
    async signal => {
      try {
        const heard = { onProgress: view?.show, onNote: (note: string) => quiet || io.err(`${note}\n`) }
        return await sweep(scenario, planned, { ...rest, params, out, signal, ...heard })
      } finally {
        view?.stop()
      }
    },
    'Stopping; what is made is kept. Once more stops at once.\n',
  )
  end(result, { ...options, out }, io)
}

/** Says what came of it; failed runs are data, and yet the command has not done all that it was asked for. */
function end(
  result: SweepResult,
  { out, json, quiet }: Pick<Options, 'json' | 'quiet'> & { out: string },
  io: Io,
  done = 'made',
): void {
  const { table: _, ...said } = result
  if (json) io.out(`${JSON.stringify({ ...said, out })}\n`)
  else if (!quiet) io.out(summaryOf(result, done))
  if (result.failed > 0)
    throw new MyceliaError(
      `${grouped(result.failed)} of ${grouped(result.runs)} runs failed; ${shortest(`${out}/failures.csv`)} says why.`,
    )
}

function summaryOf({ scenario, points, runs, failed, made, narrow, files }: SweepResult, done: string): string {
  const ofPoints = `${grouped(points)} ${points === 1 ? 'point' : 'points'}`
  const lines = [`${scenario}: ${grouped(runs)} runs of ${ofPoints}, ${grouped(made)} of them ${done} now`]
  if (narrow > 0) lines.push(`Precision reached at ${grouped(narrow)} of ${ofPoints}`)
  if (failed > 0) lines.push(`Failed: ${grouped(failed)}`)
  return `${[...lines, ...files.map(shortest)].join('\n')}\n`
}

interface DesignOptions {
  readonly vary: Dimensions | undefined
  readonly design: Options['design']
  readonly points: number | undefined
  readonly file: string | undefined
  readonly seed: number | undefined
}

async function designOf({ vary = {}, design, points, file, seed }: DesignOptions): Promise<Design> {
  const { grid, latinHypercube, listed, sobol } = await import('../../experiment/index.js')
  const name = design ?? (file === undefined ? 'grid' : 'list')
  const fills = name === 'lhs' || name === 'sobol'
  if (name === 'list' && file === undefined) throw lacks('--design list', '--file design.csv')
  if (name !== 'list' && file !== undefined) throw clash('--file', `--design ${name}`)
  if (name === 'list' && Object.keys(vary).length > 0) throw clash('--vary', '--file')
  if (fills && points === undefined) throw lacks(`--design ${name}`, '--points 64')
  if (!fills && points !== undefined) throw clash('--points', `--design ${name}`)
  if (file !== undefined) return listed(pointsIn('--file', file))
  if (name === 'lhs') return latinHypercube(vary, { points: points ?? 1, ...(seed !== undefined && { seed }) })
  return name === 'sobol' ? sobol(vary, { points: points ?? 1 }) : grid(vary)
}

function lacks(what: string, lacking: string): OperatorError {
  return new OperatorError({ what, expected: lacking, next: `Add it: ${what} ${lacking}.` })
}

function clash(what: string, other: string): OperatorError {
  return new OperatorError({ what: `${what} with ${other}`, expected: 'one of the two', next: 'Leave one out.' })
}
