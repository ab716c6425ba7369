/** P4: what would be published, installed as somebody else's dependency. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { blocksOf, programsOf } from '../../docs/pages.js'
import { freshEnvironment, root, run, temporaryFolder } from '../../packaging/npm.js'

const NOT_SHIPPED =
  /(^|\/)(test|tests|data|runs|node_modules|bench|docs)\/|\.(test|spec)\.|\.env|\.npmrc|\.(pem|key|db|parquet|tgz|log|tsbuildinfo)$/
const env = freshEnvironment({ NPM_CONFIG_IGNORE_SCRIPTS: 'false' })
const folder = temporaryFolder('user')
let packed: { filename: string; files: { path: string }[] }

beforeAll(() => {
  const { code, stdout, stderr } = run(root, 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], env)
  expect(code, stderr).toBe(0)
  packed = Object.values<typeof packed>(JSON.parse(stdout))[0] ?? packed // an array or, in newer npm, an object by name
})

describe.sequential('the packed package', () => {
  it('P4: holds what runs and what explains it, and no tests, data or secrets', () => {
    const paths = packed.files.map(file => file.path)
    expect(paths.filter(path => NOT_SHIPPED.test(path))).toEqual([])
    expect(paths).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'package.json',
        'bin/mycelia',
        'dist/src/index.js',
        'dist/src/index.d.ts',
        'dist/src/market.js',
        'dist/src/node.js',
        'dist/src/cli/main.js',
      ]),
    )
  })

  it('P4: installs into an empty folder', () => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }))
    const { code, stderr } = run(folder, 'npm', ['install', '--no-audit', '--no-fund', join(folder, packed.filename)], env)
    expect(code, stderr).toBe(0)
  })

  it('P4: the scenarios of the README type-check and run there', () => {
    const scenarios = programsOf(blocksOf('README.md'))
    expect(scenarios.length).toBeGreaterThan(0)
    const files = scenarios.map(({ code, name = 'example.ts' }) => {
      writeFileSync(join(folder, name), code)
      return name
    })
    const compiler = [
      join(root, 'node_modules/typescript/bin/tsc'),
      '--noEmit',
      '--strict',
      '--noImplicitOverride',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2022',
    ]
    const checked = run(folder, process.execPath, [...compiler, ...files], env)
    expect(checked.code, checked.stdout).toBe(0)
    for (const file of files) {
      const { code, stdout, stderr } = run(
        folder,
        'npx',
        ['--no-install', 'mycelia', 'run', file, '--seed', '42', '--steps', '20', '--json'],
        env,
      )
      expect(code, stderr).toBe(0)
      expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '').steps).toBe(20)
    }
  })
})
