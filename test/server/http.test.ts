/** The rules of every server: who may read, what is served, and how it is bounded. */

import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { serveHttp, serverLimits } from '../../src/server/index.js'

const routes = { '/api/x': () => ({ type: 'application/json', body: '{"name":"<img onerror=alert(1)>"}' }) }

async function serve(more: { token?: string; listen?: string } = {}) {
  const server = await serveHttp({ port: 0, option: 'api', routes, ...more })
  onTestFinished(() => server.close())
  return server
}

interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
}

function ask(
  url: string,
  { method = 'GET', headers = {} }: Asked = {},
): Promise<{ status: number; headers: object; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, response => {
      let body = ''
      response.on('data', chunk => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.on('error', reject).end()
  })
}

test('S1: a page of elsewhere is refused, also a sandboxed one; a page of this machine’s own names is not', async () => {
  const { url, counters } = await serve()
  const at = `${url}/api/x`
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'file://' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])
    expect((await ask(at, { headers })).status, JSON.stringify(headers)).toBe(403)
  expect(counters.foreign).toBe(5)
  expect((await ask(at, { headers: { origin: url, 'sec-fetch-site': 'same-origin' } })).status).toBe(200)
  expect((await ask(at)).status).toBe(200)
})

test('S2: another name than this machine’s own is refused on every route, known or not', async () => {
  const { url } = await serve()
  for (const path of ['/api/x', '/', '/api/none'])
    for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example'])
      expect((await ask(url + path, { headers: { host } })).status, `${path} ${host}`).toBe(403)
  expect((await ask(`${url}/api/x`, { headers: { host: 'localhost:1' } })).status).toBe(200)
})

test('S2: whoever carries the right token may use any name, a page of elsewhere still not, and a refusal says why', async () => {
  const { url } = await serve({ token: 'secret' })
  const given = (token: string, more = {}) =>
    ask(`${url}/api/x`, { headers: { host: 'pool.lab:9090', authorization: `Bearer ${token}`, ...more } })
  expect((await given('secret')).status).toBe(200)
  expect(await given('wrong')).toMatchObject({ status: 403, body: expect.stringContaining('carries the right token') })
  expect(await given('secret', { origin: 'https://evil.example' })).toMatchObject({
    status: 403,
    body: expect.stringContaining('Pages of elsewhere'),
  })
})

test('S3: it listens on the loopback alone; another address needs a token, and must be this machine’s', async () => {
  const { url } = await serve()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  await expect(serve({ listen: '0.0.0.0' })).rejects.toThrow(/expected a token in MYCELIA_API_TOKEN.*got "none"/)
  await expect(serve({ listen: '203.0.113.9', token: 'secret' })).rejects.toThrow(/an address of this machine/)
  const outside = Object.values(networkInterfaces())
    .flatMap(all => all ?? [])
    .find(one => one.family === 'IPv4' && !one.internal)
  if (outside === undefined) return
  await expect(dialled(outside.address, Number(new URL(url).port))).rejects.toThrow(/ECONNREFUSED/)
  const open = await serve({ listen: outside.address, token: 'secret' })
  expect((await ask(`${open.url}/api/x`)).status).toBe(401)
  expect((await ask(`${open.url}/api/x`, { headers: { authorization: 'Bearer secret' } })).status).toBe(200)
})

test('S4: where a token is set every request needs it, in its header alone', async () => {
  const { url, counters } = await serve({ token: 'secret' })
  const given = (authorization: string) => ask(`${url}/api/x`, { headers: { authorization } })
  for (const wrong of ['Bearer secre', 'Bearer secrets', 'Bearer', 'Basic secret', 'secret', `Bearer ${'x'.repeat(5_000)}`])
    expect((await given(wrong)).status, wrong.slice(0, 20)).toBe(401)
  expect((await ask(`${url}/api/x?token=secret`)).status).toBe(400)
  expect((await ask(`${url}/none`)).status).toBe(401)
  expect((await given('Bearer secret')).status).toBe(200)
  expect(counters).toMatchObject({ unauthorized: 7, malformed: 1, served: 1 })
})

test('S5: it can only be read: any other method is refused, and no other site is let in', async () => {
  const { url } = await serve()
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
    const { status, headers } = await ask(`${url}/api/x`, { method })
    expect(status, method).toBe(405)
    expect(headers).toMatchObject({ allow: 'GET' })
  }
  const { headers } = await ask(`${url}/api/x`)
  expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([])
})

test('S6, S7: answers may be neither run, framed nor guessed at, and no path leads elsewhere', async () => {
  const { url } = await serve()
  const { headers, body } = await ask(`${url}/api/x`)
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  expect(JSON.parse(body)).toEqual({ name: '<img onerror=alert(1)>' })
  const port = Number(new URL(url).port)
  for (const path of [
    '/../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/api/x%00',
    '/api/x/',
    '/constructor',
    '//evil.example/',
    '/__proto__',
  ])
    expect(await rawStatus(port, path), path).toBe(404)
})

test('S8: headers of any size, slow, idle and too many connections are bounded, and it goes on answering', async () => {
  const { url } = await serve()
  const port = Number(new URL(url).port)
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (let i = 0; i < 3 * serverLimits.connections; i++) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined).resume()
    if (i % 2 === 0) socket.write('GET /api/x HTTP/1.1\r\nX-Slow: ')
    sockets.push(socket)
  }
  await Promise.all(sockets.map(socket => Promise.race([once(socket, 'connect'), once(socket, 'close')])))
  const open = () => sockets.filter(socket => !socket.closed && socket.readyState === 'open').length
  await expect.poll(open, { timeout: 5_000 }).toBeLessThanOrEqual(serverLimits.connections)
  for (const socket of sockets) socket.destroy()
  await expect.poll(async () => (await ask(`${url}/api/x`).catch(() => ({ status: 0 }))).status, { timeout: 5_000 }).toBe(200)
  expect((await ask(`${url}/api/x`, { headers: { 'x-large': 'x'.repeat(100_000) } }).catch(() => ({ status: 431 }))).status).toBe(
    431,
  )
}, 30_000)

test('a taken port is one sentence that names the option', async () => {
  const { url } = await serve()
  const port = Number(new URL(url).port)
  await expect(serveHttp({ port, option: 'api', routes })).rejects.toThrow(/`api` \d+: expected a free port, got "EADDRINUSE"/)
})

/** The status of a request whose path is sent as it is written. */
function rawStatus(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`))
    socket.once('data', data => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(String(data))?.[1]))
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

function dialled(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    connect(port, host, resolve).on('error', reject)
  })
}
