import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Scenario, simulate } from '../../src/model/index.js'
import { modelList } from '../../viz/model-list.js'
import { browserPath } from '../browser.js'
import { models } from '../models/kit.js'
import { isNight } from '../tier.js'
import { openBrowser, serve } from './page.js'

const names = models.map(({ name }) => name)
/** By day every third. */
const run = names.filter((_, i) => isNight || i % 3 === 0)

function scenarioNamed(name: string): Scenario {
  return models.find(model => model.name === name)?.scenario as Scenario
}

test('the list has every model, by its own title', () => {
  const files = readdirSync('scenarios/models').map(file => file.replace('.ts', ''))
  expect([...names].sort()).toEqual([...files, 'wealth'].sort())
  expect(modelList.map(({ name }) => name).sort()).toEqual([...names].sort())
  for (const { name, title } of modelList) expect(scenarioNamed(name).title).toBe(title)
})

describe.skipIf(browserPath === undefined)('static files under a path of any host', () => {
  let server: Server
  let browser: Browser
  let page: Page
  let errors: string[]
  const base = '/somewhere/else/'
  const address = (query: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}models.html${query}`

  beforeAll(async () => {
    server = await serve(path => {
      const file = join('dist/viz', path.slice(base.length))
      if (!path.startsWith(base) || !statSync(file).isFile()) throw new Error('not there')
      return readFileSync(file)
    })
    ;({ browser, page, errors } = await openBrowser(address(''), { width: 1280, height: 800 }))
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  /** The digest the page tells once the run stands still at a step. */
  async function digestAt(step: number): Promise<string> {
    await page.waitForFunction(
      at => document.documentElement.dataset.step === String(at) && document.documentElement.dataset.digest !== '',
      step,
      { timeout: 15_000 },
    )
    return (await page.evaluate(() => document.documentElement.dataset.digest)) ?? ''
  }

  function digestInNode(name: string, steps: number, seed = 11): string {
    const sim = simulate(scenarioNamed(name), { seed })
    sim.run({ steps })
    return sim.digest
  }

  test.each(run)('%s runs in a worker of the page, to the digest it has in Node', async name => {
    const sim = simulate(scenarioNamed(name), { seed: 11 })
    sim.run({ steps: 20 })
    await page.goto(address(`?scenario=${name}&seed=11&step=20`))
    // A model may end before.
    expect(await digestAt(sim.model.steps)).toBe(sim.digest)
    expect(errors).toEqual([])
  })

  test('a model is opened from the list, played, and gone back in', async () => {
    await page.goto(address(''))
    await page.getByRole('link', { name: 'Schelling segregation' }).click()
    await digestAt(0)
    await page.keyboard.press('Space')
    await page.waitForFunction(() => Number(document.documentElement.dataset.step) > 20)
    await page.keyboard.press('Space')
    await page.waitForFunction(() => document.documentElement.dataset.digest !== '')
    const step = Number(await page.evaluate(() => document.documentElement.dataset.step))
    expect(await digestAt(step)).toBe(digestInNode('schelling', step, 1))
    await page.getByLabel('Step shown').fill(String(step - 5))
    expect(await digestAt(step - 5)).toBe(digestInNode('schelling', step - 5, 1))
    await page.getByLabel('Step shown').fill(String(step))
    expect(await digestAt(step)).toBe(digestInNode('schelling', step, 1))
  })

  test('a model that is not there is said to be none', async () => {
    await page.goto(address('?scenario=perpetual-motion'))
    await page.getByText('There is no model "perpetual-motion".').first().waitFor({ timeout: 10_000 })
  })
})
