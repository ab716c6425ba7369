/** A Chroma server for a test file, or the reason why there is none. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChromaServer, startChroma } from '../../src/memory/index.js'

export interface ServerForTests {
  readonly server?: ChromaServer
  readonly folder: string
  /** Why there is no server. */
  readonly skip?: string
  end(): Promise<void>
}

export async function serverForTests(): Promise<ServerForTests> {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-chroma-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const server = await startChroma({ folder })
    const end = async () => {
      await server.stop('SIGKILL')
      remove()
    }
    return { server, folder, end }
  } catch (error) {
    remove()
    return { folder, skip: (error as Error).message, end: async () => undefined }
  }
}
