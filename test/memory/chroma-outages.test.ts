/** I10: a Chroma that is down, slow, of another embedding, empty, killed while it writes, or without room costs no trade. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type ChromaServer,
  chromaVectors,
  featureEmbedder,
  MemoryWriter,
  type PastCase,
  startChroma,
  TradeMemory,
} from '../../src/memory/index.js'
import { serverForTests } from './chroma-kit.js'
import { casesFrom } from './past-cases.js'

const embedder = featureEmbedder()
const probe = await serverForTests()
await probe.end()
const { skip } = probe

async function serve(folder = temporary(), port?: number): Promise<{ server: ChromaServer; folder: string; port: number }> {
  const server = await startChroma({ folder, ...(port === undefined ? {} : { port }) })
  onTestFinished(() => server.stop('SIGKILL'))
  return { server, folder, port: Number(new URL(server.url).port) }
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-chroma-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A writer over Chroma at `url` and the ledger it catches up from. */
async function writing(url: string, requestMs = 2_000) {
  const store = await chromaVectors({ url, embedding: embedder, requestMs })
  const ledger: PastCase[] = []
  const memory = new TradeMemory({ embedder, store })
  const pages = function* () {
    for (let from = 0; from < ledger.length; from += 50) yield ledger.slice(from, from + 50)
  }
  const writer = new MemoryWriter({ memory, ledger: pages, firstDelayMs: 20, longestDelayMs: 200 })
  onTestFinished(() => writer.close())
  const add = (cases: readonly PastCase[]) => {
    for (const each of cases) {
      ledger.push(each)
      writer.add(each)
    }
  }
  return { store, writer, add }
}

describe.skipIf(skip)(`I10: Chroma in trouble${skip === undefined ? '' : ` (skipped: ${skip})`}`, () => {
  it('down at first: all is stored when it comes', async () => {
    const { server, port, folder } = await serve()
    await server.stop('SIGKILL')
    const { store, writer, add } = await writing(server.url)
    add(casesFrom(0, 60))
    await expect.poll(() => writer.counters().failed).toBeGreaterThan(1)
    expect(writer.counters()).toMatchObject({ waiting: 60, behind: true, trouble: 'Chroma cannot be reached.' })
    await serve(folder, port)
    expect(await writer.settled(50_000)).toBe(true)
    expect(await store.count('agent_knowledge')).toBe(60)
  })

  it('killed while it writes, and started again on the same folder: each trade is there once', async () => {
    const { server, port, folder } = await serve()
    const { store, writer, add } = await writing(server.url)
    for (let i = 0; i < 20; i++) add(casesFrom(i * 50, 50))
    await expect.poll(() => writer.counters().stored, { timeout: 30_000, interval: 5 }).toBeGreaterThan(0)
    await server.stop('SIGKILL')
    add(casesFrom(1_000, 10))
    await expect.poll(() => writer.counters().failed, { timeout: 10_000 }).toBeGreaterThan(0)
    await serve(folder, port)
    expect(await writer.settled(50_000)).toBe(true)
    expect(await store.count('agent_knowledge')).toBe(1_010)
    expect((await store.count('trading_patterns')) + (await store.count('failed_patterns'))).toBe(1_010)
  })

  it('emptied: a server that comes back with another folder gets all trades again', async () => {
    const { server, port } = await serve()
    const { store, writer, add } = await writing(server.url)
    add(casesFrom(0, 120))
    expect(await writer.settled(50_000)).toBe(true)
    await server.stop('SIGKILL')
    await serve(temporary(), port)
    add(casesFrom(120, 1))
    expect(await writer.settled(50_000)).toBe(true)
    expect(await store.count('agent_knowledge')).toBe(121)
    expect(writer.counters().failed).toBeGreaterThan(0)
  })

  it('of another embedding: nothing is stored, the trouble is named, and all comes when it is dropped', async () => {
    const { server } = await serve()
    const other = await chromaVectors({ url: server.url, embedding: { name: 'other', dimension: 3 } })
    await other.upsert('agent_knowledge', [{ id: 'a', vector: new Float32Array(3), metadata: { a: 1 } }])
    const { store, writer, add } = await writing(server.url)
    add(casesFrom(0, 20))
    await expect.poll(() => writer.counters().failed, { timeout: 10_000 }).toBeGreaterThan(1)
    expect(writer.counters().trouble).toMatch(/embedding "other" with 3 numbers.*mycelia memory rebuild/)
    expect(await store.count('trading_patterns')).toBe(0)
    await other.drop('agent_knowledge')
    expect(await writer.settled(50_000)).toBe(true)
    expect(await store.count('agent_knowledge')).toBe(20)
  })

  const noTmpfs =
    process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root on Linux'
  it.skipIf(noTmpfs)(
    `without room on its disk${noTmpfs ? ` (skipped: ${noTmpfs})` : ''}: all is stored when there is some, and it is started anew`,
    async ({ skip }) => {
      const folder = temporary()
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
      } catch {
        return skip('this root may not mount')
      }
      onTestFinished(() => void execFileSync('umount', ['-l', folder]))
      const { server, port } = await serve(folder)
      const { store, writer, add } = await writing(server.url)
      for (let i = 0; i < 40; i++) add(casesFrom(i * 50, 50))
      await expect.poll(() => writer.counters().failed, { timeout: 30_000 }).toBeGreaterThan(0)
      expect(writer.counters().behind).toBe(true)
      execFileSync('mount', ['-o', 'remount,size=200m', folder])
      // Its database may stay locked after that, until another process opens it.
      await server.stop('SIGKILL')
      await serve(folder, port)
      expect(await writer.settled(50_000)).toBe(true)
      expect(await store.count('agent_knowledge')).toBe(2_000)
    },
  )
})

it.each([
  ['silent', undefined, 'Chroma did not answer within 100 ms.'],
  ['answering 500', 500, /Chroma failed/],
])('I10: a server %s delays no trade, and the trouble is named', async (_, status, trouble) => {
  const server = createServer((_request, response) => {
    if (status !== undefined) response.writeHead(status).end('{"error":"database or disk is full"}')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const { writer, add } = await writing(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 100)
  add(casesFrom(0, 30))
  await expect.poll(() => writer.counters().failed, { timeout: 10_000 }).toBeGreaterThan(0)
  expect(writer.counters()).toMatchObject({ waiting: 30, stored: 0, behind: true })
  expect(writer.counters().trouble).toMatch(trouble)
})
