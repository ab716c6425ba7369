/** A live run that remembers in Chroma: what it finishes is there at once, a restart finds it, a replay needs none, and an outage loses nothing. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { chromaVectors, startChroma, weightedEmbedder } from '../../src/memory/index.js'
import { finishedTradePages } from '../../src/storage/index.js'
import { type LiveRequest, type LiveStatus, live, replay } from '../../src/world/index.js'
import { serverForTests } from '../memory/chroma-kit.js'
import { acceleratedClock, ScriptedFeed } from './live-kit.js'
import { scenario } from './live-scenario.js'

const origin = Date.UTC(2026, 0, 1)

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-live-memory-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A run on a scripted exchange that goes on where the one before it stopped. */
function runner(url: string) {
  const out = join(temporary(), 'run')
  const clock = acceleratedClock(10, origin + 100_000)
  const feed = ({ pairs, barMs }: { pairs: readonly string[]; barMs: number }) =>
    new ScriptedFeed({ pairs, barMs, clock, origin, history: 60 })
  const overrides = { clock, moats: undefined, feed }
  const environment = { MYCELIA_MEMORY: 'chroma', CHROMA_URL: url }
  const go = (over: Partial<LiveRequest>) => live({ scenario, timeframe: '1s', out, environment, overrides, ...over })
  return { out, go, finished: () => [...finishedTradePages(join(out, 'trades.db'))].flat().map(t => t.tradeId) }
}

async function idsIn(url: string): Promise<string[]> {
  const store = await chromaVectors({ url, embedding: weightedEmbedder() })
  return (await store.page('agent_knowledge', undefined, 0, 100_000)).map(({ id }) => id.slice(id.indexOf('/') + 1)).sort()
}

test('a finished trade is in Chroma within two seconds, ideas are answered from there, and a replay without it agrees', async context => {
  const { server, skip, end } = await serverForTests()
  if (server === undefined) return context.skip(skip)
  onTestFinished(end)
  const { out, go, finished } = runner(server.url)
  let finishedAt: number | undefined
  let status: LiveStatus | undefined
  const notes: string[] = []
  const running = go({
    forMs: 60_000,
    onNote: note => notes.push(note),
    onStatus: s => {
      status = s
    },
    onCommitted: ({ trades }) => {
      if (trades.some(t => t.portfolio === 'mycelial')) finishedAt ??= performance.now()
    },
  })
  await expect.poll(() => finishedAt, { timeout: 30_000 }).toBeDefined()
  await expect.poll(async () => (await idsIn(server.url)).length, { timeout: 2_000 }).toBeGreaterThan(0)
  const result = await running
  expect(notes).toContain(`Finished trades are remembered in Chroma at ${server.url}.`)
  expect(await idsIn(server.url)).toEqual(finished().sort())
  expect(status?.memory).toMatchObject({ trouble: null, dropped: 0 })
  expect(status?.memory?.requests).toBeGreaterThan(5)

  await server.stop('SIGKILL')
  const again = await replay(out, { scenario })
  expect(again.difference).toBeNull()
  expect(again).toMatchObject({ agrees: true, digest: result.digest })
}, 60_000)

test('a run whose Chroma is away goes on, says so and counts; when it is back, a restart brings what is missing', async context => {
  const { server, skip, folder, end } = await serverForTests()
  if (server === undefined) return context.skip(skip)
  onTestFinished(end)
  const { url } = server
  await server.stop()
  const { out, go, finished } = runner(url)
  const first = await go({ forMs: 30_000 })
  expect(first.trades).toBeGreaterThan(0)
  const statusOf = async (over: Partial<LiveRequest>) => {
    const seen: LiveStatus[] = []
    await go({ ...over, onStatus: s => seen.push(s) })
    return seen.at(-1)
  }
  const away = await statusOf({ forMs: 30_000 })
  expect(away?.memory?.unanswered).toBeGreaterThan(0)
  expect(away?.memory).toMatchObject({ stored: 0, behind: true, trouble: 'Chroma cannot be reached.' })
  expect(away?.conditions.find(c => c.code === 'memory')?.text).toMatch(
    /^Memory at http.* fails: Chroma cannot be reached\. Ideas go out without it\./,
  )

  const back = await startChroma({ folder, port: Number(new URL(url).port) })
  onTestFinished(() => back.stop('SIGKILL'))
  const found = await statusOf({ forMs: 30_000 })
  expect(found?.memory).toMatchObject({ trouble: null, behind: false, caughtUp: 1 })
  expect(await idsIn(url)).toEqual(finished().sort())
  expect((await replay(out, { scenario })).difference).toBeNull()
}, 90_000)

test('the choice of a memory is one of three', async () => {
  await expect(runner('http://127.0.0.1:1').go({ memory: 'redis' as 'chroma' })).rejects.toThrow(
    /`memory`: expected auto, embedded, chroma, got "redis"/,
  )
})
