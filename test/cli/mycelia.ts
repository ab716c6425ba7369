/** The command as its users start it: a process of its own, from the built package. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished, type TestContext } from 'vitest'
import { buildStale, neverBuilt } from '../../scripts/lib/build-state.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'bin', 'mycelia')
const stale = buildStale(root)

/** Without a build there is no command to start; an old one must not stand for the sources. */
export function needsBuild(ctx: TestContext): void {
  if (neverBuilt(root)) ctx.skip('dist is not built (npm run setup builds it)')
  if (stale) throw new Error('dist is older than the sources: these tests would test another build. Run npm run build first.')
}

/** A folder of this test alone, gone afterwards. */
export function folder(name = 'mycelia-cli-'): string {
  const path = mkdtempSync(join(tmpdir(), name))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when this has been said on either stream; fails when the process ends without. */
  said(text: string): Promise<void>
}

export function start(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const heard = { stdout: '', stderr: '' }
  child.stdout?.on('data', text => (heard.stdout += text))
  child.stderr?.on('data', text => (heard.stderr += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...heard }))
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => (heard.stdout + heard.stderr).includes(text) && resolve()
      child.stdout?.on('data', look)
      child.stderr?.on('data', look)
      void ended.then(all => reject(new Error(`ended before saying "${text}": ${JSON.stringify(all)}`)))
      look()
    })
  return { child, ended, said }
}

export function mycelia(cwd: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  return start(cwd, args, env).ended
}

/** The object of `--json`: the last line of standard output, and nothing else is there. */
export function jsonOf({ stdout }: Pick<Ended, 'stdout'>): Record<string, unknown> {
  const lines = stdout.split('\n')
  if (lines.length !== 2 || lines[1] !== '')
    throw new Error(`expected one line on standard output, got ${JSON.stringify(stdout)}`)
  return JSON.parse(lines[0] ?? '')
}

/** Everything below a folder, so that "nothing was made" can be said. */
export function everything(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()
}
