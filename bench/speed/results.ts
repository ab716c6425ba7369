/** What `npm run bench` keeps in bench/results.json: parts, each measured by a command of its own. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { LiveLatency } from '../live/latency.js'
import type { TransportSpeed } from '../live/transport.js'
import type { MemoryCost } from '../memory/memory-cost.js'
import type { PoolSpeed } from '../pool/speed.js'
import type { SweepSpeed } from '../sweep/speed.js'
import type { ViewerCost } from '../view/cost.js'
import type { FrameCost } from '../view/frames.js'
import type { BookSpeed } from './book.js'
import type { BusSpeed } from './bus.js'
import type { CurveSpeed } from './curve.js'
import type { DecisionSpeed } from './decisions.js'
import type { EventSpeed } from './events.js'
import type { GateSpeed } from './gate.js'
import type { Curve } from './growth.js'
import type { MarketSpeed } from './market.js'
import type { Million } from './million.js'
import type { RecordCost } from './record.js'

/** By which command, of what, when and where figures were made. */
export interface Origin {
  readonly command: string
  readonly commit: string
  readonly date: string
  readonly node: string
  readonly cpu: string
  /** How many times slower than the reference this machine was. */
  readonly slowness: number
}

/** A measured row of the table. */
export interface MeasuredRow {
  readonly model: string
  readonly size: string
  readonly ms: number
  readonly limitMs: number
  readonly ratio: number
  readonly limitCredible: boolean
  readonly reach: number
  readonly reached: boolean
  /** The page's limit, and the same scaled to this machine's speed today. */
  readonly pageMs: number
  readonly pageScaledMs: number
}

export interface Table extends Origin {
  readonly rows: readonly MeasuredRow[]
  readonly million: Million & { readonly maxMemoryMb: number }
  readonly market: MarketSpeed
  readonly bus: readonly BusSpeed[]
  readonly events: readonly EventSpeed[]
  readonly candlesPerSecond: number
}

export interface Growth extends Origin {
  readonly curves: readonly Curve[]
}

export interface Live extends Origin {
  /** Why it was not measured, where it was not. */
  readonly transport: TransportSpeed | string
  readonly latency: LiveLatency
}

export interface BookTable extends Origin {
  readonly speed: BookSpeed
}

export interface LaunchTable extends Origin {
  readonly speed: CurveSpeed
  readonly decisions: DecisionSpeed
}

export interface RecordTable extends Origin {
  readonly cost: RecordCost
}

export interface PoolTable extends Origin {
  readonly speed: PoolSpeed
}

export interface SweepTable extends Origin {
  readonly speed: SweepSpeed
}

export interface MemoryTable extends Origin {
  readonly cost: MemoryCost
}

export interface ViewTable extends Origin {
  readonly viewers: ViewerCost
  /** A sentence where there is no browser. */
  readonly frames: readonly FrameCost[] | string
}

export type GateCost = Origin & GateSpeed

export type Results = Partial<Table> & {
  readonly book?: BookTable
  readonly growth?: Growth
  readonly gate?: GateCost
  readonly launch?: LaunchTable
  readonly live?: Live
  readonly memory?: MemoryTable
  readonly pool?: PoolTable
  readonly record?: RecordTable
  readonly sweep?: SweepTable
  readonly view?: ViewTable
}

/** What this run did not measure stays. */
export function keep(file: string, results: Results): void {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {}
  writeFileSync(file, `${JSON.stringify({ ...before, ...results }, null, 2)}\n`)
}
