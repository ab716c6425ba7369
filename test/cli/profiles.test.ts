/** Profiles of limits as a person meets them: what ships, what it means for a scenario, and which lock there is to end. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { limitSpecs, profileNames } from '../../src/trading/index.js'
import { byHand } from '../world/live-by-hand.js'
import { command } from './in-process.js'
import { folder } from './mycelia.js'

it('list --profiles has every profile that ships, with its limits and what they mean, and those that cannot run', async () => {
  const { code, stdout, stderr } = await command(['list', '--profiles'], folder())
  expect([code, stderr]).toEqual([0, ''])
  for (const name of profileNames) expect(stdout).toMatch(new RegExp(`^${name}$`, 'm'))
  expect(stdout).toMatch(/^ {2}dailyLossUsd +2 +loss of a UTC day/m)
  expect(stdout).toMatch(/Not in trifecta as it is: a target of 0\.5 %.*a loss of/)
})

it('list --profiles --json has the same as data', async () => {
  const { code, stdout } = await command(['list', '--profiles', '--json'], folder())
  const { scenario, profiles } = JSON.parse(stdout)
  expect([code, scenario]).toEqual([0, 'trifecta'])
  expect(profiles.map(({ profile }: { profile: string }) => profile)).toEqual(profileNames)
  const { limits, refused } = profiles.find(({ profile }: { profile: string }) => profile === 'micro')
  expect(limits.openPositions).toEqual({ value: 3, meaning: limitSpecs.openPositions?.meaning })
  expect(refused).toMatch('a target of 0.5 %')
})

it('doctor says which limits bind which scenario, and which profiles cannot run there', async () => {
  const { stdout } = await command(['doctor'], folder())
  expect(stdout).toMatch(/Limits of the scenarios that trade, and what they bind:/)
  expect(stdout).toMatch(/trifecta +haven +minConfidence [\d.]+ +may bind/)
  expect(stdout).toMatch(/micro +cannot run as it is/)
})

it('unlock of an id that is not in force is exit 2, and names those that are', async () => {
  const { out, die } = await byHand()
  die()
  const halts = [{ id: 'baseline:dailyLoss:all:0', kind: 'dailyLoss' }]
  writeFileSync(join(out, 'status.json'), JSON.stringify({ state: 'stopped', pid: 1, halts, conditions: [] }))
  const { code, stdout, stderr } = await command(['unlock', 'baseline:dailyLoss:all:1', out], folder())
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/Unknown lock in force "baseline:dailyLoss:all:1"\..*baseline:dailyLoss:all:0/)
})
