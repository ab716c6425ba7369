/** `run`, `list`, `report` and `run --resume` in Bun and Deno: as in Node, to the last bit; what trades says what it needs. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'
import { programOf } from '../../scripts/lib/extras.mjs'
import { folder, needsBuild } from './mycelia.js'

beforeEach(ctx => needsBuild(ctx))

const script = fileURLToPath(new URL('./several-commands.mjs', import.meta.url))

interface Told {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Heard {
  readonly told: Readonly<Record<string, Told>>
  /** Of the last command, which ends the process. */
  readonly code: unknown
  readonly stderr: string
  readonly place: string
}

/** All commands of the script in one process. */
function heardIn(program: string, args: readonly string[] = []): Promise<Heard> {
  const place = folder('mycelia-runtime-')
  return new Promise(resolve => {
    execFile(program, [...args, script], { cwd: place }, (error, stdout, stderr) =>
      resolve({ told: stdout === '' ? {} : JSON.parse(stdout), code: error?.code ?? 0, stderr, place }),
    )
  })
}

/** What must not differ: results without paths, durations and columns, for an engine may place an error elsewhere in its line. */
function results({ told }: Heard): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(told).map(([name, { code, out }]) => {
      const {
        runDir: _,
        stepsPerSecond: __,
        error: ___,
        ...rest
      } = out.startsWith('{') ? JSON.parse(out.replace(/(town\.ts:\d+):\d+/g, '$1')) : { out }
      return [name, name === 'doctor' ? code : { code, ...rest }]
    }),
  )
}

let node: Promise<Heard> | undefined

describe.each([
  { name: 'Bun', args: [], is: /^Bun \d/ },
  { name: 'Deno', args: ['run', '-A', '--no-prompt', '--no-remote'], is: /^Deno \d/ },
])('$name', ({ name, args }) => {
  it('runs, lists, reports, fails and goes on as Node does, with the same digests; a run that trades is answered with what to do', async ctx => {
    const program = programOf(name.toLowerCase())
    if (program === undefined) return ctx.skip(`no ${name} on this machine`)
    node ??= heardIn(process.execPath)
    const [here, there] = [await node, await heardIn(program, args)]
    expect(Object.keys(here.told), here.stderr).toHaveLength(8)
    expect(results(there), there.stderr).toEqual(results(here))
    expect(there.told.broken).toMatchObject({
      code: 1,
      err: expect.stringMatching(/town\.ts:6:\d+: Person-3 .* failed at step 30/),
    })
    expect(there.told.doctor?.out).toMatch(new RegExp(`Node +ok +${name} [\\d.]+, as Node v`))
    expect(there.code).toBe(2)
    expect(there.stderr).toMatch(
      new RegExp(
        `^mycelia: the database of a run that trades: expected Node, whose better-sqlite3 writes it, got "${name} [^"]+"\\. Run it with node\\.`,
      ),
    )
    expect(readdirSync(there.place).sort()).toEqual(['town', 'town.ts', 'wealth'])
  })
})
