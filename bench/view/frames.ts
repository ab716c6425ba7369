/** What a picture of the page costs in a browser without a GPU: work of its main thread, and the time between two that are presented. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { repository } from '../commit.js'
import { browserPath } from './browser-path.js'

export interface FrameCost {
  readonly what: string
  /** p95 of the main thread's work between two pictures, ms. */
  readonly workMs: number
  /** p95 of the time between two presented pictures, ms. */
  readonly betweenMs: number
  readonly frames: number
  /** JavaScript's heap at the begin and at the end of the measurement, MB. */
  readonly heapMb: readonly [begin: number, end: number]
}

const cases = [
  { what: '10,000 agents on a plane', query: 'agents=10000' },
  { what: '100,000 cells', query: 'cells=100000' },
] as const
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' }
const warmUpMs = 3_000
const measuredMs = 10_000

/** A sentence where there is no browser. */
export async function frameCosts(): Promise<readonly FrameCost[] | string> {
  const executablePath = browserPath()
  if (executablePath === undefined) return 'not measured: no Chromium on this machine'
  const { chromium } = await import('playwright-core')
  const page = await built()
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--enable-precise-memory-info'],
  })
  try {
    const costs: FrameCost[] = []
    for (const { what, query } of cases) costs.push({ what, ...(await measured(browser, `${page.url}?${query}`)) })
    return costs
  } finally {
    await browser.close()
    page.close()
  }
}

type Browser = Awaited<ReturnType<typeof import('playwright-core')['chromium']['launch']>>

interface TraceEvent {
  readonly name: string
  readonly ts: number
  /** Wall clock, and the thread's own time. */
  readonly dur?: number
  readonly tdur?: number
  readonly tid: number
  readonly pid: number
}

async function measured(browser: Browser, url: string): Promise<Omit<FrameCost, 'what'>> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  await page.goto(url)
  await page.waitForTimeout(warmUpMs)
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as TraceEvent[])))
  const heap = () =>
    page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize / 1e6)
  const begin = await heap()
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] },
  } as never)
  await page.waitForTimeout(measuredMs)
  const done = new Promise(resolve => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await done
  const end = await heap()
  await page.close()
  return { ...costsOf(events), heapMb: [begin, end] }
}

/** Pictures are told by the callbacks of animation frames; work is that of the thread they run on. */
function costsOf(events: readonly TraceEvent[]): Pick<FrameCost, 'workMs' | 'betweenMs' | 'frames'> {
  const fired = events.filter(({ name }) => name === 'FireAnimationFrame').sort((a, b) => a.ts - b.ts)
  const [first] = fired
  if (first === undefined) return { workMs: Number.NaN, betweenMs: Number.NaN, frames: 0 }
  const tasks = events
    .filter(({ name, tid, pid }) => name === 'RunTask' && tid === first.tid && pid === first.pid)
    .sort((a, b) => a.ts - b.ts)
  // Several callbacks belong to one picture: those within one task.
  const pictures = fired.filter((event, i) => i === 0 || event.ts - (fired[i - 1] as TraceEvent).ts > 4_000)
  const between: number[] = []
  const work: number[] = []
  let task = 0
  for (let i = 1; i < pictures.length; i++) {
    const [from, to] = [(pictures[i - 1] as TraceEvent).ts, (pictures[i] as TraceEvent).ts]
    between.push((to - from) / 1_000)
    let sum = 0
    for (; task < tasks.length && (tasks[task] as TraceEvent).ts < to; task++) sum += timeOf(tasks[task] as TraceEvent)
    work.push(sum / 1_000)
  }
  return { workMs: p95(work), betweenMs: p95(between), frames: pictures.length }
}

/** Of the thread, so that another process does not count. */
function timeOf({ tdur, dur = 0 }: TraceEvent): number {
  return tdur ?? dur
}

function p95(values: number[]): number {
  values.sort((a, b) => a - b)
  return values[Math.floor(values.length * 0.95)] ?? Number.NaN
}

/** The stand-in page, bundled as the viewer is, and served from memory on the loopback. */
async function built(): Promise<{ url: string; close(): void }> {
  const { build } = await import('esbuild')
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-frames-'))
  await build({
    entryPoints: [join(repository, 'viz', 'stand-ins', 'frames.tsx')],
    bundle: true,
    minify: true,
    format: 'esm',
    outdir: folder,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    target: 'es2022',
    tsconfig: join(repository, 'viz', 'tsconfig.json'),
  })
  const html =
    '<!doctype html><html lang="en"><title>Frames</title><link rel="stylesheet" href="frames.css"><div id="app"></div><script type="module" src="frames.js"></script></html>'
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    const name = pathname.slice(1)
    if (name === '') return void response.writeHead(200, { 'content-type': 'text/html' }).end(html)
    if (name !== 'frames.js' && name !== 'frames.css') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[extname(name)] }).end(readFileSync(join(folder, name)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
