/** Runs a TypeScript or JavaScript file from its first line to its last, as `node` would: a script that calls `simulate`. */

import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { OperatorError } from '../core/index.js'
import { bundle, importCode } from './bundle-scenario.js'
import { placedError, placesOf, shown } from './source-places.js'

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
    throw placedError(error, placesOf(error)[0]?.place ?? shown(path))
  }
}
