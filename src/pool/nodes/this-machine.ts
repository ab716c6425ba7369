import { cpus, hostname, totalmem } from 'node:os'
import type { PoolRegistration } from '../service/protocol.js'
import type { SelfCheck } from './self-check.js'

/** This machine as a node: a processor and its memory, and what its self-check showed. No use is made of a graphics processor. */
export function thisMachine(
  { checksMs }: SelfCheck,
  { name = hostname(), port }: { name?: string | undefined; port: number },
): PoolRegistration {
  return {
    name,
    host: hostname(),
    port,
    gpu_type: 'cpu',
    memory_gb: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    chip: cpus()[0]?.model.trim().slice(0, 200) || null,
    frameworks: Object.keys(checksMs),
    checks_ms: checksMs,
  }
}
