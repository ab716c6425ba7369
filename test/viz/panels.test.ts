import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waterfallSteps } from '../../viz/panels/waterfall-steps.js'
import { browserPath } from '../browser.js'
import { type OpenPage, openStandIn } from './page.js'

const folder = mkdtempSync(join(tmpdir(), 'mycelia-panels-'))

describe.skipIf(browserPath === undefined)('panels in a browser (needs chromium)', () => {
  let open: OpenPage
  let page: Page
  beforeAll(async () => {
    open = await openStandIn('panels', folder)
    page = open.page
  })
  afterAll(async () => {
    await open.close()
    rmSync(folder, { recursive: true })
  })

  const card = async (title: string) => {
    const found = page.locator(`article[aria-label="${title}"]`)
    await found.scrollIntoViewIfNeeded()
    await found.locator('canvas, table, .figures, meter, .line-chart').first().waitFor()
    return found
  }
  const saved = async (title: string, kind: 'CSV' | 'SVG' | 'PNG'): Promise<Buffer> => {
    const found = await card(title)
    await found.locator('summary').click()
    const [download] = await Promise.all([page.waitForEvent('download'), found.getByRole('button', { name: kind }).click()])
    await found.locator('summary').click()
    return readFileSync(await download.path())
  }

  test('a panel asks only while it is seen', async () => {
    await page.evaluate(() => scrollTo(0, 0))
    await card('gini')
    await page.waitForFunction(() => document.body.dataset.asked?.includes('series/model') === true)
    expect(await page.evaluate(() => document.body.dataset.asked)).not.toContain('panel/Contagion')
    await card('Contagion')
    await page.waitForFunction(() => document.body.dataset.asked?.includes('panel/Contagion') === true)
    await page.evaluate(() => scrollTo(0, 0))
    await page.waitForFunction(() => document.body.dataset.asked?.includes('panel/Contagion') === false)
  })

  test('a chart tells its last value to those who cannot see it, and its data as CSV are the points of the series', async () => {
    const gini = await card('gini')
    const last = 1.5 + Math.sin(599 / 40)
    expect(await gini.locator('.line-chart').getAttribute('aria-label')).toBe(`gini: gini ${Number(last.toPrecision(5))}`)
    const lines = String(await saved('gini', 'CSV'))
      .trim()
      .split('\r\n')
    expect(lines.length).toBe(601)
    expect(lines[0]).toBe('step,gini')
    expect(Number(lines[600]?.split(',')[1])).toBeCloseTo(last, 12)
  })

  test('a reader adds a column by its name, and may read it by its logarithm', async () => {
    await page.evaluate(() => scrollTo(0, 0))
    await page.locator('.column-picker summary').click()
    await page.getByLabel('happy').check()
    const happy = await card('happy')
    const plain = await happy.locator('.line-chart').screenshot()
    await happy.getByLabel('logarithmic').check()
    await expect.poll(async () => (await happy.locator('.line-chart').screenshot()).equals(plain)).toBe(false)
    await page.locator('.column-picker summary').click()
  })

  test('a drag zooms into the steps, and a double click shows all again', async () => {
    const over = (await card('gini')).locator('.u-over')
    const seen = () => over.evaluate(element => (element.closest('.line-chart')?.querySelectorAll('canvas').length ?? 0) > 0)
    expect(await seen()).toBe(true)
    const box = await over.boundingBox()
    if (box === null) throw new Error('the chart is not on the page')
    const before = await page.screenshot({ clip: box })
    await page.mouse.move(box.x + 20, box.y + 50)
    await page.mouse.down()
    await page.mouse.move(box.x + 120, box.y + 50, { steps: 5 })
    await page.mouse.up()
    await page.mouse.move(0, 0)
    await page.waitForTimeout(100)
    expect((await page.screenshot({ clip: box })).equals(before)).toBe(false)
    await over.dblclick()
    await page.mouse.move(0, 0)
    await page.waitForTimeout(100)
    expect((await page.screenshot({ clip: box })).equals(before)).toBe(true)
  })

  test('the value under the pointer stands in the legend', async () => {
    const gini = await card('gini')
    await gini.locator('.u-over').hover({ position: { x: 100, y: 40 } })
    await page.waitForFunction(() =>
      /\d/.test(document.querySelector('.line-chart .u-series:first-child .u-value')?.textContent ?? ''),
    )
    const [step, value] = await gini.locator('.u-legend .u-value').allTextContents()
    expect(Number(value)).toBeCloseTo(1.5 + Math.sin(Number(step) / 40), 3)
  })

  test('a mark of the candles says on a click what it was, and the keyboard goes from mark to mark', async () => {
    const prices = await card('Prices')
    await prices.locator('canvas').focus()
    await page.keyboard.press('ArrowRight')
    const detail = prices.locator('.detail')
    await detail.waitFor()
    const first = await detail.locator('h4').textContent()
    expect(first).toMatch(/^Trade \d+, 2026-01-/)
    expect(await detail.textContent()).toContain('<b>boldly</b>')
    await page.keyboard.press('ArrowRight')
    expect(await detail.locator('h4').textContent()).not.toBe(first)
    await page.keyboard.press('Escape')
    await detail.waitFor({ state: 'detached' })
  })

  test('an event stays picked while others come, and the keyboard goes on from it', async () => {
    const collisions = await card('Collisions')
    const title = () => collisions.locator('.detail h4').textContent()
    await collisions.locator('canvas').focus()
    await page.keyboard.press('ArrowRight')
    await collisions.locator('.detail').waitFor()
    expect(await title()).toMatch(/^met, /)
    await page.evaluate(() => (globalThis as unknown as { happen(): void }).happen())
    await collisions.getByText('3 events').waitFor()
    await page.keyboard.press('ArrowRight')
    await expect.poll(title).toMatch(/^missed, /)
    await page.keyboard.press('ArrowRight')
    await expect.poll(title).toMatch(/^met again, /)
    await page.keyboard.press('ArrowRight')
    await expect.poll(title).toMatch(/^met, /)
  })

  test('a group of marks is hidden by its name', async () => {
    const prices = await card('Prices')
    const said = () => prices.locator('canvas').getAttribute('aria-label')
    const before = await said()
    await prices.getByRole('button', { name: 'baseline' }).click()
    await page.waitForFunction(
      text => document.querySelector('article[aria-label="Prices"] canvas')?.getAttribute('aria-label') !== text,
      before,
    )
    await prices.getByRole('button', { name: 'baseline' }).click()
  })

  test('a drawing is an SVG of the same values', async () => {
    const svg = String(await saved('Spread of wealth', 'SVG'))
    expect(svg).toMatch(/^<svg xmlns=/)
    expect(svg.match(/<rect /g)?.length).toBe(11)
    expect(svg).toContain('>Spread of wealth</text>')
    const png = await saved('Spread of wealth', 'PNG')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
  })

  test('what has no picture is saved as its data alone, and a picture that fails is said', async () => {
    for (const title of ['Positions', 'Why', 'Contagion']) {
      const found = await card(title)
      await found.locator('summary').click()
      expect(await found.locator('.save button').allTextContents(), title).toEqual(['CSV'])
      await found.locator('summary').click()
    }
    const spread = await card('Spread of wealth')
    await page.evaluate(() => {
      const { prototype } = (globalThis as unknown as { HTMLCanvasElement: { prototype: { toBlob: unknown } } }).HTMLCanvasElement
      const before = prototype.toBlob
      prototype.toBlob = (take: (blob: null) => void) => {
        prototype.toBlob = before
        take(null)
      }
    })
    await spread.locator('summary').click()
    await spread.getByRole('button', { name: 'PNG' }).click()
    await spread.getByText('It was not saved: This browser made no picture of the chart.').waitFor()
    await spread.locator('summary').click()
  })

  test('a histogram counts every value once', async () => {
    const lines = String(await saved('Spread of wealth', 'CSV'))
      .trim()
      .split('\r\n')
      .slice(1)
    expect(lines.map(line => Number(line.split(',')[2]))).toEqual(new Array(10).fill(10))
  })

  test('a waterfall goes on where the last amount ended, and totals stand on zero', async () => {
    expect(waterfallSteps(['gross', 'fees', 'tax', 'net'], [10, -3, -2, 5], ['gross', 'net']).map(s => [s.from, s.to])).toEqual([
      [0, 10],
      [10, 7],
      [7, 5],
      [0, 5],
    ])
    const label = await (await card('What costs took')).getByRole('img').getAttribute('aria-label')
    expect(label).toBe('What costs took: gross 10 USD, fees -3 USD, slippage -2 USD, net 5 USD')
    expect(String(await saved('What costs took', 'CSV'))).toContain('fees,-3,false')
  })

  test('a table is sorted by a heading, opens a row, and its CSV runs in no spreadsheet', async () => {
    const table = await card('Positions')
    await table.getByRole('button', { name: 'qty' }).click()
    expect(await table.locator('tbody tr').first().textContent()).toContain('<img onerror>')
    await table.getByRole('button', { name: 'XBTUSD' }).click()
    expect(await table.locator('.row-detail').textContent()).toBe('Bought at 100')
    expect(String(await saved('Positions', 'CSV'))).toContain("'=1+1,3")
    expect(await page.locator('img').count()).toBe(0)
  })

  test('a node of a network says what it is, and a heat map the value of a cell', async () => {
    const swarm = await card('The swarm')
    await swarm.locator('canvas').focus()
    await page.keyboard.press('ArrowRight')
    expect(await swarm.locator('.detail').textContent()).toMatch(/Learner 0.*Published 0 ideas/)
    const heat = await card('Who leads whom')
    const box = await heat.locator('canvas').boundingBox()
    await heat.locator('canvas').hover({ position: { x: 92 + ((box?.width ?? 0) - 100) * 0.9, y: 20 } })
    await page.waitForFunction(() =>
      document.querySelector('article[aria-label="Who leads whom"] .readout')?.textContent?.includes('repo, SOL: 3 bp'),
    )
  })

  test('a gauge above its warning says so', async () => {
    expect(await (await card('Contagion')).textContent()).toContain('above 0.7')
  })

  test('nothing threw', () => expect(open.errors).toEqual([]))
})
