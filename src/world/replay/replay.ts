/** Replays a live run, shard by shard where it is split, and says whether every decision came out the same, and of how much of the run. */

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../../core/index.js'
import { RunDirectory } from '../../storage/index.js'
import { liveResultSchema } from '../live/engine/index.js'
import { shardsOf } from '../live/peers/index.js'
import { useNodeSha256 } from '../node-sha256.js'
import type { GivenScenario } from '../run-request.js'
import { stopwatchMs } from '../wall-clock.js'
import { type ReplayedShard, replayShard } from './replay-shard.js'
import type { ReplayFrom } from './spans.js'

const difference = z.object({
  part: z.string(),
  tick: z.number().nullable(),
  agent: z.string().nullable(),
  what: z.string(),
  row: z.object({ table: z.string(), id: z.string(), column: z.string().nullable() }).nullable(),
})

/** What a replay may prove: the whole run, a part of it, nothing, or that something differs. */
const verdict = z.enum(['agrees', 'partial', 'nothing', 'differs'])

/** What `replay` gives back, checked. */
export const replayResultSchema = liveResultSchema.extend({
  /** Every tick of the run was decided again, in every shard, and all came out the same. */
  agrees: z.boolean(),
  verdict,
  /** Replayed ticks, of all ticks of the run: 1 is the whole run. */
  share: z.number(),
  /** The first difference, where there is one, and all that are listed. */
  difference: difference.nullable(),
  differences: z.array(difference),
  /** What was compared. */
  replayed: z.object({ ticks: z.number(), facts: z.number(), ideas: z.number(), trades: z.number(), halts: z.number() }),
  /** `from`: the tick after which the replay began. */
  parts: z.array(
    z.object({
      path: z.string(),
      digest: z.string(),
      ticks: z.number(),
      from: z.number(),
      replayed: z.number(),
      agents: z.string().nullable(),
    }),
  ),
})
/** What `replay` gives back: whether the journal was decided again, to the same digest. */
export type ReplayResult = z.infer<typeof replayResultSchema>

/** The options of `replay`. */
export interface ReplayRequest {
  /** Where it is not one that ships or a file. */
  readonly scenario?: GivenScenario
  /** Where to begin: at the last checkpoint before that tick, step or time. Default: at the first one there is. */
  readonly from?: ReplayFrom | undefined
  /** Threads at once; default: as many as the machine has cores. */
  readonly cores?: number | undefined
  /** Called now and then with the ticks replayed so far, and of how many. */
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined
}

/** How far a replay has come. */
export interface ReplayProgress {
  readonly ticks: number
  readonly of: number
  readonly elapsedMs: number
}

/** Throws an `OperatorError` where the directory holds no live run. */
export async function replay(runDir: string, options: ReplayRequest = {}): Promise<ReplayResult> {
  useNodeSha256()
  const run = resolve(runDir)
  const shards = shardsOf(run)
  if (shards.length === 0) requireLive(run)
  const started = stopwatchMs()
  const progress = progressOf(options, started)
  const replayed: ReplayedShard[] = []
  for (const path of shards.length === 0 ? [run] : shards) {
    replayed.push(await replayShard(path, { ...options, onTicks: progress(path) }))
  }
  return resultOf(run, replayed, stopwatchMs() - started)
}

/** Ticks are counted shard by shard; how many a shard has is known once it has begun. */
function progressOf({ onProgress }: ReplayRequest, started: number) {
  const all = new Map<string, { ticks: number; of: number }>()
  return (path: string) => (ticks: number, of: number) => {
    all.set(path, { ticks: (all.get(path)?.ticks ?? 0) + ticks, of })
    const sum = (name: 'ticks' | 'of') => [...all.values()].reduce((total, shard) => total + shard[name], 0)
    onProgress?.({ ticks: sum('ticks'), of: sum('of'), elapsedMs: stopwatchMs() - started })
  }
}

/** The digest of a split run is the SHA-256 of its shards' digests in order; of any other run its own. */
export function digestOfShards(digests: readonly string[]): string {
  const [only] = digests
  if (digests.length === 1 && only !== undefined) return only
  return createHash('sha256')
    .update(Buffer.from(digests.join(''), 'hex'))
    .digest('hex')
}

function resultOf(run: string, shards: readonly ReplayedShard[], workedMs: number): ReplayResult {
  // The shard that runs Trading has the portfolios, ideas and collisions.
  const main = shards.find(({ end }) => end.trades) ?? (shards[0] as ReplayedShard)
  const differences = shards.flatMap(shard => shard.differences)
  const sum = (of: (shard: ReplayedShard) => number) => shards.reduce((total, shard) => total + of(shard), 0)
  const { agents, collisions, ...summary } = main.end.summary
  const before = main.manifest.summary as { counters?: object; collisions?: object; rejectedInputs?: number }
  const steps = sum(shard => shard.end.steps)
  const [ticks, replayed] = [sum(shard => shard.ticks), sum(shard => shard.replayed)]
  const verdict = verdictOf(shards)
  return replayResultSchema.parse({
    scenario: main.manifest.scenario,
    seed: main.manifest.seed,
    steps: main.end.steps,
    ticks,
    agents: { byType: main.end.counts, core: 0, support: 0, ta: 0, ...(agents as object | undefined) },
    stepsPerSecond: workedMs === 0 ? 0 : Math.round((steps / workedMs) * 10_000) / 10,
    digest: digestOfShards(shards.map(({ end }) => end.digest)),
    outputs: main.end.outputs,
    runDir: run,
    rejectedInputs: before.rejectedInputs ?? 0,
    ...summary,
    ...(collisions === undefined ? {} : { collisions: { byChance: 0, ...before.collisions, ...(collisions as object) } }),
    counters: { feed: {}, transport: {}, ...before.counters },
    agrees: verdict === 'agrees',
    verdict,
    share: ticks === 0 ? 0 : replayed / ticks,
    difference: differences[0] ?? null,
    differences,
    replayed: {
      ticks: replayed,
      facts: sum(shard => shard.facts),
      ideas: main.ideas,
      trades: sum(shard => shard.trades),
      halts: main.halts,
    },
    parts: shards.map(({ path, end, ticks, from, replayed, manifest }) => ({
      path,
      digest: end.digest,
      ticks,
      from,
      replayed,
      agents: (manifest.request?.agents as string | undefined) ?? null,
    })),
  })
}

/** A shard of which nothing was replayed proves nothing, whatever the others do. */
function verdictOf(shards: readonly ReplayedShard[]): ReplayResult['verdict'] {
  if (shards.some(({ differences }) => differences.length > 0)) return 'differs'
  if (shards.some(({ replayed }) => replayed === 0)) return 'nothing'
  return shards.every(({ replayed, ticks }) => replayed === ticks) ? 'agrees' : 'partial'
}

function requireLive(run: string): void {
  const next = 'Give the directory of a live run.'
  if (!existsSync(join(run, 'manifest.json'))) {
    throw new OperatorError({ what: `replaying ${run}`, expected: 'the directory of a live run', got: 'no manifest.json', next })
  }
  const { verb } = RunDirectory.read(run).manifest
  if (verb !== 'live')
    throw new OperatorError({ what: `replaying ${run}`, expected: 'a live run', got: `one of mycelia ${verb}`, next })
}
