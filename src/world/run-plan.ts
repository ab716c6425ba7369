/**
 * The plan of a run: scenario, parameters, market and number of steps, all checked before anything is written. What only a market or
 * knowledge needs is loaded where there is one: a thread of a sweep would spend longer on loading it than on hundreds of its runs.
 */

import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { checkedCount, OperatorError } from '../core/index.js'
import { marketOf, moatStreams, pairName, parseTimeframe } from '../market/index.js'
import { fieldsOf, parseParameters, type Scenario, type SimulateOptions } from '../model/index.js'
import { heapProbe } from './heap-probe.js'
import type { Knowledge } from './knowledge.js'
import { type LoadedScenario, loadScenario } from './load-scenario.js'
import type { MarketSettings, PreparedMarket } from './market.js'
import { instrumentsOf, pairNotes } from './pairs.js'
import type { MarketRequest, RunRequest } from './run-request.js'
import { stopwatchMs } from './wall-clock.js'

/** Number of steps where neither operator nor scenario gives one. */
const defaultSteps = { market: 5_000, model: 1_000 } as const

export interface RunPlan {
  readonly scenario: Scenario
  readonly seed: number
  /** Checked and complete. */
  readonly params: Record<string, unknown>
  /** In total; infinite: until the data or the model end. */
  readonly steps: number
  readonly market: PreparedMarket | undefined
  /** What an earlier run learnt, where the run begins with it. */
  readonly knowledge?: Knowledge | undefined
  /** Prepares the same market once more, at its beginning. */
  readonly remakeMarket: () => Promise<PreparedMarket | undefined>
  /** For the manifest: enough to build all this again. */
  readonly request: Record<string, unknown>
}

/** Checks every option of a new run. Throws an `OperatorError` for the first thing that is wrong. */
export async function planRun(request: RunRequest): Promise<RunPlan> {
  const loaded = await scenarioOf(request.scenario)
  const { scenario } = loaded
  checkWarnings(loaded, request)
  const { seed: recordedSeed, parameters } = await recordedFor(request.scans, scenario)
  const seed = checkedSeed(request.seed ?? recordedSeed ?? 1)
  if (request.steps !== undefined) checkedCount('`steps`', request.steps)
  if (request.checkpointEvery !== undefined) checkedCount('`checkpointEvery`', request.checkpointEvery)
  const given = { ...parameters, ...withOptions(scenario, request) }
  const params = parseParameters(scenario.params, given) as Record<string, unknown>
  const remakeMarket = () => planMarket(scenario, request, seed, params)
  const made = await remakeMarket()
  const market = made && { ...made, notes: [...pairNotes(request, params), ...made.notes] }
  const steps = request.steps ?? stepsOf(scenario, market)
  const plan = { scenario, seed, params, steps, market, remakeMarket, request: requestOf(loaded, request, steps) }
  return request.knowledge === undefined ? plan : experienced(plan, request)
}

/** The live run whose scans a run takes says its seed and parameters too, where it is one of the same scenario: it decides the same, if nothing else is said. */
async function recordedFor(
  scans: string | undefined,
  { name }: Scenario,
): Promise<{ readonly seed?: number; readonly parameters?: Readonly<Record<string, unknown>> }> {
  if (scans === undefined || statSync(scans, { throwIfNoEntry: false })?.isDirectory() !== true) return {}
  const { RunDirectory } = await import('../storage/run-directory.js')
  const { manifest } = RunDirectory.read(scans)
  const { seed, parameters } = manifest
  return manifest.scenario === name ? { seed, parameters } : {}
}

/** The plan of a run that begins with what an earlier one learnt. */
async function experienced(plan: RunPlan, { knowledge: path, onNote }: RunRequest): Promise<RunPlan> {
  const knowledge = await knowledgeFor(plan, path as string)
  const { knowledgeNote } = await import('./knowledge.js')
  onNote?.(knowledgeNote(knowledge))
  const request = { ...plan.request, knowledge: knowledge.path, knowledgeDigest: knowledge.digest }
  return { ...plan, knowledge, params: { ...plan.params, knownPatterns: knowledge.patterns }, request }
}

/** Reads what the run in `path` learnt and this one may know. */
export async function knowledgeFor({ scenario, seed, market, remakeMarket }: RunPlan, path: string): Promise<Knowledge> {
  const begins = market && (await remakeMarket())?.source.next()?.time
  if (market === undefined || begins === undefined) throw noMarket(scenario, 'knowledge')
  const { knowledgeFrom, madeWith, realTime } = await import('./knowledge.js')
  return knowledgeFrom(path, { name: market.kind === 'files' ? realTime : madeWith(seed), begins })
}

/** The market as a scenario and the operator want it; undefined for models without one. */
export async function planMarket(
  scenario: Scenario,
  request: MarketRequest,
  seed: number,
  params: Record<string, unknown>,
): Promise<PreparedMarket | undefined> {
  const spec = marketOf(scenario.worlds)
  if (spec !== undefined) {
    const { prepareMarket } = await import('./market.js')
    return prepareMarket(spec, request, settingsOf(seed, params))
  }
  for (const option of ['market', 'moats', 'scans', 'from', 'to', 'timezone'] as const) {
    if (request[option] !== undefined) throw noMarket(scenario, option)
  }
  return undefined
}

export async function scenarioOf(request: RunRequest['scenario']): Promise<LoadedScenario> {
  if (typeof request === 'object') return { scenario: request as unknown as Scenario, ref: request.name }
  if (request !== undefined) return loadScenario(request)
  throw new OperatorError({ what: 'scenario', expected: 'a name or a file', next: 'Try: mycelia run trifecta.' })
}

/** Notes what makes a scenario file another run each time, or on another engine; `strict` refuses the former. */
export function checkWarnings({ warnings = [], ref }: LoadedScenario, { strict, onNote }: RunRequest): void {
  const refused = strict === true ? warnings.filter(warning => warning.unseeded) : []
  const [first] = refused
  if (first !== undefined) {
    const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : ''
    const what = `${first.sentence.slice(0, -1)}${more}`
    throw new OperatorError({ what, next: `Mend ${basename(ref)}, or run without \`strict\`.` })
  }
  for (const { sentence } of warnings) onNote?.(sentence)
}

export function checkedSeed(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed
  throw new OperatorError({ what: '`seed`', expected: 'a safe integer ≥ 0', got: seed })
}

/** Options that set parameters take precedence over parameters given by name. */
export function withOptions(
  scenario: Scenario,
  { params = {}, pairs, instruments, fee, timeframe, profile, allowLosingTarget }: RunRequest,
): Record<string, unknown> {
  const known = fieldsOf(scenario.params)
  const given: Record<string, unknown> = { ...params }
  const put = (option: string, parameter: string, value: unknown) => {
    if (!known.has(parameter)) throw noMarket(scenario, option)
    given[parameter] = value
  }
  if (fee !== undefined) put('fee', 'feeRate', fee)
  if (timeframe !== undefined) put('timeframe', 'barMs', parseTimeframe(timeframe))
  if (pairs !== undefined) put('pairs', 'pairs', pairs)
  if (instruments !== undefined) put('instruments', 'instruments', instruments)
  if (profile !== undefined) put('profile', 'profiles', profile)
  if (allowLosingTarget !== undefined) put('allowLosingTarget', 'allowLosingTarget', allowLosingTarget)
  if (Array.isArray(given.pairs)) given.pairs = given.pairs.map(pair => (typeof pair === 'string' ? pairName(pair) : pair))
  return given
}

function settingsOf(seed: number, params: Record<string, unknown>): MarketSettings {
  const { pairs, barMs, streams = moatStreams } = params as Partial<MarketSettings>
  const instruments = instrumentsOf(params)
  if (pairs !== undefined && barMs !== undefined) {
    return { seed, pairs: [...new Set(pairs.map(pair => instruments.instrument(pair).pair))], barMs, streams, instruments }
  }
  throw new OperatorError({ what: 'a scenario with a market', expected: 'parameters "pairs" and "barMs"', got: 'none' })
}

function stepsOf(scenario: Scenario, market: PreparedMarket | undefined): number {
  if (market?.kind === 'files') return Number.POSITIVE_INFINITY
  return scenario.steps ?? defaultSteps[market === undefined ? 'model' : 'market']
}

/** Makes paths absolute, so that a resume from another folder finds the files. */
function requestOf({ ref, code }: LoadedScenario, request: RunRequest, steps: number): Record<string, unknown> {
  const { from, to, timezone } = request
  const paths = [request.market, request.moats, request.scans].map(path => (path === undefined ? undefined : resolve(path)))
  const [market, moats, scans] = paths
  const total = Number.isFinite(steps) ? steps : undefined
  const all = { scenario: ref, code, market, moats, scans, from, to, timezone, steps: total }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

function noMarket(scenario: Scenario, option: string): OperatorError {
  return new OperatorError({
    what: `\`${option}\``,
    expected: 'a scenario with a market',
    got: scenario.name,
    next: 'Leave it out, or run a trading scenario such as trifecta.',
  })
}

/** What the simulations of a run are given by their world. */
export function worldOf({
  market,
  knowledge,
}: Pick<RunPlan, 'market' | 'knowledge'>): Pick<
  SimulateOptions,
  'source' | 'requestHandler' | 'stopwatch' | 'heapProbe' | 'guard'
> {
  const source = market === undefined ? {} : { source: market.source }
  const experience = knowledge === undefined ? {} : { requestHandler: knowledge.memory() }
  return { stopwatch: stopwatchMs, heapProbe: heapProbe(), guard: true, ...source, ...experience }
}

/** For the digest: all that a run begins from besides its parameters. */
export function inputDigestsOf({ market, knowledge }: Pick<RunPlan, 'market' | 'knowledge'>): string[] {
  return [...Object.values(market?.inputs ?? {}), ...(knowledge === undefined ? [] : [knowledge.digest])]
}

/** What the simulation of a run checks besides. */
export function checksOf({
  checkLooking,
  checkResume = false,
}: RunRequest): Pick<SimulateOptions, 'checkLooking' | 'checkResume'> {
  return { checkLooking: checkLooking === true ? true : 'first', checkResume }
}
