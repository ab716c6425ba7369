/** Replays a live run, shard by shard where it is split, and says whether every decision came out the same. */

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
import { type Difference, type ReplayedShard, replayShard } from './replay-shard.js'

const difference = z.object({ part: z.string(), tick: z.number().nullable(), agent: z.string().nullable(), what: z.string() })

/** What `replay` gives back, checked. */
export const replayResultSchema = liveResultSchema.extend({
  /** Ideas, trades and digest came out the same, in every shard. */
  agrees: z.boolean(),
  /** The first difference, where there is one. */
  difference: difference.nullable(),
  /** What was compared. */
  replayed: z.object({ ticks: z.number(), facts: z.number(), ideas: z.number(), trades: z.number(), halts: z.number() }),
  parts: z.array(z.object({ path: z.string(), digest: z.string(), ticks: z.number(), agents: z.string().nullable() })),
})
/** What `replay` gives back: whether the journal was decided again, to the same digest. */
export type ReplayResult = z.infer<typeof replayResultSchema>

/** Throws an `OperatorError` where the directory holds no live run. `scenario`: where it is not one that ships or a file. */
export async function replay(runDir: string, { scenario }: { scenario?: GivenScenario } = {}): Promise<ReplayResult> {
  useNodeSha256()
  const run = resolve(runDir)
  const shards = shardsOf(run)
  if (shards.length === 0) requireLive(run)
  const started = stopwatchMs()
  const replayed: ReplayedShard[] = []
  for (const path of shards.length === 0 ? [run] : shards) replayed.push(await replayShard(path, scenario))
  return resultOf(run, replayed, stopwatchMs() - started)
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
  const main = shards.find(p => p.sim.model.traders.at(0)?.idle === false) ?? (shards[0] as ReplayedShard)
  const first: Difference | undefined = shards.find(p => p.difference !== undefined)?.difference
  const sum = (of: (shard: ReplayedShard) => number) => shards.reduce((total, shard) => total + of(shard), 0)
  const { agents, collisions, ...summary } = main.sim.model.summary()
  const before = main.manifest.summary as { counters?: object; collisions?: object; rejectedInputs?: number }
  const steps = sum(p => p.sim.model.steps)
  return replayResultSchema.parse({
    scenario: main.manifest.scenario,
    seed: main.manifest.seed,
    steps: main.sim.model.steps,
    ticks: sum(p => p.ticks),
    agents: {
      byType: main.sim.population.counts(),
      core: 0,
      support: 0,
      ta: 0,
      ...(agents as object | undefined),
    },
    stepsPerSecond: workedMs === 0 ? 0 : Math.round((steps / workedMs) * 10_000) / 10,
    digest: digestOfShards(shards.map(p => p.digest)),
    outputs: main.outputs,
    runDir: run,
    rejectedInputs: before.rejectedInputs ?? 0,
    ...summary,
    collisions: { byChance: 0, ...before.collisions, ...(collisions as object) },
    counters: { feed: {}, transport: {}, ...before.counters },
    agrees: first === undefined,
    difference: first ?? null,
    replayed: {
      ticks: sum(p => p.replayed),
      facts: sum(p => p.facts),
      ideas: main.ideas,
      trades: sum(p => p.trades),
      halts: main.halts,
    },
    parts: shards.map(p => ({
      path: p.path,
      digest: p.digest,
      ticks: p.ticks,
      agents: (p.manifest.request?.agents as string | undefined) ?? null,
    })),
  })
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
