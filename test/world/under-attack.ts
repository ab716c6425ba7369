/** A run that is split, under attack, and what both its shards come to. */

import { rootOf, Stream } from '../../src/core/index.js'
import type { Bar } from '../../src/market/index.js'
import { type Attack, attack } from './attacks.js'
import { pairs } from './live-scenario.js'
import { rowsOf, type TwoShards, type TwoShardsOptions, twoShards } from './two-shards.js'

const bars = 8

/** Lives through the bars, with so many attacks between the ticks. */
export async function underAttack(seed: number, attacks: number, options: TwoShardsOptions = {}, isHarmless = false) {
  const world = await twoShards(options)
  const rng = new Stream(rootOf(seed), 'attacks')
  // The attacker must not hear himself: what he says again is what the shards said.
  const said = () => world.said.filter(each => !own.has(each))
  const own = new Set<object>()
  const done: Attack[] = []
  const everyMs = (bars * 60_000) / attacks
  saidBesides(world)
  for (let time = 0; time < bars * 60_000; time += everyMs) {
    await world.pass(everyMs, 1_000)
    // A print that nobody trades near is said to others too.
    if (time % 60_000 < everyMs) world.feed.flood('SOLUSD', 1, 1)
    if (isHarmless) continue
    const { clock, prefix } = world
    let made: Attack | undefined
    while (made === undefined)
      made = attack({ rng, prefix, isSigned: options.key !== undefined, now: () => clock.now(), said: said() })
    done.push(made)
    const before = world.said.length
    world.say(made)
    own.add(world.said[before] as object)
  }
  // Those that wait for a claim are refused by then.
  await world.pass(4_000, 1_000)
  return { world, done }
}

/** What the exchange says besides its market, for an attacker to hear. */
function saidBesides({ feed, clock }: TwoShards): void {
  for (const pair of pairs) feed.listed.push({ pair, tickSize: 1e-6, lotDecimals: 6, orderMin: 1e-4, costMin: 0.5 })
  const before = clock.now() - (clock.now() % 60_000)
  const bars = Array.from({ length: 5 }, (_, k): Bar => {
    return {
      pair: 'ADAUSD',
      time: before - (6 - k) * 60_000,
      barMs: 60_000,
      open: 1,
      high: 1,
      low: 1,
      close: 1,
      volume: 1,
      flags: 0,
    }
  })
  feed.histories.push({ pair: 'ADAUSD', bars })
}

/** Received, less everything that a received text can be counted as: nothing is left. */
export function uncounted({ trading, learning }: TwoShards): number[] {
  return [trading, learning].map(({ connection }) => {
    const { received = 0, recovered = 0, ...counters } = connection.bridge?.transport.counters() ?? {}
    const names = Object.keys(counters).filter(name => name.startsWith('rejected.') || outcomes.has(name))
    return received + recovered - names.reduce((sum, name) => sum + (counters[name] ?? 0), 0)
  })
}

const outcomes = new Set([
  'accepted',
  'duplicates',
  'late',
  'echoes',
  'conflicts',
  'crowded',
  'beatsReceived',
  'questionsAnswered',
  'questionsIgnored',
  'answersReceived',
  'farewellsReceived',
])

/** The first row in which two ledgers differ, shortened. */
export function firstDifference(now: Record<string, string[]>, before: Record<string, string[]>): string | undefined {
  for (const [table, rows] of Object.entries(before)) {
    for (let i = 0; i < Math.max(rows.length, now[table]?.length ?? 0); i++) {
      if (now[table]?.[i] !== rows[i]) return `${table} ${i}: ${now[table]?.[i]?.slice(0, 200)}, not ${rows[i]?.slice(0, 200)}`
    }
  }
  return undefined
}

/** What both shards have on disk and in mind. */
export function stateOf({ trading, learning }: TwoShards) {
  return [trading, learning].map(({ shard, ledger }) => ({
    rows: rowsOf(ledger),
    digest: shard.components.sim.digest,
    tick: shard.tick,
  }))
}
