import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { command } from './in-process.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-new-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

describe('mycelia new', () => {
  it('makes a project of the name that is given, which finds the mycelia that made it', async () => {
    const place = folder()
    const project = join(place, 'ant-hill')
    const { code, stdout } = await command(['new', project])
    expect([code, stdout]).toEqual([0, expect.stringContaining('npm test')])
    expect(readdirSync(place)).toEqual(['ant-hill'])
    expect(readdirSync(project).sort()).toEqual(
      ['.gitignore', 'README.md', 'model.test.ts', 'model.ts', 'package.json', 'page', 'tsconfig.json'].sort(),
    )
    const { name, dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
    expect(name).toBe('ant-hill')
    const found = join(project, dependencies.mycelia.slice('file:'.length), 'package.json')
    expect(JSON.parse(readFileSync(found, 'utf8')).name).toBe('mycelia')
    expect(readFileSync(join(project, 'model.ts'), 'utf8')).toContain("name: 'ant-hill'")
  })

  it('takes mycelia from where it is told', async () => {
    const project = join(folder(), 'town')
    expect((await command(['new', project, '--package', '^0.1.0'])).code).toBe(0)
    expect(JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).dependencies.mycelia).toBe('^0.1.0')
  })

  it('writes over nothing, and takes no name that npm refuses', async () => {
    const place = folder()
    const { code, stderr } = await command(['new', place])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/small letters, digits and hyphens|not there/)])
    writeFileSync(join(place, 'taken'), 'mine')
    const taken = await command(['new', join(place, 'taken')])
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('one that is not there')])
    expect(readFileSync(join(place, 'taken'), 'utf8')).toBe('mine')
    expect((await command(['new', join(place, 'My Model')])).code).toBe(2)
    expect(readdirSync(place)).toEqual(['taken'])
  })
})

describe('mycelia odd', () => {
  it('says of a model its entities with their variables, its scales, its order, its start and its parameters with their ranges', async () => {
    const { code, stdout } = await command(['odd', 'schelling', '--set', 'residents=50'])
    expect(code).toBe(0)
    expect(stdout.match(/^## .*/gm)).toEqual([
      '## 1. Purpose and patterns',
      '## 2. Entities, state variables and scales',
      '## 3. Process overview and scheduling',
      '## 4. Design concepts',
      '## 5. Initialisation',
      '## 6. Input data',
      '## 7. Submodels',
      '## 8. Parameters',
    ])
    expect(stdout).toContain('### Resident (50 at the start)')
    expect(stdout).toContain('| `group` | whole number | 0 … 1 |')
    expect(stdout).toContain('`grid`: a grid of 40 × 40 cells')
    expect(stdout).toContain('this.residents.shuffleDo(')
    expect(stdout).toMatch(/A Resident, when it is called:\n\n```js\nstep\(\) \{/)
    expect(stdout).toContain('| `radius` | whole number | 1 … 10 | 1 |')
    expect(stdout).toContain('`model` (happy)')
    // Its residents draw nothing: the grid does, when they move.
    expect(stdout).toContain('from the stream of the model')
    expect(stdout).not.toContain('each agent from a stream of its own')
  })

  it('has the methods that agents inherit from classes of the model’s own', async () => {
    const { stdout } = await command(['odd', 'token-launch'])
    expect(stdout).toContain('each agent from a stream of its own')
    expect(stdout).toMatch(/### \w+: `buy`/)
  })

  it('of a market scenario says where its data come from', async () => {
    const { code, stdout } = await command(['odd', 'trifecta'])
    expect(code).toBe(0)
    expect(stdout).toContain('A synthetic market, made from the seed.')
    expect(stdout).toMatch(/### PatternLearner \(\d+ at the start\)/)
  })

  it('writes a file once, and never over what its author wrote in it', async () => {
    const out = join(folder(), 'ODD.md')
    expect((await command(['odd', 'virus-on-network', '--out', out])).code).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(/network of \d+ nodes/)
    writeFileSync(out, 'my prose')
    const again = await command(['odd', 'virus-on-network', '--out', out])
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('a file that is not there')])
    expect(readFileSync(out, 'utf8')).toBe('my prose')
    expect(existsSync(out)).toBe(true)
  })
})
