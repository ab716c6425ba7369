/** A live shard on a manual clock: the test itself polls its loop. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { RunDirectory, type StartWriting, type StoredMessage, writeSegment } from '../../src/storage/index.js'
import type { Committed, OperatorCommand } from '../../src/world/index.js'
import { ExchangeInputs } from '../../src/world/live/engine/exchange-inputs.js'
import { Inputs } from '../../src/world/live/engine/inputs.js'
import { newLiveManifest } from '../../src/world/live/engine/live-manifest.js'
import { LiveLoop } from '../../src/world/live/engine/loop.js'
import { createShard, newModel, recoverShard } from '../../src/world/live/engine/open-shard.js'
import { planNewRun } from '../../src/world/live/engine/plan-new.js'
import type { Announcer, Shard } from '../../src/world/live/engine/shard.js'
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
  readonly shard: Shard
  /** After a restart: messages that were committed and perhaps not sent. */
  readonly unannounced: readonly StoredMessage[]
  /** What the run said. */
  readonly notes: string[]
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

/** Writes a segment of the journal at once, in this thread. */
export const writeHere: StartWriting = (task, ended) => {
  try {
    writeSegment(task)
    ended(undefined)
  } catch (error) {
    ended(error)
  }
  return async () => undefined
}

/** Begins in `out`, or goes on there. `at`: the wall time it starts at. */
export async function byHand({
  out = join(temporary(), 'run'),
  at = origin + 100 * barMs,
  params = {} as Record<string, unknown>,
  again = false,
  history = 60,
  checkpointEvery = 5,
  segmentTicks = 1_000_000,
  keep = { days: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY },
  startWriting = writeHere as StartWriting,
  announcer = undefined as Announcer | undefined,
  onCommitted = (_: Committed): void => undefined,
} = {}): Promise<ByHand> {
  const clock = new ManualClock(at)
  const committed: Committed[] = []
  const notes: string[] = []
  const settings = {
    journal: { keep, segmentTicks, startWriting, onNote: (sentence: string) => void notes.push(sentence) },
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
  await warmUp({ shard, history: (await feed.start()).history, feed, clock, until: new AbortController().signal })
  const control = new ControlFolder(out, () => clock.monotonic())
  const exchange = new ExchangeInputs(feed, shard.model, note => notes.push(note))
  const inputs = new Inputs({ feed, exchange, answers: shard.components.answers, control })
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
    notes,
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
