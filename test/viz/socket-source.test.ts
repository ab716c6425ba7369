import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Parts } from '../../src/view/index.js'
import { SocketSource } from '../../viz/source/socket-source.js'

/** A socket whose other end is the test. */
class FakeSocket {
  static readonly OPEN = 1
  static readonly all: FakeSocket[] = []
  readyState = 0
  binaryType = ''
  readonly sent: unknown[] = []
  onopen?: () => void
  onmessage?: (event: { data: unknown }) => void
  onclose?: (event: { code: number; reason: string }) => void
  constructor(readonly url: string) {
    FakeSocket.all.push(this)
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  close(code = 1000): void {
    this.end(code)
  }
  open(control = true): void {
    this.readyState = FakeSocket.OPEN
    this.onopen?.()
    this.say({ hello: { control } })
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
  show(parts: Parts): void {
    const frame = parts.frame(() => -1)
    if (frame !== undefined) this.onmessage?.({ data: frame.buffer })
  }
  end(code = 1006, reason = ''): void {
    this.readyState = 3
    this.onclose?.({ code, reason })
  }
}

const last = () => FakeSocket.all.at(-1) as FakeSocket
const open = () => new SocketSource({ url: 'ws://127.0.0.1:1/frames', token: 'secret' })

function partsAt(step: number): Parts {
  const parts = new Parts(3)
  parts.advance()
  parts.setJson('clock', { step })
  return parts
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  FakeSocket.all.length = 0
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('the token goes in the first message and in no address', () => {
  open()
  last().open()
  expect(last().sent[0]).toEqual({ hello: { token: 'secret' } })
  expect(last().url).not.toContain('secret')
})

test('what the server says went wrong without a command is passed on', () => {
  const source = open()
  const said: string[] = []
  source.onTrouble = sentence => said.push(sentence)
  last().open()
  last().say({ error: 'So many viewers look at so many different things.' })
  expect(said).toEqual(['So many viewers look at so many different things.'])
  expect(source.state).toBe('open')
})

test('a command is answered by its own answer', async () => {
  const source = open()
  last().open()
  const taken = source.command({ do: 'play' })
  const refused = source.command({ do: 'branch' })
  last().say({ id: 2, error: 'There is nothing to go on from.' })
  last().say({ id: 1, ok: true })
  await expect(taken).resolves.toBeUndefined()
  await expect(refused).rejects.toThrow('There is nothing to go on from.')
})

test('a lost line keeps the picture, ends commands that wait, and is tried again ever more rarely, with the same questions', async () => {
  const source = open()
  const states: string[] = []
  source.listen(() => states.push(source.state))
  last().open()
  last().show(partsAt(4))
  source.ask(['q'])
  vi.advanceTimersByTime(100)
  const waiting = source.command({ do: 'play' })
  last().end()
  await expect(waiting).rejects.toThrow('lost')
  expect(source.state).toBe('lost')
  expect(source.parts.json('clock')).toEqual({ step: 4 })
  await expect(source.command({ do: 'play' })).rejects.toThrow('no connection')
  const attempts = () => FakeSocket.all.length
  vi.advanceTimersByTime(260)
  expect(attempts()).toBe(2)
  last().end()
  vi.advanceTimersByTime(260)
  expect(attempts()).toBe(2)
  vi.advanceTimersByTime(250)
  expect(attempts()).toBe(3)
  last().open()
  expect(last().sent).toEqual([{ hello: { token: 'secret' } }, { ask: ['q'] }])
  last().show(partsAt(9))
  expect(source.state).toBe('open')
  expect(source.parts.json('clock')).toEqual({ step: 9 })
  expect(states).toContain('lost')
})

test('what a new connection shows replaces all of the old run, though both count their parts alike', () => {
  const source = open()
  last().open()
  const old = partsAt(1)
  old.setJson('types', { Sheep: 3 })
  last().show(old)
  last().end()
  vi.advanceTimersByTime(300)
  last().open()
  last().show(partsAt(2))
  expect(source.parts.has('types')).toBe(false)
})

test('bytes that are no frame end the connection and not the page', () => {
  const source = open()
  last().open()
  const socket = last()
  socket.onmessage?.({ data: new Uint8Array([9, 9, 9, 9, 9]).buffer })
  expect(socket.readyState).toBe(3)
  expect(source.state).toBe('lost')
})

test('a server that does not let the page in is not asked again, and its reason is kept', () => {
  const source = open()
  last().end(1008, 'The token is missing or wrong.')
  expect(source.state).toBe('closed')
  expect(source.reason).toBe('The token is missing or wrong.')
  vi.advanceTimersByTime(60_000)
  expect(FakeSocket.all.length).toBe(1)
})

test('a page that closes the source is heard no more', () => {
  const source = open()
  last().open()
  source.close()
  vi.advanceTimersByTime(60_000)
  expect(FakeSocket.all.length).toBe(1)
  expect(source.state).toBe('closed')
})
