/// <reference lib="dom.iterable" />
/** A report's page in a browser, and its tables as they are shown. */

import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { writeReport } from '../../src/report/index.js'
import { browserPath } from '../browser.js'

export interface ReportPage {
  readonly page: Page
  /** What went wrong on the page. */
  readonly said: string[]
  card(title: string): Locator
  /** Rows by heading; numbers as numbers. */
  tableOf(title: string): Promise<Record<string, string | number>[]>
  close(): Promise<void>
}

/** Writes the report of a run and opens it from disk. */
export async function openReport(run: string): Promise<ReportPage> {
  const browser: Browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, bypassCSP: true })
  const said: string[] = []
  page.on('pageerror', error => said.push(error.message))
  await page.goto(pathToFileURL(await writeReport(run)).href)
  await page.waitForSelector('.report h1')
  const card = (title: string) => page.locator(`article[aria-label="${title}"]`)
  return { page, said, card, tableOf: title => tableIn(card(title)), close: () => browser.close() }
}

async function tableIn(card: Locator): Promise<Record<string, string | number>[]> {
  await card.scrollIntoViewIfNeeded()
  await card.locator('tbody tr').first().waitFor()
  const [heads, rows] = await card.evaluate(element => [
    [...element.querySelectorAll('thead th')].map(head => head.textContent ?? ''),
    [...element.querySelectorAll('tbody tr:not(.row-detail)')].map(row =>
      [...row.querySelectorAll('td')].map(cell => cell.textContent ?? ''),
    ),
  ])
  const value = (cell = '') => (/^-?[\d,]+(\.\d+)?(e[+-]?\d+)?$/.test(cell) ? Number(cell.replaceAll(',', '')) : cell)
  return (rows as string[][]).map(row => Object.fromEntries((heads as string[]).map((head, i) => [head, value(row[i])])))
}
