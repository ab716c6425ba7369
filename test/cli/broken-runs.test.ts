/** Runs that only the process around them can end: a step without an end, a memory that is full, a model that leaves. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, expect, it } from 'vitest'
import { readTable } from '../../src/storage/index.js'
import { folder, jsonOf, mycelia, needsBuild, start } from './mycelia.js'

beforeEach(ctx => needsBuild(ctx))

const built = (file: string) => new URL(`../../dist/src/${file}`, import.meta.url).href

/** A town whose person number 3 does `what` at step 50. */
function townFile(place: string, what: string): void {
  const text = `import { Agent, defineScenario, Model, z } from 'mycelia'
class Person extends Agent<Town> {
  wealth = 1
  step() {
    this.wealth += this.rng.int(3)
    if (this.model.steps === 50 && this.ordinal === 3) spin()
  }
}
function spin() {
  ${what}
}
class Town extends Model {
  people = this.agentsOf(Person)
  setup() { this.spawn(5, Person) }
  step() { this.people.shuffleDo(person => person.step()) }
}
export default defineScenario({
  title: 'Town', model: Town, params: z.object({}), agents: { Person },
  collect: { model: { wealth: m => m.people.sum(p => p.wealth) } },
})
`
  writeFileSync(join(place, 'town.ts'), text)
}

/** The same town, whose code comes from a package. */
function packageFile(place: string): void {
  mkdirSync(join(place, 'node_modules', 'town'), { recursive: true })
  const code = `function spin() {
  console.error('spinning'); while (true) {}
}
export const townOf = (Agent, Model) => {
  class Person extends Agent {
    step() { if (this.model.steps === 50 && this.ordinal === 3) spin() }
  }
  class Town extends Model {
    people = this.agentsOf(Person)
    setup() { this.spawn(5, Person) }
    step() { for (const person of this.people) person.step() }
  }
  return { Person, Town }
}
`
  writeFileSync(join(place, 'node_modules', 'town', 'index.js'), code)
  writeFileSync(join(place, 'node_modules', 'town', 'package.json'), '{ "name": "town", "type": "module", "main": "index.js" }')
  const scenario = `import { Agent, defineScenario, Model, z } from 'mycelia'
import { townOf } from 'town'
const { Person, Town } = townOf(Agent, Model)
export default defineScenario({ title: 'Town', model: Town, params: z.object({}), agents: { Person } })
`
  writeFileSync(join(place, 'town.ts'), scenario)
}

const manifestOf = (place: string) => JSON.parse(readFileSync(join(place, 'out', 'manifest.json'), 'utf8'))

it('Ctrl-C ends a step that never ends, names agent, function and line, and keeps every whole step; mended, it goes on', {
  timeout: 60_000,
}, async () => {
  const place = folder()
  townFile(place, "console.error('spinning'); while (true) {}")
  const running = start(place, ['run', 'town.ts', '--steps', '70', '--out', 'out', '--json'])
  await running.said('spinning')
  running.child.kill('SIGINT')
  const ended = await running.ended
  expect(ended.code).toBe(130)
  const says =
    /Stopped by SIGINT in step 50, which did not end: Person-3 in spin \(town\.ts:10:\d+\); everything up to step 49 is kept/
  expect(ended.stderr).toMatch(says)
  expect(jsonOf(ended)).toMatchObject({
    status: 'interrupted',
    steps: 49,
    ended: { by: 'signal' },
    error: { agent: 'Person-3', kept: 49 },
  })
  expect(manifestOf(place)).toMatchObject({
    status: 'interrupted',
    error: { step: 50, place: expect.stringMatching(/town\.ts:10:/) },
  })
  expect((await readTable(join(place, 'out', 'model.parquet'), ['step']))?.step?.at(-1)).toBe(49)
  expect(existsSync(join(place, 'out', 'checkpoint-49.bin'))).toBe(true)
  expect(readFileSync(join(place, 'out', 'report.html'), 'utf8')).toContain('Person-3 in spin')
  expect(readdirSync(join(place, 'out')).filter(name => name.includes('.lock'))).toEqual([])
  townFile(place, '')
  const [on, whole] = await Promise.all([
    mycelia(place, ['run', '--resume', 'out', '--json', '--quiet']),
    mycelia(place, ['run', 'town.ts', '--steps', '70', '--json', '--quiet']),
  ])
  expect(jsonOf(on).digest).toBe(jsonOf(whole).digest)
})

it('the second Ctrl-C ends it at once', { timeout: 60_000 }, async () => {
  const place = folder()
  townFile(place, "console.error('spinning'); while (true) {}")
  const running = start(place, ['run', 'town.ts', '--steps', '70', '--out', 'out'])
  await running.said('spinning')
  running.child.kill('SIGINT')
  await running.said('once more stops at once')
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(130)
})

function meadowFile(place: string): void {
  writeFileSync(
    join(place, 'meadow.ts'),
    `import { Agent, defineScenario, Model, z } from 'mycelia'
class Rabbit extends Agent<Meadow> {}
class Meadow extends Model {
  rabbits = this.agentsOf(Rabbit)
  setup() { this.spawn(4, Rabbit) }
  step() { this.spawn(this.rabbits.size, Rabbit) }
}
export default defineScenario({
  title: 'Meadow', model: Meadow, params: z.object({}), agents: { Rabbit }, collect: { model: { n: m => m.rabbits.size } },
})
`,
  )
}

it('a population that doubles each step ends with type and count, and every step that fitted', { timeout: 60_000 }, async () => {
  const place = folder()
  meadowFile(place)
  const env = { NODE_OPTIONS: '--max-old-space-size=90 --max-semi-space-size=2' }
  const ended = await mycelia(place, ['run', 'meadow.ts', '--steps', '100', '--out', 'out'], env)
  expect(ended.code).toBe(1)
  expect(ended.stderr).toMatch(
    /\d+ of Rabbit\. Let fewer agents be born.*max-old-space-size \(in NODE_OPTIONS\) to \d+.*--resume out/,
  )
  const { status, steps, error } = manifestOf(place)
  expect({ status, kept: error.kept }).toEqual({ status: 'failed', kept: steps })
  expect(steps).toBeGreaterThan(10)
  expect((await readTable(join(place, 'out', 'model.parquet'), ['step']))?.step?.at(-1)).toBe(steps)
  expect(existsSync(join(place, 'out', `checkpoint-${steps}.bin`))).toBe(true)
})

it('so does a run without a thread of its own, which makes its steps again in the memory it has left', async () => {
  const place = folder()
  meadowFile(place)
  const script = `const { run } = await import(${JSON.stringify(built('node.js'))})
const error = await run({ scenario: 'meadow.ts', steps: 100, out: 'out' }).catch(reason => reason)
console.log(JSON.stringify({ kept: error.kept, said: error.message }))`
  const args = ['--max-old-space-size=94', '--max-semi-space-size=2', '--input-type=module', '-e', script]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: place })
  const { kept, said } = JSON.parse(stdout)
  expect(said).toMatch(/step (\d+), seed 1: the population: .*\d+ of Rabbit\. Let fewer/)
  expect(kept).toBe(Number(/step (\d+)/.exec(said)?.[1]) - 1)
  expect(manifestOf(place)).toMatchObject({ status: 'failed', steps: kept, ended: { by: 'error' } })
  expect(existsSync(join(place, 'out', `checkpoint-${kept}.bin`))).toBe(true)
})

it('a model that leaves the process, and one from a package that never ends a step, keep every whole step and say where', async () => {
  const [leaving, packed] = [folder(), folder()]
  townFile(leaving, 'process.exit(3)')
  packageFile(packed)
  const running = start(packed, ['run', 'town.ts', '--steps', '70', '--out', 'out', '--json'])
  const left = mycelia(leaving, ['run', 'town.ts', '--steps', '70', '--out', 'out', '--json'])
  await running.said('spinning')
  running.child.kill('SIGINT')
  const [stuck, gone] = [await running.ended, await left]
  expect(gone).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/step 50: the model ended the process by exit\(3\)\..*up to step 49/),
  })
  expect(jsonOf(gone)).toMatchObject({ status: 'failed', steps: 49, ended: { by: 'error' }, error: { step: 50, kept: 49 } })
  expect(stuck).toMatchObject({
    code: 130,
    stderr: expect.stringMatching(
      /in step 50, which did not end: Person-3 in spin \(node_modules\/town\/index\.js:2:\d+\).*up to step 49/,
    ),
  })
  expect(jsonOf(stuck)).toMatchObject({ status: 'interrupted', steps: 49, ended: { by: 'signal' } })
})

it('a file that draws from Math.random is named with its line, refused by --strict, and stopped in its step', {
  timeout: 60_000,
}, async () => {
  const place = folder()
  townFile(place, 'Math.random()')
  const strict = await mycelia(place, ['run', 'town.ts', '--out', 'out', '--strict'])
  expect(strict).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/town\.ts:10:\d+: Math\.random is not seeded.*without --strict/),
  })
  expect(existsSync(join(place, 'out'))).toBe(false)
  const run = await mycelia(place, ['run', 'town.ts', '--steps', '70', '--out', 'out', '--json'])
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(/town\.ts:10:\d+: Math\.random is not seeded/)
  expect(run.stderr).toMatch(
    /Person-3 .* failed at step 50, seed 1: Math\.random\(\) within a step of the model.*step 49 is kept/,
  )
  expect(jsonOf(run)).toMatchObject({ status: 'failed', steps: 49, ended: { by: 'error' } })
})
