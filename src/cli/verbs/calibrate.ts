/** `mycelia calibrate`: the parameters at which a scenario comes nearest to data. */

import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { Aim, Calibration, CalibrationMethod, CalibrationRequest, Fit, FitRange, Target } from '../../experiment/index.js'
import type { Io } from '../io.js'
import { assignments, fraction, parameterFile, place, wholeNumber } from '../options.js'
import { progressView } from '../progress.js'
import { oneOf } from '../sweep-options.js'
import { columns, grouped } from '../text.js'

interface Options extends Omit<CalibrationRequest, 'scenario' | 'fit' | 'aim' | 'params'> {
  readonly fit?: FitRange[]
  readonly target?: Target[]
  readonly to?: string
  readonly maximise?: string
  readonly minimise?: string
  readonly set?: Record<string, unknown>
  readonly config?: string
  readonly json?: boolean
}

const examples = `
Examples:
  mycelia calibrate models/schelling --fit residents=800:1500 --target happy=0.9 --steps 10 --budget 60
  mycelia calibrate models/virus-on-network --fit degree=2:12 --fit outbreak=1:20 --to cases.csv --split 0.7 --method gp --budget 40
  mycelia calibrate wealth --fit people=10:500 --target gini=0.45 --steps 30 --method abc --rounds 4 --budget 1000
  mycelia calibrate trifecta --fit minConfidence=0.5:0.9 --maximise portfolios.baseline.return --market candles/ --walk-forward 3
`

export function calibrateVerb(program: Command, io: Io): void {
  program
    .command('calibrate')
    .summary('fit parameters to data')
    .description(
      'Looks for the parameters at which a scenario comes nearest to data, with the same seeds at every point, and judges the best by seeds, steps or candles that the search did not see.',
    )
    .argument('<scenario>', 'a name that ships, or a .ts or .js file')
    .option('--fit <name=a:b>', 'a parameter and its range; a:b:log for powers of ten; may be repeated', ranges)
    .option('--target <column=value>', 'what a column should be, named as in sweep --columns; may be repeated', targets)
    .option('--to <file>', 'a CSV of data: with a column step, a time series; without, observations', place('--to'))
    .option('--maximise <column>', 'a column to be made as large as can be, in the place of targets')
    .option('--minimise <column>', 'a column to be made as small as can be')
    .option('--method <name>', 'cmaes, gp (a Gaussian process, for slow runs), random, or abc for a posterior (default: cmaes)')
    .option('--budget <n>', 'points that are computed (default: 100, of abc 1000)', wholeNumber('--budget', 1))
    .option('--replicates <n>', 'runs of each point (default: 5, of abc 1)', wholeNumber('--replicates', 1))
    .option('--rounds <n>', 'of abc: more than 1 look ever nearer to what fits (default: 1)', wholeNumber('--rounds', 1))
    .option('--steps <n>', "steps of each run (default: the scenario's own)", wholeNumber('--steps', 1))
    .option('--seed <n>', 'of the search and of the runs (default: 1)', wholeNumber('--seed', 0))
    .option('--set <name=value>', 'a parameter of all runs, its value as YAML; may be repeated', assignments('--set'))
    .option('--config <file>', 'parameters of all runs from a YAML file; --set overrides it')
    .option(
      '--split <share>',
      'fit the first share of a time series, judge by the rest (default: other seeds judge)',
      fraction('--split'),
    )
    .option(
      '--walk-forward <n>',
      'n fits, each judged by what comes right after: steps of the data, or candles',
      wholeNumber('--walk-forward', 1),
    )
    .option('--market <path>', 'a candle file, a folder of them, or a zip', place('--market'))
    .option('--moats <folder>', 'recorded moat streams: <moat>/<stream>.csv', place('--moats'))
    .option(
      '--engine <name>',
      'where runs are made: inline, workers, or bullmq for mycelia worker processes on any machines (default: workers; bullmq with --redis)',
      oneOf('--engine', ['inline', 'workers', 'bullmq']),
    )
    .option('--workers <n>', 'threads (default: one a core; 0: none)', wholeNumber('--workers', 0))
    .option('--redis <url>', 'where Redis is, for bullmq (default: REDIS_URL, or this machine)')
    .option('--out <folder>', 'a folder for the result and the runs; the same calibration goes on from there', place('--out'))
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples)
    .action((scenario: string, options: Options) => calibrateAction(scenario, options, io))
}

async function calibrateAction(scenario: string, options: Options, io: Io): Promise<void> {
  const { fit = [], target, to, maximise, minimise, set, config, json, ...rest } = options
  const { calibrate } = await import('../../experiment/index.js')
  const params = { ...(config === undefined ? {} : parameterFile(config)), ...set }
  const aim = await aimOf(options)
  const view = progressView(io, 'point')
  const begun = performance.now()
  const onProgress = (done: number, of: number) => view.show({ step: done, of, done, elapsedMs: performance.now() - begun })
  const onNote = (note: string) => io.err(`${note}\n`)
  const found = await calibrate({ ...rest, scenario, fit, aim, params, onProgress, onNote }).finally(() => view.stop())
  io.out(json ? `${JSON.stringify(found)}\n` : asText(found))
}

async function aimOf({ target, to, maximise, minimise }: Options): Promise<Aim> {
  const given = [target, to, maximise, minimise].filter(one => one !== undefined).length
  if (given === 0 || (given > 1 && (maximise !== undefined || minimise !== undefined)))
    throw new OperatorError({
      what: 'what to calibrate to',
      expected: '--target, --to, --maximise or --minimise',
      got: given === 0 ? 'none' : 'several',
      next: 'Try --target gini=0.6.',
    })
  if (maximise !== undefined) return { maximise }
  if (minimise !== undefined) return { minimise }
  return { targets: [...(target ?? []), ...(to === undefined ? [] : await targetsIn(to))] }
}

async function targetsIn(path: string): Promise<Target[]> {
  const { numbersIn, targetsFrom } = await import('../../experiment/index.js')
  try {
    return targetsFrom(numbersIn(readFileSync(path, 'utf8'), path))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new OperatorError({ what: `--to ${path}`, expected: 'a readable file', got: code, next: 'Check the path.' })
  }
}

/** `name=a:b`, `name=a:b:log`. */
function ranges(text: string, before: FitRange[] = []): FitRange[] {
  const [, name = '', from = '', to = '', scale] = /^\s*([\w$.]+)\s*=\s*([^:]+):([^:]+?)(?::(log|linear))?\s*$/.exec(text) ?? []
  const ends = [from, to].map(end => (end.trim() === '' ? Number.NaN : Number(end)))
  if (!ends.every(Number.isFinite))
    throw new OperatorError({ what: '--fit', expected: 'name=a:b', got: text, next: 'Try --fit people=10:500.' })
  return [...before, { name, from: ends[0] as number, to: ends[1] as number, ...(scale === 'log' && { scale }) }]
}

function targets(text: string, before: Target[] = []): Target[] {
  const at = text.lastIndexOf('=')
  const [column, value] = [text.slice(0, at).trim(), Number(text.slice(at + 1))]
  if (at < 1 || text.slice(at + 1).trim() === '' || !Number.isFinite(value))
    throw new OperatorError({ what: '--target', expected: 'column=value', got: text, next: 'Try --target gini=0.6.' })
  return [...before, { column, value }]
}

function asText(found: Calibration): string {
  const { scenario, method, made, failed } = found
  const runs = `${grouped(made)} runs${failed === 0 ? '' : `, of which ${grouped(failed)} failed`}`
  return `${scenario}, ${nameOf(method)}, ${runs}\n${found.fits.map(fitText).join('')}${posteriorText(found)}`
}

function nameOf(method: CalibrationMethod): string {
  return { cmaes: 'CMA-ES', gp: 'Gaussian process', random: 'random search', abc: 'approximate Bayesian computation' }[method]
}

/** Series of targets are too long to list. */
const mostTargets = 12

function fitText({ trainedOn, judgedBy, best, objective, validation, standard, targets: fitted, convergence }: Fit): string {
  const rows = [
    ...Object.entries(best).map(([name, value]) => [name, shown(value)]),
    [`objective on ${trainedOn}`, shown(objective)],
    [`objective on ${judgedBy}`, shown(validation)],
    ['  with the scenario’s own parameters', shown(standard)],
    ...quarters(convergence).map(([done, value]) => [`best after ${done} points`, shown(value)]),
  ]
  const heads = ['target', 'wanted', 'found', '95 % interval']
  const table = fitted.slice(0, mostTargets).map(({ column, step, value, fitted: got, interval }) => {
    const name = step === undefined ? column : `${column} at step ${grouped(step)}`
    return [name, shown(value), shown(got), interval === null ? '–' : interval.map(shown).join(' … ')]
  })
  const more = fitted.length > mostTargets ? `… and ${grouped(fitted.length - mostTargets)} more\n` : ''
  return `\n${columns(rows)}${table.length === 0 ? '' : `\n${columns([heads, ...table])}${more}`}`
}

/** How the best objective fell: after a quarter, half, three quarters and all of the points. */
function quarters(convergence: readonly number[]): [number, number][] {
  const places = [0.25, 0.5, 0.75, 1].map(share => Math.max(1, Math.round(share * convergence.length)))
  return [...new Set(places)].map(done => [done, convergence[done - 1] as number])
}

function posteriorText({ posterior }: Calibration): string {
  if (posterior === null) return ''
  const { accepted, simulated } = posterior
  const rows = posterior.posterior.map(({ name, mean, sd, median, interval }) => [
    name,
    ...[mean, sd, median].map(shown),
    interval.map(shown).join(' … '),
  ])
  const head = ['parameter', 'mean', 'sd', 'median', '95 % interval']
  return `\n${columns([head, ...rows])}${grouped(accepted)} of ${grouped(simulated)} simulations accepted\n`
}

function shown(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? grouped(value) : value.toPrecision(4)
}
