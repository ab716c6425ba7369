/** The server of viewers as the command line starts it: its page, its token, its address. */

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { serveViewer, type ViewerServer } from '../../server/index.js'
import { tokenIn } from '../api/place.js'
import { defaultPort } from './default-port.js'

export interface Viewer {
  readonly server: ViewerServer
  /** For the person at this terminal: the page may command. The token stands in the fragment, which no server or log ever sees. */
  readonly url: string
}

export async function openViewer(options: {
  readonly port?: number | undefined
  readonly listen?: string | undefined
  readonly option: string
  /** Hears of a server that had to be started again. */
  readonly onNote: (sentence: string) => void
}): Promise<Viewer> {
  const { packageRoot } = await import('../../world/index.js')
  const controlToken = process.env.MYCELIA_CONTROL_TOKEN || randomBytes(16).toString('base64url')
  const server = await serveViewer({
    port: options.port ?? defaultPort,
    option: options.option,
    onNote: options.onNote,
    listen: options.listen,
    token: tokenIn(process.env),
    controlToken,
    files: join(packageRoot, 'dist', 'viz'),
  })
  return { server, url: `${server.url}/#token=${controlToken}` }
}
