/** Calibration: the parameters at which a scenario comes nearest to data, judged by what the search did not see. */

import { join } from 'node:path'
import { type Cell, checkedCount, MyceliaError, OperatorError, unknownName } from '../../core/index.js'
import { fieldsOf, parseParameters, type Scenario } from '../../model/index.js'
import { writeAtomic } from '../../storage/index.js'
import { parameterFields } from '../../view/index.js'
import { type GivenScenario, type LoadedScenario, loadScenario, packageManifest } from '../../world/index.js'
import type { EngineChoice } from '../engine-choice.js'
import { type Interval, meanInterval, meanOf } from '../statistics/index.js'
import { type AbcResult, abcPosterior } from './abc.js'
import { FitRuns } from './fit-runs.js'
import { type Fold, foldsOf, type Splitting, type Stage } from './folds.js'
import { type Evaluation, minimise } from './minimise.js'
import { checkedRanges, type FitRange } from './range.js'
import { RunLog } from './run-log.js'
import { type SearchName, searchNames } from './search.js'
import { type Aim, objectiveOf, quantitiesOf, type Target } from './targets.js'

export const calibrationMethods: readonly CalibrationMethod[] = [...searchNames, 'abc']
/** The searches, or approximate Bayesian computation, which gives a posterior instead of a point. */
export type CalibrationMethod = SearchName | 'abc'

/** What is calibrated to what, how, and how it is judged. */
export interface CalibrationRequest extends EngineChoice, Splitting {
  readonly scenario: string | GivenScenario
  /** The parameters to be found. One of whole numbers takes whole ones alone. */
  readonly fit: readonly FitRange[]
  readonly aim: Aim
  /** Default `cmaes`. `gp` needs the fewest points, each at more cost of its own; `random` is what both are compared with. */
  readonly method?: CalibrationMethod | undefined
  /** Points that are computed in each fit; default 100, of `abc` 1,000. */
  readonly budget?: number | undefined
  /** Runs of each point, with the same seeds at every point; default 5, of `abc` 1. As many with other seeds judge the fit. */
  readonly replicates?: number | undefined
  /** Of `abc`: 1 looks everywhere alike (rejection), more look ever nearer to what fits (population Monte Carlo); default 1. */
  readonly rounds?: number | undefined
  readonly steps?: number | undefined
  /** Parameters of all runs. */
  readonly params?: Readonly<Record<string, unknown>> | undefined
  /** Of the search, and of the runs' seeds; default 1. */
  readonly seed?: number | undefined
  /** A folder for the result and the runs: the same calibration goes on from there. */
  readonly out?: string | undefined
  readonly onProgress?: ((done: number, of: number) => void) | undefined
}

/** A target beside what runs with the fitted parameters give. */
export interface FittedTarget extends Target {
  readonly fitted: number
  /** 95 % interval of the mean over the replicates that judge; null with a single one. */
  readonly interval: Interval | null
}

/** One fit. Objectives are as in `objectiveOf`: the smaller the better; of what is maximised, the sign is turned back. */
export interface Fit {
  readonly trainedOn: string
  readonly judgedBy: string
  readonly best: Readonly<Record<string, number>>
  /** At the best point, on what the search saw. */
  readonly objective: number
  /** At the best point, and at the scenario's own parameters, on what judges. */
  readonly validation: number
  readonly standard: number
  readonly targets: readonly FittedTarget[]
  readonly evaluations: readonly Evaluation[]
  /** The best objective after each evaluation. */
  readonly convergence: readonly number[]
}

/** What a calibration found: a fit, or one a stretch of a walk forward; of `abc`, the posterior. */
export interface Calibration {
  readonly scenario: string
  readonly method: CalibrationMethod
  readonly parameters: readonly string[]
  readonly fits: readonly Fit[]
  readonly posterior: AbcResult | null
  /** Runs made now, and those of them that failed. */
  readonly made: number
  readonly failed: number
}

/** Everything that is checked before the first run. */
interface Plan {
  readonly method: CalibrationMethod
  readonly budget: number
  readonly replicates: number
  readonly seed: number
  readonly params: Readonly<Record<string, unknown>>
  readonly request: CalibrationRequest
  readonly loaded: LoadedScenario
  readonly ranges: readonly FitRange[]
  readonly isHereAlone: boolean
}

/** Finds parameters. Checks everything first; a run that fails counts as infinitely far away. */
export async function calibrate(request: CalibrationRequest): Promise<Calibration> {
  const plan = await planned(request)
  const { loaded, isHereAlone, method } = plan
  const folds = await foldsOf({ loaded, aim: request.aim, isHereAlone }, request, plan.params)
  const log = RunLog.open(request.out, identityOf(plan))
  const tally = { made: 0, failed: 0 }
  const about = { scenario: loaded.scenario.name, method, parameters: plan.ranges.map(({ name }) => name) }
  const found = { ...about, ...(await fitted(plan, folds, log, tally)), ...tally }
  if (request.out !== undefined) writeResult(request.out, found)
  return found
}

async function fitted(
  plan: Plan,
  folds: readonly Fold[],
  log: RunLog,
  tally: Tally,
): Promise<Pick<Calibration, 'fits' | 'posterior'>> {
  if (plan.method === 'abc') return { fits: [], posterior: await posteriorOn(plan, folds, log, tally) }
  const fits: Fit[] = []
  for (const [k, fold] of folds.entries()) fits.push(await fitOn(plan, fold, { log, tally, before: k, folds: folds.length }))
  return { fits, posterior: null }
}

interface Tally {
  made: number
  failed: number
}

interface FitContext {
  readonly log: RunLog
  readonly tally: Tally
  /** Folds that are done, and how many there are. */
  readonly before: number
  readonly folds: number
}

async function fitOn(plan: Plan, fold: Fold, { log, tally, before, folds }: FitContext): Promise<Fit> {
  const { ranges, budget, seed, request } = plan
  const own = replicatesFrom(1, plan)
  const { best, evaluations, convergence } = await withRuns(plan, fold.train, `fit ${before}`, log, tally, async runs => {
    const evaluate = async (points: readonly (readonly number[])[]) => {
      const outputs = await runs.outputs(
        points.map(point => named(ranges, point)),
        () => own,
      )
      assertSomeWork(runs)
      assertReached(fold.train.aim, outputs, runs)
      return outputs.map(replicates => objectiveOf(fold.train.aim, replicates))
    }
    const onEvaluation = (_: Evaluation, done: number) => request.onProgress?.(before * budget + done, folds * budget)
    const { point, evaluations, convergence } = await minimise(evaluate, {
      ranges,
      method: plan.method as SearchName,
      budget,
      seed,
      onEvaluation,
    })
    return { best: named(ranges, point), evaluations, convergence }
  })
  const [judged, standard] = await withRuns(plan, fold.validate, `judge ${before}`, log, tally, runs =>
    runs.outputs([best, {}], () => replicatesFrom(1 + plan.replicates, plan)),
  )
  const shown = (objective: number) => ('maximise' in fold.train.aim ? -objective : objective)
  return {
    trainedOn: fold.trainedOn,
    judgedBy: fold.judgedBy,
    best,
    objective: shown(convergence.at(-1) as number),
    validation: shown(objectiveOf(fold.validate.aim, judged as number[][])),
    standard: shown(objectiveOf(fold.validate.aim, standard as number[][])),
    targets: fittedTargets(fold.validate.aim, judged as number[][]),
    evaluations: evaluations.map(({ point, value }) => ({ point, value: shown(value) })),
    convergence: convergence.map(shown),
  }
}

/** Simulations that are asked for at once, between two reports of progress. */
const together = 64

async function posteriorOn(plan: Plan, folds: readonly Fold[], log: RunLog, tally: Tally): Promise<AbcResult> {
  const { ranges, budget, seed, replicates, request } = plan
  const [fold] = folds as [Fold]
  if (!('targets' in fold.train.aim) || folds.length > 1)
    throw new OperatorError({ what: 'the method abc', expected: 'targets, and no walk forward', got: 'another aim' })
  if ((request.split ?? 1) < 1)
    throw new OperatorError({ what: '`split`', expected: 'none with the method abc, which judges nothing', got: request.split })
  const { targets } = fold.train.aim
  return withRuns(plan, fold.train, 'fit 0', log, tally, runs => {
    let done = 0
    const simulate = async (points: readonly (readonly number[])[]) => {
      const summaries: number[][] = []
      for (let from = 0; from < points.length; from += together) {
        const some = points.slice(from, from + together)
        // Every simulation has seeds of its own: what chance does is part of what the data could have been.
        const own = (point: number) => replicatesFrom(1 + (done + point) * replicates, plan)
        const outputs = await runs.outputs(
          some.map(point => named(ranges, point)),
          own,
        )
        assertSomeWork(runs)
        summaries.push(...outputs.map(of => targets.map((_, q) => meanOf(of.map(values => values[q] ?? Number.NaN)))))
        done += some.length
        request.onProgress?.(done, budget)
      }
      return summaries
    }
    return abcPosterior(simulate, {
      ranges,
      observed: targets.map(({ value }) => value),
      budget,
      seed,
      rounds: request.rounds ?? 1,
    })
  })
}

async function withRuns<R>(
  plan: Plan,
  stage: Stage,
  name: string,
  log: RunLog,
  tally: Tally,
  use: (runs: FitRuns) => Promise<R>,
): Promise<R> {
  const { request, params, seed } = plan
  const { engine, workers, redis, onNote, steps } = request
  const { loaded, aim, isHereAlone } = stage
  const quantities = quantitiesOf(aim)
  const where = { engine, workers, redis, onNote }
  const runs = await FitRuns.open({ loaded, isHereAlone, quantities, steps, params, seed, name, log, ...where })
  try {
    return await use(runs)
  } finally {
    tally.made += runs.made
    tally.failed += runs.failed
    await runs.close()
  }
}

/** Refuses to go on where every run fails: the search would only wander. */
function assertSomeWork({ made, failed, firstFailure }: FitRuns): void {
  if (made > 0 && failed === made)
    throw new MyceliaError(`Each of the first ${made} runs failed: ${firstFailure ?? 'without a message'}`)
}

/** A quantity that no run of the first points has would leave every point infinitely far away, whatever the budget. */
function assertReached(aim: Aim, outputs: readonly (readonly (readonly number[])[])[], { made, failed }: FitRuns): void {
  const all = outputs.flat()
  const missing = quantitiesOf(aim).find((_, q) => all.every(values => Number.isNaN(values[q] ?? Number.NaN)))
  if (missing === undefined || failed === made) return
  const { column, step } = missing
  throw new OperatorError({
    what: `\`${column}\`${step === undefined ? '' : ` at step ${step}`}`,
    expected: 'a value in some of the first runs',
    got: `none in ${all.length}`,
    next:
      step === undefined ? 'Look at what the runs collect.' : 'Let the runs be longer with `steps`, or leave that target out.',
  })
}

function replicatesFrom(first: number, { replicates }: Plan): number[] {
  return Array.from({ length: replicates }, (_, i) => first + i)
}

function named(ranges: readonly FitRange[], point: readonly number[]): Record<string, number> {
  return Object.fromEntries(ranges.map(({ name }, i) => [name, point[i] as number]))
}

function fittedTargets(aim: Aim, replicates: readonly (readonly number[])[]): FittedTarget[] {
  if (!('targets' in aim)) return []
  return aim.targets.map((target, i) => {
    const values = replicates.map(outputs => outputs[i] as number)
    const hasInterval = values.length > 1 && values.every(Number.isFinite)
    return { ...target, fitted: meanOf(values), interval: hasInterval ? meanInterval(values) : null }
  })
}

async function planned(request: CalibrationRequest): Promise<Plan> {
  const { scenario, method = 'cmaes', params = {}, seed = 1 } = request
  if (!calibrationMethods.includes(method)) throw unknownName('method', method, calibrationMethods)
  const isHereAlone = typeof scenario !== 'string'
  const loaded = isHereAlone ? { scenario: scenario as unknown as Scenario, ref: scenario.name } : await loadScenario(scenario)
  if (request.rounds !== undefined && method !== 'abc')
    throw new OperatorError({ what: '`rounds`', expected: 'the method abc', got: method, next: 'Leave it out.' })
  const ranges = checkedRanges(withTypes(loaded.scenario, request.fit))
  checkEnds(loaded.scenario, ranges, params)
  if ('targets' in request.aim && request.aim.targets.length === 0)
    throw new OperatorError({ what: '`aim`', expected: 'one target or more', got: 'none' })
  const budget = checkedCount('`budget`', request.budget ?? (method === 'abc' ? 1_000 : 100))
  const replicates = checkedCount('`replicates`', request.replicates ?? (method === 'abc' ? 1 : 5))
  return { request, loaded, ranges, isHereAlone, method, params, seed, budget, replicates }
}

/** Parameters that the scenario declares as whole numbers are searched as such. */
function withTypes(scenario: Scenario, fit: readonly FitRange[]): FitRange[] {
  const known = fieldsOf(scenario.params)
  const whole = new Set(parameterFields(scenario.params).flatMap(([name, { type }]) => (type === 'integer' ? [name] : [])))
  return fit.map(range => {
    if (!known.has(range.name)) throw unknownName('parameter', range.name, known.keys())
    return { ...range, whole: range.whole ?? whole.has(range.name) }
  })
}

/** The scenario must take both ends of every range. */
function checkEnds(scenario: Scenario, ranges: readonly FitRange[], params: Readonly<Record<string, unknown>>): void {
  for (const { name, from, to, whole } of ranges) {
    const ends = whole === true ? [Math.ceil(from), Math.floor(to)] : [from, to]
    for (const end of ends) parseParameters(scenario.params, { ...params, [name]: end })
  }
}

/** What two calibrations must have in common to share their runs. */
function identityOf({ request, loaded, ranges, params, seed, method, replicates }: Plan): unknown {
  const { aim, steps, split, walkForward, market, moats, rounds } = request
  const { version } = packageManifest()
  const code = loaded.code ?? null
  const given = { aim, steps, split, walkForward, market, moats, ...(rounds !== undefined && { rounds }) }
  return { scenario: loaded.scenario.name, code, version, ranges, params, seed, method, replicates, ...given }
}

/** `calibration.json`, and `evaluations.csv`, a row a point. */
function writeResult(folder: string, calibration: Calibration): void {
  writeAtomic(join(folder, 'calibration.json'), `${JSON.stringify(calibration, null, 1)}\n`)
  const { parameters, fits, posterior } = calibration
  const rows: Cell[][] =
    posterior === null
      ? fits.flatMap((fit, k) =>
          fit.evaluations.map(({ point, value }, i): Cell[] => [k + 1, i + 1, ...point, value, fit.convergence[i] as number]),
        )
      : posterior.sample.map(({ point, weight }): Cell[] => [...point, weight])
  const head = posterior === null ? ['fit', 'evaluation', ...parameters, 'objective', 'best'] : [...parameters, 'weight']
  writeAtomic(join(folder, 'evaluations.csv'), `${[head, ...rows].map(row => row.join(',')).join('\n')}\n`)
}
