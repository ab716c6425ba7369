/** What only a second process can show: whose lock it is, and what a killed one leaves behind. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { checkDatabase, FileInUse, LiveLedger } from '../../src/storage/index.js'
import { rowsOf, temporary } from './support.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
let program = ''

/** Opens a ledger and commits a tick after the other, acknowledging each on its standard output. */
const source = `
  import { LiveLedger } from './src/storage/index.js'
  import { trade, fillsOf, portfolioAfter } from './test/storage/makers.js'
  const ledger = LiveLedger.open(process.argv[2], 'child')
  console.log('open')
  const trades = Array.from({ length: ledger.recover().lastTick }, (_, i) => trade(i + 1))
  const beat = () => {
    const n = ledger.recover().lastTick + 1
    const t = trade(n)
    trades.push(t)
    ledger.commitTick({
      tick: n, time: n * 1000, isStep: true, step: n, inputs: new Uint8Array(200), chain: null, decisions: [], record: null,
      fills: fillsOf(t), trades: [t],
      portfolios: [{ state: portfolioAfter(trades), positions: [] }], halts: [], outbox: [],
    })
    process.stdout.write(n + '\\n')
    setImmediate(beat)
  }
  if (process.argv[3] === 'beat') beat()
  else setInterval(() => {}, 1000)
`

beforeAll(() => {
  const stdin = { contents: source, resolveDir: root, loader: 'ts' as const }
  const built = buildSync({ stdin, bundle: true, write: false, platform: 'node', format: 'cjs', external: ['better-sqlite3'] })
  program = built.outputFiles[0]?.text ?? ''
})

function start(ledger: string, mode: 'hold' | 'beat'): ChildProcess & { lines: string[] } {
  const script = join(temporary(), 'child.cjs')
  writeFileSync(script, program)
  const child = spawn(process.execPath, [script, ledger, mode], {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
  })
  const lines: string[] = []
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return Object.assign(child, { lines })
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5))
}

test('C9: a second process is refused within a second and told the pid of the first; a killed one leaves no lock', async () => {
  const path = join(temporary(), 'trades.db')
  const child = start(path, 'hold')
  await until(() => child.lines.includes('open'))
  const before = performance.now()
  let refusal: unknown
  try {
    LiveLedger.open(path, 'r')
  } catch (error) {
    refusal = error
  }
  expect(performance.now() - before).toBeLessThan(1_000)
  expect(refusal).toBeInstanceOf(FileInUse)
  expect((refusal as Error).message).toContain(`process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  LiveLedger.open(path, 'r').close()
})

test('C1: what a killed process acknowledged is in the ledger, once, and the money reconciles', async () => {
  const path = join(temporary(), 'trades.db')
  for (const afterTicks of [3, 40, 7]) {
    const child = start(path, 'beat')
    await until(() => child.lines.length > afterTicks)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const acknowledged = Number(child.lines.at(-1))
    const ledger = LiveLedger.open(path, 'r')
    const last = ledger.recover().lastTick
    expect(last).toBeGreaterThanOrEqual(acknowledged)
    ledger.close()
    expect(rowsOf(path, 'SELECT count(*) AS n, count(DISTINCT trade_id) AS ids FROM trades')).toEqual([{ n: last, ids: last }])
    expect(checkDatabase(path).problems).toEqual([])
  }
})
