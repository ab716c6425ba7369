/** Attacks by single messages from a random seed, which is printed: more of them, and closer together. */

import { expect, test } from 'vitest'
import { firstDifference, stateOf, uncounted, underAttack } from '../world/under-attack.js'

const attacks = 2_000

test.each([
  ['signed', { key: 'the key of this very run', token: 'the token of its operator' }],
  ['not signed', {}],
])(
  `${attacks} single messages of an attacker change no ledger: messages are %s`,
  async (_, options) => {
    const seed = Date.now() % 1_000_000
    console.log(`attacks from seed ${seed}`)
    const before = stateOf((await underAttack(seed, attacks, options, true)).world)
    const { world } = await underAttack(seed, attacks, options)
    const after = stateOf(world)
    for (const half of [0, 1])
      expect(firstDifference(after[half]?.rows ?? {}, before[half]?.rows ?? {}), `seed ${seed}`).toBeUndefined()
    expect(after.map(({ digest }) => digest)).toEqual(before.map(({ digest }) => digest))
    expect(uncounted(world)).toEqual([0, 0])
  },
  600_000,
)
