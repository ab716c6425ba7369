/** What an attacker on the same Redis can do to a run that is split: change a counter. */

import { expect, test } from 'vitest'
import { kinds } from './attacks.js'
import { firstDifference, stateOf, uncounted, underAttack } from './under-attack.js'

const attacks = 200

let undisturbed: Promise<ReturnType<typeof stateOf>> | undefined
/** What the run comes to where nobody disturbs it. */
function alone() {
  undisturbed ??= underAttack(0, attacks, {}, true).then(({ world }) => stateOf(world))
  return undisturbed
}

test.each([
  ['signed', { key: 'the key of this very run', token: 'the token of its operator' }],
  ['not signed', {}],
])(
  'B11: 200 single messages of an attacker change no ledger, end no process, and are counted: messages are %s',
  async (_, options) => {
    const { world, done } = await underAttack(20, attacks, options)
    expect(done).toHaveLength(attacks)
    for (const kind of kinds) expect([kind, done.filter(each => each.kind === kind).length > 4]).toEqual([kind, true])
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
