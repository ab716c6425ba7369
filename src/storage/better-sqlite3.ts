/** The one door to better-sqlite3, which only databases need: it is loaded when the first one is opened. */

import { createRequire } from 'node:module'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { type Explanation, OperatorError } from '../core/index.js'
import { otherRuntime } from './runtime.js'

/** Undefined in a bundle of the CommonJS form, which finds packages from where it is started. */
const here: string | undefined = import.meta.url

let loaded: typeof Database | undefined

/** @internal Opens a connection. Where the package is missing, or its binary does not load, the error says what to do. */
export function connection(path: string, options: Database.Options = {}): Database.Database {
  loaded ??= load()
  return new loaded(path, options)
}

/** Throws where databases cannot be opened: a run that will need one is not begun. */
export function requireDatabases(): void {
  loaded ??= load()
}

function load(): typeof Database {
  try {
    const found: typeof Database = createRequire(here ?? join(process.cwd(), 'package.json'))('better-sqlite3')
    // The binary is loaded by the first connection.
    new found(':memory:').close()
    return found
  } catch (cause) {
    throw new OperatorError(explanation(cause), { cause })
  }
}

function explanation(cause: unknown): Explanation {
  const elsewhere = otherRuntime()
  const not = 'Models that do not trade run without.'
  if (elsewhere !== undefined) {
    const expected = 'Node, whose better-sqlite3 writes it'
    return { what: 'the database of a run that trades', expected, got: elsewhere, next: `Run it with node. ${not}` }
  }
  const { code, message } = cause as NodeJS.ErrnoException
  const what = 'better-sqlite3, which writes the databases of runs that trade'
  if (code === 'MODULE_NOT_FOUND' && message.includes("'better-sqlite3'"))
    return { what, expected: 'to be installed', got: 'no such package', next: `Run: npm install better-sqlite3. ${not}` }
  const next = `Run: npm rebuild better-sqlite3, with install scripts allowed. ${not}`
  return { what, expected: 'to have a binary that loads', got: message.split('\n')[0], next }
}
