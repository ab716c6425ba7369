/** What a person does with the page of `mycelia watch`: the built command, its server and its page in a browser. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { browserPath } from '../browser.js'
import { folder, mycelia, needsBuild, start } from '../cli/mycelia.js'
import { blocksOf, programsOf } from '../docs/pages.js'
import { seriousIn } from './accessibility.js'

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')
const token = 'the-control-token'
const env = { MYCELIA_CONTROL_TOKEN: token }
const desktop = { width: 1280, height: 720 }
const phone = { width: 390, height: 844 }

describe.skipIf(browserPath === undefined)('the page of mycelia watch (needs chromium)', { timeout: 180_000 }, () => {
  let browser: Browser
  const errors: string[] = []
  beforeEach(ctx => needsBuild(ctx))
  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
    browser = await chromium.launch({ executablePath: browserPath ?? '', args })
  })
  afterEach(() => expect(errors.splice(0)).toEqual([]))
  afterAll(() => browser?.close())

  /** Starts the command; `url` is the page's address without the token. */
  const watching = async (target: string, options: readonly string[] = [], cwd = folder()) => {
    const running = start(cwd, ['watch', target, ...(options.includes('--port') ? [] : ['--port', '0']), ...options], env)
    let said = ''
    running.child.stderr?.on('data', text => (said += text))
    await running.said('#token=')
    const url = /http:\/\/[^/\s]+\//.exec(said)?.[0] ?? ''
    const end = async () => {
      running.child.kill('SIGINT')
      expect((await running.ended).stderr).toMatch(/Watching/)
    }
    return { url, cwd, running, end }
  }
  const opened = async (url: string, viewport = desktop, control = true): Promise<Page> => {
    const page = await browser.newPage({ viewport })
    onTestFinished(() => page.close())
    page.on('pageerror', error => errors.push(error.message))
    await page.goto(control ? `${url}#token=${token}` : url)
    await page.locator('.transport').waitFor()
    return page
  }
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
  const stepIs = (page: Page, step: number) => page.locator('.now .step', { hasText: new RegExp(`^${step}$`) }).waitFor()
  const step = async (page: Page) => Number(await page.locator('.now .step').innerText())
  const digest = async (page: Page) => (await page.locator('.digest').getAttribute('title')) ?? ''
  const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click()
  const makeSteps = async (page: Page, steps: number) => {
    await page.getByLabel('Number of steps').fill(String(steps))
    await page.getByLabel('Number of steps').press('Enter')
  }
  const runsIn = (cwd: string) => readdirSync(join(cwd, 'runs', 'schelling')).filter(name => name !== 'latest')

  test('a person plays, pauses, steps, moves a parameter, goes back, resumes there, begins anew; each run left behind replays', async () => {
    const { url, cwd, end } = await watching('schelling', ['--paused'])
    const page = await opened(url)
    await button(page, 'Play').click()
    await page.waitForFunction(() => Number(document.querySelector('.now .step')?.textContent) > 2)
    await button(page, 'Pause').click()
    await button(page, 'Play').waitFor()
    const paused = await step(page)
    await button(page, 'Step').click()
    await stepIs(page, paused + 1)

    await tab(page, 'Parameters')
    const wanted = page.getByRole('spinbutton', { name: 'wanted' })
    for (const value of [4, 5, 2]) {
      await wanted.fill(String(value))
      await wanted.press('Enter')
      await button(page, 'Step').click()
      await page.waitForFunction(v => location.search.includes(`p.wanted=${v}`), value)
    }
    const radius = page.getByRole('slider', { name: 'radius' })
    await radius.fill('2')
    await button(page, 'Step').click()
    await page.waitForFunction(() => location.search.includes('p.radius=2'))
    await radius.fill('1')
    await stepIs(page, paused + 5)
    await makeSteps(page, 5)
    await stepIs(page, paused + 10)
    const before = await digest(page)

    await page.getByLabel('Step shown').fill(String(paused + 3))
    await stepIs(page, paused + 3)
    await page.getByText('7 steps back').waitFor()
    const there = await digest(page)
    await button(page, 'Resume from here').click()
    await page.getByText('7 steps back').waitFor({ state: 'detached' })
    expect([await step(page), await digest(page)]).toEqual([paused + 3, there])
    await makeSteps(page, 7)
    await stepIs(page, paused + 10)
    expect(await digest(page)).not.toBe(before)

    await button(page, 'New seed').click()
    await stepIs(page, 0)
    await page.getByText('seed 2').waitFor()
    await button(page, 'Step').click()
    await stepIs(page, 1)
    await end()
    const runs = runsIn(cwd)
    expect(runs).toHaveLength(3)
    for (const run of runs) {
      const { code, stdout, stderr } = await mycelia(cwd, ['replay', join('runs', 'schelling', run)])
      expect({ code, said: `${stdout}${stderr}` }).toEqual({ code: 0, said: expect.stringMatching(/identical|same|agree/i) })
    }
  })

  test('a link opened twice shows the same digest at the same step, and asks before it changes a run', async () => {
    const { url } = await watching('schelling', ['--paused'])
    const page = await opened(`${url}?scenario=schelling&seed=9&p.wanted=4&step=7`)
    await button(page, 'Show it').click()
    await stepIs(page, 7)
    const first = await digest(page)
    expect(first).toMatch(/: [0-9a-f]{64}$/)
    await page.waitForFunction(() => location.search.includes('step=7'))
    const link = page.url()
    expect(link).not.toContain(token)
    await button(page, 'Step').click()
    await stepIs(page, 8)

    const again = await watching('schelling', ['--paused', '--seed', '3'])
    const other = await opened(again.url + new URL(link).search)
    await button(other, 'Show it').click()
    await stepIs(other, 7)
    expect(await digest(other)).toBe(first)
  })

  test('an agent is inspected by keyboard, and what it is called is text', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, 'named.js'), named)
    const { url } = await watching('named.js', ['--paused'], cwd)
    const page = await opened(url)
    await page.locator('.picture').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    const inspector = page.getByRole('region', { name: 'Inspected agent' })
    await inspector.getByText('<img src=x onerror="document.title=1">').waitFor()
    await tab(page, 'Agents')
    await page.getByRole('cell', { name: '<img' }).first().waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toBe('Named · Mycelia')
  })

  test('the pond of "Draw your model" shows its looks, its layer and a panel of every kind', async () => {
    const cwd = folder()
    const pond = programsOf(blocksOf('docs/how-to/draw-your-model.md'))[0]
    writeFileSync(join(cwd, 'pond.ts'), pond?.code ?? '')
    const { url } = await watching('pond.ts', ['--paused'], cwd)
    // High enough that every card is in sight, since a card shows nothing before.
    const page = await opened(url, { width: 1280, height: 4_000 })
    await makeSteps(page, 60)
    await stepIs(page, 60)
    await button(page, /^lean \d+/).waitFor()
    await button(page, /^fat \d+/).waitFor()
    await page.locator('option', { hasText: 'algae' }).waitFor({ state: 'attached' })
    await page.getByText(/^\d+ events/).waitFor()
    await page.getByText('Click a node for more').waitFor()
    await tab(page, 'Charts')
    await page.getByText(/^\d+ values/).waitFor()
    await page.getByText(/^\d+ points/).waitFor()
    await page.getByText('Fish eat, grow, and are caught.').waitFor()
    expect(await page.locator('.state.failed').count()).toBe(0)
  })

  test('without the token the page only looks, and says so', async () => {
    const { url } = await watching('schelling', ['--paused'])
    const page = await opened(url, desktop, false)
    await page.getByText('you are watching').waitFor()
    for (const name of ['Play', 'Step']) expect(await button(page, name).isDisabled()).toBe(true)
    expect(await button(page, 'Show a second run').count()).toBe(0)
    await tab(page, 'Parameters')
    expect(await page.getByRole('spinbutton', { name: 'wanted' }).isDisabled()).toBe(true)
    await page.keyboard.press('ArrowRight')
    const owner = await opened(url)
    await stepIs(owner, 0)
    await button(owner, 'Step').click()
    await stepIs(page, 1)
  })

  test('where the process is gone the page keeps the last picture, and finds the next one by itself', async () => {
    const first = await watching('schelling', ['--paused'])
    const page = await opened(first.url)
    await makeSteps(page, 3)
    await stepIs(page, 3)
    first.running.child.kill('SIGKILL')
    await page.getByText('The connection is lost.').waitFor()
    await stepIs(page, 3)
    await first.running.ended
    await watching('schelling', ['--paused', '--port', new URL(first.url).port])
    await page.getByText('The connection is lost.').waitFor({ state: 'detached' })
    await stepIs(page, 0)
    await button(page, 'Step').click()
    await stepIs(page, 1)
  })

  test('a second run is made beside the first when it is opened, at the same step, and both go on together', async () => {
    const { url, cwd, end } = await watching('schelling', ['--paused'])
    const page = await opened(url)
    await makeSteps(page, 4)
    await stepIs(page, 4)
    await button(page, 'Show a second run').click()
    await button(page, /Second seed 1 · step 4/).click()
    const alike = await digest(page)
    await button(page, /First seed 1 · step 4/).click()
    expect(await digest(page)).toBe(alike)
    await button(page, /Second/).click()
    await tab(page, 'Parameters')
    await button(page, 'New seed').click()
    await button(page, /Second seed 2 · step 0/).waitFor()
    await page.keyboard.press('Escape')
    await button(page, 'Step').click()
    await button(page, /Second seed 2 · step 1/).waitFor()
    await button(page, /First seed 1 · step 5/).waitFor()
    await end()
    expect(runsIn(cwd)).toHaveLength(3)
  })

  test('the keyboard alone does all that runs time', async () => {
    const { url } = await watching('schelling', ['--paused'])
    const page = await opened(url)
    await page.keyboard.press('ArrowRight')
    await stepIs(page, 1)
    await page.keyboard.press('Shift+ArrowRight')
    await stepIs(page, 11)
    await page.keyboard.press(' ')
    await button(page, 'Pause').waitFor()
    await page.keyboard.press(' ')
    await button(page, 'Play').waitFor()
    const reached = await step(page)
    await page.getByLabel('Step shown').focus()
    await page.keyboard.press('ArrowLeft')
    await stepIs(page, reached - 1)
    await page.getByText('1 step back').waitFor()
    await page.locator('h1').click()
    await page.keyboard.press('r')
    await stepIs(page, 0)
  })

  test('the market is halted by its operator, and nothing serious is found in it or in a model, in either theme, also on a phone', async () => {
    const market = await watching('trifecta', ['--paused'])
    const model = await watching('schelling', ['--paused'])
    const page = await opened(market.url)
    await makeSteps(page, 3)
    await stepIs(page, 3)
    const [answer] = await page.evaluate(operate, { token, order: { do: 'halt' } })
    expect(answer).toEqual({ id: 1, ok: true })
    await button(page, 'Step').click()
    await stepIs(page, 4)
    await page
      .getByText(/Halted since/)
      .first()
      .waitFor()
    for (const shown of [page, await opened(model.url)]) {
      // By the debugger: the page's own rules let no foreign script in.
      await shown.evaluate(axe)
      for (const colorScheme of ['light', 'dark'] as const) {
        await shown.emulateMedia({ colorScheme })
        expect(await shown.evaluate(seriousIn)).toEqual([])
      }
      await shown.setViewportSize(phone)
      expect(await shown.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone.width)
      expect(await button(shown, 'Play').isVisible()).toBe(true)
    }
  })
})

const named = `
import { Agent, defineScenario, Model, SquareGrid, z } from 'mycelia'
class Walker extends Agent {
  nick = '<img src=x onerror="document.title=1">'
  step() {}
}
class Named extends Model {
  grid = new SquareGrid({ width: 3, height: 3, rng: this.rng })
  walkers = this.agentsOf(Walker)
  setup() {
    for (const walker of this.spawn(9, Walker)) this.grid.placeOnEmpty(walker)
  }
  step() {}
}
export default defineScenario({
  title: 'Named',
  model: Named,
  params: z.object({}),
  agents: { Walker },
  view: { space: m => m.grid },
})
`

/** Says an operator's order over the page's own socket. */
async function operate({ token, order }: { token: string; order: object }): Promise<unknown[]> {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/frames`)
  const answers: unknown[] = []
  await new Promise<void>(resolve => {
    socket.onmessage = ({ data }) => {
      if (typeof data !== 'string') return
      const answer = JSON.parse(data) as { hello?: unknown }
      if (answer.hello !== undefined) socket.send(JSON.stringify({ id: 1, command: { do: 'operate', order } }))
      else if (answers.push(answer) > 0) resolve()
    }
    socket.onopen = () => socket.send(JSON.stringify({ hello: { token } }))
  })
  socket.close()
  return answers
}
