/** A run split in two on a manual clock, over an exchange in memory that a test may listen to and speak on. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { LiveFeed } from '../../src/feed/index.js'
import { openReadOnly, RunDirectory } from '../../src/storage/index.js'
import { type Claimant, Endpoint, redisAddress, Signer, type TransportOptions } from '../../src/transport/index.js'
import { ExchangeInputs } from '../../src/world/live/engine/exchange-inputs.js'
import { Inputs } from '../../src/world/live/engine/inputs.js'
import { newLiveManifest } from '../../src/world/live/engine/live-manifest.js'
import { LiveLoop } from '../../src/world/live/engine/loop.js'
import { createShard, newModel, recoverShard } from '../../src/world/live/engine/open-shard.js'
import { planNewRun } from '../../src/world/live/engine/plan-new.js'
import type { Shard } from '../../src/world/live/engine/shard.js'
import { warmUp } from '../../src/world/live/engine/warm-up.js'
import { chooseAgents } from '../../src/world/live/peers/agents-choice.js'
import { ClockFeed } from '../../src/world/live/peers/clock-feed.js'
import { PeerConnection, type PeerTransport } from '../../src/world/live/peers/connection.js'
import { MemoryExchange } from '../transport/memory.js'
import { barMs, origin, temporary, writeHere } from './live-by-hand.js'
import { ManualClock, ScriptedFeed } from './live-kit.js'
import { pairs, scenario } from './live-scenario.js'

/** Both halves: who observes and learns, and who trades. */
export const traders = 'Trading,RiskManagement,Memory'
export const learners =
  'DataMiner,RepoScrape,LogisticsMiner,GovtDataMiner,CorpDataMiner,PatternLearner,MycelialInstigator,DeepResearch,MarketExplorer,Builder'

/** A text on the exchange. */
export interface Said {
  readonly channel: string
  readonly text: string
}

/** Keeps what was said. */
class HeardExchange extends MemoryExchange {
  readonly said: Said[] = []

  override publish(channel: string, text: string): void {
    this.said.push({ channel, text })
    super.publish(channel, text)
  }
}

/** Claims in memory instead of leases in Redis. */
class Claims {
  private readonly held = new Map<string, Claimant>()

  transport(exchange: MemoryExchange, options: TransportOptions): PeerTransport {
    const { name: from, epoch } = options
    const lease = { isHeld: true, release: async () => undefined }
    return Object.assign(new Endpoint(exchange.wire(), options), {
      claim: async (names: readonly string[]) => {
        for (const name of names) this.held.set(name, { from, epoch })
        return lease as unknown as Awaited<ReturnType<PeerTransport['claim']>>
      },
      claimants: async (names: readonly string[]) => names.map(name => this.held.get(name)),
    })
  }
}

export interface Half {
  readonly name: string
  readonly shard: Shard
  readonly loop: LiveLoop
  readonly connection: PeerConnection
  readonly ledger: string
  readonly out: string
}

export interface TwoShards {
  readonly clock: ManualClock
  /** What the learning half hears of the exchange. */
  readonly feed: ScriptedFeed
  /** What the trading half hears of the exchange: its clock. */
  readonly time: { offsetMs: number | null }
  learning: Half
  trading: Half
  readonly prefix: string
  /** All that was said so far. */
  readonly said: readonly Said[]
  /** A text that comes from no shard. */
  say(text: Said): void
  /** Time passes; both loops are polled every `everyMs`. */
  pass(ms: number, everyMs?: number): Promise<void>
  /** A half ends, and either goes on or begins afresh: as if its directory had been lost. */
  restart(which: 'learning' | 'trading', how: 'goes on' | 'afresh'): Promise<void>
}

export interface TwoShardsOptions {
  readonly key?: string
  readonly token?: string
  /** Bars that the learning half lives through at its start. */
  readonly history?: number
}

export async function twoShards({ key, token, history: bars = 60 }: TwoShardsOptions = {}): Promise<TwoShards> {
  const clock = new ManualClock(origin + 100 * barMs)
  const exchange = new HeardExchange()
  const claims = new Claims()
  const run = join(temporary(), 'run')
  mkdirSync(run)
  const open = async (text: string, part: number, feed: LiveFeed, goesOn = false): Promise<Half> => {
    const agents = chooseAgents(text)
    const out = join(run, `part-${part}`)
    const directory = goesOn
      ? RunDirectory.resume(out)
      : RunDirectory.create({ scenario: 'lively', seed: 1, startedAt: 'x', out })
    const plan = await planNewRun({ scenario, timeframe: '1m' }, agents)
    const journal = {
      keep: { days: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY },
      segmentTicks: 1_000_000,
      startWriting: writeHere,
      onNote: () => undefined,
    }
    const settings = { journal, monotonic: () => clock.monotonic(), announces: true, announcer: () => connection.bridge }
    const { shard } = goesOn
      ? recoverShard({ scenario: plan.scenario, agents, directory, settings })
      : { shard: createShard({ model: newModel(plan), agents, directory, settings }) }
    if (!goesOn) directory.writeManifest(newLiveManifest(plan, directory.runId))
    onTestFinished(() => shard.close())
    const connection = new PeerConnection({
      bus: {
        address: redisAddress(undefined, {}),
        signer: key === undefined ? undefined : Signer.of(key, 'a test'),
        token: token === undefined ? undefined : Signer.of(token, 'a test'),
      },
      scenario: 'lively',
      holder: text,
      agents,
      clock,
      onNote: () => undefined,
      onLost: sentence => {
        throw new Error(sentence)
      },
      connect: options => claims.transport(exchange, options),
    })
    await connection.start(shard, [])
    const { bridge } = connection
    const isFinal = (barEnd: number) =>
      pairs.every((pair, i) => (shard.model.miners.at(i)?.idle ? bridge?.barFinal(pair, barEnd) : feed.barFinal(pair, barEnd)))
    const loop = new LiveLoop({
      shard,
      feed,
      inputs: new Inputs({
        feed,
        exchange: new ExchangeInputs(feed, shard.model, () => undefined),
        answers: shard.components.answers,
        bridge,
      }),
      clock,
      isFinal,
      checkpointEvery: 5,
      stepOf: barEnd => bridge?.stepOf(barEnd),
      onTick: barEnd => {
        if (barEnd !== undefined) connection.publishStep(barEnd, shard.model)
      },
    })
    const ledger = directory.file(text === traders ? 'trades.db' : 'journal.db')
    return { name: `lively/${text}`, shard, loop, connection, ledger, out }
  }
  const feed = new ScriptedFeed({ pairs, barMs, clock, origin, history: bars })
  const time = { offsetMs: null as number | null, start: async () => undefined, counters: () => ({}), stop: () => undefined }
  const feeds = { trading: new ClockFeed(barMs, clock, time), learning: feed }
  const texts = { trading: traders, learning: learners }
  const places = { trading: 0, learning: 1 }
  const trading = await open(traders, places.trading, feeds.trading)
  const learning = await open(learners, places.learning, feed)
  const { history } = await feed.start()
  const world: TwoShards = {
    clock,
    feed,
    time,
    learning,
    trading,
    prefix: 'mycelia:lively:',
    said: exchange.said,
    say: ({ channel, text }) => exchange.publish(channel, text),
    async pass(ms, everyMs = 500) {
      for (let done = 0; done < ms; done += everyMs) {
        clock.pass(Math.min(everyMs, ms - done))
        // What a reading of claims answers comes between two ticks.
        for (let i = 0; i < 5; i++) await Promise.resolve()
        world.learning.loop.poll()
        world.trading.loop.poll()
      }
    },
    async restart(which, how) {
      await world[which].connection.close()
      world[which].shard.close()
      const goesOn = how === 'goes on'
      if (!goesOn) places[which] += 2
      world[which] = await open(texts[which], places[which], feeds[which], goesOn)
    },
  }
  await world.pass(1_500)
  await warmUp({ shard: world.learning.shard, history, feed, clock, until: new AbortController().signal })
  return world
}

/** Every row of every table, as text. */
export function rowsOf(ledger: string): Record<string, string[]> {
  const db = openReadOnly(ledger)
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all() as string[]
    return Object.fromEntries(
      tables.map(table => [table, (db.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][]).map(shown)]),
    )
  } finally {
    db.close()
  }
}

function shown(row: readonly unknown[]): string {
  return row.map(cell => (cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : String(cell))).join('|')
}
