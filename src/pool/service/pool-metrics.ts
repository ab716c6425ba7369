/** What Prometheus reads of a compute pool. */

import type { PoolService } from './pool-service.js'

const counted = {
  dispatched: 'Tasks that were taken',
  claimed: 'Times that a node got a task',
  accepted: 'Results that were accepted',
  late: 'Results that were refused because they were late, or not the first',
  full: 'Tasks that were refused because the queue was full',
  leasesLost: 'Times that a task was taken back from a node that fell silent',
} as const

export function poolMetrics(service: PoolService): string {
  const { nodes, tasks, capacity } = service.status()
  const lines = [
    ...gauge('mycelia_pool_nodes', 'Nodes of the pool', nodes),
    ...gauge('mycelia_pool_tasks', 'Tasks of the pool', tasks),
    '# HELP mycelia_pool_queue_free Tasks that may come before the queue is full',
    '# TYPE mycelia_pool_queue_free gauge',
    `mycelia_pool_queue_free ${capacity.queue_free}`,
  ]
  for (const [name, help] of Object.entries(counted)) {
    const metric = `mycelia_pool_${name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)}_total`
    lines.push(
      `# HELP ${metric} ${help}`,
      `# TYPE ${metric} counter`,
      `${metric} ${service.counters[name as keyof typeof counted]}`,
    )
  }
  return `${lines.join('\n')}\n`
}

function gauge(name: string, help: string, byStatus: Readonly<Record<string, number>>): string[] {
  const values = Object.entries(byStatus).map(([status, n]) => `${name}{status="${status}"} ${n}`)
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...values]
}
