/** What an attacker on the same Redis can do to a run that is split: change a counter. */

import { expect, test } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'
import { type Attack, attack } from './attacks.js'
import { rowsOf, type TwoShards, type TwoShardsOptions, twoShards } from './two-shards.js'

const bars = 8

/** Lives through the bars, with so many attacks between the ticks. */
async function underAttack(seed: number, attacks: number, options: TwoShardsOptions = {}, isHarmless = false) {
  const world = await twoShards(options)
  const rng = new Stream(rootOf(seed), 'attacks')
  // The attacker must not hear himself: what he says again is what the shards said.
  const said = () => world.said.filter(each => !own.has(each))
  const own = new Set<object>()
  const done: Attack[] = []
  const everyMs = (bars * 60_000) / attacks
  for (let time = 0; time < bars * 60_000; time += everyMs) {
    await world.pass(everyMs, 1_000)
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

/** Received, less everything that a received text can be counted as: nothing is left. */
function uncounted({ trading, learning }: TwoShards): number[] {
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
function firstDifference(now: Record<string, string[]>, before: Record<string, string[]>): string | undefined {
  for (const [table, rows] of Object.entries(before)) {
    for (let i = 0; i < Math.max(rows.length, now[table]?.length ?? 0); i++) {
      if (now[table]?.[i] !== rows[i]) return `${table} ${i}: ${now[table]?.[i]?.slice(0, 200)}, not ${rows[i]?.slice(0, 200)}`
    }
  }
  return undefined
}

/** What both shards have on disk and in mind. */
function stateOf({ trading, learning }: TwoShards) {
  return [trading, learning].map(({ shard, ledger }) => ({
    rows: rowsOf(ledger),
    digest: shard.components.sim.digest,
    tick: shard.tick,
  }))
}

let undisturbed: Promise<ReturnType<typeof stateOf>> | undefined
/** What the run comes to where nobody disturbs it. */
function alone() {
  undisturbed ??= underAttack(0, 200, {}, true).then(({ world }) => stateOf(world))
  return undisturbed
}

test.each([
  ['signed', { key: 'the key of this very run', token: 'the token of its operator' }],
  ['not signed', {}],
])(
  '200 single messages of an attacker change no ledger, end no process, and are counted: messages are %s',
  async (_, options) => {
    const { world, done } = await underAttack(20, 200, options)
    expect(done).toHaveLength(200)
    const [trading, learning] = await alone()
    expect(trading?.rows.trades?.length).toBeGreaterThan(3)
    const now = stateOf(world)
    expect(firstDifference(now[0]?.rows ?? {}, trading?.rows ?? {})).toBeUndefined()
    expect(firstDifference(now[1]?.rows ?? {}, learning?.rows ?? {})).toBeUndefined()
    expect(now.map(({ digest, tick }) => [digest, tick])).toEqual([trading, learning].map(s => [s?.digest, s?.tick]))
    expect(uncounted(world)).toEqual([0, 0])
  },
  60_000,
)
