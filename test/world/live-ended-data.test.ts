/** What an operator sees of a held pair whose data has ended. */

import { expect, it } from 'vitest'
import { livePanel } from '../../src/cli/live-panel.js'
import { Alerts } from '../../src/world/live/operations/alerts.js'
import { described } from '../../src/world/live/operations/conditions.js'
import { statusOf } from '../../src/world/live/operations/status.js'
import { barMs, byHand } from './live-by-hand.js'
import { pairs } from './live-scenario.js'

it('stands in the status and on the panel, and is sent as a notice once', async () => {
  const live = await byHand({
    params: { dataEndedBars: 3, dataEndedDays: 0, baselineHorizonBars: 1_000, stopAtr: 0, targetAtr: 0 },
  })
  const { shard, feed, loop } = live
  const trader = shard.model.traders.at(0)
  const heldIn = () => pairs.find(pair => trader?.portfolios.baseline.instruments.get(pair)?.position != null)
  for (let bar = 0; bar < 30 && heldIn() === undefined; bar++) live.pass(barMs)
  const pair = heldIn() as string
  expect(pair).toBeDefined()
  const status = () => {
    const none = { moats: undefined, bridge: undefined, control: undefined, agents: undefined }
    const sources = { shard, loop, feed, ...none, startedAt: 0, lastTrade: null, losses: {}, now: () => live.clock.now() }
    return described(statusOf(sources, 'live'))
  }
  const events: string[] = []
  const alerts = new Alerts(
    'lively',
    { event: (_: string, event: string) => events.push(event), close: () => undefined } as never,
    undefined,
  )
  alerts.status(status())
  expect(status().dataEnded).toEqual([])
  expect(livePanel(status())).not.toContain('Data ended')
  feed.mute(pair)
  live.pass(6 * barMs, 1_000)
  expect(status()).toMatchObject({ dataEnded: [{ pair }], dataEndedLoss: 0.05 })
  expect(trader?.portfolios.baseline.instruments.get(pair)?.position).toBeNull()
  expect(livePanel(status())).toMatch(new RegExp(`Data ended: ${pair} after 2026-01-01 .* UTC, . positions?; closed 5 % worse`))
  alerts.status(status())
  alerts.status(status())
  expect(events.filter(event => event === 'data ended')).toEqual(['data ended'])
  live.die()
})
