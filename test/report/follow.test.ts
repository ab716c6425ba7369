/** The page of a report on a live run while it runs. */

import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { showTables } from '../../src/cli/watch/tables.js'
import type { ReportHead } from '../../src/report/index.js'
import { ReportOfRecord } from '../../src/world/index.js'
import { browserPath } from '../browser.js'
import { barMs, byHand } from '../world/live-by-hand.js'

const stepOf = (report: ReportOfRecord) =>
  Number((report.look().json('report') as ReportHead).facts.find(([name]) => name === 'steps')?.[1])

it('follows the run: what was read again is a new version of the same parts, and changes nothing in the run', async () => {
  const world = await byHand({ checkpointEvery: 1 })
  world.pass(4 * barMs, 1_000)
  const report = await ReportOfRecord.open(world.out)
  expect(report.goesOn).toBe(true)
  const [first, version, names] = [stepOf(report), report.look().version, [...report.look().names()]]
  const { digest } = world.shard.components.sim
  expect(await report.read()).toBe(true)
  expect(world.shard.components.sim.digest).toBe(digest)
  world.pass(3 * barMs, 1_000)
  expect(await report.read()).toBe(true)
  expect(stepOf(report)).toBeGreaterThan(first)
  expect(report.look().version).toBeGreaterThan(version)
  expect([...report.look().names()]).toEqual(expect.arrayContaining(names))
}, 60_000)

it('is served as the page that a finished run has, and says as of when', async ctx => {
  if (browserPath === undefined) return ctx.skip('no Chromium on this machine')
  const world = await byHand({ checkpointEvery: 1 })
  world.pass(6 * barMs, 1_000)
  const stop = new AbortController()
  let said = ''
  const hear = (text: string) => {
    said += text
  }
  const io = { out: () => {}, err: hear, interactive: false }
  const served = showTables(await ReportOfRecord.open(world.out), { port: 0, page: 'report.html' }, io, stop.signal)
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    await expect.poll(() => said, { timeout: 30_000 }).toMatch(/http:\S+\n/)
    const page = await browser.newPage()
    await page.goto(/http:\S+/.exec(said)?.[0] ?? '')
    await page.waitForSelector('.report h1')
    await expect.poll(() => page.textContent('header[id=top]'), { timeout: 30_000 }).toMatch(/Running, as of/)
    await page.locator('article[aria-label="Equity"]').scrollIntoViewIfNeeded()
    await page.waitForSelector('article[aria-label="Equity"] canvas')
  } finally {
    await browser.close()
    stop.abort()
    await served
  }
}, 60_000)
