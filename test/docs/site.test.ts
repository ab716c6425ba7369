/** The documentation site: built by one command, whole, and readable from the disk. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { browserPath } from '../browser.js'
import { run, temporaryFolder } from '../packaging/npm.js'
import { pages, root, textOf } from './pages.js'

describe('the pages', () => {
  it('lead only to pages that are there', () => {
    const known = new Set(['ARCHITECTURE.md', 'CHANGELOG.md', ...pages])
    expect(pages.flatMap(page => linksOf(page).filter(target => !known.has(target) && !isElsewhere(target)))).toEqual([])
  })
})

describe('files that documents name', () => {
  it('are there', () => {
    const decisions = readdirSync(join(root, 'docs/decisions')).map(name => `docs/decisions/${name}`)
    const missing = ['ARCHITECTURE.md', ...pages, ...decisions].flatMap(page =>
      pathsIn(textOf(page)).filter(path => !['', 'src', 'docs'].some(folder => existsSync(join(root, folder, path)))),
    )
    expect(missing).toEqual([])
  })
})

describe('the site', () => {
  const out = join(temporaryFolder('site'), 'site')
  const built = run(root, process.execPath, [join(root, 'scripts/docs.mjs'), '--no-api', '--out', out])

  it('is built by one command, leads nowhere that is not there, and needs no network', () => {
    expect(built.stderr).toBe('')
    expect(built.code).toBe(0)
    const html = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.html'))
    expect(html.length).toBeGreaterThan(pages.length)
    for (const name of html) {
      const text = readFileSync(join(out, name), 'utf8')
      expect(text.match(/(?:src|<link[^>]*href)="(?:https?:)?\/\//)).toBeNull()
    }
    const bench = readFileSync(join(out, 'benchmarks.html'), 'utf8')
    expect(bench).not.toContain('bench:')
    expect(bench).toMatch(existsSync(join(root, 'bench/results.json')) ? /<td>schelling<\/td>/ : /Nothing has been measured/)
  })

  it('opened from disk searches all pages by keyboard, copies code, and asks no network', async ctx => {
    if (browserPath === undefined) return ctx.skip('no Chromium on this machine')
    const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] })
    try {
      const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
      const page = await context.newPage()
      const asked: string[] = []
      page.on('request', request => asked.push(request.url()))
      await page.goto(pathToFileURL(join(out, 'how-to/spaces.html')).href)
      expect(await page.locator('.code button').count()).toBe(await page.locator('main pre').count())
      await page.locator('.code').first().hover()
      await page.locator('.code button').first().click()
      await page.locator('.code button', { hasText: 'Copied' }).waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^import \{ Agent, .*\n/)

      await page.keyboard.press('/')
      await page.keyboard.type('standing view')
      expect(await page.locator('.search li').first().textContent()).toContain('Concepts')
      await page.keyboard.press('Enter')
      await page.waitForURL(/concepts\.html/)
      expect(asked.filter(url => !url.startsWith('file:'))).toEqual([])
    } finally {
      await browser.close()
    }
  }, 120_000)
})

/** `core/units.ts`, `src/model/simulation.ts`: paths with a folder, in backticks. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\.(?:ts|mjs|md|json))`/g)].map(([, path]) => path ?? '')
}

function linksOf(page: string): string[] {
  const text = textOf(page).replace(/```[\s\S]*?```/g, '')
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(([, to]) => {
    const target = to ?? ''
    return /^[a-z]+:/.test(target)
      ? target
      : relative(root, join(root, page, '..', target))
          .split(sep)
          .join('/')
  })
}

/** Addresses on the web, pictures, folders, and what the build of the site makes. */
function isElsewhere(target: string): boolean {
  return /^[a-z]+:|\.(png|svg|gif)$|^docs\/(api|results|models|decisions)\b/.test(target) || existsSync(join(root, target))
}
