/** The heartbeat of a supervised run: once a second to its supervisor, on the channel that it was started with. Without one it stops. */

import { readdirSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Beat, supervisedBy } from '../ops/index.js'
import type { LiveStatus } from '../world/index.js'

export interface Heart {
  show(status: LiveStatus): void
  stop(): void
}

const everyMs = 1_000

/** Undefined where nobody supervises this process. */
export function heartOf(child: NodeJS.Process): Heart | undefined {
  if (child.env[supervisedBy] !== '1' || child.send === undefined) return undefined
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  let status: LiveStatus | undefined
  // A run without its supervisor would stand in the way of the one that the next supervisor starts.
  const orphaned = () => void child.kill(child.pid, 'SIGTERM')
  child.once('disconnect', orphaned)
  child.channel?.unref()
  const timer = setInterval(() => {
    const loopDelayMs = delay.max / 1e6
    delay.reset()
    if (child.connected) child.send?.(beatOf(status, Number.isFinite(loopDelayMs) ? loopDelayMs : 0), () => undefined)
  }, everyMs)
  timer.unref()
  return {
    show(now) {
      status = now
    },
    stop() {
      clearInterval(timer)
      delay.disable()
      child.off('disconnect', orphaned)
    },
  }
}

function beatOf(status: LiveStatus | undefined, loopDelayMs: number): Beat {
  return {
    beat: 1,
    state: status?.state ?? 'starting',
    rssBytes: process.memoryUsage.rss(),
    files: openFiles(),
    loopDelayMs,
    marketDown: status?.failedSources.some(({ source }) => source === 'market') ?? false,
    failed: [...new Set(status?.failedSources.map(({ source }) => source.slice(0, 100)) ?? [])].slice(0, 100),
    model: status?.memory?.trouble?.slice(0, 500) ?? null,
  }
}

/** Null where the system does not say. */
function openFiles(): number | null {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return null
  }
}
