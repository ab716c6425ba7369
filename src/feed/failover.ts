/**
 * Bars of one pair from several sources, of which one is believed at a time: an earlier one of their order while it is healthy, another
 * within a bar where it is not. What disagrees with the median of the others is quarantined, and a series never changes its quote currency.
 */

import type { TimeMs } from '../core/index.js'
import type { Candle } from '../market/index.js'

/** What a source is asked for a bar, and answers: the bar, or why there is none. */
export interface BarSource {
  readonly name: string
  /** In what its prices are: USD, USDT … */
  readonly quote: string
  /** The closed bar that begins at `time`; throws what its client throws, and may take as long as it takes: the caller has a deadline. */
  bar(pair: string, time: TimeMs): Promise<SourcedCandle>
}

/** A bar and the pair that its source says it is of. */
export interface SourcedCandle extends Candle {
  readonly pair: string
}

/** Why a source gave no bar that can be used. late: nothing in time · http: an error, by its code · garbage: no bar, or numbers that are none · otherPair, otherTime: of something else · repeated: the bar before once more · apart: too far from the median of the others. */
export type SourceFault = 'late' | `http${number}` | 'garbage' | 'otherPair' | 'otherTime' | 'repeated' | 'apart' | 'quarantined'

/** What came of asking one source. */
export type SourceAnswer = { readonly bar: unknown } | { readonly fault: SourceFault }

export interface FailoverSettings {
  /** How far a close may be from the median of all, as a share. */
  readonly apart: number
  /** Bars apart after which a source is quarantined, and good bars after which one is believed again. */
  readonly apartBars: number
  readonly goodBars: number
}

export const usualFailover: FailoverSettings = { apart: 0.01, apartBars: 2, goodBars: 20 }

/** How one source does. */
export interface SourceHealth {
  readonly name: string
  readonly quote: string
  /** Bars without a fault in a row, and bars apart in a row. */
  good: number
  apart: number
  quarantined: boolean
  last: SourcedCandle | null
  /** Faults so far, by cause. */
  readonly faults: Record<string, number>
}

/** What to do with a bar's time: the bar that is believed, and whether anything may be entered by it. */
export interface ChosenBar {
  readonly bar: SourcedCandle
  readonly source: string
  readonly quote: string
  readonly mayEnter: boolean
}

/** The sources of one pair, as plain data. */
export interface Failover {
  readonly pair: string
  /** What the series is in: that of the first source. */
  readonly quote: string
  readonly settings: FailoverSettings
  readonly sources: readonly SourceHealth[]
  current: string
  switches: number
  /** Bars for which no source had any that could be believed. */
  lost: number
}

/** Sources in order of preference. */
export function newFailover(
  pair: string,
  sources: readonly Pick<BarSource, 'name' | 'quote'>[],
  settings: FailoverSettings = usualFailover,
): Failover {
  const health = sources.map(({ name, quote }) => ({
    name,
    quote,
    good: 0,
    apart: 0,
    quarantined: false,
    last: null,
    faults: {},
  }))
  return {
    pair,
    quote: sources[0]?.quote ?? '',
    settings,
    sources: health,
    current: sources[0]?.name ?? '',
    switches: 0,
    lost: 0,
  }
}

/** Chooses the bar that begins at `time` from what the sources answered; null: none can be believed. */
export function chooseBar(failover: Failover, time: TimeMs, answers: ReadonlyMap<string, SourceAnswer>): ChosenBar | null {
  const { sources, settings } = failover
  const usable = new Map<SourceHealth, SourcedCandle>()
  for (const source of sources) {
    const answer = answers.get(source.name) ?? { fault: 'late' }
    const read = 'fault' in answer ? answer.fault : readBar(failover.pair, source, time, answer.bar)
    if (typeof read === 'string') miss(source, read)
    else usable.set(source, read)
  }
  const agreed = leaveApart(usable, settings)
  for (const [source, bar] of usable) accept(source, bar, settings)
  const chosen = prefer(failover, usable)
  if (chosen === null) {
    failover.lost++
    return null
  }
  const [source, bar] = chosen
  return { bar, source: source.name, quote: source.quote, mayEnter: agreed }
}

/** Takes out of `usable` what is too far from the median of at least three. False: two disagree, and nobody knows which is right. */
function leaveApart(usable: Map<SourceHealth, SourcedCandle>, { apart, apartBars }: FailoverSettings): boolean {
  const closes = [...usable.values()].map(({ close }) => close).sort((a, b) => a - b)
  if (closes.length < 2) return true
  const [least, most] = [closes[0] as number, closes.at(-1) as number]
  if (closes.length === 2) return most <= least * (1 + apart)
  const half = closes.length >> 1
  const middle =
    closes.length % 2 === 1 ? (closes[half] as number) : ((closes[half - 1] as number) + (closes[half] as number)) / 2
  for (const [source, { close }] of [...usable]) {
    if (Math.abs(close / middle - 1) <= apart) {
      source.apart = 0
      continue
    }
    source.apart++
    if (source.apart >= apartBars) source.quarantined = true
    usable.delete(source)
    miss(source, 'apart')
  }
  return true
}

/** A quarantined source is believed again after as many good bars as one that has been away. */
function accept(source: SourceHealth, bar: SourcedCandle, { goodBars }: FailoverSettings): void {
  source.good++
  source.last = bar
  if (source.quarantined && source.good >= goodBars) source.quarantined = false
}

function miss(source: SourceHealth, fault: SourceFault): void {
  source.good = 0
  source.faults[fault] = (source.faults[fault] ?? 0) + 1
}

/** The current source while it has a bar, an earlier one of the order only after enough good bars; of the series’ own currency alone. */
function prefer(
  failover: Failover,
  usable: ReadonlyMap<SourceHealth, SourcedCandle>,
): readonly [SourceHealth, SourcedCandle] | null {
  const { sources, current, quote, settings } = failover
  const may = (source: SourceHealth) => usable.has(source) && !source.quarantined && source.quote === quote
  const place = sources.findIndex(({ name }) => name === current)
  const back = sources.slice(0, place).find(source => may(source) && source.good >= settings.goodBars)
  const held = sources[place]
  const chosen = back ?? (held !== undefined && may(held) ? held : sources.find(may))
  if (chosen === undefined) return null
  if (chosen.name !== current) failover.switches++
  failover.current = chosen.name
  return [chosen, usable.get(chosen) as SourcedCandle]
}

function readBar(pair: string, { last }: SourceHealth, time: TimeMs, answer: unknown): SourcedCandle | SourceFault {
  if (!isBar(answer)) return 'garbage'
  if (answer.pair !== pair) return 'otherPair'
  if (answer.time !== time) return 'otherTime'
  const same = last !== null && (['open', 'high', 'low', 'close', 'volume'] as const).every(name => last[name] === answer[name])
  // A market that stood still trades nothing; the same trades twice are no market.
  return same && answer.volume > 0 ? 'repeated' : answer
}

function isBar(answer: unknown): answer is SourcedCandle {
  if (typeof answer !== 'object' || answer === null) return false
  const { pair, time, open, high, low, close, volume } = answer as Record<string, unknown>
  const prices = [open, high, low, close]
  if (typeof pair !== 'string' || !Number.isSafeInteger(time) || typeof volume !== 'number' || !(volume >= 0)) return false
  if (!prices.every((price): price is number => typeof price === 'number' && price > 0 && Number.isFinite(price))) return false
  const [first, top, bottom, final] = prices as [number, number, number, number]
  return Number.isFinite(volume) && top >= Math.max(first, final, bottom) && bottom <= Math.min(first, final)
}

/** Asks every source at once, each no longer than `deadlineMs`. */
export async function askSources(
  sources: readonly BarSource[],
  pair: string,
  time: TimeMs,
  within: <T>(answer: Promise<T>) => Promise<T>,
): Promise<ReadonlyMap<string, SourceAnswer>> {
  const answers = await Promise.all(
    sources.map(async source => {
      try {
        return [source.name, { bar: await within(source.bar(pair, time)) }] as const
      } catch (error) {
        return [source.name, { fault: faultOf(error) }] as const
      }
    }),
  )
  return new Map(answers)
}

/** By the status that a client's error names; without one nothing came in time. */
function faultOf(error: unknown): SourceFault {
  const status = (error as { status?: unknown }).status
  return typeof status === 'number' ? `http${status}` : 'late'
}
