/** The commands of the documentation are true: every shell block succeeds in an empty folder with a clone in it, or says why it is not run. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { command } from '../cli/in-process.js'
import { needsBuild } from '../cli/mycelia.js'
import { freshEnvironment, temporaryFolder } from '../packaging/npm.js'
import { freePort } from '../standins/redis.js'
import { isNight } from '../tier.js'
import { type Block, blocksOf, pages, programsOf, root } from './pages.js'

const shells = pages.flatMap(page => blocksOf(page).filter(block => block.language === 'sh'))
const excused = shells.filter(block => block.excuse !== undefined)
const npm = { NPM_CONFIG_OFFLINE: 'true', NPM_CONFIG_AUDIT: 'false', NPM_CONFIG_UPDATE_NOTIFIER: 'false' }
const env = freshEnvironment({ ...npm, POOL_PORT: String(await freePort()) })
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** An empty folder with a clone in it that is set up: what it holds stands where this tree has it, what is made stays its own. */
function cloneIn(place: string): string {
  const clone = join(place, 'mycelia')
  mkdirSync(clone)
  const kept = readdirSync(root).filter(name => !/^(\.git|\.env|runs|site)$/.test(name))
  for (const name of kept) symlinkSync(join(root, name), join(clone, name))
  return clone
}

/** A command that runs the 121 for all the steps of their scenario does so at night; by day it runs a hundred. */
function asToday(text: string): string {
  if (isNight) return text
  return text
    .replace(/^npm start(?= |$)/gm, 'npm start -- --steps 100')
    .replace(/^bin\/mycelia run trifecta(?!.*--(steps|market))/gm, '$& --steps 100')
}

/** Resolves to what went wrong, or undefined. */
function shell(cwd: string, { page, line, text }: Block): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', asToday(text)], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    let said = ''
    child.stdout.on('data', chunk => (said += chunk))
    child.stderr.on('data', chunk => (said += chunk))
    child.on('error', reject)
    child.on('close', code => {
      running.delete(child)
      resolve(code === 0 ? undefined : `${page}:${line} ended with ${code}: ${said.slice(-600)}`)
    })
  })
}

/** Runs the lines of a block in this process, in its folder. */
async function here(cwd: string, { page, line, text }: Block): Promise<string | undefined> {
  for (const said of asToday(text).split('\n')) {
    const args = said
      .replace(/ +#.*$/, '')
      .split(/ +/)
      .slice(1)
    const { code, stderr } = await command(args, cwd)
    if (code !== 0) return `${page}:${line} ended with ${code}: ${stderr.slice(-600)}`
  }
  return undefined
}

/** Does what the page tells, from top to bottom: writes its files, runs its commands. */
async function follow(page: string, run = shell): Promise<string[]> {
  const place = temporaryFolder('reader')
  const clone = cloneIn(place)
  const blocks = blocksOf(page)
  const wrong: string[] = []
  for (const [i, block] of blocks.entries()) {
    if (block.language === 'ts') write(clone, blocks.slice(0, i + 1))
    if (block.language === 'yaml') writeYaml(clone, block)
    if (block.language !== 'sh' || block.excuse !== undefined) continue
    const problem = await run(clone, block)
    if (problem !== undefined) wrong.push(problem)
  }
  rmSync(place, { recursive: true, force: true })
  return wrong
}

function write(folder: string, blocks: readonly Block[]): void {
  const last = programsOf(blocks).at(-1)
  if (last?.name !== undefined) writeFileSync(join(folder, last.name), last.code)
}

/** `# instruments.yaml` as a first line names the file. */
function writeYaml(folder: string, { text }: Block): void {
  const name = /^# (\S+\.ya?ml)$/m.exec(text)?.[1]
  if (name !== undefined) writeFileSync(join(folder, name), text)
}

/** Pages whose commands take a quarter of a minute and more. */
const long = new Set(
  [
    'coming-from-batch-runners',
    'how-to/collecting',
    'how-to/compute-pool',
    'how-to/design-an-experiment',
    'how-to/draw-your-model',
    'how-to/play-and-keep',
    'how-to/read-a-report',
    'how-to/risk-limits',
    'how-to/run-on-many-machines',
    'how-to/snapshots',
    'how-to/your-own-strategy',
    'learning-loop',
    'reading-an-interval',
    'token-launches',
  ].map(name => `docs/${name}.md`),
)

describe('commands in the documentation', () => {
  beforeEach(ctx => needsBuild(ctx))
  const runOf = (page: string) => shells.filter(block => block.page === page && block.excuse === undefined)
  const toRun = pages.filter(page => runOf(page).length > 0)
  // A process for each command of the pages that only use what ships would say nothing that the others do not.
  const shipped = /^(bin\/mycelia (run|data|explain|list|doctor)\b(?!.*\.ts)[^'"\n]*\n?)+$/
  const simple = toRun.filter(page => runOf(page).every(({ text }) => shipped.test(text)))

  it.each(simple)('of %s succeed in the order in which they are told', { timeout: 120_000 }, async page => {
    expect(await follow(page, here)).toEqual([])
  })

  const several = toRun.filter(page => !simple.includes(page))

  for (const page of isNight ? [] : several.filter(page => long.has(page)))
    it(`of ${page} succeed in the order in which they are told`, ctx =>
      ctx.skip('they take a quarter of a minute and more: npm run test:nightly runs them'))

  it.concurrent.each(several.filter(page => isNight || !long.has(page)))(
    'of %s succeed in the order in which they are told',
    { timeout: 600_000 },
    async page => {
      expect(await follow(page)).toEqual([])
    },
  )

  for (const { page, line, excuse } of excused) {
    it(`of ${page}:${line} succeed`, ctx => ctx.skip(excuse))
  }

  it('stand in blocks marked sh, so that none escapes', () => {
    const others = pages.flatMap(page => blocksOf(page).filter(block => !['sh', 'ts'].includes(block.language)))
    const commands = others.filter(({ text }) => /^\s*(\$ |npm |npx |node |(bin\/)?mycelia )/m.test(text))
    expect(commands.filter(block => block.excuse === undefined).map(({ page, line }) => `${page}:${line}`)).toEqual([])
  })
})
