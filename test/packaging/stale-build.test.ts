/** `node scripts/test.mjs` tests the sources: a `dist/` that is older than they are is built again first, or nothing is tested. */

import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildStale, neverBuilt, stampOf } from '../../scripts/lib/build-state.mjs'
import { root } from '../docs/pages.js'
import { temporaryFolder } from './npm.js'

/** A clone that is set up, whose compiler and test runner only write down that they were called. */
function clone() {
  const place = temporaryFolder('stale')
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), text)
  }
  cpSync(join(root, 'scripts'), join(place, 'scripts'), { recursive: true })
  put('package.json', JSON.stringify({ type: 'module', engines: { node: '>=18.0' } }))
  for (const path of ['package-lock.json', 'node_modules/.package-lock.json']) put(path, '{"packages":{}}')
  for (const path of ['tsconfig.json', 'tsconfig.build.json', 'scenarios/one.ts', 'bench/one.ts', 'viz/one.ts']) put(path, '{}')
  for (const path of ['src/cli/main.ts', 'src/core/one.ts']) put(path, '// a source')
  const note = (what: string) => `require('node:fs').appendFileSync('called', '${what} ')`
  put('node_modules/typescript/bin/tsc', `${note('tsc')}\nif (require('node:fs').existsSync('broken')) process.exit(2)`)
  put('node_modules/typescript/package.json', '{"type":"commonjs"}')
  put('node_modules/vitest/vitest.mjs', "import { appendFileSync } from 'node:fs'\nappendFileSync('called', 'vitest ')")
  symlinkSync(join(root, 'node_modules', 'better-sqlite3'), join(place, 'node_modules', 'better-sqlite3'))
  put('dist/src/cli/main.js', '// built')
  put('dist/src/core/one.js', '// built')
  for (const path of ['dist/viz/index.html', 'dist/viz/report.js', 'dist/viz/film.js']) put(path, '// built')
  put('node_modules/vite/bin/vite.js', note('vite'))
  put('node_modules/vite/package.json', '{"type":"commonjs"}')
  const built = (ago: number) => {
    writeFileSync(stampOf(place), '')
    utimesSync(stampOf(place), Date.now() / 1_000 - ago, Date.now() / 1_000 - ago)
  }
  built(-60)
  const test = () => {
    rmSync(join(place, 'called'), { force: true })
    const ended = spawnSync(process.execPath, ['scripts/test.mjs', 'test/cli'], { cwd: place, encoding: 'utf8' })
    return { ...ended, called: existsSync(join(place, 'called')) ? readFileSync(join(place, 'called'), 'utf8').trim() : '' }
  }
  return { place, put, built, test }
}

describe('a build', () => {
  it('is stale once anything that it is made from is newer: a source, a scenario, a benchmark, the viewer, a setting, a file that went', () => {
    const { place, built } = clone()
    expect(buildStale(place)).toBe(false)
    const touched = [
      'src/core/one.ts',
      'scenarios/one.ts',
      'bench/one.ts',
      'viz/one.ts',
      'tsconfig.json',
      'tsconfig.build.json',
      'package-lock.json',
    ]
    for (const path of [...touched, 'src/core']) {
      const soon = Date.now() / 1_000 + 120
      utimesSync(join(place, path), soon, soon)
      expect(buildStale(place), path).toBe(true)
      built(-240)
      expect(buildStale(place), path).toBe(false)
      const before = Date.now() / 1_000 - 120
      utimesSync(join(place, path), before, before)
      built(-60)
    }
    appendFileSync(join(place, 'package.json'), ' ')
    expect(buildStale(place)).toBe(false)
  })

  it('that was never finished is none', () => {
    const { place } = clone()
    rmSync(stampOf(place))
    expect([neverBuilt(place), buildStale(place)]).toEqual([true, true])
  })
})

describe('scripts/test.mjs', () => {
  it('builds first where the build is stale, and not where it is fresh', () => {
    const { built, test } = clone()
    expect(test().called).toBe('vitest')
    built(3_600)
    expect(test()).toMatchObject({
      called: 'tsc vite vite vite vitest',
      stderr: expect.stringContaining('set-up: building dist'),
    })
    expect(test().called).toBe('vitest')
  })

  it('tests nothing where the sources do not compile: it says so, counts a failure and ends with 1', () => {
    const { built, put, test } = clone()
    built(3_600)
    put('broken', '')
    const { called, status, stdout, stderr } = test()
    expect({ called, status, last: stdout.trim().split('\n').at(-1) }).toEqual({
      called: 'tsc',
      status: 1,
      last: '0 passed, 1 failed',
    })
    expect(stderr).toMatch(/the sources do not compile.*\nNo test was run, because the set-up failed/s)
  })
})
