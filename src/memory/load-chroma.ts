/** Loads Chroma's client, which is optional: only what keeps its memory in a Chroma server needs it. */

import { OperatorError } from '../core/index.js'

export type ChromaModule = Pick<typeof import('chromadb'), 'ChromaClient'>

/** The client's module. Throws an `OperatorError` with the command that installs it where it is absent. */
export async function loadChroma(load: () => Promise<ChromaModule> = () => import('chromadb')): Promise<ChromaModule> {
  try {
    return await load()
  } catch (cause) {
    throw new OperatorError(
      { what: 'memory in Chroma needs the package chromadb, which is not installed', next: 'Run: npm install chromadb' },
      { cause },
    )
  }
}
