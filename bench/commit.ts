/** What is measured: the repository and the commit checked out in it. */

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository, from dist/bench/. */
export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** The commit checked out; `+` where the tree differs from it. Read it when a run begins, because the tree may change meanwhile. */
export function commitNow(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'scenarios', 'bench/*.ts') !== ''
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '')
  } catch {
    return existsSync(join(repository, '.git')) ? 'unknown' : 'no repository'
  }
}
