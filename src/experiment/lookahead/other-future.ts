/** Another future for a market: prices that go the other way, and everything else dealt out again. What is past stays as it is. */

import type { Rng } from '../../core/index.js'
import type { Bar, Candle, MarketInput } from '../../market/index.js'
import type { SourceTick, TickInput } from '../../model/index.js'

/** The ticks up to and with number `last`; those after it keep their times and have other contents. */
export function scrambledAfter(ticks: readonly SourceTick[], last: number, rng: Rng): SourceTick[] {
  const past = ticks.slice(0, last + 1)
  const future = ticks.slice(last + 1)
  const closes = lastCloses(past)
  const values = shuffledValues(future, rng)
  const others = rng.shuffle(future.map(tick => tick.inputs.filter(isUnknown)))
  const changed = future.map((tick, i) => ({
    ...tick,
    inputs: [
      ...tick.inputs.filter(input => !isUnknown(input)).map(input => changedInput(input as MarketInput, closes, values)),
      ...(others[i] ?? []),
    ],
  }))
  return [...past, ...changed]
}

/** Bars whose prices after number `last` are mirrored at its close. */
export function mirroredAfter<B extends Candle>(bars: readonly B[], last: number): B[] {
  const close = bars[last]?.close ?? Number.NaN
  return bars.map((bar, i) => (i <= last ? bar : mirrored(bar, close)))
}

/** What rose by a tenth falls to ten elevenths: every return has the other sign, and prices stay above 0. */
function mirrored<B extends Candle>(bar: B, close: number): B {
  const other = (price: number) => (close * close) / price
  return { ...bar, open: other(bar.open), high: other(bar.low), low: other(bar.high), close: other(bar.close) }
}

function changedInput(
  input: MarketInput,
  closes: ReadonlyMap<string, number>,
  values: ReadonlyMap<string, number[]>,
): MarketInput {
  switch (input.kind) {
    case 'bar':
    case 'revision':
      return { ...input, bar: changedBar(input.bar, closes) }
    case 'trade': {
      const close = closes.get(input.trade.pair) ?? input.trade.price
      return { ...input, trade: { ...input.trade, price: (close * close) / input.trade.price } }
    }
    case 'signal': {
      const value = values.get(streamOf(input.signal))?.pop() ?? input.signal.value
      return { ...input, signal: { ...input.signal, value } }
    }
    default:
      return input
  }
}

/** A pair that has no past yet is mirrored at its first price. */
function changedBar(bar: Bar, closes: ReadonlyMap<string, number>): Bar {
  return mirrored(bar, closes.get(bar.pair) ?? bar.open)
}

function lastCloses(past: readonly SourceTick[]): Map<string, number> {
  const closes = new Map<string, number>()
  for (const { inputs } of past) {
    for (const input of inputs) if (isBar(input)) closes.set(input.bar.pair, input.bar.close)
  }
  return closes
}

/** The values of each stream in another order and with the other sign. */
function shuffledValues(future: readonly SourceTick[], rng: Rng): Map<string, number[]> {
  const values = new Map<string, number[]>()
  for (const { inputs } of future) {
    for (const input of inputs) {
      if (!isSignal(input)) continue
      const stream = streamOf(input.signal)
      const known = values.get(stream)
      if (known === undefined) values.set(stream, [-input.signal.value])
      else known.push(-input.signal.value)
    }
  }
  for (const of of values.values()) rng.shuffle(of)
  return values
}

const streamOf = ({ moat, stream }: { moat: string; stream: string }): string => `${moat}/${stream}`

type InputOf<K extends MarketInput['kind']> = Extract<MarketInput, { kind: K }>

function isBar(input: TickInput): input is InputOf<'bar'> {
  return input.kind === 'bar'
}

function isSignal(input: TickInput): input is InputOf<'signal'> {
  return input.kind === 'signal'
}

/** An input of a model's own kind, of which nothing is known: it goes to another tick as it is. */
function isUnknown({ kind }: TickInput): boolean {
  return !['bar', 'revision', 'trade', 'signal', 'gap', 'stale'].includes(kind)
}
