/** A project begun with `mycelia new`, where nothing is but the packed package. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freshEnvironment, root, run, temporaryFolder } from '../../packaging/npm.js'

it('mycelia new, npm install, npm test and a run succeed in an empty folder with the packed package', () => {
  const env = freshEnvironment({ NPM_CONFIG_IGNORE_SCRIPTS: 'false' })
  const folder = temporaryFolder('user')
  const done = (cwd: string, command: string, ...args: string[]) => {
    const { code, stdout, stderr } = run(cwd, command, args, env)
    expect(code, `${command} ${args.join(' ')}: ${stdout}${stderr}`).toBe(0)
    return stdout
  }
  const packed = Object.values<{ filename: string }>(
    JSON.parse(done(root, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)),
  )[0]
  const file = join(folder, packed?.filename ?? '')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }))
  done(folder, 'npm', 'install', '--no-audit', '--no-fund', file)
  done(folder, 'npx', '--no-install', 'mycelia', 'new', 'my-model', '--package', file)
  const project = join(folder, 'my-model')
  done(project, 'npm', 'install', '--no-audit', '--no-fund')
  expect(done(project, 'npm', 'test')).toMatch(/4 passed/)
  done(project, 'npm', 'run', 'typecheck')
  done(project, 'npm', 'run', 'build')
  expect(existsSync(join(project, 'page', 'main.js'))).toBe(true)
  expect(done(project, 'npx', '--no-install', 'mycelia', 'run', 'model.ts', '--steps', '20')).toContain(
    'my-model, seed 1: 20 steps',
  )
  expect(done(project, 'npx', '--no-install', 'mycelia', 'odd', 'model.ts')).toContain('### Person (500 at the start)')
})
