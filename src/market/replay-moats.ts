/** The moat streams of a replayed market: recorded values at their times, and marked noise where nothing was recorded. */

import { hashName, Rng, rootOf, type TimeMs } from '../core/index.js'
import { type Moat, type MoatSignal, moatStreams, moats } from './candle.js'
import type { MoatSeries } from './moats-csv.js'
import type { MarketInput } from './source.js'

/** Which streams a model listens to, per moat. */
export type MoatStreams = Readonly<Record<Moat, readonly string[]>>

interface Placebo {
  readonly moat: Moat
  readonly stream: string
  readonly rng: Rng
}

type RngState = readonly [number, number, number, number]

/** Hands out the signals of successive ticks. */
export class ReplayMoats {
  /** Signals of files in order of time, then moat, then stream. */
  private readonly recorded: readonly MoatSignal[]
  private readonly placebos: readonly Placebo[]
  private next = 0

  constructor(files: readonly MoatSeries[], seed: number | string, streams: MoatStreams = moatStreams) {
    this.recorded = merge(files)
    const root = rootOf(seed)
    const isRecorded = (moat: Moat, stream: string) => files.some(f => f.moat === moat && f.stream === stream)
    this.placebos = moats.flatMap(moat =>
      streams[moat]
        .filter(stream => !isRecorded(moat, stream))
        .map(stream => ({ moat, stream, rng: Rng.derive(root, hashName('placebo'), hashName(`${moat}:${stream}`)) })),
    )
  }

  /** `moat:stream` of every stream that is noise. */
  placeboNames(): string[] {
    return this.placebos.map(p => `${p.moat}:${p.stream}`)
  }

  /** Passes over what was recorded before the market begins; gives how many. */
  skipTo(time: TimeMs): number {
    while ((this.recorded[this.next]?.time ?? Number.POSITIVE_INFINITY) < time) this.next++
    return this.next
  }

  /** Appends everything known by `time` and not yet handed out. Placebo: standard normal, one a stream a tick. */
  append(time: TimeMs, inputs: MarketInput[]): void {
    let signal = this.recorded[this.next]
    while (signal !== undefined && signal.time <= time) {
      inputs.push({ kind: 'signal', signal })
      signal = this.recorded[++this.next]
    }
    for (const { moat, stream, rng } of this.placebos) {
      inputs.push({ kind: 'signal', signal: { moat, stream, time, value: rng.normal(), placebo: true } })
    }
  }

  save(): unknown {
    return { next: this.next, placebos: this.placebos.map(p => p.rng.saveState()) }
  }

  restore(state: unknown): void {
    const { next, placebos } = state as { next: number; placebos: RngState[] }
    this.next = next
    for (const [i, p] of this.placebos.entries()) p.rng.loadState(placebos[i])
  }
}

function merge(files: readonly MoatSeries[]): MoatSignal[] {
  const signals = files.flatMap(({ moat, stream, time, value }) =>
    time.map((t, i): MoatSignal => ({ moat, stream, time: t, value: value[i] as number, placebo: false })),
  )
  const rank = (s: MoatSignal) => moats.indexOf(s.moat)
  return signals.sort((a, b) => a.time - b.time || rank(a) - rank(b) || (a.stream < b.stream ? -1 : 1))
}
