/** The command in this process: for what it says and how it ends, where no process of its own is the point. */

import { main } from '../../src/cli/main.js'

export interface Told {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command in a folder, or where this process is. */
export async function command(args: readonly string[], folder = process.cwd()): Promise<Told> {
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
  const before = process.cwd()
  process.chdir(folder)
  try {
    return { code: await main(args, io), ...heard }
  } finally {
    process.chdir(before)
  }
}
