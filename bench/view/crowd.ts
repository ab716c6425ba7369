/** Viewers in a process of their own: as many as the parent says, which read on, or never. */

import { once } from 'node:events'
import { WebSocket } from 'ws'

/** How many viewers look at which server. */
export interface Crowd {
  readonly url: string
  readonly viewers: number
  /** They never read what they are sent. */
  readonly areSlow: boolean
}

process.on('message', async (crowd: Crowd) => {
  for (let i = 0; i < crowd.viewers; i++) await connect(crowd)
  process.send?.('connected')
})
process.on('disconnect', () => process.exit())

async function connect({ url, areSlow }: Crowd): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/frames`, { headers: { origin: url } })
  socket.on('error', () => undefined)
  await once(socket, 'open')
  socket.send('{"hello":{}}')
  socket.send('{"ask":["series/model"]}')
  if (!areSlow) return
  await once(socket, 'message')
  socket.pause()
}
