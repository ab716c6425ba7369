/** A webhook on the loopback that answers as it is told: with a status, never, or by cutting the connection. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type Answer = number | 'hang' | 'reset'

export interface Hook {
  readonly url: string
  /** Texts that were taken, in the shape of any of the services. */
  readonly texts: string[]
  /** Requests, also those that were not taken. */
  readonly asked: { n: number }
}

/** `answer`: to the n-th request, from 0. */
export async function hook(answer: (n: number) => Answer = () => 204): Promise<Hook> {
  const texts: string[] = []
  const asked = { n: 0 }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const what = answer(asked.n++)
      if (what === 'hang') return
      if (what === 'reset') return void request.socket.destroy()
      const { text, content } = JSON.parse(body) as { text?: string; content?: string }
      if (what < 300) texts.push(String(text ?? content))
      response.writeHead(what).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/planted-secret`, texts, asked }
}
