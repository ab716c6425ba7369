/** Panels of a compute pool: what it has, its nodes, its newest tasks. */

import type { Model, TablePanel, TableRow, TextData, TextPanel } from '../../model/index.js'
import type { PoolClient, PoolNodeInfo, PoolStatus, PoolTask } from '../../pool/index.js'
import { duration } from '../text.js'

/** What a pool said last. */
export interface PoolState {
  readonly status: PoolStatus
  readonly nodes: readonly PoolNodeInfo[]
  readonly tasks: readonly PoolTask[]
  /** Ms since 1970, UTC. */
  readonly at: number
}

/** Tasks that are shown. */
const tasksShown = 100

export async function poolState(client: PoolClient): Promise<PoolState> {
  const [status, nodes, { tasks }] = await Promise.all([client.status(), client.nodes(), client.tasks({ limit: tasksShown })])
  return { status, nodes, tasks, at: Date.now() }
}

type PoolPanel = (TablePanel<Model> | TextPanel<Model>) & { about: string }

/** `state`: undefined while the pool does not answer. */
export function poolPanels(state: () => PoolState | undefined): Readonly<Record<'Pool' | 'Nodes' | 'Tasks', PoolPanel>> {
  return {
    Pool: {
      kind: 'text',
      tab: 'Pool',
      about: 'How many nodes and tasks the pool has, and what it can still take.',
      look: () => figuresOf(state()),
    },
    Nodes: {
      kind: 'table',
      tab: 'Pool',
      about:
        'Each machine: whether it is heard, what it can compute with and how long its check of that took, and its round trip.',
      columns: ['node', 'status', 'heard', 'load', 'round trip', 'memory, GB', 'frameworks'],
      empty: 'No node has registered yet.',
      look: () => nodeRows(state()),
    },
    Tasks: {
      kind: 'table',
      tab: 'Pool',
      about: 'The newest tasks: 1 is the most urgent, and a node that fell silent costs an attempt.',
      columns: ['task', 'type', 'priority', 'status', 'node', 'attempts', 'age'],
      empty: 'No task has come yet.',
      look: () => taskRows(state()),
    },
  }
}

function figuresOf(state: PoolState | undefined): TextData {
  if (state === undefined) return { lines: ['The pool does not answer.'] }
  const { nodes, tasks, capacity } = state.status
  const named = (what: string, counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([name, n]) => [`${what} ${name}`, n] as const)
  return {
    figures: {
      ...Object.fromEntries([...named('nodes', nodes), ...named('tasks', tasks), ...named('nodes with', capacity.frameworks)]),
      'memory of the nodes, GB': capacity.memory_gb,
      'tasks until the queue is full': capacity.queue_free,
    },
  }
}

function nodeRows({ nodes, at }: Pick<PoolState, 'nodes' | 'at'> = { nodes: [], at: 0 }): TableRow[] {
  return nodes.map(
    ({ node_id, name, status, heartbeat_at, load, rtt_ms, memory_gb, frameworks, checks_ms, host, port, chip }) => ({
      cells: {
        node: name,
        status,
        heard: heartbeat_at === null ? 'never' : `${duration(at - heartbeat_at)} ago`,
        load,
        'round trip': rtt_ms === null ? 'not measured' : `${rtt_ms.toFixed(1)} ms`,
        'memory, GB': memory_gb,
        frameworks: frameworks.map(framework => checked(framework, checks_ms?.[framework])).join(', '),
      },
      detail: [`${node_id} at ${host}${port === null ? '' : `, port ${port}`}`, chip ?? 'no chip named'],
    }),
  )
}

function checked(framework: string, ms: number | undefined): string {
  return ms === undefined ? framework : `${framework} (${ms.toFixed(1)} ms)`
}

function taskRows({ tasks, nodes, at }: Pick<PoolState, 'tasks' | 'nodes' | 'at'> = { tasks: [], nodes: [], at: 0 }): TableRow[] {
  const names = new Map(nodes.map(({ node_id, name }) => [node_id, name]))
  return tasks.map(({ task_id, task_type, priority, status, assigned_node, attempts, created_at }) => ({
    cells: {
      task: task_id,
      type: task_type,
      priority,
      status,
      node: assigned_node === null ? '' : (names.get(assigned_node) ?? assigned_node),
      attempts,
      age: duration(at - created_at),
    },
  }))
}
