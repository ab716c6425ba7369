/** `mycelia supervise` as a command: units for the system, its status, and what it refuses. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { OpsRecord } from '../../src/storage/index.js'
import { command } from '../cli/in-process.js'
import { temporary } from './supervising.js'

test('it prints a unit of systemd and a job of launchd that run the same command', async () => {
  const given = process.argv
  onTestFinished(() => {
    process.argv = given
  })
  process.argv = ['node', 'mycelia', 'supervise', 'live:main=trifecta', '--print-unit']
  const unit = await command(['supervise', 'live:main=trifecta', '--print-unit'])
  expect(unit.stdout).toMatch(/ExecStart=\S+ .*bin\/mycelia supervise live:main=trifecta\n/)
  expect(unit.stdout).toContain('Restart=always')
  process.argv = ['node', 'mycelia', 'supervise', 'live:main=trifecta', '--print-plist']
  const job = await command(['supervise', 'live:main=trifecta', '--print-plist'])
  expect(job.stdout).toContain('<string>live:main=trifecta</string>')
})

test.each([
  [['main'], /live:NAME/],
  [[], /children of the supervisor/],
  [['live:Main!'], /live:NAME/],
  [['status', '--out', '/nowhere'], /record of a supervisor/],
  [['ack', 'main crashLoop', '--out', '/nowhere'], /record of a supervisor/],
])('it refuses %j with exit 2, and says what it expected', async (args, says) => {
  const { code, stderr } = await command(['supervise', ...args])
  expect(code).toBe(2)
  expect(stderr).toMatch(says)
})

test.each([
  'checkMs: 0',
  'chekMs: 5',
  'thresholds: { files: many }',
  'children: { main: { verb: run } }',
  'notices: { order: [Pigeon] }',
])('a configuration that makes no sense is refused by the name of what is wrong: %s', async text => {
  const file = join(temporary(), 'supervise.yaml')
  writeFileSync(file, text)
  const { code, stderr } = await command(['supervise', '--config', file])
  expect([code, stderr]).toEqual([2, expect.stringContaining('configuration of the supervisor')])
})

test('an acknowledgement is left in the folder of the record', async () => {
  const folder = temporary()
  OpsRecord.open(join(folder, 'ops.db')).close()
  const { code, stdout } = await command(['supervise', 'ack', 'main crashLoop', '--out', folder])
  expect([code, stdout]).toEqual([0, expect.stringContaining('main crashLoop is acknowledged')])
})
