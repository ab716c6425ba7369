/** The command in this process: for what it says and how it ends, where no process of its own is the point. */

import { main } from '../../src/cli/main.js'

export interface Told {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command in a folder, or where this process is, with these variables in its environment. */
export async function command(
  args: readonly string[],
  folder = process.cwd(),
  env: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const heard = { stdout: '', stderr: '' }
  const io = {
    out(text: string) {
      heard.stdout += text
    },
    err(text: string) {
      heard.stderr += text
    },
    interactive: false,
  }
  const before = { folder: process.cwd(), env: { ...process.env } }
  process.chdir(folder)
  Object.assign(process.env, env)
  try {
    return { code: await main(args, io), ...heard }
  } finally {
    process.chdir(before.folder)
    for (const name of Object.keys(env)) {
      const value = before.env[name]
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
