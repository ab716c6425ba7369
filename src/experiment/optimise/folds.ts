/** What a calibration fits on, and what it is judged by: other seeds, later data, or the next stretch of a market. */

import { checkedCount, OperatorError } from '../../core/index.js'
import { formatTime, parseTime } from '../../market/index.js'
import type { LoadedScenario } from '../../world/index.js'
import { planRun } from '../../world/index.js'
import type { Aim, Target } from './targets.js'

/** Runs of a scenario that are aimed at something. */
export interface Stage {
  readonly loaded: LoadedScenario
  readonly aim: Aim
  /** No other process can load it. */
  readonly isHereAlone: boolean
}

/** One fit with its judgement. */
export interface Fold {
  /** What the fit saw, and what it is judged by. */
  readonly train: Stage
  readonly validate: Stage
  readonly trainedOn: string
  readonly judgedBy: string
}

/** How a calibration is to be split. */
export interface Splitting {
  /** The share of a time series' steps that is fitted; the later ones judge. Default 1: other seeds judge. */
  readonly split?: number | undefined
  /** So many fits, each judged by what comes right after it. */
  readonly walkForward?: number | undefined
  /** Candles in the place of the scenario's market. */
  readonly market?: string | undefined
  readonly moats?: string | undefined
}

export async function foldsOf(
  stage: Stage,
  { split = 1, walkForward, market, moats }: Splitting,
  params: Readonly<Record<string, unknown>>,
): Promise<Fold[]> {
  if (!(split > 0 && split <= 1)) throw new OperatorError({ what: '`split`', expected: 'a share above 0, at most 1', got: split })
  if (walkForward !== undefined) checkedCount('`walkForward`', walkForward)
  if (walkForward !== undefined && split < 1)
    throw new OperatorError({ what: '`walkForward`', expected: 'no `split` beside it', got: split })
  if (market !== undefined && split < 1)
    throw new OperatorError({ what: '`split`', expected: 'no `market` beside it', got: split, next: 'Use `walkForward`.' })
  if (market === undefined && moats !== undefined)
    throw new OperatorError({ what: '`moats`', expected: '`market` beside it', got: moats })
  if (market !== undefined) return ofMarket(stage, { market, moats, walkForward, params })
  if (walkForward !== undefined) return ofSeries(stage, walkForward)
  if (split < 1) return [laterSteps(stage, split)]
  return [otherSeeds(stage)]
}

function otherSeeds(stage: Stage): Fold {
  return { train: stage, validate: stage, trainedOn: 'its seeds', judgedBy: 'other seeds' }
}

/** The steps of a time series, each once, ascending. */
function stepsOf({ aim }: Stage, what: string): number[] {
  const steps = 'targets' in aim ? aim.targets.flatMap(({ step }) => (step === undefined ? [] : [step])) : []
  if (steps.length > 0) return [...new Set(steps)].sort((a, b) => a - b)
  throw new OperatorError({
    what,
    expected: 'data with a column `step`',
    got: 'none',
    next: 'Without it, other seeds judge the fit.',
  })
}

function between(stage: Stage, first: number, last: number): Stage {
  const { targets } = stage.aim as { targets: readonly Target[] }
  return { ...stage, aim: { targets: targets.filter(({ step }) => step === undefined || (step >= first && step <= last)) } }
}

function laterSteps(stage: Stage, split: number): Fold {
  const steps = stepsOf(stage, '`split`')
  const count = Math.round(split * steps.length)
  if (count === 0 || count === steps.length)
    throw new OperatorError({ what: '`split`', expected: 'steps on both sides', got: `${count} of ${steps.length}` })
  return spanFold(stage, steps, [0, count], [count, steps.length])
}

/** The data in one part more than there are fits: fit k sees the first k parts, and the next one judges it. */
function ofSeries(stage: Stage, fits: number): Fold[] {
  const steps = stepsOf(stage, '`walkForward`')
  if (steps.length <= fits)
    throw new OperatorError({ what: '`walkForward`', expected: `fewer than the ${steps.length} steps of the data`, got: fits })
  const end = (part: number) => Math.round((part * steps.length) / (fits + 1))
  return Array.from({ length: fits }, (_, k) => spanFold(stage, steps, [0, end(k + 1)], [end(k + 1), end(k + 2)]))
}

type Span = readonly [from: number, until: number]

function spanFold(stage: Stage, steps: readonly number[], fitted: Span, judged: Span): Fold {
  const ends = ([from, until]: Span): [number, number] => [steps[from] as number, steps[until - 1] as number]
  const text = (span: Span) => `steps ${ends(span).join(' to ')}`
  return {
    train: between(stage, ...ends(fitted)),
    validate: between(stage, ...ends(judged)),
    trainedOn: text(fitted),
    judgedBy: text(judged),
  }
}

interface MarketSplit extends Pick<Splitting, 'moats' | 'walkForward'> {
  readonly market: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Stretches of equal length: each fit sees one, and the next one judges it. Without `walkForward`, the whole market and other seeds. */
async function ofMarket(stage: Stage, { market, moats, walkForward, params }: MarketSplit): Promise<Fold[]> {
  const plan = await planRun({ scenario: stage.loaded.scenario, params, market, moats })
  const { from, to, barMs } = { ...plan.market?.source.describe() } as { from: string; to: string; barMs: number }
  const [first, last] = [parseTime(from), parseTime(to)]
  const on = (start: number, end: number): Stage =>
    onCandles(stage, { path: market, ...(moats !== undefined && { moats }), from: start, to: end })
  if (walkForward === undefined) return [otherSeeds(on(first, last))]
  const bars = Math.floor((last - first) / barMs) + 1
  const start = (part: number) => first + Math.round((part * bars) / (walkForward + 1)) * barMs
  const stretch = (part: number): [number, number] => [start(part), start(part + 1) - barMs]
  const text = (part: number) => stretch(part).map(formatTime).join(' to ')
  return Array.from({ length: walkForward }, (_, k) => ({
    train: on(...stretch(k)),
    validate: on(...stretch(k + 1)),
    trainedOn: text(k),
    judgedBy: text(k + 1),
  }))
}

function onCandles(stage: Stage, files: { path: string; moats?: string; from: number; to: number }): Stage {
  const { scenario, ...rest } = stage.loaded
  const worlds = { ...scenario.worlds, run: { market: { kind: 'files', ...files } } }
  return { ...stage, loaded: { ...rest, scenario: { ...scenario, worlds } }, isHereAlone: true }
}
