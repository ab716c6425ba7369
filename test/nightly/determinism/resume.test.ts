/** Twenty random checkpoints of the 121, some after the first approval: reliability.md D3 by its own count. */

import { expect, test } from 'vitest'
import trifecta from '../../../scenarios/trifecta.js'
import { rootOf, Stream } from '../../../src/core/index.js'
import { resume, simulate } from '../../../src/model/index.js'

test('D3: resumed from 20 random steps, 20 times the digest of the uninterrupted run', () => {
  const steps = 5_000
  const whole = simulate(trifecta, { seed: 11 })
  let firstApproval = 0
  whole.run({
    steps,
    onStep: model => {
      if (firstApproval === 0 && (model as unknown as { approved: { size: number } }).approved.size > 0)
        firstApproval = model.steps
    },
  })
  expect(firstApproval).toBeGreaterThan(0)
  const rng = new Stream(rootOf(20), 'resume')
  const at = Array.from({ length: 20 }, () => rng.int(steps)).sort((a, b) => a - b)
  expect(at.filter(k => k > firstApproval).length).toBeGreaterThan(2)
  const first = simulate(trifecta, { seed: 11 })
  let done = 0
  for (const k of at) {
    first.run({ steps: k - done })
    done = k
    const second = resume(trifecta, first.save())
    second.run({ steps: steps - k })
    expect(second.digest, `resumed at ${k}`).toBe(whole.digest)
  }
}, 600_000)
