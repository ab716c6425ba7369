/** Pages of the viewer in headless Chromium: bundled, served on the loopback, opened, and ended by the test. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { browserPath } from '../browser.js'

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

export interface OpenPage {
  readonly page: Page
  /** What the page's console said of errors. */
  readonly errors: string[]
  close(): Promise<void>
}

/** Bundles `viz/stand-ins/<name>.tsx` into a folder and opens it. */
export async function openStandIn(name: string, folder: string, viewport = { width: 1280, height: 900 }): Promise<OpenPage> {
  await build({
    entryPoints: [`viz/stand-ins/${name}.tsx`],
    bundle: true,
    format: 'esm',
    outdir: folder,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    target: 'es2022',
    tsconfig: 'viz/tsconfig.json',
  })
  const html = `<!doctype html><html lang="en"><title>${name}</title><link rel="stylesheet" href="${name}.css"><div id="app"></div><script type="module" src="${name}.js"></script></html>`
  const server = await serve(path => (path === '/' ? Buffer.from(html) : readFileSync(join(folder, path))))
  const { page, browser, errors } = await openBrowser(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, viewport)
  return {
    page,
    errors,
    close: async () => {
      await browser.close()
      server.close()
    },
  }
}

/** The caller closes the browser. */
export async function openBrowser(url: string, viewport: { width: number; height: number }) {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  const browser: Browser = await chromium.launch({ executablePath: browserPath ?? '', args })
  const page = await browser.newPage({ viewport, acceptDownloads: true })
  const errors: string[] = []
  page.on('pageerror', error => errors.push(error.message))
  await page.goto(url)
  return { browser, page, errors }
}

/** A static server on the loopback; the caller closes it. */
export function serve(read: (path: string) => Buffer): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname
    try {
      const body = read(path)
      response.writeHead(200, { 'content-type': path === '/' ? 'text/html' : (types[extname(path)] ?? 'text/plain') }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}
