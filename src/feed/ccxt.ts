/** Loads ccxt, which is optional: only what talks to an exchange needs it. */

import { OperatorError } from '../core/index.js'

/** Loads the package; throws an `OperatorError` with the command that installs it where it is absent. `what` needs it. */
export async function loadCcxt<Module>(what: string): Promise<Module> {
  try {
    const module: unknown = await import('ccxt')
    return (module as { default: Module }).default
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new OperatorError(
      { what: `${what} needs the package ccxt, which is not installed`, next: 'Run: npm install ccxt' },
      { cause },
    )
  }
}
