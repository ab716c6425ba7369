/**
 * Takes the pictures of the viewer and of reports that stand in README and docs, of the commands as they run, in a headless Chromium.
 *
 *     npm run screenshots [-- <name>…]
 *
 * They are no golden files: fonts differ from machine to machine.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
const images = join(root, 'docs', 'images')
/** Bytes of a picture: readers load them with the page. */
const most = 150_000
const desktop = { viewport: { width: 1280, height: 720 }, colorScheme: 'light' }

const pictures = [
  { name: 'watch-model', target: 'schelling', steps: 12, page: desktop, act: inspectAgent },
  {
    name: 'watch-market',
    target: 'trifecta',
    steps: 400,
    page: desktop,
    act: page => page.getByRole('tab', { name: 'Market' }).click(),
  },
]

const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'light' }
const dark = { viewport: { width: 1280, height: 720 }, colorScheme: 'dark' }

/** `at`: the panel that is brought into sight; without it the top of the page. */
const reports = [
  { name: 'report-model', scenario: 'schelling', steps: 30, page: desktop },
  { name: 'report', scenario: 'trifecta', steps: 3_500, page: dark },
  { name: 'report-trades', scenario: 'trifecta', steps: 3_500, page: dark, at: 'Candles and trades' },
  { name: 'report-phone', scenario: 'trifecta', steps: 3_500, page: phone },
]

const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap(name => (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, name)))
  .find(path => existsSync(path))
if (executablePath === undefined) {
  console.error('No Chromium on the PATH: it takes the pictures. "npm run setup -- --with chromium" installs one.')
  process.exit(1)
}
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
const folder = mkdtempSync(join(tmpdir(), 'mycelia-screenshots-'))
try {
  const names = process.argv.slice(2)
  const isWanted = ({ name }) => names.length === 0 || names.includes(name)
  for (const picture of pictures.filter(isWanted)) await take(picture)
  for (const report of reports.filter(isWanted)) await takeReport(report)
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}

async function take({ name, target, steps, page: options, act }) {
  const watching = spawn(
    process.execPath,
    [join(root, 'bin', 'mycelia'), 'watch', target, '--paused', '--port', '0', '--speed', 'max'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  try {
    const page = await browser.newPage(options)
    await page.goto(await addressOf(watching))
    await page.getByLabel('Number of steps').fill(String(steps))
    await page.getByLabel('Number of steps').press('Enter')
    await page.locator('.now .step', { hasText: new RegExp(`^${steps}$`) }).waitFor({ timeout: 120_000 })
    await act?.(page)
    // Panels that were asked for now come with the next frame.
    await page.waitForTimeout(2_000)
    await shoot(page, name)
  } finally {
    watching.kill('SIGINT')
    await once(watching, 'exit')
  }
}

async function takeReport({ name, scenario, steps, page: options, at }) {
  const out = join(folder, scenario)
  const asked = ['run', scenario, '--seed', '1', '--steps', String(steps), '--out', out, '--quiet']
  if (!existsSync(out)) execFileSync(process.execPath, [join(root, 'bin', 'mycelia'), ...asked])
  const page = await browser.newPage(options)
  await page.goto(pathToFileURL(join(out, 'report.html')).href)
  await page.locator('.report h1').waitFor()
  if (at !== undefined) await page.locator(`article[aria-label="${at}"]`).evaluate(panel => panel.scrollIntoView())
  await page.waitForTimeout(2_000)
  await shoot(page, name)
}

async function shoot(page, name) {
  const path = join(images, `${name}.png`)
  await page.screenshot({ path })
  await page.close()
  const { size } = statSync(path)
  console.log(`docs/images/${name}.png: ${Math.round(size / 1_000)} kB`)
  if (size > most) throw new Error(`${name}.png has ${size} bytes, more than ${most}.`)
}

async function inspectAgent(page) {
  await page.locator('.picture').focus()
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
}

/** With its token, as the command prints it. */
async function addressOf(watching) {
  let said = ''
  for await (const text of watching.stderr) {
    said += text
    const address = /http:\S+#token=\S+\n/.exec(said)
    if (address !== null) return address[0].trim()
  }
  throw new Error(`mycelia watch ended: ${said}`)
}
