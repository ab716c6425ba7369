/** P1's smoke file: what is built and installed loads, by the names its users call it. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { root, run, temporaryFolder } from './npm.js'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

function needsBuilt(ctx: TestContext, path: string): void {
  if (!existsSync(join(root, path))) ctx.skip(`${path} is not built (npm run setup builds it)`)
}

describe('P1: the lockfile', () => {
  it('names what package.json asks for', () => {
    const { dependencies, optionalDependencies, devDependencies } = lock.packages['']
    expect(dependencies).toEqual(manifest.dependencies)
    expect(optionalDependencies).toEqual(manifest.optionalDependencies)
    expect(devDependencies).toEqual(manifest.devDependencies)
  })

  it('has the packages of every platform, without which npm ci fails', () => {
    const packages: Record<string, { optionalDependencies?: Record<string, string> }> = lock.packages
    const known = new Set(Object.keys(packages).map(path => path.replace(/^.*node_modules\//, '')))
    const wanted = Object.values(packages).flatMap(entry => Object.keys(entry.optionalDependencies ?? {}))
    expect(wanted.filter(name => !known.has(name))).toEqual([])
  })
})

describe('P1: what is built', () => {
  for (const entry of ['.', './market', './node']) {
    const { types, default: file } = manifest.exports[entry]
    const name = `mycelia${entry.slice(1)}`

    it(`loads in plain Node as '${name}', types beside it`, ctx => {
      needsBuilt(ctx, file)
      const script = `const all = await import('${name}'); process.stdout.write(String(Object.keys(all).length))`
      const { code, stdout, stderr } = run(root, process.execPath, ['--input-type=module', '-e', script])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(Number(stdout)).toBeGreaterThan(0)
      expect(existsSync(join(root, types))).toBe(true)
    })
  }

  it('starts from any folder through a link, as npx starts it', ctx => {
    needsBuilt(ctx, 'dist/src/cli/main.js')
    const folder = temporaryFolder('bin')
    const link = join(folder, 'mycelia')
    symlinkSync(join(root, manifest.bin.mycelia), link)
    const { code, stdout, stderr } = run(folder, process.platform === 'win32' ? process.execPath : link, ['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('mycelia')
  })

  it('opens a database with the native package setup prepared', () => {
    const { code, stderr } = run(root, process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:').close()"])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})
