/** Who may look at a run in the browser, who may command it, and what becomes of those who do otherwise. */

import { once } from 'node:events'
import { symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect as dialTcp } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { viewerLimits } from '../../src/server/index.js'
import { type Client, connect, controlToken, MadeUpRun, pageFolder, refusal, serveHere } from './viewer-kit.js'

function get(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const sent = request(url, { method, headers }, response => {
      let body = ''
      response.on('data', chunk => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.on('error', reject).end()
  })
}

test('S1: a socket is for this server’s own page, and for a program that carries a token', async () => {
  const { url, server } = await serveHere()
  const port = Number(new URL(url).port)
  const foreign = ['https://evil.example', 'null', 'file://', `http://127.0.0.1:${port + 1}`, `http://evil.example:${port}`]
  for (const origin of foreign) expect((await refusal(url, { origin })).status, origin).toBe(403)
  expect((await refusal(url, { origin: undefined })).status).toBe(403)
  expect((await refusal(url, { origin: undefined, headers: { authorization: 'Bearer wrong' } })).status).toBe(403)
  expect((await refusal(url, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
  expect(server.counters.viewersAdmitted).toBe(0)
  const page = await connect(url)
  const program = await connect(url, { origin: undefined, headers: { authorization: `Bearer ${controlToken}` } })
  await expect
    .poll(() => [page, program].map(({ texts }) => texts[0]))
    .toEqual(Array(2).fill({ hello: { control: false, runs: ['a'] } }))
})

test('S2: a socket or page under another name than this machine’s own is refused', async () => {
  const { url } = await serveHere()
  for (const host of ['evil.example', '127.0.0.1.evil.example']) {
    expect((await refusal(url, { headers: { host }, origin: `http://${host}` })).status, host).toBe(403)
    for (const path of ['/', '/metrics', '/frames', '/none']) expect((await get(url + path, { host })).status, path).toBe(403)
  }
})

test('S3: beyond the loopback it needs a token, without which its page shows nothing of a run', async () => {
  await expect(serveHere({ listen: '0.0.0.0' })).rejects.toThrow(/expected a token in MYCELIA_API_TOKEN/)
  const { url, run, counters } = await serveHere({ listen: '0.0.0.0', token: 'to-look' })
  run().publish(new MadeUpRun().look())
  const outside = Object.values(networkInterfaces()).flatMap(all => all ?? [])
  const address = outside.find(one => one.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.1'
  const at = url.replace('0.0.0.0', address)
  expect((await get(at)).status).toBe(200)
  expect((await get(`${at}/metrics`)).status).toBe(401)
  expect((await get(`${at}/metrics`, { authorization: 'Bearer to-look' })).status).toBe(200)
  const refused = [await connect(at), await connect(at, { hello: { token: 'wrong' } })]
  await expect.poll(() => refused.map(({ closed }) => closed?.code)).toEqual([1008, 1008])
  expect(refused.flatMap(({ frames, texts }) => [...frames, ...texts])).toEqual([])
  expect(counters.tokensRefused).toBe(2)
  const admitted = [await connect(at, { hello: { token: 'to-look' } }), await connect(at, { hello: { token: controlToken } })]
  await expect.poll(() => admitted.map(({ frames }) => frames.length)).toEqual([1, 1])
  expect(admitted.map(({ texts }) => texts[0])).toEqual([
    { hello: { control: false, runs: ['a'] } },
    { hello: { control: true, runs: ['a'] } },
  ])
})

test('S4: a control token that is set to nothing gives control to nobody', async () => {
  const { url } = await serveHere({ controlToken: '' })
  const viewer = await connect(url, { hello: { token: '' } })
  await expect.poll(() => viewer.texts[0]).toEqual({ hello: { control: false, runs: ['a'] } })
})

test('S4: only the control token commands, and it stands in no URL and no log', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const complained = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => void vi.restoreAllMocks())
  const { url, run, counters } = await serveHere()
  const done: unknown[] = []
  run().onCommand(command => {
    done.push(command)
    if (command.do === 'reset') throw new OperatorError({ what: 'people', expected: 'at least 2', got: 1 })
    if (command.do === 'branch') throw new Error('/srv/secret broke')
  })
  for (const hello of [{}, { token: '' }, { token: `${controlToken}x` }, { token: controlToken.slice(1) }]) {
    const viewer = await connect(url, { hello })
    expect((await viewer.command({ do: 'pause' })).error, JSON.stringify(hello)).toMatch(/may only look/)
    expect(viewer.texts[0]).toEqual({ hello: { control: false, runs: ['a'] } })
  }
  expect(done).toEqual([])
  expect(counters).toMatchObject({ tokensRefused: 3, commandsRefused: 4, commandsTaken: 0 })
  for (const path of [`/frames?token=${controlToken}`, `/frames?run=a&token=x`])
    expect(await refusal(url, { path })).toMatchObject({ status: 400, body: expect.stringMatching(/never stands in a URL/) })
  expect(await get(`${url}/?token=${controlToken}`)).toMatchObject({ status: 400, body: expect.stringMatching(/after #/) })

  const operator = await connect(url, { hello: { token: controlToken } })
  expect(await operator.command({ do: 'step', steps: 3 })).toEqual({ id: 1, ok: true })
  expect(await operator.command({ do: 'reset' })).toEqual({ id: 2, error: 'people: expected at least 2, got 1.' })
  expect((await operator.command({ do: 'branch' })).error).toBe('This could not be done: something failed inside.')
  expect((await operator.command({ do: 'erase' })).error).toMatch(/a command of a viewer: expected one of play, pause/)
  expect(done).toEqual([{ do: 'step', steps: 3 }, { do: 'reset' }, { do: 'branch' }])
  const said = JSON.stringify([written.mock.calls, complained.mock.calls, (await get(`${url}/metrics`)).body, operator.texts])
  expect(said).not.toContain(controlToken)
})

test('S5: nothing is changed by HTTP, and no other site may read', async () => {
  const { url } = await serveHere()
  for (const path of ['/', '/metrics', '/frames', '/assets/index-Abcd1234.js'])
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect([404, 405], `${method} ${path}`).toContain((await get(url + path, {}, method)).status)
  const form = {
    origin: 'https://evil.example',
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'cross-site',
  }
  expect((await get(url, form, 'POST')).status).toBe(403)
  const { headers } = await get(url)
  expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([])
})

test('S6: the page runs only what this server serves, is framed by nobody, and is found again unchanged', async () => {
  const { url } = await serveHere()
  const page = await get(url)
  expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>Mycelia') })
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': expect.stringMatching(/^default-src 'self'; .*frame-ancestors 'none'$/),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  })
  expect(page.headers['content-security-policy']).not.toMatch(/unsafe|\*|http/)
  expect((await get(url, { 'if-none-match': String(page.headers.etag) })).status).toBe(304)
  const script = await get(`${url}/assets/index-Abcd1234.js`)
  expect(script.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  })
  const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  expect((await get(url, followed)).status, 'a link on another site').toBe(200)
  expect((await get(`${url}/metrics`, followed)).status).toBe(403)
  expect((await get(url, { ...followed, 'sec-fetch-dest': 'iframe' })).status).toBe(403)
})

test('S7: no path leads out of the folder of the page, nor does a link in it', async () => {
  const files = pageFolder()
  const outside = pageFolder()
  writeFileSync(join(outside, 'secret.txt'), 'secret')
  symlinkSync(join(outside, 'secret.txt'), join(files, 'link.txt'))
  symlinkSync(outside, join(files, 'folder'))
  const { url } = await serveHere({ files })
  const port = Number(new URL(url).port)
  const up = `..${outside}/secret.txt`
  for (const path of [
    `/${up}`,
    `/assets/../../..${outside}/secret.txt`,
    `/%2e%2e${outside}/secret.txt`,
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2fsecret.txt',
    '/index.html%00.txt',
    '/link.txt',
    '/folder/secret.txt',
    '/assets',
    '/assets/',
    '/constructor',
    '//evil.example/',
  ])
    expect(await rawStatus(port, path), path).toBe(404)
  await expect(serveHere({ files: join(outside, 'none') })).rejects.toThrow(/index\.html.*npm run build/)
})

test('S8, V3: a viewer that says no hello, sends too much, too often, binary or nonsense is ended, and only it', async () => {
  const { url, run, counters } = await serveHere({ limits: { helloMs: 300 } })
  const good = await connect(url)
  const ended = async (what: (viewer: Client) => void, code: number, hello: object | false = {}) => {
    const viewer = await connect(url, { hello })
    if (hello !== false) await expect.poll(() => viewer.texts.length).toBe(1)
    what(viewer)
    await expect.poll(() => viewer.closed?.code, { timeout: 5_000 }).toBe(code)
    return viewer.closed?.why
  }
  expect(await ended(() => undefined, 1008, false)).toMatch(/first message must be a hello/)
  expect(await ended(viewer => viewer.say({ ask: [] }), 1008, false)).toMatch(/hello/)
  await ended(viewer => viewer.socket.send('x'.repeat(1_000_000)), 1009)
  await ended(viewer => viewer.socket.send(new Uint8Array(1_000_000)), 1009)
  expect(await ended(viewer => viewer.socket.send(new Uint8Array(10)), 1008)).toMatch(/JSON text/)
  expect(await ended(viewer => viewer.socket.send('{"ask":'), 1008)).toMatch(/JSON text/)
  expect(await ended(viewer => viewer.socket.send('['.repeat(16_000)), 1008)).toMatch(/JSON text/)
  expect(await ended(viewer => viewer.socket.send('{"__proto__":1,"shout":1}'), 1008)).toMatch(/ask or command/)
  expect(await ended(viewer => viewer.say({ ask: Array(1_000).fill('x') }), 1008)).toMatch(/questions of a viewer/)
  expect(await ended(viewer => viewer.say({ command: { do: 'play' } }), 1008)).toMatch(/whole number as its id/)
  const flood = (viewer: Client) => {
    for (let i = 0; i < 10_000; i++) viewer.ask()
  }
  expect(await ended(flood, 1008)).toMatch(/Too many messages/)
  expect(counters.viewersMisbehaved).toBe(11)
  run().publish(new MadeUpRun().look())
  await expect.poll(() => good.frames.length).toBe(1)
  expect(good.closed).toBeUndefined()
})

test('a viewer in haste is slowed down, not ended: its commands wait, in order, and what cannot wait is refused in words', async () => {
  const limits = { messagesPerMinute: 600, messageBurst: 5, messagesWaiting: 4 }
  const { url, run, counters } = await serveHere({ limits })
  const taken: unknown[] = []
  const asked: { questions: readonly string[] } = { questions: [] }
  const channel = run()
  channel.onCommand(command => void taken.push((command as { value?: unknown }).value))
  channel.onQuestions(questions => {
    asked.questions = questions
  })
  const viewer = await connect(url, { hello: { token: controlToken } })
  for (let id = 1; id <= 20; id++) viewer.say({ id, command: { do: 'change', key: 'wanted', value: id } })
  viewer.ask('series/model')
  viewer.ask('page/x')
  const answered = (what: string) => viewer.texts.filter(text => Object.hasOwn(text, what))
  await expect.poll(() => answered('id').length).toBe(20)
  // The hello is one of the five at once; then four wait.
  expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(answered('error').map(({ id }) => id)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  expect(answered('error')[0]?.error).toMatch(/Too many commands at once/)
  expect(counters.commandsRefused).toBe(12)
  await expect.poll(() => asked.questions).toEqual(['page/x'])
  viewer.say({ id: 21, command: { do: 'change', key: 'wanted', value: 21 } })
  await expect.poll(() => taken.at(-1)).toBe(21)
  expect(viewer.closed).toBeUndefined()
  expect(counters.viewersMisbehaved).toBe(0)
})

test('V3: a viewer that answers no ping is ended', async () => {
  const { url, counters } = await serveHere({ limits: { pingMs: 100 } })
  const [alive, dead] = [await connect(url), await connect(url, { autoPong: false })]
  await expect.poll(() => dead.closed?.code, { timeout: 5_000 }).toBe(1006)
  expect(alive.closed).toBeUndefined()
  expect(counters.viewersDead).toBe(1)
  expect(viewerLimits.pingMs).toBe(30_000)
})

test('V2: one viewer too many is refused with a sentence, further attempts change nothing, and a place that is left is free', async () => {
  const { url, run, counters } = await serveHere({ limits: { viewers: 3 } })
  const viewers = await Promise.all([1, 2, 3].map(() => connect(url)))
  const { status, body, headers } = await refusal(url)
  expect({ status, body }).toEqual({ status: 503, body: expect.stringMatching(/too many viewers now/) })
  expect(headers).toMatchObject({ 'retry-after': '10' })
  for (let i = 0; i < 8; i++) await Promise.all(Array.from({ length: 25 }, () => refusal(url).catch(() => undefined)))
  expect(counters.viewersAdmitted).toBe(3)
  expect(counters.viewersRefused).toBeGreaterThan(100)
  run().publish(new MadeUpRun().look())
  await expect.poll(() => viewers.map(({ frames }) => frames.length)).toEqual([1, 1, 1])
  viewers[0]?.socket.close()
  await expect
    .poll(
      () =>
        connect(url).then(
          () => 'in',
          () => 'refused',
        ),
      { timeout: 5_000 },
    )
    .toBe('in')
})

test('S9: messages are not compressed, and small, on the server as it is', async () => {
  const { url, server } = await serveHere()
  expect(server.sockets.options).toMatchObject({ perMessageDeflate: false, maxPayload: 16 * 1024 })
  expect(viewerLimits).toMatchObject({ messagesPerMinute: 100, messageBytes: 16 * 1024 })
  expect((await connect(url)).socket.extensions).toBe('')
})

test('S8: sockets that say nothing are bounded, and it goes on answering', async () => {
  const { url } = await serveHere({ limits: { viewers: 4 } })
  const sockets = Array.from({ length: 300 }, () => dialTcp(Number(new URL(url).port), '127.0.0.1'))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await Promise.all(
    sockets.map(socket => {
      socket.on('error', () => undefined).resume()
      return Promise.race([once(socket, 'connect'), once(socket, 'close')])
    }),
  )
  const open = () => sockets.filter(socket => socket.readyState === 'open').length
  await expect.poll(open, { timeout: 5_000 }).toBeLessThanOrEqual(68)
  await expect.poll(open, { timeout: 15_000 }).toBe(0)
  expect((await get(url)).status).toBe(200)
}, 40_000)

function rawStatus(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = dialTcp(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`))
    socket.once('data', data => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(String(data))?.[1]))
      socket.destroy()
    })
    socket.on('error', reject)
  })
}
