/** The charts of a notebook in a browser: interactive after `interactive()`, pictures where no script runs. */

import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { line } from '../../../notebooks/lib/charts.js'
import { clientHtml } from '../../../notebooks/lib/interactive.js'
import { bundleOf } from '../../../notebooks/lib/show.js'
import { browserPath } from '../../browser.js'

it('a chart tells the row under the pointer, and stays a picture where no script runs', async ctx => {
  if (browserPath === undefined) return ctx.skip('no Chromium on this machine')
  const rows = Array.from({ length: 20 }, (_, step) => ({ step, gini: step / 20 }))
  const html = `${await clientHtml()}${(await bundleOf(rows, line('step', 'gini')))['text/html']}`
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    await page.setContent(html)
    const box = await page.locator('canvas').boundingBox()
    await page.mouse.move((box?.x ?? 0) + 360, (box?.y ?? 0) + 100)
    await page.mouse.move((box?.x ?? 0) + 362, (box?.y ?? 0) + 101)
    expect(await page.locator('#vg-tooltip-element').innerText()).toMatch(/step\s+\d+\s+gini\s+0?\.\d+/)
    expect(await page.locator('img').count()).toBe(0)

    const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await plain.setContent(html)
    expect(await plain.locator('img').evaluate((picture: HTMLImageElement) => picture.naturalWidth)).toBeGreaterThan(600)
  } finally {
    await browser.close()
  }
})
