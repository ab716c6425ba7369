import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { writeReport } from '../../src/report/index.js'
import { browserPath } from '../browser.js'
import { tradingRun } from './report-runs.js'

test('S6: opened from disk the report draws, sorts and hides by keyboard, asks no network and runs no name', async ctx => {
  if (browserPath === undefined) return ctx.skip('no Chromium on this machine')
  const path = await writeReport(tradingRun())
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    const [complaints, requests] = watch(page)
    await page.goto(pathToFileURL(path).href)
    await page.locator('#equity .panel').first().scrollIntoViewIfNeeded()
    await page.waitForSelector('#equity canvas')
    expect(await page.title()).toContain('<img')

    const line = page.locator('#equity .groups button').first()
    await line.focus()
    await page.keyboard.press('Enter')
    expect(await line.getAttribute('aria-pressed')).toBe('false')

    const patterns = page.locator('article[aria-label="Approved patterns"]')
    await patterns.scrollIntoViewIfNeeded()
    const head = patterns.locator('thead th').filter({ hasText: 'step' }).first()
    await head.locator('button').focus()
    await page.keyboard.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe('descending')

    expect(complaints).toEqual([])
    expect(requests).toEqual([pathToFileURL(path).href])
  } finally {
    await browser.close()
  }
  expect(readFileSync(path, 'utf8').length).toBeGreaterThan(50_000)
})

/** What the page complains of (errors, refused content), and everything it asks for. */
function watch(page: Page): [complaints: string[], requests: string[]] {
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  page.on('request', request => requests.push(request.url()))
  return [complaints, requests]
}
