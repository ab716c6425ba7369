/** Senders of notices that are killed, to channels that answer 429 and 500, hang and cut the connection; and the audit of what people got. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { openReadOnly } from '../../src/storage/index.js'
import { programFile } from '../world/child-program.js'
import { type Answer, hook } from './hook.js'
import { eventually, temporary } from './supervising.js'

const answers: readonly Answer[] = [204, 429, 204, 500, 204, 'reset', 204, 204, 'hang', 204]

/** Sends so many events from processes of which all but the last are killed. */
export async function notified(events: number, kills: number): Promise<void> {
  const folder = temporary()
  const [slack, discord] = [
    await hook(n => answers[n % answers.length] ?? 204),
    await hook(n => answers[(n * 7) % answers.length] ?? 204),
  ]
  const secrets = {
    MYCELIA_SLACK_WEBHOOK: slack.url,
    MYCELIA_DISCORD_WEBHOOK: discord.url,
    MYCELIA_TELEGRAM_TOKEN: '1234:planted-secret-B',
  }
  const script = programFile('test/ops/notifying-child.ts')
  let [sent, output] = [0, '']
  for (let kill = 0; kill <= kills; kill++) {
    const isLast = kill === kills
    const orders = JSON.stringify({ folder, from: sent, to: events })
    const child = spawn(process.execPath, [script, orders], {
      env: { ...process.env, ...secrets },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = once(child, 'exit')
    let rest = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (/^\d+$/.test(line)) sent = Number(line) + 1
    })
    const goal = isLast ? events : Math.floor(((kill + 1) * events) / (kills + 1))
    await expect.poll(() => sent, eventually).toBeGreaterThanOrEqual(goal)
    if (isLast) await expect.poll(() => waitingIn(folder), { timeout: 120_000, interval: 100 }).toEqual([])
    child.kill('SIGKILL')
    await ended
  }
  const said = [...slack.texts, ...discord.texts]
  for (let i = 0; i < events; i++)
    expect(
      said.some(text => new RegExp(`event ${i} `).test(text)),
      `event ${i}`,
    ).toBe(true)
  const audit = readFileSync(join(folder, 'notices.jsonl'), 'utf8')
  const keys = audit
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { key: string; repeats: boolean })
  // A notice whose sender was killed before it was told that it is kept was sent again, and is a repeat.
  expect(keys.filter(({ repeats }) => !repeats).map(({ key }) => key)).toEqual(
    Array.from({ length: events }, (_, i) => `event ${i}`),
  )
  expect(keys.length).toBe(rowsIn(folder))
  const logs = [audit, output, said.join(), readFileSync(join(folder, 'ops.db'), 'latin1')]
  expect(logs.filter(text => text.includes('planted-secret'))).toEqual([])
}

/** What nobody took yet; a P0 waits on for its acknowledgement. */
function waitingIn(folder: string): unknown[] {
  const db = openReadOnly(join(folder, 'ops.db'))
  try {
    return db
      .prepare(
        "SELECT key FROM notices n WHERE state = 'waiting' AND (severity <> 'P0' OR NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.notice = n.id))",
      )
      .all()
  } finally {
    db.close()
  }
}

function rowsIn(folder: string): number {
  const db = openReadOnly(join(folder, 'ops.db'))
  try {
    return Number(db.prepare('SELECT count(*) FROM notices').pluck().get())
  } finally {
    db.close()
  }
}
