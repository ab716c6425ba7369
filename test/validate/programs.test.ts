import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'
import { needsBuild } from '../cli/mycelia.js'

beforeEach(ctx => needsBuild(ctx))

const program = (name: string, ...args: string[]) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(`../../dist/bench/${name}.js`, import.meta.url)), ...args], {
    encoding: 'utf8',
  })

describe.each(['run', 'validate', 'soak'])('the program bench/%s', name => {
  it('tells how it is used, and names an option it does not know with exit code 2', () => {
    const asked = program(name, '--help')
    expect({ status: asked.status, stderr: asked.stderr }).toEqual({ status: 0, stderr: '' })
    expect(asked.stdout).toMatch(/^npm run \w+ \[-- /)
    const refused = program(name, '--sideways')
    expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 2, stdout: '' })
    expect(refused.stderr).toContain("'--sideways'")
    expect(refused.stderr).toContain(asked.stdout)
    expect(refused.stderr).not.toMatch(/^ {4}at /m)
  })
})
