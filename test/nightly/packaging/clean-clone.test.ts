/** A newcomer's first minutes: the committed tree cloned into an empty folder, an empty home, and an npm that runs no scripts of packages. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { blocksOf, programsOf } from '../../docs/pages.js'
import { type Ended, freshEnvironment, root, run, temporaryFolder } from '../../packaging/npm.js'

const env = freshEnvironment({ NPM_CONFIG_IGNORE_SCRIPTS: 'true' })
const clone = join(temporaryFolder('clone'), 'mycelia')
const setup = (): Ended => run(clone, process.execPath, ['scripts/setup.mjs'], env)

beforeAll(() => {
  expect(run(root, 'git', ['clone', '--quiet', root, clone]).stderr).toBe('')
})

describe.sequential('a clean clone', () => {
  it('P3: setup alone sets everything up although npm ignores scripts, and says what it does', () => {
    const { code, stdout, stderr } = setup()
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' })
    for (const said of ['npm ci', 'better-sqlite3', 'building dist']) expect(stderr).toContain(said)
    expect(run(clone, process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:').close()"], env).code).toBe(0)
  })

  it('P1: a second setup finds nothing to do and is silent', () => {
    expect(setup()).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('P1: the lockfile, and everything else git tracks, is unchanged', () => {
    expect(run(clone, 'git', ['status', '--porcelain']).stdout).toBe('')
  })

  it('P1: two setups at once do not collide, and a third comes after one that was killed', () => {
    const both =
      "for (const n of [1, 2]) require('node:child_process').spawn(process.execPath, ['scripts/setup.mjs'], { stdio: 'inherit' }).on('exit', code => { if (code) process.exitCode = 1 })"
    const rebuild = ['-e', `require('node:fs').rmSync('dist', { recursive: true }); ${both}`]
    expect(run(clone, process.execPath, rebuild, env).code).toBe(0)
    const dead =
      "const fs = require('node:fs'); fs.rmSync('dist', { recursive: true }); fs.writeFileSync('.setup-lock', String(process.pid))"
    expect(run(clone, process.execPath, ['-e', dead], env).code).toBe(0)
    expect(setup().code).toBe(0)
  })

  it('P1: the command answers from another folder', () => {
    const { code, stdout } = run(temporaryFolder('elsewhere'), process.execPath, [join(clone, 'bin/mycelia'), '--help'], env)
    expect(code).toBe(0)
    expect(stdout).toContain('mycelia')
  })

  it('P1: npm test passes and ends with its line', () => {
    const { code, stdout, stderr } = run(clone, 'npm', ['test'], env)
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed(, \d+ skipped)?$/)
    expect(code, stderr).toBe(0)
  })
})

describe('the README', () => {
  it('O3: its commands, in order, all succeed in a fresh clone, within five minutes without the tests', () => {
    const fresh = join(temporaryFolder('readme'), 'mycelia')
    expect(run(root, 'git', ['clone', '--quiet', root, fresh]).stderr).toBe('')
    const blocks = blocksOf('README.md')
    for (const { name, code } of programsOf(blocks)) if (name !== undefined) writeFileSync(join(fresh, name), code)
    const commands = blocks.filter(block => block.language === 'sh' && block.excuse === undefined)
    expect(commands[0]?.text).toContain('npm start')
    for (const { text } of commands) {
      const { code, stderr } = run(fresh, 'bash', ['-euo', 'pipefail', '-c', text], env, 5 * 60_000)
      expect(code, stderr).toBe(0)
    }
  })
})
