/** V1 and V2 at their full counts: a thousand slow viewers beside a hundred, and 20,000 attempts to connect. */

import { expect, test } from 'vitest'
import { type Client, connect, MadeUpRun, refusal, serveHere } from '../../server/viewer-kit.js'

const slowOnes = Number(process.env.MYCELIA_SLOW_VIEWERS ?? 1_000)
const normalOnes = 100
const attempts = 20_000

test('V1: a thousand slow viewers are ended, a hundred others have the newest, and memory stays', async () => {
  const viewers = slowOnes + normalOnes
  const { url, run, counters } = await serveHere({ limits: { viewers, stallMs: 5_000 } })
  const shown = run()
  const made = new MadeUpRun()
  const clients: Client[] = []
  for (let i = 0; i < viewers; i += 50) clients.push(...(await Promise.all(Array.from({ length: 50 }, () => connect(url)))))
  await expect.poll(() => clients.every(({ texts }) => texts.length === 1), { timeout: 60_000 }).toBe(true)
  const [slow, normal] = [clients.slice(0, slowOnes), clients.slice(slowOnes)]
  for (const { socket } of slow) socket.pause()
  for (const client of normal) client.keepsFrames = false
  const before = process.memoryUsage().rss
  await expect
    .poll(
      () => {
        if (shown.isReady) shown.publish(made.look(250_000))
        return counters.viewersStalled
      },
      { timeout: 20 * 60_000, interval: 50 },
    )
    .toBe(slowOnes)
  shown.publish(made.look())
  for (const viewer of normal)
    await expect.poll(() => viewer.parts.json('clock'), { timeout: 10_000 }).toMatchObject({ step: made.step })
  // Both ends of 1,100 sockets are in this process, which also holds what the slow ones had read.
  expect(process.memoryUsage().rss - before).toBeLessThan(300e6)
})

test('V2: 20,000 attempts beyond the limit are refused, and the viewers that are there see on', async () => {
  const { url, run, counters } = await serveHere({ limits: { viewers: 2 } })
  const viewers = [await connect(url), await connect(url)]
  const shown = run()
  const made = new MadeUpRun()
  for (let i = 0; i < attempts; i += 100) {
    shown.publish(made.look())
    await Promise.all(Array.from({ length: 100 }, () => refusal(url).catch(() => undefined)))
  }
  expect(counters.viewersAdmitted).toBe(2)
  for (const viewer of viewers) await expect.poll(() => viewer.parts.json('clock')).toMatchObject({ step: made.step })
})
