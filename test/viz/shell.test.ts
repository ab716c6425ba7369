import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { browserPath } from '../browser.js'
import { seriousIn } from './accessibility.js'
import { type OpenPage, openStandIn } from './page.js'

const folder = mkdtempSync(join(tmpdir(), 'mycelia-shell-'))

/** What the stand-in of `viz/stand-ins/shell.tsx` shows of its sources. */
interface Source {
  readonly taken: readonly { readonly do: string; readonly [field: string]: unknown }[]
  become(state: string): void
}

/** What a test does with an element of the page, whose types are not known here. */
interface Field {
  value: string
  click(): void
  dispatchEvent(event: Event): void
}

describe.skipIf(browserPath === undefined)('the page in a browser (needs chromium)', () => {
  let open: OpenPage
  let page: Page
  beforeAll(async () => {
    open = await openStandIn('shell', folder)
    page = open.page
  }, 120_000)
  afterEach(() => expect(open.errors).toEqual([]))
  afterAll(async () => {
    await open.close()
    rmSync(folder, { recursive: true })
  })

  const show = async (query: string) => {
    await page.goto(new URL(`/?${query}`, page.url()).href)
    await page.waitForSelector('.transport')
  }
  const step = () => page.locator('.now .step').innerText()
  const stepIs = (value: string) => page.locator('.now .step', { hasText: new RegExp(`^${value}$`) }).waitFor()
  const press = (key: string) => page.keyboard.press(key)
  const tab = (name: string) => page.getByRole('tab', { name }).click()
  /** Commands that a source took, the first one's by default. */
  const taken = (source = 0) =>
    page.evaluate(i => (globalThis as unknown as { sources: Source[] }).sources[i]?.taken ?? [], source)
  /** The colours of the world's picture. */
  const colors = () =>
    page.evaluate(() => {
      const canvas = document.querySelector('.picture canvas') as unknown as {
        width: number
        height: number
        getContext(kind: string): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } }
      }
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      const found: Record<string, number> = {}
      for (let i = 0; i < data.length; i += 4) {
        const color = `${data[i]},${data[i + 1]},${data[i + 2]}`
        found[color] = (found[color] ?? 0) + 1
      }
      return found
    })

  test('the keyboard alone steps, plays and pauses, zooms, fits, changes the theme and shows its keys', async () => {
    await show('scenario=schelling')
    await press('ArrowRight')
    await stepIs('1')
    await press('Shift+ArrowRight')
    await stepIs('11')
    await press(' ')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await press(' ')
    await page.getByRole('button', { name: 'Play' }).waitFor()
    const before = await colors()
    await press('+')
    await page.waitForFunction(() => document.querySelector('.picture canvas.near') !== null)
    expect(await colors()).not.toEqual(before)
    await press('f')
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme)
    const first = await theme()
    await press('d')
    expect(await theme()).not.toBe(first)
    await press('d')
    await press('?')
    await page.getByRole('heading', { name: 'Keys' }).waitFor()
    await press('Escape')
    await page.locator('dialog[open]').waitFor({ state: 'detached' })
  })

  test('the picture shows what the run holds, and a look that is switched off is gone from it', async () => {
    await show('scenario=schelling')
    await page
      .getByRole('button', { name: /red 500/ })
      .first()
      .waitFor()
    // A look is drawn in the picture after the one that knows it.
    await expect.poll(async () => (await colors())['209,73,91'] ?? 0, { timeout: 10_000 }).toBeGreaterThan(10_000)
    const shown = await colors()
    // As many of each; cells differ by a pixel.
    expect((shown['48,99,142'] ?? 0) / (shown['209,73,91'] ?? 1)).toBeCloseTo(1, 1)
    await page
      .getByRole('button', { name: /red 500/ })
      .first()
      .click()
    await page.waitForFunction(() => document.querySelector('.look[aria-pressed="false"]') !== null)
    await expect.poll(async () => (await colors())['209,73,91'], { timeout: 10_000 }).toBeUndefined()
  })

  test('an operator’s order says what will happen, is given only when it is confirmed, and a refusal is said', async () => {
    await show('scenario=bazaar')
    const dialog = page.getByRole('dialog')
    const bar = page.locator('.operator')
    await bar.getByText('Entries are allowed').waitFor()
    await bar.getByRole('button', { name: 'Halt' }).click()
    await dialog.getByText('No portfolio enters anything').waitFor()
    await dialog.getByRole('button', { name: 'Leave it' }).click()
    expect(await taken()).toEqual([])
    await bar.getByRole('button', { name: 'Lock' }).click()
    await dialog.getByLabel('Pair').selectOption('BUSD')
    await dialog.getByLabel('How long').selectOption({ label: 'a day' })
    await dialog.getByText('No portfolio enters BUSD for a day').waitFor()
    await dialog.getByLabel('Reason').fill('news')
    await dialog.getByRole('button', { name: 'Lock' }).click()
    await page.getByText('expected a run that trades').waitFor()
    await page.getByRole('row', { name: 'BUSD' }).getByRole('button', { name: 'Close' }).click()
    await dialog.getByText('It leaves BUSD.').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
    const [lock, close] = (await taken()).map(({ order }) => order)
    expect(lock).toMatchObject({ do: 'lock', pair: 'BUSD', forMs: 86_400_000, reason: 'news' })
    expect(close).toMatchObject({ do: 'close', pair: 'BUSD' })
    await page.keyboard.press('Shift+ArrowRight')
    await bar.getByText('Halted since 12:00').waitFor()
    await bar.getByRole('button', { name: 'Resume' }).waitFor()
  })

  test('who only watches sees whether a run may enter, and no order', async () => {
    await show('scenario=bazaar&readonly')
    await page.locator('.operator').getByText('Entries are allowed').waitFor()
    expect(await page.locator('.operator button').count()).toBe(0)
    await page.getByRole('row', { name: 'BUSD' }).waitFor()
    expect(await page.getByRole('button', { name: 'Close' }).count()).toBe(0)
  })

  test('a reader scrubs back, sees that the step is past, and resumes from there', async () => {
    await show('scenario=flocking')
    await page.getByLabel('Number of steps').fill('12')
    await press('Enter')
    await stepIs('12')
    await page.getByLabel('Step shown').fill('5')
    await stepIs('5')
    await page.getByText('7 steps back').waitFor()
    await page.getByRole('button', { name: 'Resume from here' }).click()
    await page.getByText('7 steps back').waitFor({ state: 'detached' })
    expect((await taken()).map(command => command.do)).toEqual(['step', 'seek', 'branch'])
    expect(await step()).toBe('5')
  })

  test('an agent is picked by keyboard, its fields are shown as text, and the table finds it', async () => {
    await show('scenario=meadow')
    await page.locator('.picture').focus()
    await press('ArrowRight')
    await press('ArrowDown')
    await press('Enter')
    const inspector = page.getByRole('region', { name: 'Inspected agent' })
    await inspector.getByText('<img src=x onerror="document.title=1">').waitFor()
    const key = await inspector.getByRole('heading').innerText()
    expect(key).toMatch(/^Walker-\d+$/)
    expect(await page.title()).toBe('Meadow · Mycelia')
    await press('Escape')
    await inspector.waitFor({ state: 'detached' })
    await press('t')
    await page.getByLabel('Search agents').fill(key)
    await page.getByRole('button', { name: key, exact: true }).click()
    await inspector.getByRole('heading', { name: key }).waitFor()
    await page.getByLabel('Search agents').fill('')
    await page.getByText('1–40 of 40').waitFor()
    await page.getByRole('columnheader', { name: 'key' }).getByRole('button').click()
    await page.locator('th[aria-sort="ascending"]').waitFor()
  })

  test('a changeable parameter moves at once, another waits for the reset, and what the run refuses is said', async () => {
    await show('scenario=meadow')
    await tab('Parameters')
    const warmth = page.getByRole('spinbutton', { name: 'warmth' })
    await warmth.fill('3')
    await warmth.press('Enter')
    await page.getByText('at the next step').waitFor()
    await page.waitForTimeout(200)
    expect(await warmth.inputValue()).toBe('3')
    expect(await taken()).toEqual([{ do: 'change', key: 'warmth', value: 3 }])
    await page.getByRole('button', { name: 'Step', exact: true }).click()
    await page.getByText('at the next step').waitFor({ state: 'detached' })
    await page.waitForFunction(() => location.search.includes('p.warmth=3'))
    const walkers = page.getByRole('spinbutton', { name: 'walkers' })
    await walkers.fill('13')
    await walkers.press('Enter')
    await page.getByText('waits for reset').waitFor()
    expect((await taken()).map(command => command.do)).toEqual(['change', 'step'])
    await page.getByLabel('seed').fill('77')
    await page.getByRole('button', { name: 'Reset with 1 change' }).click()
    await page.getByRole('button', { name: /odd 6/ }).waitFor()
    const params = { warmth: 3, walkers: 13, motto: 'on', route: [1, 2] }
    expect((await taken())[2]).toEqual({ do: 'reset', seed: 77, params })
    await warmth.fill('13')
    await warmth.press('Enter')
    await page.locator('.toasts').getByText('warmth').waitFor()
    await page.waitForFunction(() => document.querySelector('.parameter.waits') === null)
    expect(await warmth.inputValue()).toBe('3')
  })

  test('text is typed while the run plays, and JSON that is none stays to be mended', async () => {
    await show('scenario=meadow')
    await press(' ')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await tab('Parameters')
    const motto = page.getByRole('textbox', { name: 'motto' })
    await motto.fill('')
    await motto.pressSequentially('to walk', { delay: 60 })
    expect(await motto.inputValue()).toBe('to walk')
    await motto.press('Enter')
    await page.getByText('waits for reset').waitFor()
    const route = page.getByRole('textbox', { name: 'route' })
    await route.fill('[3, 4')
    await route.press('Enter')
    await page.locator('#parameter-route[aria-invalid="true"]').waitFor()
    await page.waitForTimeout(300)
    expect(await route.inputValue()).toBe('[3, 4')
    await route.fill('[3, 4]')
    await route.press('Enter')
    await page.getByRole('button', { name: 'Reset with 2 changes' }).click()
    await page.waitForFunction(() => location.search.includes('p.route='))
    expect((await taken()).at(-1)).toMatchObject({ do: 'reset', params: { motto: 'to walk', route: [3, 4] } })
  })

  test('what is typed the moment a field appears stays typed', async () => {
    await show('scenario=meadow')
    const typed = await page.getByRole('tab', { name: 'Parameters' }).evaluate(async tab => {
      const field = () => document.querySelector('#parameter-warmth') as unknown as Field | null
      ;(tab as unknown as Field).click()
      while (field() === null) await new Promise(resolve => setTimeout(resolve, 0))
      const input = field() as Field
      input.value = '7'
      input.dispatchEvent(new Event('input', { bubbles: true }))
      await new Promise(resolve => setTimeout(resolve, 300))
      return input.value
    })
    expect(typed).toBe('7')
  })

  test('a slider that is dragged while the run plays stays under the hand', async () => {
    await show('scenario=meadow')
    await press(' ')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await tab('Parameters')
    const slider = page.getByRole('slider', { name: 'warmth' })
    const strayed = await slider.evaluate(async element => {
      const input = element as unknown as Field
      let count = 0
      for (let value = 2; value <= 9; value++) {
        input.value = String(value)
        input.dispatchEvent(new Event('input', { bubbles: true }))
        for (let wait = 0; wait < 8; wait++) {
          await new Promise(resolve => setTimeout(resolve, 20))
          if (Number(input.value) !== value) count++
        }
      }
      return count
    })
    expect(strayed).toBe(0)
    await page.waitForFunction(() => location.search.includes('p.warmth=9'))
  })

  test('behind an open dialog no key acts', async () => {
    await show('scenario=schelling')
    await press('ArrowRight')
    await stepIs('1')
    await press('?')
    await page.getByRole('heading', { name: 'Keys' }).waitFor()
    await press('r')
    await press('ArrowRight')
    await press('Escape')
    await page.locator('dialog[open]').waitFor({ state: 'detached' })
    expect((await taken()).map(command => command.do)).toEqual(['step'])
    expect(await step()).toBe('1')
  })

  test('a chart drawn anew for the other theme has the newest steps', async () => {
    await show('scenario=schelling')
    await press('Shift+ArrowRight')
    await stepIs('10')
    await tab('Charts')
    const last = page.locator('.line-chart .u-series:first-child .u-value').first()
    await expect.poll(() => last.textContent()).toBe('10')
    const canvas = page.locator('.line-chart canvas').first()
    const before = await canvas.elementHandle()
    await press('d')
    await expect.poll(() => before?.evaluate(element => element.isConnected)).toBe(false)
    expect(await last.textContent()).toBe('10')
    await press('d')
  })

  test('a long search in any script is answered, and half a character harms nothing', async () => {
    await show('scenario=meadow')
    await tab('Agents')
    const search = page.getByLabel('Search agents')
    await search.fill('搜索'.repeat(40))
    await page.getByText('No agent is like that.').waitFor()
    // A browser that is driven is told of whole characters alone.
    await search.evaluate(element => {
      const input = element as unknown as Field
      input.value = '\ud800Walker-3'
      input.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await page.getByRole('button', { name: 'Walker-3', exact: true }).waitFor()
    expect(await page.locator('.toasts p').count()).toBe(0)
  })

  test('a link brings the same picture: seed, parameters and step', async () => {
    await show('scenario=schelling&seed=9&p.wanted=4&step=7')
    await stepIs('7')
    expect(await taken()).toEqual([
      { do: 'pause' },
      { do: 'reset', seed: 9, params: expect.objectContaining({ wanted: 4, width: 40 }) },
      { do: 'step', steps: 7 },
    ])
    const first = await colors()
    const link = page.url()
    expect(new URL(link).search).toBe('?scenario=schelling&seed=9&p.wanted=4&step=7')
    await press('ArrowRight')
    await stepIs('8')
    await page.goto(link)
    await stepIs('7')
    expect(await colors()).toEqual(first)
  })

  test('a run that others may watch is brought to a link only when the reader says so, and never by one who may only look', async () => {
    await show('scenario=schelling&seed=9&step=7&asks')
    await page.getByText('The run would begin anew for it.').waitFor()
    expect(await taken()).toEqual([])
    await page.getByRole('button', { name: 'Show it' }).click()
    await stepIs('7')
    await show('scenario=schelling&step=7&asks')
    await page.getByText('The run would stop at that step.').waitFor()
    await show('scenario=schelling&seed=9&step=7&asks&readonly')
    await page.getByText('Only who has control can bring the run there.').waitFor()
    expect(await page.getByRole('button', { name: 'Show it' }).count()).toBe(0)
    await page.getByText('you are watching').waitFor()
    expect(await page.getByRole('button', { name: 'Play' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Stay with this run' }).click()
    await page.waitForFunction(() => location.search.includes('seed=1&'))
  })

  test('two runs stand side by side, begin alike, and go on together', async () => {
    await show('scenario=schelling&seed=5')
    await press('ArrowRight')
    await stepIs('1')
    await page.getByRole('button', { name: 'Show a second run' }).click()
    await page.getByRole('button', { name: /Second seed 5 · step 1/ }).waitFor()
    await press('ArrowRight')
    await page.getByRole('button', { name: /First seed 5 · step 2/ }).waitFor()
    await page.getByRole('button', { name: /Second seed 5 · step 2/ }).click()
    await tab('Parameters')
    await page.getByRole('button', { name: 'New seed' }).click()
    await page.getByRole('button', { name: /Second seed 6 · step 0/ }).waitFor()
    expect((await taken(0)).some(command => command.do === 'reset' && command.seed === 6)).toBe(false)
    await page.getByRole('button', { name: 'Close the second run' }).click()
    await page.getByRole('button', { name: /Second/ }).waitFor({ state: 'detached' })
  })

  test('a lost connection keeps the last picture and says so, and a closed one too', async () => {
    await show('scenario=schelling')
    await page
      .getByRole('button', { name: /red 500/ })
      .first()
      .waitFor()
    const before = await colors()
    const become = (state: string) =>
      page.evaluate(s => (globalThis as unknown as { sources: Source[] }).sources[0]?.become(s), state)
    await become('lost')
    await page.getByText('The connection is lost.').waitFor()
    expect(await colors()).toEqual(before)
    await become('open')
    await page.getByText('The connection is lost.').waitFor({ state: 'detached' })
    await become('closed')
    await page.getByText('This run is no longer shown').waitFor()
  })

  test('an automatic check of accessibility finds nothing serious, in either theme', async () => {
    await show('scenario=meadow')
    await page.addScriptTag({ path: 'node_modules/axe-core/axe.min.js' })
    for (const name of ['Agents', 'Charts', 'Parameters']) {
      await tab(name)
      for (const theme of ['the other', 'the first again']) {
        await press('d')
        await page.locator('.tab-shown > *').first().waitFor()
        expect(await page.evaluate(seriousIn), `${name}, ${theme}`).toEqual([])
      }
    }
  })

  test('on a phone nothing is wider than the screen, and the bar that runs time is always in reach', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const scenario of ['meadow', 'sugarscape', 'wealth']) {
      await show(`scenario=${scenario}`)
      for (const name of ['Parameters', 'Agents', 'Charts']) {
        await tab(name)
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      }
      expect(await page.getByRole('button', { name: 'Play' }).isVisible()).toBe(true)
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  })
})
