/** A TCP proxy that can fall silent without closing, as a broken cable does, or cut every connection. */

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export class TcpProxy {
  port = 0
  private isSilent = false
  private isBlocked = false
  private readonly pairs = new Set<{ near: Socket; far: Socket }>()
  private readonly server = createServer({ allowHalfOpen: true }, near => this.accept(near))

  private constructor(private readonly targetPort: number) {}

  static async start(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort)
    proxy.server.listen(0, '127.0.0.1')
    await once(proxy.server, 'listening')
    proxy.port = (proxy.server.address() as AddressInfo).port
    return proxy
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** From now on nothing passes on the connections there are, and nothing closes. New ones work. */
  silence(): void {
    for (const { near, far } of this.pairs) {
      for (const socket of [near, far]) socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
    }
  }

  /** New connections are accepted and say nothing, too. */
  silenceNew(isSilent: boolean): void {
    this.isSilent = isSilent
  }

  /** Cuts every connection and refuses new ones until unblocked. */
  block(isBlocked: boolean): void {
    this.isBlocked = isBlocked
    if (isBlocked) this.cut()
  }

  /** Reads nothing from the server until released: what it sends piles up there. */
  hold(isHeld: boolean): void {
    for (const { far } of this.pairs) {
      if (isHeld) far.pause()
      else far.resume()
    }
  }

  /** Closes every connection at once. */
  cut(): void {
    for (const { near, far } of this.pairs) {
      near.destroy()
      far.destroy()
    }
    this.pairs.clear()
  }

  async stop(): Promise<void> {
    this.cut()
    this.server.close()
    await once(this.server, 'close')
  }

  private accept(near: Socket): void {
    if (this.isBlocked) return void near.destroy()
    const far = connect({ port: this.targetPort, host: '127.0.0.1', allowHalfOpen: true })
    const pair = { near, far }
    this.pairs.add(pair)
    for (const socket of [near, far]) socket.on('error', () => undefined)
    if (this.isSilent) {
      near.resume()
      far.resume()
      return
    }
    pass(near, far)
    pass(far, near)
  }
}

function pass(from: Socket, to: Socket): void {
  from.on('data', data => void to.write(data))
  from.on('end', () => to.end())
  from.on('close', () => to.destroy())
}
