/** The end of a live run: its last checkpoint, its tables, its manifest and its result. */

import type { LiveModel } from '../../../agents/index.js'
import { toHex } from '../../../core/index.js'
import type { WallClock } from '../../../feed/index.js'
import { formatTimeframe } from '../../../market/index.js'
import type { Simulation } from '../../../model/index.js'
import type { Manifest, RunDirectory, RunEnd } from '../../../storage/index.js'
import { type CollisionsByChance, chanceCollisions } from '../../chance.js'
import { ended, tryWriteManifest } from '../../run-record.js'
import type { LiveStatus } from '../operations/index.js'
import type { LiveLoop } from './loop.js'
import { type LiveResult, liveResult } from './result.js'
import type { Shard } from './shard.js'

export interface EndingOptions {
  readonly clock: Pick<WallClock, 'monotonic'>
  readonly directory: RunDirectory
  readonly manifest: Manifest
  readonly shard: Shard<LiveModel>
  /** How long the run was to last, ms; undefined: until stopped. */
  readonly forMs: number | undefined
}

/** What this process has done. */
export interface Work {
  /** Undefined: it never went live. */
  readonly loop: LiveLoop | undefined
  /** Total duration of its ticks, ms. */
  readonly workedMs: number
  /** Why it was stopped: a live run has no end of its own. */
  readonly reason: unknown
}

export class Ending {
  private readonly startedMono: number

  constructor(private readonly options: EndingOptions) {
    this.startedMono = options.clock.monotonic()
  }

  /** @param status is asked for once the tables are whole. */
  finish({ loop, workedMs, reason }: Work, status: () => LiveStatus): LiveResult {
    const { shard, directory } = this.options
    const { outputs, sim } = shard.components
    const byChance = this.finishOutputs(loop)
    const last = status()
    const end = this.endOf(reason)
    const result = liveResult({
      sim: sim as unknown as Simulation,
      status: last,
      outputs: outputs.outputs(),
      end,
      steps: loop?.counters.steps ?? 0,
      workedMs,
      byChance,
      rejectedInputs: last.rejected,
    })
    const { digest } = result
    const summary = JSON.parse(JSON.stringify(result))
    const how = end.by === 'time' ? 'finished' : 'interrupted'
    const tables = { outputs: result.outputs, records: outputs.records() }
    directory.writeManifest({ ...this.manifest(how), ended: end, digest, ...tables, summary })
    return result
  }

  /** What ended it stands in the manifest, where that can still be written. */
  failed(why: string): void {
    tryWriteManifest(this.options.directory, { ...this.manifest('failed'), ended: { by: 'error', why } })
  }

  /** Takes the last checkpoint and writes the tables. Returns the collisions to expect by chance; undefined where ideas do not collide. */
  private finishOutputs(loop: LiveLoop | undefined): CollisionsByChance | undefined {
    const { shard } = this.options
    const { sim, outputs } = shard.components
    // Where no step was made since the last checkpoint, it and the journal after it say the same, and can be replayed.
    if (shard.checkpointStep !== shard.model.steps) loop?.checkpoint()
    // Ticks after that last checkpoint left rows as well.
    sim.flush()
    const { collisionWindowMs: windowMs } = shard.model.params
    const byChance = typeof windowMs === 'number' ? chanceCollisions(outputs, Number(sim.seed), windowMs) : undefined
    outputs.finish()
    return byChance
  }

  private endOf(reason: unknown): RunEnd {
    const { forMs, shard } = this.options
    if (reason !== 'time') return { by: 'signal', why: `stopped by ${reason} at step ${shard.model.steps}` }
    return { by: 'time', why: `the ${formatTimeframe(forMs ?? 0)} asked for are over` }
  }

  private manifest(status: Manifest['status']): Manifest {
    const { manifest, shard, clock } = this.options
    const wallTimeMs = Math.round(clock.monotonic() - this.startedMono)
    const { tick, hash } = shard.components.ledger.head
    const journal = { ticks: tick, head: toHex(hash) }
    return { ...ended(manifest, { status, steps: shard.model.steps, wallTimeMs }), journal }
  }
}
