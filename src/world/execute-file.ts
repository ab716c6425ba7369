/** Runs a TypeScript or JavaScript file from its first line to its last, as `node` would: a script that calls `simulate`. */

import { existsSync, statSync } from 'node:fs'
import { isAbsolute, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MyceliaError, OperatorError } from '../core/index.js'
import { bundle, importCode, shown } from './bundle-scenario.js'
import { packageRoot } from './package-info.js'

/** The script finds `args` in `process.argv.slice(2)`. Its errors are rethrown with the script's file and line in front. */
export async function executeFile(given: string, args: readonly string[]): Promise<void> {
  const path = resolve(given)
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new OperatorError({ what: `script ${given}`, expected: 'an existing file', next: 'Check the path.' })
  }
  const code = await bundle(path)
  process.setSourceMapsEnabled(true)
  process.argv = [process.execPath, path, ...args]
  try {
    await importCode(code)
  } catch (error) {
    throw scriptError(error, path)
  }
}

/** Keeps the kind of the error, on which the caller's exit code depends. */
function scriptError(error: unknown, path: string): MyceliaError {
  const place = error instanceof Error ? placeIn(error.stack ?? '') : undefined
  const at = place ?? shown(path)
  if (error instanceof OperatorError) {
    return new OperatorError({ ...error.explanation, what: `${at}: ${error.explanation.what}` }, { cause: error })
  }
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new MyceliaError(`${at}: ${said.split('\n')[0]}${/[.!?]$/.test(said) ? '' : '.'}`, { cause: error })
}

/** `town.ts:12:5`: the innermost call in the user's own code. */
function placeIn(stack: string): string | undefined {
  for (const [, where = '', line, column] of stack.matchAll(/^ +at (?:.*\()?(.+?):(\d+):(\d+)\)?$/gm)) {
    const file = where.startsWith('file:') ? fileURLToPath(where) : where.replace(/^async /, '')
    if (isAbsolute(file) && !isOurs(file)) return `${shown(file)}:${line}:${column}`
  }
  return undefined
}

/** Frames of this package and of its dependencies do not help the author of a script. */
function isOurs(file: string): boolean {
  const ours = ['bin', 'dist', 'src'].map(folder => join(packageRoot, folder) + sep)
  return ours.some(folder => file.startsWith(folder)) || file.includes(`${sep}node_modules${sep}`)
}
