/** This package: its folder, its version, and the commit of its source tree where that is a git clone. */

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BrokenInvariant } from '../core/index.js'

/** The folder of this package's package.json, whether run from `src/` or `dist/`. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(from: string): string {
  for (let at = from; dirname(at) !== at; at = dirname(at)) {
    const manifest = join(at, 'package.json')
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'mycelia') return at
  }
  throw new BrokenInvariant(`no package.json of mycelia above ${from}`)
}

/** The fields of package.json that are of use at run time. */
export function packageManifest(): { version: string; engines: { node: string } } {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))
}

/** What decides the values of a run besides its inputs, by name. */
export function versions(): Record<string, string> {
  const { bun, deno } = process.versions
  const runtime = { ...(bun === undefined ? {} : { bun }), ...(deno === undefined ? {} : { deno }) }
  return {
    mycelia: packageManifest().version,
    node: process.version,
    ...runtime,
    platform: `${process.platform}-${process.arch}`,
  }
}

/** The commit checked out in the source tree, or null where this is no clone. */
export function commit(): string | null {
  if (!existsSync(join(packageRoot, '.git'))) return null
  try {
    const git = ['-C', packageRoot, 'rev-parse', 'HEAD']
    return execFileSync('git', git, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5_000 }).trim()
  } catch {
    return null
  }
}
