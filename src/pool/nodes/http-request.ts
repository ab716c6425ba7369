/** One request over connections that are kept: with node's own client, since `fetch` takes several times as long for a small one. */

import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'

export interface HttpAnswer {
  readonly status: number
  readonly text: string
}

export interface HttpRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON for POST; undefined: GET. */
  readonly body: string | undefined
  /** The time it may take once it has a connection, ms. */
  readonly withinMs: number
  readonly signal: AbortSignal | undefined
}

export class HttpConnections {
  private readonly request: typeof requestHttp
  private readonly agent: HttpAgent

  /** @param most connections at once; what is asked beyond waits for one, in its order. */
  constructor(
    private readonly url: string,
    most = Number.POSITIVE_INFINITY,
  ) {
    const isSecure = url.startsWith('https:')
    this.request = isSecure ? requestHttps : requestHttp
    this.agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: most })
  }

  /** Rejects where no answer comes. A kept connection that the server closed just then is no answer either: the caller tries again. */
  ask({ path, headers, body, withinMs, signal }: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST'
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const request = this.request(this.url + path, { method, agent: this.agent, headers: { ...headers, ...length } })
      const end = () => request.destroy(new Error('no answer within its time'))
      let timer: NodeJS.Timeout | undefined
      request.once('socket', () => {
        timer = setTimeout(end, withinMs)
      })
      signal?.addEventListener('abort', end)
      if (signal?.aborted) end()
      request.once('close', () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
      })
      request.once('error', reject)
      request.once('response', response =>
        textOf(response).then(text => resolve({ status: response.statusCode ?? 0, text }), reject),
      )
      request.end(body)
    })
  }
}

function textOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', piece => {
      text += piece
    })
    response.once('end', () => resolve(text))
    response.once('error', reject)
    response.once('aborted', () => reject(new Error('the answer was cut off')))
  })
}
