/** Traces of the machine a file was written on: they would make the tree work there alone, or tell where it was made. */
import { homedir } from 'node:os'
import type { Finding } from './source.js'

const START = String.raw`(?<![\w.~@$}-])`
const PATTERNS: readonly { says: string; pattern: RegExp }[] = [
  { says: 'the path of a home folder', pattern: new RegExp(`${START}/(?:home|Users)/[a-z][\\w.-]*/`) },
  { says: 'the path of a home folder', pattern: new RegExp(`${START}/root/[\\w.-]`) },
  { says: 'a path on one machine', pattern: new RegExp(`${START}/(?:work|workspaces?|mnt|srv|builds|opt)/[\\w.-]+/`) },
  { says: 'a path on one machine', pattern: /\b[A-Z]:\\(?:Users|Windows|Program)/ },
  {
    says: 'the host of a package registry',
    pattern: /https?:\/\/(?:[\w-]+\.)*(?:registry|artifactory|nexus|verdaccio|mirrors?)\./i,
  },
  { says: 'the host of a package registry', pattern: /^\s*"resolved": "https?:/m },
  { says: 'the host of a package registry', pattern: /^\s*(?:@[\w-]+:)?registry\s*=/m },
  { says: 'a host on a private network', pattern: /https?:\/\/(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d/ },
  { says: 'a host on a private network', pattern: /https?:\/\/[\w.-]+\.(?:internal|corp|lan|intranet)\b/ },
]

/** What no pattern can know: where this very tree stands, this user's home, the registry this npm talks to. */
export function localTraces(root: string): string[] {
  const registry = process.env.npm_config_registry
  const host = registry ? new URL(registry).host : ''
  return [root.replace(/\/$/, ''), `${homedir()}/`, host].filter(text => text.length > 4 && !/^\/(root|home)\/$/.test(text))
}

export function checkTraces(path: string, text: string, local: readonly string[]): Finding[] {
  if (text.includes('\0')) return []
  const found: Finding[] = []
  for (const { says, pattern } of PATTERNS) {
    const at = text.search(pattern)
    if (at >= 0) found.push({ path, line: lineAt(text, at), says })
  }
  for (const trace of local) {
    const at = text.indexOf(trace)
    if (at >= 0) found.push({ path, line: lineAt(text, at), says: `"${trace}" exists on this machine alone` })
  }
  return found
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
