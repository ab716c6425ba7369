/** A live shard on a manual clock: the test itself polls its loop. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { RunDirectory, type StoredMessage } from '../../src/storage/index.js'
import type { Committed, OperatorCommand } from '../../src/world/index.js'
import { Inputs } from '../../src/world/live/engine/inputs.js'
import { newLiveManifest } from '../../src/world/live/engine/live-manifest.js'
import { LiveLoop } from '../../src/world/live/engine/loop.js'
import { createShard, newModel, recoverShard } from '../../src/world/live/engine/open-shard.js'
import { planNewRun } from '../../src/world/live/engine/plan-new.js'
import type { Announcer } from '../../src/world/live/engine/shard.js'
import { warmUp } from '../../src/world/live/engine/warm-up.js'
import { ControlFolder, writeCommand } from '../../src/world/live/operations/control.js'
import { chooseAgents } from '../../src/world/live/peers/agents-choice.js'
import { ManualClock, ScriptedFeed } from './live-kit.js'
import { pairs, scenario } from './live-scenario.js'

export const barMs = 60_000
export const origin = Date.UTC(2026, 0, 1)

export interface ByHand {
  readonly clock: ManualClock
  readonly feed: ScriptedFeed
  readonly loop: LiveLoop
  readonly out: string
  readonly committed: Committed[]
  readonly shard: ReturnType<typeof createShard>
  /** After a restart: messages that were committed and perhaps not sent. */
  readonly unannounced: readonly StoredMessage[]
  /** Time passes, and the loop is polled every 250 ms (or `every`). */
  pass(ms: number, every?: number): void
  command(what: 'halt' | 'resume', reason: string): void
  /** As `command`, for any command of an operator. */
  tell(command: OperatorCommand): void
  /** As if killed: nothing is saved, everything is closed. */
  die(): void
}

export function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-hand-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Begins in `out`, or goes on there. `at`: the wall time it starts at. */
export async function byHand({
  out = join(temporary(), 'run'),
  at = origin + 100 * barMs,
  params = {} as Record<string, unknown>,
  again = false,
  history = 60,
  checkpointEvery = 5,
  announcer = undefined as Announcer | undefined,
  onCommitted = (_: Committed): void => undefined,
} = {}): Promise<ByHand> {
  const clock = new ManualClock(at)
  const committed: Committed[] = []
  const settings = {
    monotonic: () => clock.monotonic(),
    announces: announcer !== undefined,
    announcer: () => announcer,
    onCommitted(tick: Committed) {
      committed.push(tick)
      onCommitted(tick)
    },
  }
  const directory = again ? RunDirectory.resume(out) : RunDirectory.create({ scenario: 'lively', seed: 1, startedAt: 'x', out })
  const agents = chooseAgents(undefined)
  const plan = await planNewRun({ scenario, timeframe: '1m', params }, agents)
  const { shard, unannounced } = again
    ? recoverShard({ scenario: plan.scenario, agents, directory, settings })
    : { shard: createShard({ model: newModel(plan), agents, directory, settings }), unannounced: [] }
  if (!again) directory.writeManifest(newLiveManifest(plan, directory.runId))
  const feed = new ScriptedFeed({ pairs, barMs, clock, origin, history })
  warmUp(shard, (await feed.start()).history)
  const control = new ControlFolder(out, () => clock.monotonic())
  const inputs = new Inputs({ feed, answers: shard.components.answers, control })
  const isFinal = (barEnd: number) => pairs.every(pair => feed.barFinal(pair, barEnd))
  const loop = new LiveLoop({ shard, feed, inputs, clock, isFinal, checkpointEvery })
  const world: ByHand = {
    clock,
    feed,
    loop,
    out,
    committed,
    shard,
    unannounced,
    pass(ms, every = 250) {
      for (let done = 0; done < ms; done += every) {
        clock.pass(Math.min(every, ms - done))
        loop.poll()
      }
    },
    command(what, reason) {
      this.tell({ do: what, reason })
    },
    tell(given) {
      writeCommand(out, given, clock.monotonic())
      this.pass(250)
    },
    die() {
      shard.close()
    },
  }
  onTestFinished(() => shard.close())
  return world
}
