/** Acknowledgements of people: files in `acks/`, each holding a key, taken by the process that sends the notices. Who may write there may acknowledge. */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomic } from '../../storage/index.js'
import { opsLimits } from '../limits.js'

const folder = 'acks'
let given = 0

/** Leaves an acknowledgement in a folder of notices; `now`: ms since 1970. */
export function acknowledge(place: string, key: string, now: number): void {
  mkdirSync(join(place, folder), { recursive: true, mode: 0o700 })
  writeAtomic(join(place, folder, `${now}-${process.pid}-${++given}.json`), JSON.stringify({ key }))
}

/** The keys that were acknowledged since the last time; their files go. */
export function takeAcknowledgements(place: string): string[] {
  const path = join(place, folder)
  if (!existsSync(path)) return []
  const names = readdirSync(path).filter(name => name.endsWith('.json'))
  return names.slice(0, opsLimits.acknowledgements).flatMap(name => {
    const key = keyIn(join(path, name))
    rmSync(join(path, name), { force: true })
    return key ?? []
  })
}

function keyIn(path: string): string | undefined {
  try {
    const { key } = JSON.parse(readFileSync(path, 'utf8')) as { key?: unknown }
    return typeof key === 'string' ? key : undefined
  } catch {
    return undefined
  }
}
