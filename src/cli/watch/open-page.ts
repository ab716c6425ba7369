/** Opens an address in the person's browser, where there is one. */

import { spawn } from 'node:child_process'

const programs: Partial<Record<NodeJS.Platform, readonly string[]>> = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }

export function openPage(url: string, onFailed: () => void): void {
  const [program = 'xdg-open', ...args] = programs[process.platform] ?? ['xdg-open']
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  child.once('error', onFailed)
  child.unref()
}
