/** The 121 over real hourly candles, used in place; skipped, with the reason, where they are absent. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import trifecta from '../../scenarios/trifecta.js'
import { type RunResult, run } from '../../src/world/index.js'
import { times } from '../tier.js'

const market = resolve(process.env.MYCELIA_SHARED ?? '../shared', 'data')
const root = mkdtempSync(join(tmpdir(), 'mycelia-real-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A winter of them: 18 pairs, 1,200 bars, with the exchanges' own gaps. */
const winter = { scenario: trifecta, market, from: Date.UTC(2021, 11, 1), to: Date.UTC(2022, 0, 19, 23) }
const decided = ({ digest, outputs }: RunResult) => ({ digest, outputs })

describe.skipIf(!existsSync(market))(
  `real candles${existsSync(market) ? '' : ' (skipped: no candles at ../shared/data)'}`,
  () => {
    it('D1, D5: 121 core agents give one digest for one seed, and other outputs for another', async () => {
      const steps = times(400, 1_200)
      const one = await run({ ...winter, steps, seed: 7, out: join(root, 'one') })
      const two = await run({ ...winter, steps, seed: 7, out: join(root, 'two') })
      const other = await run({ ...winter, steps, seed: 8, out: join(root, 'other') })
      expect(one.agents.core).toBe(121)
      expect(one.steps).toBe(steps)
      expect(decided(two)).toEqual(decided(one))
      expect(other.outputs).not.toEqual(one.outputs)
    })

    it('D3: a run stopped at random steps and resumed ends with the digest of the uninterrupted one', async () => {
      const whole = await run({ ...winter, seed: 9, out: join(root, 'whole') })
      const out = join(root, 'stopped')
      expect(whole.steps).toBe(1_200)
      await run({ ...winter, seed: 9, steps: 317, out })
      await run({ scenario: trifecta, resume: out, steps: 858 })
      expect(decided(await run({ scenario: trifecta, resume: out, steps: 1_200 }))).toEqual(decided(whole))
    })
  },
)
