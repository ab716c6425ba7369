/** Runs that break: every whole step is kept as rows, as a checkpoint and in the report, and the run goes on where it stopped. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { armFaults } from '../../src/core/index.js'
import { Agent, defineScenario, Model, rowsOf, topic, z } from '../../src/index.js'
import { checkpointSteps, RunDirectory, readTable } from '../../src/storage/index.js'
import { Interrupted, RunFailed, type RunResult, run } from '../../src/world/index.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-failing-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Where a fault of the model's author takes effect; none while it is mended. */
type Place = 'agent' | 'model' | 'event' | 'message' | 'reporter' | 'onReceive'
let broken: Place | undefined

const Told = topic<{ by: number }>('Told')

function failAt(place: Place, step: number): void {
  if (broken === place && step === 50) throw new Error(`tired in the ${place}`)
}

class Person extends Agent<Town> {
  wealth = 10
  override wire() {
    this.on(Told, () => failAt('onReceive', this.model.steps))
  }
  override step() {
    this.publish(Told, { by: this.ordinal })
    if (this.ordinal === 3) failAt('agent', this.model.steps)
    this.wealth += this.rng.int(3)
  }
  ring() {
    failAt('event', this.model.steps + 1)
  }
}

class Town extends Model {
  people = this.agentsOf(Person)
  override setup() {
    for (const person of this.spawn(5, Person)) person.every(1, 'ring')
  }
  override step() {
    this.people.shuffleDo(person => person.step())
    failAt('model', this.steps)
  }
}

const town = defineScenario({
  name: 'town',
  title: 'Town',
  model: Town,
  params: z.object({}),
  agents: { Person },
  collect: {
    model: {
      rich: model => {
        failAt('reporter', model.steps)
        return model.people.max(person => person.wealth)
      },
    },
    agents: { Person: { wealth: person => person.wealth } },
    messages: { told: rowsOf({ topics: [Told], columns: { by: told => told.by } }) },
  },
})

const request = { scenario: town, steps: 70, seed: 6, checkpointEvery: 20 }
const same = ({ digest, outputs }: RunResult) => ({ digest, outputs })

async function failing(out: string, more: object = {}): Promise<RunFailed> {
  const error = await run({ ...request, ...more, out }).catch((reason: unknown) => reason)
  if (!(error instanceof RunFailed)) throw error
  return error
}

async function stepsOf(out: string, table: string): Promise<number[]> {
  return ((await readTable(join(out, `${table}.parquet`), ['step']))?.step ?? []) as number[]
}

describe('a run whose model throws at step 50', () => {
  it.each(['agent', 'model', 'event', 'reporter', 'onReceive'] as const)(
    'in the %s leaves the rows of all whole steps, their last checkpoint and a report, and goes on once it is mended',
    async place => {
      const root = folder()
      broken = undefined
      const whole = await run({ ...request, out: join(root, 'whole') })
      broken = place
      const out = join(root, 'out')
      const error = await failing(out)
      expect(error.message).toMatch(new RegExp(`tired in the ${place}`))
      expect(error).toMatchObject({ kept: 49 })
      expect(checkpointSteps(out)[0]).toBe(49)
      for (const table of ['model', 'agents', 'told']) expect(Math.max(...(await stepsOf(out, table))), table).toBe(49)
      expect((await stepsOf(out, 'told')).filter(step => step === 49)).toHaveLength(5)
      expect(existsSync(join(out, '.spool'))).toBe(false)
      const { manifest } = RunDirectory.read(out)
      expect(manifest).toMatchObject({ status: 'failed', steps: 49, ended: { by: 'error' }, error: { step: 50, kept: 49 } })
      const page = readFileSync(join(out, 'report.html'), 'utf8')
      expect(page).toContain(`tired in the ${place}`)
      expect(page).toContain('Everything up to step 49 is kept')
      broken = undefined
      const mended = await run({ scenario: town, resume: out })
      expect(same(mended)).toEqual(same(whole))
      const after = RunDirectory.read(out).manifest
      expect(after).toMatchObject({ status: 'finished', ended: { by: 'steps' } })
      expect(after).not.toHaveProperty('error')
    },
  )

  it('names the agent and the line of the source, without being asked for a stack', async () => {
    broken = 'agent'
    const out = join(folder(), 'out')
    const { message } = await failing(out)
    expect(message).toMatch(
      /^test\/world\/failing-runs\.test\.ts:\d+:\d+: Person-3 .* failed at step 50, seed 6: tired in the agent\.$/,
    )
    const { error } = RunDirectory.read(out).manifest
    expect(error).toMatchObject({ agent: 'Person-3', place: expect.stringMatching(/failing-runs\.test\.ts:\d+:\d+/) })
    expect(error?.calls?.join(' ')).toMatch(/failAt .*Person\.step/)
  })

  it('keeps its older checkpoint, and says so, where the same steps are not made again', async () => {
    broken = 'agent'
    const out = join(folder(), 'out')
    const seen = new Set<number>()
    const drifting = { ...town, model: class Town extends drift(seen) {} }
    const error = await failing(out, { scenario: drifting })
    expect(error.message).toMatch(/Steps 41 to 49 could not be kept: made again, step 49 was another.*outside the model/)
    expect(error.kept).toBe(40)
    expect(checkpointSteps(out)[0]).toBe(40)
    expect(Math.max(...(await stepsOf(out, 'agents')))).toBe(40)
    expect(RunDirectory.read(out).manifest).toMatchObject({ steps: 40, error: { kept: 40 } })
  })
})

/** A town in which a step that is made a second time bears one person more. */
function drift(seen: Set<number>): typeof Town {
  return class extends Town {
    override step() {
      if (seen.has(this.steps)) this.spawn(1, Person)
      seen.add(this.steps)
      super.step()
    }
  }
}

describe('a disk that fills', () => {
  it('at any call leaves a run that is complete to the step it names, and goes on from there when there is room', async () => {
    broken = undefined
    const root = folder()
    const whole = await run({ ...request, out: join(root, 'whole') })
    for (let first = 12, failed = true; failed; first += 9) {
      const out = join(root, `full-${first}`)
      let calls = 0
      const disarm = armFaults(() => {
        if (++calls >= first) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
      })
      const error = await run({ ...request, out }).catch((reason: unknown) => reason)
      disarm()
      failed = error instanceof RunFailed
      if (!(error instanceof RunFailed)) continue
      expect(error.message).toMatch(/disk full while writing/)
      expect(checkpointSteps(out)[0]).toBe(error.kept)
      expect(same(await run({ scenario: town, resume: out }))).toEqual(same(whole))
    }
  })

  it('for a moment loses no step: they are made again, with their rows', async () => {
    broken = undefined
    const out = join(folder(), 'out')
    let full = false
    onTestFinished(
      armFaults(name => {
        if (full && name === 'storage.checkpoint') {
          full = false
          throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
        }
      }),
    )
    const onProgress = () => {
      full = existsSync(join(out, 'checkpoint-0.bin'))
    }
    const error = await failing(out, { onProgress })
    expect(error).toMatchObject({ kept: 20, message: expect.stringMatching(/disk full/) })
    expect(checkpointSteps(out)[0]).toBe(20)
    expect(Math.max(...(await stepsOf(out, 'told')))).toBe(20)
  })
})

describe('a run that is stopped', () => {
  it('long before its first checkpoint is due has one of the step where it stopped, and goes on from there', async () => {
    broken = undefined
    const root = folder()
    const long = { scenario: town, steps: 4_000, seed: 6, checkpointEvery: 1e6 }
    const out = join(root, 'out')
    const controller = new AbortController()
    const onProgress = ({ step }: { step: number }) => step > 0 && controller.abort('SIGINT')
    const error = await run({ ...long, out, onProgress, signal: controller.signal }).catch((reason: unknown) => reason)
    if (!(error instanceof Interrupted)) throw error
    expect(error.step).toBeGreaterThan(0)
    expect(checkpointSteps(out)[0]).toBe(error.step)
    const ended = { by: 'signal', why: `stopped by SIGINT at step ${error.step}` }
    expect(RunDirectory.read(out).manifest).toMatchObject({ status: 'interrupted', steps: error.step, ended })
    const steps: number[] = []
    const resumed = await run({ scenario: town, resume: out, steps: error.step + 5, onProgress: ({ step }) => steps.push(step) })
    expect([steps[0], resumed.steps]).toEqual([error.step, error.step + 5])
    expect(same(resumed)).toEqual(same(await run({ ...long, steps: error.step + 5, out: join(root, 'whole') })))
  })
})
