/** Retraining: a challenger runs in the shadow on paper, and takes over only where it gains more. */
import { type Simulation, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import tokenLaunch from '../../scenarios/token-launch.js'
import type { LaunchModel } from '../../src/agents/index.js'
import { isPromoted, trainChallenger } from '../../src/agents/launch/retraining.js'
import { viewFeatureNames } from '../../src/agents/launch/token-views.js'
import { type ModelVersion, ModelVersions } from '../../src/agents/launch/topics.js'
import { canonicalJson, Rng, rootOf, sha256, toHex } from '../../src/core/index.js'
import { newLogistic } from '../../src/trading/index.js'

/** Hours are minutes. */
const quick = {
  slotMs: 2_000,
  launchEveryMs: 4_000,
  fetchEveryMs: 20_000,
  tradeAfterMs: 5_000,
  outcomeMs: 20_000,
  horizonMs: 60_000,
  scoreAgesMin: [1],
  minConfidence: 0.1,
  retrainEveryMs: 240_000,
  shadowMs: 200_000,
  users: 4,
}

function begun(more: Record<string, unknown> = {}): Simulation<LaunchModel> {
  return simulate(tokenLaunch, { seed: 2, params: { ...quick, ...more }, collect: false }) as unknown as Simulation<LaunchModel>
}

describe('a challenger', () => {
  it('is trained at its time, is known by the digest of its weights, and leaves the shadow as promoted or rejected', () => {
    const sim = begun()
    const versions: ModelVersion[] = []
    sim.tap((topic, message) => {
      if (topic === ModelVersions) versions.push(message as ModelVersion)
    })
    sim.run({ steps: 400 })
    const [first, second] = versions
    expect(first).toMatchObject({ version: 1, status: 'shadow', features: viewFeatureNames, meanDifference: null })
    expect(first?.outcomes).toBeGreaterThanOrEqual(200)
    expect(first?.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(second).toMatchObject({ version: 1, digest: first?.digest, trainedAt: first?.trainedAt })
    expect(['promoted', 'rejected']).toContain(second?.status)
    expect(second?.cycles).toBeGreaterThanOrEqual(9)
    expect((second?.time ?? 0) - (first?.time ?? 0)).toBeGreaterThanOrEqual(quick.shadowMs)
    const { version } = sim.model.tradeAgents.at(0)?.learning ?? {}
    expect(version).toBe(versions.filter(({ status }) => status === 'promoted').at(-1)?.version ?? 0)
  })

  it('in the shadow changes nothing: users trade as without it', () => {
    const trades = (more: Record<string, unknown>) => {
      const sim = begun(more)
      sim.run({ steps: 200 })
      return [...sim.model.users].map(({ lamports, profit }) => [lamports, profit])
    }
    const with_ = trades({ shadowMs: 3_600_000 })
    expect(with_).toEqual(trades({ retrainEveryMs: 86_400_000 }))
  })

  it('is trained alike from the same outcomes, and not from too few', () => {
    const rng = Rng.derive(rootOf('outcomes'), 0, 0)
    const kept = Array.from({ length: 300 }, () => {
      const features = viewFeatureNames.map(() => rng.float())
      return { features, came: rng.chance(features[0] ?? 0) }
    })
    const of = { champion: newLogistic(viewFeatureNames.length), version: 1, now: 0, shadowMs: 1 }
    const [one, two] = [trainChallenger(kept, of), trainChallenger(kept, of)]
    expect(one?.artifact).toEqual(two?.artifact)
    expect(one?.artifact.digest).toBe(toHex(sha256(new TextEncoder().encode(canonicalJson(one?.model.weights)))))
    expect(one?.artifact.brier).toBeLessThan(one?.artifact.championBrier ?? 0)
    expect(trainChallenger(kept.slice(0, 199), of)).toBeNull()
  })

  it('that is as good as the champion is promoted in at most 5 % of 200 shadow runs, and one that gains more nearly always', () => {
    const promotedOf = (gain: number) =>
      Array.from({ length: 200 }, (_, run) => {
        const rng = Rng.derive(rootOf(`shadow ${gain}`), 0, run)
        // A cycle of three days: a few entries that differ, with returns that have heavy tails.
        const cycle = () => Array.from({ length: rng.int(4) }, () => rng.normal(gain, 0.1) * (rng.chance(0.1) ? 4 : 1))
        return isPromoted(Array.from({ length: 216 }, () => cycle().reduce((sum, x) => sum + x, 0)))
      }).filter(Boolean).length
    expect(promotedOf(0)).toBeLessThanOrEqual(10)
    expect(promotedOf(0.05)).toBeGreaterThan(190)
  })

  it('that decides exactly as the champion is never promoted, nor one of fewer than twenty cycles', () => {
    expect(isPromoted(new Array(200).fill(0))).toBe(false)
    expect(isPromoted(new Array(19).fill(1))).toBe(false)
    expect(isPromoted(Array.from({ length: 20 }, (_, i) => 1 + (i % 2)))).toBe(true)
  })
})
