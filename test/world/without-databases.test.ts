/** better-sqlite3 is optional: where it is missing, what does not trade runs, and what does is refused before anything is made. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import Module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import trifecta from '../../scenarios/trifecta.js'
import wealth from '../../scenarios/wealth.js'
import { OperatorError } from '../../src/core/index.js'
import { run } from '../../src/world/index.js'
import { command } from '../cli/in-process.js'

/** Node's own search for packages, which is no public name. */
const search = Module as unknown as { _resolveFilename: (name: string, ...rest: unknown[]) => string }

let got: Error

beforeEach(() => {
  const usual = search._resolveFilename
  search._resolveFilename = (name, ...rest) => {
    if (name === 'better-sqlite3') throw got
    return usual(name, ...rest)
  }
  got = Object.assign(new Error("Cannot find module 'better-sqlite3'\nRequire stack:"), { code: 'MODULE_NOT_FOUND' })
  onTestFinished(() => {
    search._resolveFilename = usual
  })
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-without-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

it('a model that does not trade runs, stops at a checkpoint and goes on', async () => {
  const out = join(folder(), 'out')
  await run({ scenario: wealth, steps: 5, out })
  expect(await run({ scenario: wealth, steps: 8, resume: out })).toMatchObject({ steps: 8 })
  expect(existsSync(join(out, 'report.html'))).toBe(true)
})

it.each([
  ['to be installed', 'npm install better-sqlite3', undefined],
  ['to have a binary that loads', 'npm rebuild better-sqlite3', 'Could not locate the bindings file.'],
])('a run that trades expects the package %s, and says: %s', async (expected, next, failure) => {
  if (failure !== undefined) got = new Error(failure)
  const root = join(folder(), 'runs')
  const error = await run({ scenario: trifecta, steps: 5, root }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(OperatorError)
  expect(String(error)).toContain(`better-sqlite3, which writes the databases of runs that trade: expected ${expected}`)
  expect(String(error)).toContain(`Run: ${next}`)
  expect(existsSync(root)).toBe(false)
})

it('doctor names it as absent, which is no failure', async () => {
  const { code, stdout } = await command(['doctor', '--json'])
  const { findings } = JSON.parse(stdout)
  expect(code).toBe(0)
  expect(findings.find((found: { name: string }) => found.name === 'better-sqlite3')).toMatchObject({
    state: 'absent',
    detail: expect.stringContaining('npm install better-sqlite3'),
  })
})
