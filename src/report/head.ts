/** The top of a report: what ran, with which parameters, its result in a sentence, why it ended, and how to make it again. */

import { basename, dirname } from 'node:path'
import type { Truth } from '../trading/index.js'
import type { About } from '../view/index.js'
import type { ApprovedPattern, ReportData } from './data.js'
import { barName, change, counted, day, duration, instant, integer, percent } from './format.js'
import { figure, number, portfolioSummaries, record } from './summary.js'

/** The part `report` of a page: all of it is text. */
export interface ReportHead {
  readonly kind: string
  readonly name: string
  /** Null where the run is finished. */
  readonly status: string | null
  readonly parameters: readonly (readonly [name: string, value: string])[]
  readonly story: readonly string[]
  readonly failure: {
    readonly what: string
    readonly message: string
    readonly calls: readonly string[]
    readonly next: string
  } | null
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** Lines for the shell, each with what it does. */
  readonly again: readonly (readonly [what: string, line: string])[]
  readonly sections: readonly { readonly id: string; readonly title: string; readonly lead: string }[]
  readonly foot: string
}

/** `lastState`: what the run's viewer would have said of it, where that was kept. */
export function headOf(data: ReportData, lastState: About | undefined): Omit<ReportHead, 'sections'> {
  const { manifest } = data
  return {
    kind: `Mycelia · ${manifest.verb} report`,
    name:
      lastState === undefined || lastState.title === manifest.scenario
        ? manifest.scenario
        : `${lastState.title} (${manifest.scenario})`,
    status: manifest.status === 'finished' ? null : data.underWay?.isAlive === false ? 'broken off' : manifest.status,
    parameters: Object.entries(manifest.parameters).map(([name, value]) => [name, shownValue(value)]),
    story: [story(data), ...asOf(data), ...ending(data)].filter(sentence => sentence !== ''),
    failure: failureOf(data),
    facts: factsOf(data),
    again: againOf(data, lastState),
    foot: `Written by Mycelia ${manifest.versions.mycelia ?? ''} from ${manifest.runId}. ${data.trading === null ? '' : 'Paper money only.'}`.trim(),
  }
}

function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function factsOf({ manifest, underWay }: ReportData): ReportHead['facts'] {
  const speed = number(manifest.summary.stepsPerSecond)
  return [
    ['seed', String(manifest.seed)],
    ['steps', integer(underWay?.step ?? manifest.steps)],
    ['took', `${duration(manifest.wallTimeMs)}${speed === undefined ? '' : ` · ${integer(speed)} steps/s`}`],
    ['started', instant(manifest.startedAt)],
    ['digest', manifest.digest ?? `– (the run is ${manifest.status})`],
  ]
}

/** The run once more, to be compared or to be played with. */
function againOf({ manifest, path }: ReportData, lastState: About | undefined): ReportHead['again'] {
  const { verb, request = {}, parameters, seed, steps, status } = manifest
  const place = basename(dirname(dirname(path))) === 'runs' ? `runs/${basename(dirname(path))}/${basename(path)}` : path
  if (verb === 'live') return [['Decides it again from its journal:', `mycelia replay ${word(place)}`]]
  if (verb !== 'run' || status === 'running') return []
  const standard = new Map(lastState?.parameters.map(({ name, default: value }) => [name, JSON.stringify(value)]))
  const moved = Object.entries(parameters).filter(([name, value]) => standard.get(name) !== JSON.stringify(value))
  const files = (['market', 'moats'] as const).flatMap(name => (typeof request[name] === 'string' ? [[name, request[name]]] : []))
  const sets = moved.map(([name, value]) => ['set', `${name}=${shownValue(value)}`])
  const options = [['seed', String(seed)], ['steps', String(steps)], ...files, ...sets]
  const scenario = word(typeof request.scenario === 'string' ? request.scenario : manifest.scenario)
  const again = ['mycelia run', scenario, ...options.map(([name, value]) => `--${name} ${word(String(value))}`)].join(' ')
  return [
    ['Makes it again, and compares the digest:', `mycelia reproduce ${word(place)}`],
    ['The same as a new run:', again],
  ]
}

/** For a POSIX shell. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** Of a run that has not ended: up to when the page tells it. */
function asOf({ underWay, period }: ReportData): string[] {
  if (underWay === null) return []
  const when = period === null ? '' : `${instant(new Date(period.to).toISOString())}, `
  return [
    `${underWay.isAlive ? 'Running' : 'Broken off'}, as of ${when}step ${integer(underWay.step)}. What came later is not on this page.`,
  ]
}

function ending({ manifest: { ended, error } }: ReportData): string[] {
  return error !== undefined || ended === undefined ? [] : [`It ended because ${because(ended)}.`]
}

/** Of a run that ended early, the error and what to do now. */
function failureOf({ manifest: { error } }: ReportData): ReportHead['failure'] {
  if (error === undefined) return null
  const { step, message, calls = [], kept, next } = error
  const what = `It ended early, in step ${integer(step)}`
  return { what, message, calls, next: `Everything up to step ${integer(kept)} is kept. ${next}` }
}

function because({ by, why }: NonNullable<ReportData['manifest']['ended']>): string {
  if (by === 'steps' || by === 'time') return why
  if (by === 'data') return 'the data ended'
  if (by === 'error') return `something failed: ${why.replace(/\.$/, '')}`
  return by === 'model' ? `the model stopped: ${why}` : `it was ${why}`
}

/** The result in one to three sentences. */
function story(data: ReportData): string {
  if (data.trading !== null) return [happened(data), discovered(data), earned(data)].filter(sentence => sentence !== '').join(' ')
  const { model, manifest } = data
  const ends = Object.entries(model.lines).flatMap(([name, values]) => {
    const [first, last] = [values.find(value => value !== null), values.findLast(value => value !== null)]
    return first === undefined || last === undefined || first === null || last === null
      ? []
      : [`${name.replaceAll('_', ' ')} from ${shownNumber(first)} to ${shownNumber(last)}`]
  })
  const went = ends.length === 0 ? '' : `; ${ends.slice(0, 6).join(', ')}`
  return `${agentsWord(data)} went through ${counted(data.underWay?.step ?? manifest.steps, 'step')}${went}.`
}

function shownNumber(value: number): string {
  return Number.isInteger(value) ? integer(value) : String(Number(value.toPrecision(4)))
}
function agentsWord({ manifest }: ReportData): string {
  const agents = record(manifest.summary.agents)
  const total = Object.values(record(agents.byType)).reduce<number>((sum, n) => sum + (number(n) ?? 0), 0)
  const core = number(agents.core) ?? 0
  if (core > 0) return `${integer(core)} agents and their support`
  return total > 0 ? counted(total, 'agent') : 'The model'
}

function happened({ manifest, period, trading, ...rest }: ReportData): string {
  const bar = number(manifest.parameters.barMs)
  const tradable = number(record(manifest.summary.tradable).bars) ?? rest.underWay?.step ?? manifest.steps
  const bars = `${integer(tradable)} ${bar === undefined ? '' : `${barName(bar)} `}bars`
  const before = tradable < manifest.steps ? `, after ${integer(manifest.steps - tradable)} before trading could begin` : ''
  const pairs = trading === null || trading.prices.total === 0 ? '' : ` of ${counted(trading.prices.total, 'pair')}`
  const when = period === null ? '' : `, ${day(period.from)} to ${day(period.to)}`
  return `${agentsWord({ manifest, period, trading, ...rest })} traded ${bars}${pairs} of ${marketName(manifest)}${when}${before}.`
    .replace(' pairs of ', ' pairs in ')
    .replace(' pair of ', ' pair in ')
}

function marketName({ verb, market }: ReportData['manifest']): string {
  if (verb === 'live') return 'a live market'
  return record(market).kind === 'synthetic' ? 'a synthetic market' : 'recorded candles'
}

function discovered({ manifest, patterns }: ReportData): string {
  const approved = number(record(manifest.summary.patterns).approved) ?? patterns?.approved.length
  if (approved === undefined) return ''
  if (approved === 0) return 'They approved no pattern.'
  const found = patterns?.planted?.filter(cause => cause.foundAt !== null).length
  const planted = patterns?.planted?.length ?? 0
  const truth = planted === 0 ? '' : `, ${found} of the ${planted} planted causes among them`
  return `They approved ${counted(approved, 'pattern')}${truth}; ${mistakes(patterns?.approved ?? [])}.`
}

function mistakes(approved: readonly ApprovedPattern[]): string {
  const of = (truth: Truth) => approved.filter(pattern => pattern.truth === truth).length
  const [noise, stray] = [of('placebo'), of('not planted')]
  const heard = noise === 0 ? 'none is a false discovery' : counted(noise, 'is a false discovery', 'are false discoveries')
  return `${heard} in placebo noise${stray === 0 ? '' : `, but ${counted(stray, 'has', 'have')} no planted cause`}`
}

function earned(data: ReportData): string {
  const said = portfolioSummaries(data).flatMap(({ name, title, figures }) => {
    const value = figure(figures, 'return')
    return value === undefined || name === 'buy_and_hold' ? [] : [`${title.toLowerCase()} ${change(percent(value))}`]
  })
  return said.length === 0 ? '' : `After costs the portfolios returned: ${said.join(', ')}.`
}
