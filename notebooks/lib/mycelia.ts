/** The project's command line, from a notebook: what trades, live runs and replays need Node, and a notebook's kernel is Deno. */

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = join(root, 'notebooks')
const program = join(root, 'bin', 'mycelia')

/** The folder of the notebooks' own runs, as seen from a notebook. */
const made = '../runs/notebooks'

export interface CommandOptions {
  /** The result goes to a folder of this name under `runs/notebooks`, which is made again each time. */
  readonly out?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs `mycelia <line>` in Node, in the folder of the notebooks. Returns the folder, and the object that `--json` prints or the text. */
export async function mycelia(line: string, { out, env = {} }: CommandOptions = {}) {
  const folder = out === undefined ? undefined : `${made}/${out}`
  if (folder !== undefined) rmSync(join(here, folder), { recursive: true, force: true })
  const args = [program, ...line.split(/\s+/), ...(folder === undefined ? [] : ['--out', folder])]
  const stdout = await inNode(args, env)
  const last = stdout.trim().split('\n').at(-1) ?? ''
  return { folder: folder ?? '', result: last.startsWith('{') ? JSON.parse(last) : stdout }
}

/** Rejects with what the command said of its failure. */
function inNode(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const options = { cwd: here, env: { ...process.env, ...env }, maxBuffer: 256 * 1024 * 1024 }
  return new Promise((resolve, reject) =>
    execFile('node', args, options, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr.trim() || error.message)),
    ),
  )
}

/** The tests' exchange, continuing the market of a run. Its `environment` directs a live run to it. */
export async function startExchange(run: string, barMs: number) {
  const script = join(here, 'lib', 'exchange.mjs')
  const child = spawn('node', [script, join(here, run), String(barMs)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    environment: JSON.parse(said.toString()) as Record<string, string>,
    async stop() {
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}
