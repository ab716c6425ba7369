/** Starting npm, git and Node from the packaging tests, each in its own folder and with a home that holds nothing. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  timeoutMs = 20 * 60_000,
): Ended {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: 256 * 1024 * 1024,
  })
  return { code: status, stdout: stdout ?? '', stderr: `${stderr ?? ''}${error ? error.message : ''}` }
}

/**
 * The environment of a newcomer: an empty home, and nothing of the npm or vitest that started this test. The way to the
 * network (npm's user configuration and its cache) stays, since without it nothing could be installed on some machines.
 */
export function freshEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|vitest|mycelia_|node_env$|node_options$|init_cwd$)/i.test(name),
  )
  const home = temporaryFolder('home')
  const npm = {
    NPM_CONFIG_USERCONFIG: process.env.npm_config_userconfig ?? join(homedir(), '.npmrc'),
    NPM_CONFIG_CACHE: process.env.npm_config_cache ?? join(homedir(), '.npm'),
  }
  return { ...Object.fromEntries(kept), ...npm, HOME: home, USERPROFILE: home, ...extra }
}

/** With a space and a letter beyond ASCII in its path, as some people's folders have. */
export function temporaryFolder(name: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'mycelia-')), `${name} ä`)
  mkdirSync(folder)
  return folder
}
