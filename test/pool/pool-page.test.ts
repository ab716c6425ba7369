/** The pool on the viewer's page: its panels say what its service says. */

import { expect, it } from 'vitest'
import { PoolPage } from '../../src/cli/watch/pool-page.js'
import { question } from '../../src/view/index.js'
import { mini, serve } from './pool-kit.js'

it('shows nodes and tasks of the pool, and that it does not answer when it is gone', async () => {
  const { client, url, close } = await serve()
  const { node_id } = await client.register({ ...mini, checks_ms: { js: 2.5 } })
  await client.heartbeat({ node_id, load: 1, rtt_ms: 3 })
  await client.dispatch({ task_id: 'a', task_type: 'double', priority: 1 })
  await client.claim(node_id)
  const page = new PoolPage(client, url)
  await page.read()
  const [nodes, tasks, figures] = ['Nodes', 'Tasks', 'Pool'].map(title => question('panel', title, ''))
  page.ask([nodes, tasks, figures] as string[])
  const parts = page.look()
  expect(parts.json(`${nodes}/value`)).toMatchObject([
    { cells: { node: 'mini', status: 'online', load: 1, 'round trip': '3.0 ms', 'memory, GB': 16, frameworks: 'js (2.5 ms)' } },
  ])
  expect(parts.json(`${tasks}/value`)).toMatchObject([
    { cells: { task: 'a', type: 'double', priority: 1, status: 'running', node: 'mini', attempts: 1 } },
  ])
  expect(parts.json(`${figures}/figures`)).toMatchObject({ 'nodes online': 1, 'tasks running': 1, 'nodes with js': 1 })
  expect(parts.json('about')).toMatchObject({ panels: [{ title: 'Pool', tab: 'Pool' }, { title: 'Nodes' }, { title: 'Tasks' }] })
  await close()
  await page.read()
  expect(page.look().json('clock')).toMatchObject({ state: 'playing', reason: 'The pool does not answer.' })
})
