/** The folder of commands: its owner's alone, and whatever lies in it, the run goes on. */

import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { liveLimits } from '../../src/world/live/limits.js'
import { ControlFolder, writeCommand } from '../../src/world/live/operations/control.js'
import { temporary } from './live-by-hand.js'

function control() {
  const run = temporary()
  let time = 0
  const folder = new ControlFolder(run, () => time)
  const path = join(run, 'control')
  /** Takes until nothing is left, and says what came. */
  const drain = () => {
    const taken: string[] = []
    for (let i = 0; i < 50; i++) {
      time += 1_000
      for (const input of folder.take()) taken.push((input as unknown as { command: { reason: string } }).command.reason)
      folder.committed()
    }
    return taken
  }
  const put = (name: string, text: string) => writeFileSync(join(path, name), text)
  return { run, path, folder, drain, put }
}

const halt = (reason: string) => JSON.stringify({ do: 'halt', reason })
const modeOf = (path: string) => statSync(path).mode & 0o777

test('S4: the folder is made for its owner alone, and taken from others where it was not', () => {
  const { run, path } = control()
  expect(modeOf(path)).toBe(0o700)
  chmodSync(path, 0o777)
  new ControlFolder(run, () => 0)
  expect(modeOf(path)).toBe(0o700)
  const other = temporary()
  writeCommand(other, { do: 'halt', reason: 'first' }, 1)
  expect(modeOf(join(other, 'control'))).toBe(0o700)
})

test('a link or a file in the place of the folder is refused at the start', () => {
  const elsewhere = temporary()
  const run = temporary()
  symlinkSync(elsewhere, join(run, 'control'))
  expect(() => new ControlFolder(run, () => 0)).toThrow(/control: expected a folder that only its owner may write to/)
  rmSync(join(run, 'control'))
  writeFileSync(join(run, 'control'), '')
  expect(() => new ControlFolder(run, () => 0)).toThrow()
})

test('what is no command is counted and goes away: folders, links, long files, no JSON; the command among it is taken', () => {
  const { path, folder, drain, put } = control()
  mkdirSync(join(path, '0-folder.json'))
  writeFileSync(join(path, '0-folder.json', 'inside'), 'x')
  symlinkSync('/dev/zero', join(path, '1-link.json'))
  put('2-long.json', JSON.stringify({ do: 'halt', reason: 'x', more: 'x'.repeat(1_000_000) }))
  put('3-text.json', 'halt!')
  put('4-other.json', '{"do":"sell everything","reason":"x"}')
  put('5-good.json', halt('the good one'))
  put('note.txt', 'not looked at')
  expect(drain()).toEqual(['the good one'])
  expect(folder.counters).toMatchObject({ rejected: 5, stuck: 0, unreadable: 0 })
  expect(readdirSync(path)).toEqual(['note.txt'])
  expect(existsSync('/dev/zero')).toBe(true)
})

test('a thousand files are taken a hundred at a time, and a folder that is gone is counted', () => {
  const { path, folder, drain, put } = control()
  for (let i = 0; i < 1_000; i++) put(`${String(i).padStart(6, '0')}.json`, i % 2 === 0 ? halt(String(i)) : '{')
  const first = folder.take()
  expect(first.length).toBeLessThanOrEqual(liveLimits.commands)
  folder.committed()
  expect(drain()).toHaveLength(500 - first.length)
  expect(folder.counters.rejected).toBe(500)
  rmSync(path, { recursive: true })
  expect(drain()).toEqual([])
  expect(folder.counters.unreadable).toBeGreaterThan(0)
})
