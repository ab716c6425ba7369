/** What `run` checks of a scenario while it runs: that looking changes nothing, and that its checkpoints hold all. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, defineScenario, Model, z } from 'mycelia'
import { expect, it, onTestFinished } from 'vitest'
import { RunFailed, type RunRequest, run } from '../../src/world/index.js'

let outside = 0

class Person extends Agent {
  wealth = 1
}

class Town extends Model {
  people = this.agentsOf(Person)
  kept = 0
  override setup(): void {
    this.spawn(3, Person)
  }
  override step(): void {
    this.kept += ++outside
  }
}

/** A town whose reporter writes to an agent at one step. */
function writesAt(step: number) {
  const took = (m: Town) => (m.steps === step ? (m.people.at(1) as Person).wealth++ : 0)
  return defineScenario({ title: 'Town', model: Town, params: z.object({}), agents: { Person }, collect: { model: { took } } })
}

async function causeOf(request: RunRequest): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'mycelia-checks-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  try {
    await run({ steps: 8, root, ...request })
    return 'finished'
  } catch (error) {
    expect(error).toBeInstanceOf(RunFailed)
    return ((error as Error).cause as Error).message
  }
}

it('D4: a run checks its first two looks, and every one where that is asked for', async () => {
  const found = (step: number) => `column "took" of table "model" at step ${step} changed Person-1.wealth`
  expect(await causeOf({ scenario: writesAt(1) })).toContain(found(1))
  expect(await causeOf({ scenario: writesAt(5) })).toBe('finished')
  expect(await causeOf({ scenario: writesAt(5), checkLooking: true })).toContain(found(5))
})

it('D3: a run compares its first checkpoints, resumed, where that is asked for', async () => {
  expect(await causeOf({ scenario: writesAt(-1) })).toBe('finished')
  expect(await causeOf({ scenario: writesAt(-1), checkResume: true })).toContain('a difference in model.kept')
})
