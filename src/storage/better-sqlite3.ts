/** The one door to better-sqlite3, which only databases need: it is loaded when the first one is opened. */

import { createRequire } from 'node:module'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { OperatorError } from '../core/index.js'

/** Undefined in a bundle of the CommonJS form, which finds packages from where it is started. */
const here: string | undefined = import.meta.url

let loaded: typeof Database | undefined

/** Opens a connection. Where the package is missing, or its binary does not load, the error says what to do. */
export function connection(path: string, options: Database.Options = {}): Database.Database {
  loaded ??= load()
  return new loaded(path, options)
}

function load(): typeof Database {
  try {
    const found: typeof Database = createRequire(here ?? join(process.cwd(), 'package.json'))('better-sqlite3')
    // The binary is loaded by the first connection.
    new found(':memory:').close()
    return found
  } catch (cause) {
    const got = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    const next =
      'Databases of trading runs need it; models that do not trade run without. In Node: npm install better-sqlite3. Bun and Deno cannot load it.'
    throw new OperatorError({ what: 'better-sqlite3', expected: 'to be installed', got, next }, { cause })
  }
}
